"""Signing a browser in and out: its session, its cookie, its sockets."""

from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.config import LOOPBACK_HOSTS, Settings
from echange.http import Rate, local_path, viewer_of
from echange.http.cookies import drop_cookie, set_cookie
from echange.http.crosssite import own_origin
from echange.http.rates import limiter_of
from echange.http.redirects import LEAVING
from echange.live import hub_of
from echange.mail import mailbox_of
from echange.members.devices import device_words
from echange.members.models import Member, Session
from echange.members.viewing import SESSION_IDLE_DAYS

COOKIE: Final = "session"
MAILS_TO_ONE_ADDRESS: Final = Rate("mails to one address", 5, 3600)


async def let_in(request: Request, response: Response, member: Member) -> Response:
    """Sign this browser in under a new key; the session it had ends."""
    await end_own_session(request)
    key = await Session.open(member, device_words(request.headers.get("user-agent", "")))
    set_cookie(response, request, COOKIE, key, max_age=SESSION_IDLE_DAYS * 86_400)
    return response


def way_of(member: Member, suite: str) -> str:
    """Where somebody goes on once signed in; who is leaving is asked first whether they stay."""
    return LEAVING if member.leaving_at else local_path(suite)


async def see_out(request: Request, response: Response) -> Response:
    """Sign this browser out."""
    await end_own_session(request)
    drop_cookie(response, request, COOKIE)
    return response


async def end_own_session(request: Request) -> None:
    """End the session of this request, with its sockets."""
    viewer = viewer_of(request)
    if viewer and viewer.session_id and await Session.end(viewer.id, viewer.session_id):
        silence(request, [viewer.session_id])


def silence(request: Request, ended: Iterable[int]) -> None:
    """Close the sockets of sessions that have ended."""
    for session_id in ended:
        hub_of(request).end_session(session_id)


def own_session(request: Request) -> int | None:
    """The id of this browser's session."""
    viewer = viewer_of(request)
    return viewer.session_id if viewer else None


def home_of(request: Request) -> str:
    """The origin for links in mails."""
    settings: Settings = request.app.state.settings
    return own_origin(request, settings) or f"http://127.0.0.1:{settings.port}"


def spare_mailbox(request: Request, email: str) -> None:
    """Nobody has us write to one address again and again; raises TooMany, known address or not."""
    limiter_of(request).take(MAILS_TO_ONE_ADDRESS, mailbox_of(email))


def outbox_of(request: Request) -> str | None:
    """Where mails lie when no server takes them; told to whoever tries échange on this very machine."""
    settings: Settings = request.app.state.settings
    if settings.mail_url or request.url.hostname not in LOOPBACK_HOSTS:
        return None
    return str(settings.data_dir.resolve() / "outbox")
