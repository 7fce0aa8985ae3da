"""Appointments as a calendar file (iCalendar, RFC 5545): events in UTC, which every calendar knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from echange.http.crosssite import own_origin
from echange.http.dates import now

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True, slots=True)
class Appointment:
    """`key` names it for ever: a calendar that has it replaces it by a later version. `path` leads to it on
    our site; what is not `agreed` is only pencilled in."""

    key: str
    start: datetime
    end: datetime
    title: str
    place: str
    text: str
    path: str
    agreed: bool


def calendar_file(
    request: Request, appointments: Appointment | Sequence[Appointment], filename: str
) -> Response:
    """The appointment, or several, to be opened by a calendar."""
    origin = own_origin(request, request.app.state.settings) or ""
    told = [appointments] if isinstance(appointments, Appointment) else appointments
    headers = {"content-disposition": f'attachment; filename="{filename}.ics"', "cache-control": "no-store"}
    return Response(events(told, origin), media_type="text/calendar; charset=utf-8", headers=headers)


def event(appointment: Appointment, origin: str) -> bytes:
    """A calendar of this alone."""
    return events([appointment], origin)


def events(appointments: Sequence[Appointment], origin: str) -> bytes:
    """VEVENTs: the same UID for every version of an appointment, a higher sequence for a later one."""
    # Imported late: a server that is never asked for one need not keep the library in memory.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//echange//echange//FR")
    calendar.add("method", "PUBLISH")
    for appointment in appointments:
        calendar.add_component(_event(appointment, origin))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment, origin: str) -> "Event":
    from icalendar import Event

    one = Event()
    one.add("uid", f"{appointment.key}@{urlsplit(origin).hostname or 'echange'}")
    one.add("sequence", int(now().timestamp()))
    one.add("dtstamp", now().astimezone(UTC))
    one.add("dtstart", appointment.start.astimezone(UTC))
    one.add("dtend", appointment.end.astimezone(UTC))
    one.add("summary", appointment.title)
    one.add("location", appointment.place)
    one.add("description", appointment.text)
    one.add("url", f"{origin}{appointment.path}")
    one.add("status", "CONFIRMED" if appointment.agreed else "TENTATIVE")
    return one
