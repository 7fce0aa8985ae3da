"""Whether calendars are what was done to them, and whether a row was changed behind the database's back."""

import hashlib
from dataclasses import dataclass
from typing import Final

import asyncpg

from echange.database import connection, in_transaction


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first wrong row: its `table` and `row`, the `booking` and `unit` it is of, `what` is wrong."""

    table: str
    row: int
    booking: int | None
    unit: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What anybody may check. `head`: the hash over all events in the order of their numbers, to `sealed_to`.

    `first_wrong` is None when replaying the events gives the allocations, and nothing is promised twice.
    """

    sites: int
    units: int
    allocations: int
    events: int
    holdings: int
    head: str
    sealed_to: int | None
    first_wrong: Wrong | None

    @property
    def ok(self) -> bool:
        return self.first_wrong is None


# A million events take some time, which is nobody's fault.
PATIENCE_SECONDS: Final = 900.0
AT_ONCE: Final = 5_000
_COUNTS: Final = """
    SELECT (SELECT count(*) FROM booking_site) AS sites, (SELECT count(*) FROM booking_unit) AS units,
           (SELECT count(*) FROM booking_allocation) AS allocations,
           (SELECT count(*) FROM booking_event) AS events, (SELECT count(*) FROM booking_holding) AS holdings,
           (SELECT max(id) FROM booking_event) AS sealed_to"""
# Ranges and instants without the session's zone.
_WORDS: Final = """
    SELECT id, concat_ws('|', id, allocation_id, booking_id, act, unit_id, kind,
        extract(epoch FROM lower(during)), extract(epoch FROM upper(during)),
        extract(epoch FROM lower(padded)), extract(epoch FROM upper(padded)),
        pinned, coalesce(extract(epoch FROM expires_at)::text, ''),
        coalesce(extract(epoch FROM late_until)::text, ''), extract(epoch FROM at)) AS words
    FROM booking_event ORDER BY id"""
# One statement for all that must fit together. An event is named before what came of it.
_WRONG: Final = """
    WITH told AS (
        SELECT *, lag(act) OVER lines AS before, lead(id) OVER lines IS NULL AS is_last
        FROM booking_event WINDOW lines AS (PARTITION BY allocation_id ORDER BY id)
    ), replayed AS (
        SELECT * FROM told WHERE is_last AND act <> 'freed'
    ), placed AS (
        SELECT a.*, u.retired_at, max(upper(a.padded)) OVER (
                PARTITION BY a.unit_id ORDER BY lower(a.padded), a.id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
        FROM booking_allocation a JOIN booking_unit u ON u.id = a.unit_id
    ), steps AS (
        SELECT model_id, lower(padded) AS at, 1 AS step, id, booking_id, unit_id
        FROM placed WHERE retired_at IS NULL
        UNION ALL
        SELECT model_id, upper(padded), -1, id, booking_id, unit_id FROM placed WHERE retired_at IS NULL
    ), counted AS (
        SELECT *, sum(step) OVER (PARTITION BY model_id ORDER BY at, step) AS running
        FROM steps
    ), usable AS (
        SELECT model_id, count(*) AS units FROM booking_unit WHERE retired_at IS NULL GROUP BY model_id
    ), wrong AS (
        SELECT 'booking_event' AS table, id AS row, booking_id AS booking, unit_id AS unit,
               'order' AS what, allocation_id AS line, 1 AS rank
        FROM told WHERE (act = 'taken') <> (before IS NULL OR before = 'freed')
        UNION ALL
        SELECT 'booking_event', id, booking_id, unit_id, 'margins', allocation_id, 2 FROM told
        WHERE NOT padded @> during
        UNION ALL
        SELECT 'booking_allocation', coalesce(a.id, r.allocation_id), coalesce(a.booking_id, r.booking_id),
               coalesce(a.unit_id, r.unit_id),
               CASE WHEN r.id IS NULL THEN 'unwritten' WHEN a.id IS NULL THEN 'gone' ELSE 'differs' END,
               coalesce(a.id, r.allocation_id), 3
        FROM booking_allocation a FULL JOIN replayed r ON r.allocation_id = a.id
        WHERE (a.booking_id, a.unit_id, a.kind, a.during, a.padded, a.pinned, a.expires_at, a.late_until)
            IS DISTINCT FROM
              (r.booking_id, r.unit_id, r.kind, r.during, r.padded, r.pinned, r.expires_at, r.late_until)
        UNION ALL
        SELECT 'booking_allocation', id, booking_id, unit_id, 'twice', id, 4 FROM placed
        WHERE lower(padded) < reached
        UNION ALL
        SELECT 'booking_allocation', id, booking_id, unit_id, 'withdrawn', id, 5 FROM placed
        WHERE retired_at < upper(during) AND kind IN ('held', 'booked', 'maintenance')
        UNION ALL
        SELECT 'booking_allocation', c.id, c.booking_id, c.unit_id, 'many', c.id, 6
        FROM counted c JOIN usable USING (model_id) WHERE c.step = 1 AND c.running > usable.units
        UNION ALL
        SELECT 'booking_allocation', a.id, a.booking_id, a.unit_id, 'not_held', a.id, 7
        FROM booking_allocation a WHERE a.kind = 'out' AND NOT EXISTS (
            SELECT FROM booking_holding h
            WHERE h.unit_id = a.unit_id AND h.booking_id = a.booking_id AND h.returned_at IS NULL)
        UNION ALL
        SELECT 'booking_holding', h.id, h.booking_id, h.unit_id, 'not_out', NULL, 8
        FROM booking_holding h WHERE h.returned_at IS NULL AND NOT EXISTS (
            SELECT FROM booking_allocation a
            WHERE a.unit_id = h.unit_id AND a.booking_id = h.booking_id AND a.kind = 'out')
    )
    SELECT "table", "row", booking, unit, what FROM wrong ORDER BY line NULLS LAST, rank, "row" LIMIT 1"""


async def prove() -> Proof:
    """Replay every event and compare, with the rows as they stand at one instant; read piece by piece."""
    async with in_transaction(), connection().acquire_connection() as raw:
        await raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # Where nobody has counted the rows yet, a plan for a few would take hours for many.
        await raw.execute("SET LOCAL enable_nestloop = off")
        counts = await raw.fetchrow(_COUNTS, timeout=PATIENCE_SECONDS)
        wrong = await raw.fetchrow(_WRONG, timeout=PATIENCE_SECONDS)
        head = await _head(raw)
    assert counts is not None  # noqa: S101 — a count always answers
    return Proof(**counts, head=head, first_wrong=Wrong(**wrong) if wrong else None)


async def _head(raw: "asyncpg.Connection[asyncpg.Record]") -> str:
    """The running hash over what each event says; empty before the first."""
    told = hashlib.sha256()
    cursor = await raw.cursor(_WORDS)
    any_told = False
    while rows := await cursor.fetch(AT_ONCE):
        any_told = True
        told.update("".join(f"{row['words']}\n" for row in rows).encode())
    return told.hexdigest() if any_told else ""
