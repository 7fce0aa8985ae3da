"""A place as its page shows it: plain values."""

from typing import Any

from echange import booking
from echange.http.dates import now, today
from echange.places.access import fact_icon, fact_words, in_order
from echange.places.hours import closures_to_come, state_at, week_of
from echange.places.models import Place

CLOSURES_SHOWN = 5


async def detail_of(place: Place) -> dict[str, Any]:
    """With its hours; quartier and organisation must be loaded."""
    hours = await booking.openings(place.site_id)
    return {
        "id": place.id,
        "name": place.name,
        "url": place.url,
        "about": place.about,
        "address": place.address,
        "way": place.way,
        "access": [(fact_icon(fact), fact_words(fact)) for fact in in_order(place.access)],
        "access_note": place.access_note,
        "phone": place.phone,
        "dialled": place.phone.replace(" ", ""),
        "mail": place.mail,
        "quartier": place.quartier.name if place.quartier else "",
        "keeper": _keeper(place),
        "closed": place.closed_at is not None,
        "hidden": place.hidden_at is not None,
        "state": await state_at(place.site_id, now()),
        "week": week_of(hours, today()) if hours else [],
        "closures": (await closures_to_come(place.site_id, now()))[:CLOSURES_SHOWN],
    }


def _keeper(place: Place) -> tuple[str, str] | None:
    """Name and page of the organisation that looks after it."""
    one = place.organisation
    return (one.name, one.url) if one is not None and not one.away else None
