"""The few cookies we set: all HttpOnly, Lax, for the whole site; `__Host-` and Secure over https."""

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from echange.config import Settings

# A session, and the drafts of somebody signed out.
CREDENTIALS: Final = ("session", "brouillon")


def cookie_name(name: str, settings: Settings) -> str:
    """`session` over http, `__Host-session` over https."""
    return f"__Host-{name}" if settings.https else name


def read_cookie(connection: HTTPConnection, name: str) -> str | None:
    """The cookie's value, or None."""
    return connection.cookies.get(cookie_name(name, connection.app.state.settings))


def has_credentials(connection: HTTPConnection) -> bool:
    """Whether this browser shows a cookie by which something may be somebody's."""
    return any(read_cookie(connection, name) for name in CREDENTIALS)


def set_cookie(
    response: Response, connection: HTTPConnection, name: str, value: str, *, max_age: int | None
) -> None:
    """Set a cookie for `max_age` seconds (None: until the browser closes)."""
    settings: Settings = connection.app.state.settings
    response.set_cookie(
        cookie_name(name, settings),
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.https,
    )


def drop_cookie(response: Response, connection: HTTPConnection, name: str) -> None:
    """Forget a cookie."""
    settings: Settings = connection.app.state.settings
    response.delete_cookie(
        cookie_name(name, settings), path="/", httponly=True, samesite="lax", secure=settings.https
    )
