"""Which bookings a closure touches: it changes none, somebody decides about each."""

from dataclasses import dataclass
from typing import Final, Literal

from echange.booking.hours import STAFF
from echange.booking.periods import Period
from echange.booking.sites import Terms, terms_of
from echange.database import fetch

_TOUCHED: Final = """
    SELECT a.booking_id, min(a.model_id) AS model_id, lower(a.during) AS start, upper(a.during) AS end,
           bool_or(a.kind = 'out') AS is_out
    FROM booking_closure c
    JOIN booking_model m ON m.site_id = c.site_id
    JOIN booking_allocation a ON a.model_id = m.id
        AND a.padded && tstzrange(lower(c.during), upper(c.during), '[]')
    WHERE c.site_id = $1 AND c.id = $2 AND a.kind IN ('held', 'booked', 'out')
        AND (a.expires_at IS NULL OR a.expires_at > now())
    GROUP BY a.booking_id, a.during ORDER BY lower(a.during), a.booking_id"""


_OF_BOOKING: Final = """
    SELECT min(a.model_id) AS model_id, lower(a.during) AS start, upper(a.during) AS end,
           bool_or(a.kind = 'out') AS is_out
    FROM booking_allocation a JOIN booking_model m ON m.id = a.model_id
    JOIN booking_closure c ON c.site_id = m.site_id
        AND a.padded && tstzrange(lower(c.during), upper(c.during), '[]')
    WHERE a.booking_id = $1 AND a.kind IN ('held', 'booked', 'out')
    GROUP BY a.during ORDER BY lower(a.during)"""


@dataclass(frozen=True, slots=True)
class Affected:
    """A booking whose `what` meets closed doors: its start, its end, or the time between where it may not.

    `next_opening` is the first after that, None when none comes within a year.
    """

    booking_id: int
    period: Period
    what: Literal["start", "end", "between"]
    next_opening: Period | None


async def affected(site_id: int, closure_id: int) -> list[Affected]:
    """Bookings that the closure leaves without somebody to give out or to take back, in order."""
    rows = await fetch(_TOUCHED, site_id, closure_id)
    if not rows:
        return []
    all_of_it = Period(rows[0]["start"], max(row["end"] for row in rows))
    terms = await terms_of({row["model_id"] for row in rows}, all_of_it)
    found = []
    for row in rows:
        period = Period(row["start"], row["end"])
        it = _touched(row["booking_id"], period, terms[row["model_id"]], is_out=row["is_out"])
        found += [it] if it else []
    return found


async def closed_during(booking_id: int) -> Affected | None:
    """What of this booking a closure leaves before closed doors, if anything."""
    for row in await fetch(_OF_BOOKING, booking_id):
        period = Period(row["start"], row["end"])
        terms = await terms_of([row["model_id"]], period)
        it = _touched(booking_id, period, terms[row["model_id"]], is_out=row["is_out"])
        if it is not None:
            return it
    return None


def _touched(booking_id: int, period: Period, terms: Terms, *, is_out: bool) -> Affected | None:
    hours = terms.hours
    if not is_out and all(one.end == period.start for one in hours.around(period.start, STAFF)):
        return Affected(booking_id, period, "start", hours.after(period.start))
    if not hours.around(period.end, STAFF):
        return Affected(booking_id, period, "end", hours.after(period.end))
    if not terms.rules.spans and not hours.covers(period, STAFF):
        return Affected(booking_id, period, "between", hours.after(period.end))
    return None
