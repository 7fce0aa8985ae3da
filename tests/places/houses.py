"""Places for tests: La Forge, looked after by an association or by the town."""

from typing import Any, Final

from echange import booking
from echange.http import Viewer
from echange.places import Place

NINE: Final = 9 * 60
NOON: Final = 12 * 60
TWO: Final = 14 * 60
SIX: Final = 18 * 60
FORGE: Final = {"name": "La Forge", "address": "12 rue de la Réunion"}
ALWAYS: Final = [booking.Opening(day, 0, 1440) for day in range(7)]
WEEKDAYS: Final = [
    booking.Opening(day, opens, closes) for day in range(5) for opens, closes in ((NINE, NOON), (TWO, SIX))
]


async def forge(by: Viewer | None = None, **said: Any) -> Place:
    """La Forge, of the town unless said otherwise."""
    return await Place.make(by=by, **{**FORGE, **said})
