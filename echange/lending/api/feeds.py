"""One's own calendars by a secret address, in JSON."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.http import NotFound, Out, api, member, signed_in
from echange.http import answer as reply
from echange.lending.models.calendar_key import CalendarKey
from echange.lending.pages.feeds import RENEWALS, addresses_of


class CalendarKeyOut(Out):
    """`read_at`: when a calendar last asked, to the hour."""

    since: datetime
    read_at: datetime | None


class CalendarOut(Out):
    name: str
    url: str


class CalendarsOut(Out):
    """Shown this once: only a hash of the secret is kept."""

    calendars: list[CalendarOut]


async def show_key(request: Request) -> Response:
    key = await CalendarKey.get_or_none(member_id=signed_in(request).id)
    if key is None:
        raise NotFound
    return reply(CalendarKeyOut(since=key.at, read_at=key.read_at))


async def renew_key(request: Request) -> Response:
    """The address that there was stops at once."""
    me = signed_in(request)
    told = await addresses_of(request, me, await CalendarKey.renew(me.id))
    return reply(CalendarsOut(calendars=[CalendarOut(name=one.name, url=one.url) for one in told]), 201)


async def revoke_key(request: Request) -> Response:
    await CalendarKey.revoke(signed_in(request).id)
    return reply(None, 204)


_KEY = "/me/calendar"

routes = [
    api("GET", _KEY, show_key, who=member, summary="Depuis quand mes prêts se lisent d’un agenda",
        answer=CalendarKeyOut),
    api("POST", _KEY, renew_key, who=member, summary="Une adresse secrète pour mes prêts",
        answer=CalendarsOut, status=201, limit=RENEWALS),
    api("DELETE", _KEY, revoke_key, who=member, summary="Retirer cette adresse", status=204),
]  # fmt: skip
