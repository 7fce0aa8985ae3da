"""Units in somebody's hands: handed out, taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.booking.refusals import AlreadyOut, BackBeforeOut, NotOfBooking
from echange.database import execute, fetch, in_transaction
from echange.database.again import again
from echange.http.promises import kept
from echange.http.refusals import Refusal

_OUT_ONCE: Final[dict[str, type[Refusal]]] = {"booking_holding_one": AlreadyOut}
_IN_ORDER: Final[dict[str, type[Refusal]]] = {"booking_holding_lasts": BackBeforeOut}


@dataclass(frozen=True, slots=True)
class Holding:
    """A unit is out under this booking, since then."""

    booking_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Back:
    """A unit that came back; it was `due` then."""

    unit_id: int
    booking_id: int
    due: datetime


@again
async def hand_out(booking_id: int, unit_ids: Iterable[int], at: datetime) -> int:
    """Give these units of a booking into somebody's hands; how many were not yet.

    Handed out before its time, a unit is kept from others from then on, as far as it was free. Raises
    NotOfBooking, AlreadyOut.
    """
    wanted = sorted(set(unit_ids))
    async with in_transaction():
        await execute("SELECT hold_models_of($1)", [booking_id])
        rows = await fetch(
            """SELECT unit_id, kind FROM booking_allocation
               WHERE booking_id = $1 AND unit_id = ANY($2::int[]) AND kind IN ('booked', 'out')""",
            booking_id,
            wanted,
        )
        if len(rows) != len(wanted):
            raise NotOfBooking
        leaving = [row["unit_id"] for row in rows if row["kind"] == "booked"]
        with kept(_OUT_ONCE):
            await execute(
                """INSERT INTO booking_holding (booking_id, unit_id, since)
                   SELECT $1, unit, $3 FROM unnest($2::int[]) unit ORDER BY unit""",
                booking_id,
                leaving,
                at,
            )
        await execute(_OUT, booking_id, leaving, at)
        return len(leaving)


_OUT: Final = """
    UPDATE booking_allocation a
    SET kind = 'out', pinned = true,
        during = tstzrange(
            least(lower(a.during), greatest($3::timestamptz, before.free_from)), upper(a.during))
    FROM unnest($2::int[]) AS leaving (unit) CROSS JOIN LATERAL (
        SELECT max(upper(b.padded)) + (lower(mine.during) - lower(mine.padded)) AS free_from
        FROM booking_allocation mine
        LEFT JOIN booking_allocation b ON b.unit_id = mine.unit_id AND b.padded << mine.padded
        WHERE mine.booking_id = $1 AND mine.unit_id = leaving.unit GROUP BY mine.id) before
    WHERE a.booking_id = $1 AND a.unit_id = leaving.unit AND a.kind = 'booked'"""


@again
async def take_back(unit_ids: Iterable[int], at: datetime) -> list[Back]:
    """These units are back; those of them that were out. Raises BackBeforeOut.

    From then on they are free, after the minutes that the model asks for; what was promised stays promised.
    """
    async with in_transaction():
        await execute(
            """SELECT hold_models(ARRAY(SELECT model_id FROM booking_unit WHERE id = ANY($1::int[])))""",
            sorted(set(unit_ids)),
        )
        with kept(_IN_ORDER):
            ended = await fetch(
                """UPDATE booking_holding SET returned_at = $2
                   WHERE unit_id = ANY($1::int[]) AND returned_at IS NULL RETURNING booking_id, unit_id""",
                sorted(set(unit_ids)),
                at,
            )
        bookings, units = [row["booking_id"] for row in ended], [row["unit_id"] for row in ended]
        due = await fetch(_DUE, bookings, units)
        await execute(_BACK, [row["id"] for row in due], at)
        return [Back(row["unit_id"], row["booking_id"], row["due"]) for row in due]


_DUE: Final = """
    SELECT a.id, a.unit_id, a.booking_id, upper(a.during) AS due
    FROM booking_allocation a JOIN unnest($1::bigint[], $2::int[]) AS ended (booking, unit)
        ON a.booking_id = ended.booking AND a.unit_id = ended.unit
    WHERE a.kind = 'out' ORDER BY a.unit_id"""
# Late, it was gone until now: as far as nobody was promised it, which is the past that can be written.
_BACK: Final = """
    UPDATE booking_allocation a
    SET kind = 'back', late_until = NULL, during = tstzrange(lower(a.during), greatest(
        lower(a.during) + interval '1 minute',
        least($2::timestamptz, greatest(upper(a.during), next.free_until))))
    FROM unnest($1::bigint[]) AS returned (id) CROSS JOIN LATERAL (
        SELECT coalesce(min(lower(b.padded)), 'infinity')
            - (upper(mine.padded) - greatest(upper(mine.during), mine.late_until)) AS free_until
        FROM booking_allocation mine
        LEFT JOIN booking_allocation b ON b.unit_id = mine.unit_id AND b.padded >> mine.padded
        WHERE mine.id = returned.id GROUP BY mine.id) next
    WHERE a.id = returned.id"""


async def holder_of(unit_ids: Iterable[int]) -> dict[int, Holding]:
    """Under which booking each of these units is out; those that are in are missing."""
    rows = await fetch(
        """SELECT unit_id, booking_id, since FROM booking_holding
           WHERE unit_id = ANY($1::int[]) AND returned_at IS NULL""",
        list(unit_ids),
    )
    return {row["unit_id"]: Holding(row["booking_id"], row["since"]) for row in rows}
