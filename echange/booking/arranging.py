"""Who stands on which unit: read by who looks and by who takes, rewritten under the models' lock."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import asyncpg
from asyncpg import Range

from echange.booking.colouring import Line, moved, seat, settle
from echange.booking.nearby import Nearby
from echange.booking.periods import Period
from echange.booking.refusals import NotFree
from echange.booking.rules import Rules
from echange.database import execute, fetch, fetch_value
from echange.http.dates import now
from echange.http.promises import kept
from echange.http.refusals import Refusal

# What nobody stands for: handed out, returned, in repair.
_STAYS: Final = ("out", "back", "maintenance")


class TakenMeanwhile(NotFree):
    """By somebody who needs no lock: a thing of its own, in this very moment."""


_PROMISES: Final[dict[str, type[Refusal]]] = {
    "booking_allocation_never_overlaps": TakenMeanwhile,
    "booking_unit_withdrawn": TakenMeanwhile,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a model: its usable `units`, and what keeps them from others, with the minutes around.

    `uprooted` lines were promised a unit with which somebody is late.
    """

    units: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    uprooted: frozenset[int] = frozenset()

    def settled(self) -> tuple["Standing", dict[int, int]]:
        """As it will be once who was uprooted has another unit, if there is one; and the moves to it."""
        if not self.uprooted:
            return self, {}
        moves, left_out = self.settle(self.uprooted)
        lines = (replace(line, fixed=line.fixed or line.id in left_out) for line in moved(self.lines, moves))
        return Standing(self.units, tuple(lines)), moves

    def settle(self, without: Iterable[int]) -> tuple[dict[int, int], list[int]]:
        """New units for these lines and for who must move for them; and who of them gets none."""
        gone = frozenset(without)
        lines = [replace(line, unit=None, fixed=False) if line.id in gone else line for line in self.lines]
        return settle(lines, self.units)

    def place(self, window: Period, quantity: int) -> tuple[list[int], dict[int, int]] | None:
        """So many units for this window with its margins, and the moves that make room; None: no room."""
        if quantity > len(self.units):
            return None
        asked = [Line(-1 - n, None, window.start, window.end) for n in range(quantity)]
        moves = self.fit(asked)
        if moves is None:
            return None
        return sorted(moves.pop(line.id) for line in asked), moves

    def fit(self, more: Sequence[Line]) -> dict[int, int] | None:
        """Units for these lines and for who must move for them; of these, the fixed ones stay."""
        stay = [line for line in more if line.fixed]
        if any(line.fixed and _met(line, stay) for line in self.lines):
            return None
        ours = [replace(line, unit=None) if _met(line, stay) else line for line in self.lines]
        theirs = (
            replace(line, unit=None) if not line.fixed and _met(line, self.lines) else line for line in more
        )
        return seat([*ours, *theirs], self.units)

    def room(self, window: Period) -> int:
        """How many can be taken for this window."""
        least, most = Nearby(self.units, self.lines).bounds(window)
        more = range(least + 1, most + 1)
        return least + bisect_left(more, True, key=lambda n: self.place(window, n) is None)


def _met(line: Line, others: Iterable[Line]) -> bool:
    return any(other.unit == line.unit and other.meets(line) for other in others)


def padded(rules: Rules, period: Period) -> Period:
    """The period with the minutes to keep free around it."""
    return Period(period.start - timedelta(minutes=rules.before), period.end + timedelta(minutes=rules.after))


async def standing(
    models: Iterable[int], since: datetime, *, besides: int | None = None
) -> dict[int, Standing]:
    """How it stands with each of these models from `since` or now on, if that is sooner; `besides` a booking.

    What has begun keeps its unit.
    """
    wanted, begun = sorted(models), now()
    units = await fetch(
        """SELECT model_id, array_agg(id ORDER BY id) AS units FROM booking_unit
           WHERE model_id = ANY($1::int[]) AND retired_at IS NULL GROUP BY model_id""",
        wanted,
    )
    rows = await fetch(
        """SELECT id, model_id, unit_id, kind, pinned, lower(padded) AS start, upper(padded) AS end
           FROM booking_busy($1::int[], tstzrange($2::timestamptz - interval '10 minutes' - make_interval(
               mins => (SELECT max(before) FROM booking_model WHERE id = ANY($1::int[]))), NULL))
           WHERE $3::bigint IS NULL OR booking_id <> $3 OR kind = 'back'
           ORDER BY unit_id, lower(padded), id""",
        wanted,
        min(since, begun),
        besides,
    )
    usable = {row["model_id"]: tuple(row["units"]) for row in units}
    return {
        model: _standing(usable.get(model, ()), [row for row in rows if row["model_id"] == model], begun)
        for model in wanted
    }


def _standing(units: tuple[int, ...], rows: Sequence[asyncpg.Record], begun: datetime) -> Standing:
    lines = tuple(
        Line(row["id"], row["unit_id"], row["start"], row["end"], row["pinned"] or row["start"] < begun)
        for row in rows
    )
    late = {row["unit_id"]: line for row, line in zip(rows, lines, strict=True) if row["kind"] == "out"}
    uprooted = frozenset(
        line.id
        for row, line in zip(rows, lines, strict=True)
        if row["kind"] not in _STAYS and line.unit in late and line.meets(late[row["unit_id"]])
    )
    return Standing(units, lines, uprooted)


async def hold(models: Iterable[int]) -> None:
    """Nobody else books, moves or returns units of these models until the caller's transaction ends."""
    await execute("SELECT hold_models($1)", sorted(models))


async def move(moves: Mapping[int, int], durings: Mapping[int, Period] | None = None) -> None:
    """Give these lines these units, and these times where they change. Raises NotFree."""
    if not moves:
        return
    times = durings or {}
    with kept(_PROMISES):
        await execute(
            "SELECT reseat_allocations($1, $2, $3)",
            list(moves),
            list(moves.values()),
            [Range(times[line].start, times[line].end) if line in times else None for line in moves],
        )


async def drop(lines: Sequence[int]) -> None:
    """Nothing is kept for these lines any more."""
    if lines:
        await execute("DELETE FROM booking_allocation WHERE id = ANY($1::bigint[])", lines)


async def book(
    units: Sequence[int],
    period: Period,
    kind: str,
    hold_for: timedelta | None = None,
    number: int | None = None,
) -> int:
    """All these units, under this number or a new one, which it gives. Raises NotFree."""
    during = Range(period.start, period.end)
    with kept(_PROMISES):
        booking: int | None = await fetch_value(
            "SELECT book_units($1, $2, $3, $4, $5)", units, during, kind, hold_for, number
        )
    if booking is None:
        raise TakenMeanwhile
    return booking
