"""Refusals and accidents as pages, or as application/problem+json (RFC 9457) below /api."""

import asyncio
import errno
from typing import Any

import asyncpg
import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from tortoise.exceptions import DBConnectionError

from echange.http.refusals import (
    Invalid,
    MethodRefused,
    NoRoom,
    NotAllowed,
    NotFound,
    Refusal,
    SignedOut,
    TooLarge,
    TooMany,
    Unavailable,
)
from echange.http.render import render, render_text
from echange.i18n import gettext as _

log = structlog.get_logger("echange.http")

DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    DBConnectionError,
    ConnectionError,
    FileNotFoundError,
    asyncio.TimeoutError,
)
_BY_STATUS: dict[int, type[Refusal]] = {
    401: SignedOut,
    403: NotAllowed,
    404: NotFound,
    405: MethodRefused,
    413: TooLarge,
}


class Broken(Refusal):
    """An accident of ours: said without a word of the inside."""

    status = 500
    code = "error"


def refusal_for(error: BaseException) -> Refusal:
    """The refusal that tells `error`; what we did not foresee is logged, then told as an accident."""
    match error:
        case Refusal():
            return error
        case HTTPException(status_code=400):
            return Invalid()
        case HTTPException():
            return _BY_STATUS.get(error.status_code, NotFound)()
        case asyncpg.DiskFullError() | OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EFBIG):
            log.error("no_room", error=type(error).__name__)
            return NoRoom()
        case ClientDisconnect():
            return Invalid()
        case _ if isinstance(error, DATABASE_AWAY):
            log.warning("database_away", error=type(error).__name__)
            return Unavailable()
        case _:
            log.error("accident", exc_info=error)
            return Broken()


def respond(request: Request, refusal: Refusal) -> Response:
    """The refusal as the caller reads it."""
    response = _problem(refusal) if request.url.path.startswith("/api/") else _page(request, refusal)
    if isinstance(refusal, TooMany | Unavailable):
        response.headers["retry-after"] = str(max(1, round(refusal.retry_after)))
    if isinstance(refusal, MethodRefused):
        response.headers["allow"] = _allowed(request)
    return response


def _allowed(request: Request) -> str:
    """The methods of this address, which several routes may share (RFC 9110, 15.5.6)."""
    here = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in here for method in route.methods}))


def _problem(refusal: Refusal) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _broken_title() if isinstance(refusal, Broken) else refusal.title,
        "status": refusal.status,
        "code": refusal.code,
        "errors": refusal.errors if isinstance(refusal, Invalid) else {},
        **({"alternatives": refusal.alternatives} if refusal.alternatives else {}),
    }
    return Response(
        orjson.dumps(body),
        status_code=refusal.status,
        media_type="application/problem+json",
        headers={"cache-control": "no-store"},
    )


def _page(request: Request, refusal: Refusal) -> Response:
    # A form's conflict is told as 422 like every other form error (design §5).
    status = 422 if refusal.status == 409 else refusal.status
    details = (
        [text for texts in refusal.errors.values() for text in texts] if isinstance(refusal, Invalid) else []
    )
    context = {
        "status": status,
        "title": _broken_title() if isinstance(refusal, Broken) else refusal.title,
        "text": " ".join(details),
        "action_url": None,
        "title_prefix": _("Erreur : "),
    }
    if status in {500, 503}:
        # No look-up may fail here: a page of its own, without the viewer.
        html = render_text(request, "errors/plain.html", context)
        return Response(
            html, status_code=status, media_type="text/html", headers={"cache-control": "no-store"}
        )
    return render(request, "errors/error.html", context, status=status)


def _broken_title() -> str:
    return _("Quelque chose a cassé de notre côté. Rien n’a été perdu : réessayez.")
