"""The front door: what every request passes, in one plain ASGI layer."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from echange.config import Settings
from echange.http import dates
from echange.http.cookies import has_credentials, read_cookie
from echange.http.crosssite import refuse_foreign_request
from echange.http.errors import refusal_for, respond
from echange.http.refusals import SignedOut
from echange.http.viewer import Viewer
from echange.i18n import LOCALES, current_locale

log = structlog.get_logger("echange.http")

ViewerLoader = Callable[[str | None, str | None], Awaitable[Viewer | None]]
# What a mailed link lets in by: whoever reads a log must not be able to follow it.
KEY: Final = re.compile(r"\b(?=[^/]*[A-Z])[\w.-]{40,}")
POLICY: Final = (
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Paths that must answer while the database is away never ask who looks.
WITHOUT_VIEWER: Final = ("/static/", "/healthz", "/readyz")


class Front:
    """Request id, who looks, language, cross-site guard, errors as answers, security headers, log line."""

    def __init__(self, app: ASGIApp, settings: Settings, load_viewer: ViewerLoader) -> None:
        self._app = app
        self._settings = settings
        self._load_viewer = load_viewer
        self._headers = _security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request_id = secrets.token_hex(8)
        started = time.perf_counter()
        status = 0
        dates.town_zone.set(self._settings.zone)

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *self._headers,
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            await self._welcome(request)
            await self._app(scope, receive, send_dressed)
        except Exception as error:
            if status:
                raise
            with structlog.contextvars.bound_contextvars(id=request_id):
                await self._answer_error(request, error, receive, send_dressed)
        finally:
            took = (time.perf_counter() - started) * 1000
            log.info(
                "request",
                id=request_id,
                method=scope["method"],
                path=_loggable(scope["path"]),
                status=status,
                ms=round(took, 1),
            )

    async def _welcome(self, request: Request) -> None:
        request.state.viewer = None
        chosen = read_cookie(request, "locale")
        current_locale.set(chosen if chosen in LOCALES else "fr")
        if request.scope["path"].startswith(WITHOUT_VIEWER):
            return
        request.state.viewer = await identify(request, self._load_viewer)
        if bearer_of(request) is None:
            refuse_foreign_request(request, self._settings, has_cookie=has_credentials(request))

    async def _answer_error(self, request: Request, error: Exception, receive: Receive, send: Send) -> None:
        refusal = refusal_for(error)
        if refusal.status >= 500:
            request.state.viewer = None
        try:
            response = respond(request, refusal)
        except Exception:  # Even the page that tells of an accident may have one.
            log.exception("accident_in_error_page")
            response = PlainTextResponse("Erreur\n", status_code=500)
        await response(request.scope, receive, send)


async def identify(connection: HTTPConnection, load_viewer: ViewerLoader) -> Viewer | None:
    """The member behind a session cookie or a personal token; a bad token is refused outright."""
    session, bearer = read_cookie(connection, "session"), bearer_of(connection)
    if session is None and bearer is None:
        return None
    viewer = await (load_viewer(session, None) if bearer is None else load_viewer(None, bearer))
    if viewer is None and bearer is not None:
        raise SignedOut
    return viewer


def bearer_of(connection: HTTPConnection) -> str | None:
    """The personal token of `Authorization: Bearer …`; it counts where programs call only (RFC 6750)."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    is_api = connection.scope["path"].startswith(("/api/", "/live", "/metrics"))
    return token.strip() if kind.lower() == "bearer" and is_api else None


def _loggable(path: str) -> str:
    return KEY.sub("…", path)


def _security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    headers = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": "camera=(self), geolocation=(), microphone=()",
        "cross-origin-opener-policy": "same-origin",
    }
    if settings.https:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
