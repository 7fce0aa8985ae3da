"""Appointments as a calendar file (iCalendar, RFC 5545): events in UTC, which every calendar knows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from echange.http.crosssite import own_origin
from echange.http.dates import local, now

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

# How often a calendar that is subscribed to asks again.
REFRESHED: Final = timedelta(hours=1)
_TYPE: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Appointment:
    """`key` names it for ever: a calendar that has it replaces it by a later version. `path` leads to it on
    our site; what is not `agreed` is only pencilled in. `version` rises with every change (now, when nobody
    counts), the last one of which was at `changed_at`. `busy`: nobody can be elsewhere meanwhile.
    """

    key: str
    start: datetime
    end: datetime
    title: str
    place: str
    text: str
    path: str
    agreed: bool
    version: int | None = None
    changed_at: datetime | None = None
    cancelled: bool = False
    busy: bool = True


def calendar_file(
    request: Request, appointments: Appointment | Sequence[Appointment], filename: str
) -> Response:
    """The appointment, or several, to be opened by a calendar."""
    told = [appointments] if isinstance(appointments, Appointment) else appointments
    headers = {"content-disposition": f'attachment; filename="{filename}.ics"', "cache-control": "no-store"}
    return Response(events(told, _origin(request)), media_type=_TYPE, headers=headers)


def calendar_feed(
    request: Request, name: str, appointments: Sequence[Appointment], filename: str, *, secret: bool
) -> Response:
    """A calendar to subscribe to, called `name`; who has this version already is told so (304, RFC 9110).

    Of what is `secret` nobody on the way keeps a copy.
    """
    body = feed(name, appointments, _origin(request))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "content-disposition": f'attachment; filename="{filename}.ics"',
        "cache-control": "private, no-store" if secret else "no-cache",
        "etag": etag,
        "last-modified": format_datetime(_changed_at(appointments), usegmt=True),
    }
    if secret:
        headers["x-robots-tag"] = "noindex"
    if _has_it(request, etag, headers["last-modified"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=_TYPE, headers=headers)


def event(appointment: Appointment, origin: str) -> bytes:
    """A calendar of this alone."""
    return events([appointment], origin)


def events(appointments: Sequence[Appointment], origin: str) -> bytes:
    """VEVENTs: the same UID for every version of an appointment, a higher sequence for a later one."""
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    for appointment in appointments:
        calendar.add_component(_event(appointment, origin))
    return bytes(calendar.to_ical())


def feed(name: str, appointments: Sequence[Appointment], origin: str) -> bytes:
    """The same to subscribe to, with its name and how often to ask again.

    The same appointments give the same bytes.
    """
    from icalendar import vDuration, vText

    calendar = _calendar()
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED))
    for appointment in appointments:
        calendar.add_component(_event(appointment, origin))
    if not appointments:
        calendar.add_component(_something())
    return bytes(calendar.to_ical())


def _origin(request: Request) -> str:
    return own_origin(request, request.app.state.settings) or ""


def _calendar() -> "Calendar":
    # Imported late: a server that is never asked for one need not keep the library in memory.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//echange//echange//FR")
    return calendar


def _event(appointment: Appointment, origin: str) -> "Event":
    from icalendar import Event

    one = Event()
    one.add("uid", f"{appointment.key}@{urlsplit(origin).hostname or 'echange'}")
    version = appointment.version
    one.add("sequence", int(now().timestamp()) if version is None else version)
    one.add("dtstamp", (appointment.changed_at or now()).astimezone(UTC))
    if appointment.changed_at is not None:
        one.add("last-modified", appointment.changed_at.astimezone(UTC))
    one.add("dtstart", appointment.start.astimezone(UTC))
    one.add("dtend", appointment.end.astimezone(UTC))
    one.add("summary", appointment.title)
    one.add("location", appointment.place)
    one.add("description", appointment.text)
    one.add("url", f"{origin}{appointment.path}")
    one.add("status", _status(appointment))
    if not appointment.busy:
        one.add("transp", "TRANSPARENT")
    return one


def _status(appointment: Appointment) -> str:
    if appointment.cancelled:
        return "CANCELLED"
    return "CONFIRMED" if appointment.agreed else "TENTATIVE"


def _something() -> "Timezone":
    """A calendar holds one component at least (RFC 5545, 3.6)."""
    from icalendar import Timezone, TimezoneStandard

    zone, always = Timezone(), TimezoneStandard()
    always.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 — on the clock it describes
    always.add("tzoffsetfrom", timedelta(0))
    always.add("tzoffsetto", timedelta(0))
    zone.add("tzid", "Etc/UTC")
    zone.add_component(always)
    return zone


def _changed_at(appointments: Sequence[Appointment]) -> datetime:
    """Today at the earliest: with the day some appointments are too long ago, and others late."""
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    known = (one.changed_at for one in appointments if one.changed_at is not None)
    return max([midnight, *known]).astimezone(UTC).replace(microsecond=0)


def _has_it(request: Request, etag: str, changed: str) -> bool:
    known = request.headers.get("if-none-match")
    if known is None:
        return request.headers.get("if-modified-since") == changed
    return known.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in known.split(","))
