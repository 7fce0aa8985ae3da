"""An appointment as a calendar file."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.models import Ad, Reservation
from echange.http import icalendar
from echange.http.dates import now
from echange.http.icalendar import Appointment
from echange.i18n import gettext as _

LASTS: Final = timedelta(minutes=30)


def answer_with(request: Request, ad: Ad, promise: Reservation) -> Response:
    """The event of a promise's appointment, to be opened by a calendar."""
    return icalendar.calendar_file(request, appointment(ad, promise), f"rendez-vous-{ad.id}")


def appointment(ad: Ad, promise: Reservation) -> Appointment:
    """What a calendar is told of it."""
    start = promise.meet_at or now()
    return Appointment(
        key=f"reservation-{promise.id}",
        start=start,
        end=start + LASTS,
        title=ad.title,
        place=promise.meet_where,
        text=_("Rendez-vous pris sur échange."),
        path=f"/annonces/{ad.id}/reservation",
        agreed=promise.meet_agreed_at is not None,
    )
