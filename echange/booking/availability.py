"""What is free, as somebody would find it who tried to take it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from echange.booking.arranging import standing
from echange.booking.diary import Day, Diary, Slot
from echange.booking.periods import Period
from echange.booking.sites import terms_of
from echange.database import fetch
from echange.http.dates import now
from echange.http.refusals import NotFound, Refusal

MOST_DAYS: Final = 400


async def days(
    wanted: Mapping[int, int],
    first: date,
    last: date,
    *,
    staff: bool = False,
    besides: int | None = None,
) -> list[Day]:
    """Each day from the first to the last, 400 at most, as it is for whoever wants so many of these models.

    As if the booking `besides` were not there, for whoever wants to move it. Raises NotFound.
    """
    diary = await diary_of(wanted, Period(now(), _midnight(last)), staff=staff, besides=besides)
    return [diary.day(first + timedelta(days=n)) for n in range(min((last - first).days + 1, MOST_DAYS))]


async def slots(
    wanted: Mapping[int, int], day: date, minutes: int, *, staff: bool = False, besides: int | None = None
) -> list[Slot]:
    """Uses of this length that begin on this day, in order, each free or not. Raises NotFound."""
    diary = await diary_of(wanted, Period(now(), _midnight(day)), staff=staff, besides=besides)
    return diary.slots(day, minutes)


async def can_take(
    wanted: Mapping[int, int], period: Period, *, staff: bool = False, besides: int | None = None
) -> Refusal | None:
    """What `take` would refuse it with, or `retime` of the booking `besides`; None: nothing.

    Raises NotFound.
    """
    return (await diary_of(wanted, period, staff=staff, besides=besides)).refusal(period)


async def diary_of(
    wanted: Mapping[int, int], period: Period, *, staff: bool = False, besides: int | None = None
) -> Diary:
    """What is to be known of these models from now on, until the period ends. Raises NotFound."""
    terms = await terms_of(wanted, period)
    if not wanted or len(terms) != len(wanted) or min(wanted.values()) < 1:
        raise NotFound
    at = now()
    stands = await standing(wanted, at, besides=besides)
    settled = {model: one.settled()[0] for model, one in stands.items()}
    diary = Diary(wanted, terms, settled, at, staff=staff)
    return diary if besides is None else await _moving(diary, besides)


async def _moving(diary: Diary, booking_id: int) -> Diary:
    """The same for whoever moves this booking."""
    rows = await fetch(
        """SELECT model_id, unit_id, kind = 'out' AS is_out, pinned, lower(padded) AS since,
                  lower(during) AS start, upper(during) AS end
           FROM booking_allocation WHERE booking_id = $1 AND kind IN ('held', 'booked', 'out')
           ORDER BY kind = 'out' DESC, pinned DESC, unit_id""",
        booking_id,
    )
    staying: dict[int, list[tuple[int, datetime | None]]] = {}
    for row in rows:
        if row["pinned"]:
            since = row["since"] if row["is_out"] else None
            staying.setdefault(row["model_id"], []).append((row["unit_id"], since))
    was = Period(rows[0]["start"], rows[0]["end"]) if rows else None
    return replace(diary, was=was, staying=staying)


def _midnight(day: date) -> datetime:
    """When it is over, wherever that is."""
    soon = min(day, date.max - timedelta(days=3))
    return datetime(soon.year, soon.month, soon.day, tzinfo=UTC) + timedelta(days=2)
