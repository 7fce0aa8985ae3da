"""What stands on the labels of the units that a booking has, or had."""

from collections.abc import Iterable
from typing import Final

from echange import booking
from echange.database import fetch

_CODES: Final = "SELECT id, code FROM unit WHERE id = ANY($1)"


async def codes_of(booking_ids: Iterable[int | None]) -> dict[int, list[str]]:
    """Codes by booking, in order."""
    standing = await booking.units_of([number for number in booking_ids if number is not None])
    units = {number: set[int]().union(*models.values()) for number, models in standing.items()}
    known = {row["id"]: row["code"] for row in await fetch(_CODES, list(set[int]().union(*units.values())))}
    return {number: sorted(known[one] for one in some & known.keys()) for number, some in units.items()}
