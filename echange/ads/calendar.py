"""An appointment as a calendar file (iCalendar, RFC 5545): one event, in UTC, which every calendar knows."""

from datetime import UTC, timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.models import Ad, Reservation
from echange.http.crosssite import own_origin
from echange.http.dates import now
from echange.i18n import gettext as _

LASTS: Final = timedelta(minutes=30)


def answer_with(request: Request, ad: Ad, promise: Reservation) -> Response:
    """The event of a promise's appointment, to be opened by a calendar."""
    origin = own_origin(request, request.app.state.settings) or ""
    headers = {
        "content-disposition": f'attachment; filename="rendez-vous-{ad.id}.ics"',
        "cache-control": "no-store",
    }
    return Response(event(ad, promise, origin), media_type="text/calendar; charset=utf-8", headers=headers)


def event(ad: Ad, promise: Reservation, origin: str) -> bytes:
    """One VEVENT: the same UID for every version of an appointment, a higher sequence for a later one."""
    # Imported late: a server that is never asked for one need not keep the library in memory.
    from icalendar import Calendar, Event

    start = (promise.meet_at or now()).astimezone(UTC)
    one = Event()
    one.add("uid", f"reservation-{promise.id}@{urlsplit(origin).hostname or 'echange'}")
    one.add("sequence", int(now().timestamp()))
    one.add("dtstamp", now().astimezone(UTC))
    one.add("dtstart", start)
    one.add("dtend", start + LASTS)
    one.add("summary", ad.title)
    one.add("location", promise.meet_where)
    one.add("description", _("Rendez-vous pris sur échange."))
    one.add("url", f"{origin}/annonces/{ad.id}/reservation")
    one.add("status", "CONFIRMED" if promise.meet_agreed_at else "TENTATIVE")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//echange//annonces//FR")
    calendar.add("method", "PUBLISH")
    calendar.add_component(one)
    return bytes(calendar.to_ical())
