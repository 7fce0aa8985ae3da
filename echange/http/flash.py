"""One sentence carried over a redirect, in a signed cookie that the next page reads and drops."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange.http.cookies import read_cookie, set_cookie

Kind = Literal["success", "info", "warning", "error"]
COOKIE: Final = "flash"
KEPT_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Flash:
    """What is said once on top of the next page; `undo_url` takes a POST."""

    kind: Kind
    text: str
    undo_url: str | None = None


def redirect(
    request: Request, url: str, *, say: str | None = None, kind: Kind = "success", undo_url: str | None = None
) -> RedirectResponse:
    """303 to a page of ours, with a sentence to show there."""
    response = RedirectResponse(url, status_code=303)
    if say is not None:
        flash(response, request, Flash(kind, say, undo_url))
    return response


def flash(response: Response, request: Request, message: Flash) -> None:
    """Carry a sentence to the next page."""
    signed: str = _serializer(request).dumps([message.kind, message.text, message.undo_url])
    set_cookie(response, request, COOKIE, signed, max_age=KEPT_SECONDS)


def read_flashes(request: Request) -> list[Flash]:
    """What the last response wanted said; a cookie not signed by us says nothing."""
    value = read_cookie(request, COOKIE)
    if not value:
        return []
    try:
        kind, text, undo_url = _serializer(request).loads(value)
    except (BadSignature, ValueError, TypeError):
        return []
    return [Flash(kind, text, undo_url)]


def _serializer(request: Request) -> Any:  # noqa: ANN401 — generic only in its stub
    return URLSafeSerializer(request.app.state.secret, salt="flash")
