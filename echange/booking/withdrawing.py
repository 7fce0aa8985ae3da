"""Units lent no more, or not for a while; who was promised them gets another one if there is one."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import asyncpg

from echange.booking.arranging import Standing, TakenMeanwhile, book, drop, hold, move, standing
from echange.booking.breaches import EmptyPeriod
from echange.booking.colouring import Line
from echange.booking.periods import Period
from echange.booking.refusals import NotFree
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.database.again import again
from echange.http.refusals import NotFound

# How often somebody may be quicker before it is called taken.
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Displaced:
    """A booking for `period` has not this unit any more, but the one it `moved_to`, or one less."""

    booking_id: int
    unit_id: int
    moved_to: int | None
    period: Period


@again
async def withdraw(unit_id: int, *, at: datetime) -> list[Displaced]:
    """Lend a unit no more from then on: sold, broken, lost; said twice, it counts once.

    Who has it may still bring it back. Raises NotFound.
    """
    async with in_transaction():
        model, retired = await _hold_unit(unit_id)
        if retired:
            return []
        # Nobody takes it meanwhile who needs no lock.
        await execute("SELECT FROM booking_unit WHERE id = $1 FOR UPDATE", unit_id)
        rows = [
            row
            for row in await _rows_on(unit_id, at)
            if row.kind not in ("out", "back") and row.period.end > at
        ]
        await drop([row.id for row in rows if row.kind == "maintenance"])
        leaving = [row for row in rows if row.kind != "maintenance"]
        stood = await _standing(model, leaving, at)
        others = tuple(one for one in stood.units if one != unit_id)
        displaced = await _displace(replace(stood, units=others), leaving)
        await execute("UPDATE booking_unit SET retired_at = $2 WHERE id = $1", unit_id, at)
        return displaced


@again
async def maintain(unit_id: int, period: Period) -> tuple[int, list[Displaced]]:
    """Keep a unit from being lent for a while: the number this goes by, and who was to have the unit then.

    Raises NotFound, EmptyPeriod, NotFree when it is out then or kept from being lent already.
    """
    if period.start >= period.end:
        raise EmptyPeriod
    for _again in range(TRIES):
        with suppress(TakenMeanwhile):
            return await _keep(unit_id, period)
    raise NotFree


async def _keep(unit_id: int, period: Period) -> tuple[int, list[Displaced]]:
    async with in_transaction():
        model, retired = await _hold_unit(unit_id)
        if retired:
            raise NotFound
        rows = [row for row in await _rows_on(unit_id, period.start) if row.window.start < period.end]
        if any(row.kind in ("maintenance", "out") for row in rows):
            raise NotFree(model)
        # After it came back it is kept anyway for the minutes that the model asks for.
        start = min(max([period.start, *(row.window.end for row in rows if row.kind == "back")]), period.end)
        leaving = [row for row in rows if row.kind != "back"]
        stood = await _standing(model, leaving, start)
        repair = Line(0, unit_id, start, period.end, fixed=True)
        displaced = await _displace(replace(stood, lines=(*stood.lines, repair)), leaving)
        units = [unit_id] if start < period.end else []
        return await book(units, Period(start, period.end), "maintenance"), displaced


@again
async def end_maintenance(booking_id: int, at: datetime) -> None:
    """Lend the unit again from then on."""
    async with in_transaction():
        await execute("SELECT hold_models_of(ARRAY[$1::bigint])", booking_id)
        await execute(
            """DELETE FROM booking_allocation
               WHERE booking_id = $1 AND kind = 'maintenance' AND lower(during) >= $2""",
            booking_id,
            at,
        )
        await execute(
            """UPDATE booking_allocation SET during = tstzrange(lower(during), $2)
               WHERE booking_id = $1 AND kind = 'maintenance' AND upper(during) > $2""",
            booking_id,
            at,
        )


@again
async def ripple(at: datetime) -> list[Displaced]:
    """Other units for who was promised some that did not come back.

    These are kept from everybody for three days more, every day again.
    """
    async with in_transaction():
        models = await fetch(
            """SELECT DISTINCT model_id FROM booking_allocation WHERE kind = 'out' AND upper(during) <= $1
               ORDER BY model_id""",
            at,
        )
        await hold(row["model_id"] for row in models)
        late = await fetch(
            """SELECT a.id FROM booking_allocation a
               WHERE a.kind = 'out' AND upper(a.during) <= $1 AND a.model_id = ANY($2::int[])
               ORDER BY a.id""",
            at,
            [row["model_id"] for row in models],
        )
        displaced = []
        for stood in (await standing((row["model_id"] for row in models), at)).values():
            waiting = await _rows(stood.uprooted)
            displaced += await _displace(replace(stood, uprooted=frozenset()), waiting)
        await execute(_KEEP_LONGER, [row["id"] for row in late], at)
        return displaced


# A repair that is planned on it stays where it is. A little less than what is shown as taken:
# who looked a moment ago is not met.
_KEEP_LONGER: Final = """
    UPDATE booking_allocation a SET late_until = next.until
    FROM unnest($1::bigint[]) AS late (id) CROSS JOIN LATERAL (
        SELECT least($2::timestamptz + interval '2 days 23 hours', coalesce(min(lower(b.padded)), 'infinity')
            - (upper(mine.padded) - greatest(upper(mine.during), mine.late_until))) AS until
        FROM booking_allocation mine
        LEFT JOIN booking_allocation b ON b.unit_id = mine.unit_id AND b.padded >> mine.padded
        WHERE mine.id = late.id GROUP BY mine.id) next
    WHERE a.id = late.id AND a.kind = 'out' AND next.until > upper(a.during)
        AND (a.late_until IS NULL OR a.late_until < least($2::timestamptz + interval '2 days', next.until))"""


@dataclass(frozen=True, slots=True)
class _Row:
    """What a unit is promised for, its times without and with the minutes around."""

    id: int
    booking_id: int
    unit_id: int
    kind: str
    period: Period
    window: Period


_ROW: Final = """
    SELECT id, booking_id, unit_id, kind, lower(during) AS start, upper(during) AS end,
           lower(padded) AS from_then, upper(padded) AS until_then
    FROM booking_allocation"""


async def _rows_on(unit_id: int, since: datetime) -> list[_Row]:
    found = await fetch(
        f"{_ROW} WHERE unit_id = $1 AND upper(padded) > $2 ORDER BY lower(during)", unit_id, since
    )
    return [_row(row) for row in found]


async def _rows(lines: Iterable[int]) -> list[_Row]:
    return [_row(row) for row in await fetch(f"{_ROW} WHERE id = ANY($1::bigint[]) ORDER BY id", list(lines))]


def _row(row: asyncpg.Record) -> _Row:
    return _Row(
        row["id"], row["booking_id"], row["unit_id"], row["kind"], Period(row["start"], row["end"]),
        Period(row["from_then"], row["until_then"]),
    )  # fmt: skip


async def _hold_unit(unit_id: int) -> tuple[int, bool]:
    """Its model, which is held, and whether it is withdrawn. Raises NotFound."""
    model: int | None = await fetch_value("SELECT model_id FROM booking_unit WHERE id = $1", unit_id)
    if model is None:
        raise NotFound
    await hold([model])
    return model, await fetch_value("SELECT retired_at FROM booking_unit WHERE id = $1", unit_id) is not None


async def _standing(model: int, leaving: Sequence[_Row], at: datetime) -> Standing:
    """How it stands, once who waits for a unit that is late has another."""
    since = min([at, *(row.window.start for row in leaving)])
    settled, moves = (await standing([model], since))[model].settled()
    await move(moves)
    return settled


async def _displace(stood: Standing, leaving: Sequence[_Row]) -> list[Displaced]:
    """Each to another unit as long as there is one, the earliest first; the others have none any more."""
    moves, left_out = stood.settle(row.id for row in leaving)
    await drop(left_out)
    await move(moves)
    return [Displaced(row.booking_id, row.unit_id, moves.get(row.id), row.period) for row in leaving]
