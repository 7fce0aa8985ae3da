"""Closures taken in from a calendar, such as one of public holidays, and kept as it says from then on."""

import asyncio
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from echange.booking.calendar_reading import Closing, Unclear, read_calendar
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http.dates import now
from echange.http.refusals import NotFound

_TAKEN_IN: Final = """
    INSERT INTO booking_closure (site_id, uid, during, label)
    SELECT $1, wanted.uid, tstzrange(wanted.start, wanted.end_), wanted.label
    FROM unnest($2::varchar[], $3::timestamptz[], $4::timestamptz[], $5::varchar[])
        AS wanted (uid, start, end_, label)
    ON CONFLICT (site_id, uid) WHERE uid <> '' DO UPDATE SET during = EXCLUDED.during, label = EXCLUDED.label
        WHERE (booking_closure.during, booking_closure.label)
            IS DISTINCT FROM (EXCLUDED.during, EXCLUDED.label)
    RETURNING id, xmax = 0 AS is_new"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the closures: their ids, so that one can ask whom they touch; `errors` by line."""

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    removed: int = 0
    errors: list[Unclear] = field(default_factory=list)


async def import_closures(site_id: int, ics: bytes) -> Imported:
    """Close the site as this calendar says, two years ahead, and no more as an earlier one did.

    A site follows one calendar: what came from the last one and is not in this is taken back, unless
    something in this one was not understood. Raises TooLarge, NotACalendar, NotFound.
    """
    zone = await fetch_value("SELECT zone FROM booking_site WHERE id = $1", site_id)
    if zone is None:
        raise NotFound
    # Some files take a second to read.
    closings, errors = await asyncio.to_thread(read_calendar, ics, ZoneInfo(zone), now())
    async with in_transaction():
        # One import of a site after the other.
        await execute("SELECT FROM booking_site WHERE id = $1 FOR NO KEY UPDATE", site_id)
        removed = 0 if errors else await _take_back(site_id, closings)
        rows = await fetch(
            _TAKEN_IN,
            site_id,
            [one.uid for one in closings],
            [one.period.start for one in closings],
            [one.period.end for one in closings],
            [one.label for one in closings],
        )
    return Imported(
        added=[row["id"] for row in rows if row["is_new"]],
        changed=[row["id"] for row in rows if not row["is_new"]],
        removed=removed,
        errors=errors,
    )


async def _take_back(site_id: int, closings: list[Closing]) -> int:
    """What is past stays as it was."""
    return await execute(
        """DELETE FROM booking_closure
           WHERE site_id = $1 AND uid <> '' AND upper(during) > now() AND NOT uid = ANY($2::varchar[])""",
        site_id,
        [one.uid for one in closings],
    )
