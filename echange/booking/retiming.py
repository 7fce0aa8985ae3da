"""A booking at another time, or of more or fewer units."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.booking.arranging import Standing, book, drop, hold, move, padded, standing
from echange.booking.breaches import EmptyPeriod
from echange.booking.colouring import Line
from echange.booking.periods import Period
from echange.booking.refusals import HoldLapsed, NotFree
from echange.booking.rules import Rules
from echange.booking.taking import Booked, allowed, units_of
from echange.database import fetch, in_transaction
from echange.database.again import again
from echange.http.dates import now
from echange.http.refusals import NotFound


@dataclass(frozen=True, slots=True)
class _Own:
    """An allocation of this booking."""

    id: int
    model: int
    unit: int
    kind: str
    period: Period
    pinned: bool
    expires_at: datetime | None

    def at(self, period: Period) -> Period:
        """What is out began when it went out; it cannot have ended before. Raises EmptyPeriod."""
        if self.kind != "out":
            return period
        if period.end <= self.period.start:
            raise EmptyPeriod
        return Period(self.period.start, period.end)


@again
async def retime(
    booking_id: int, period: Period, wanted: Mapping[int, int] | None = None, *, staff: bool = False
) -> Booked:
    """Book another time under the same number, with as many units or with those `wanted`.

    It does not stand in its own way, and a refusal changes nothing. Of what is out only the end is moved.
    Raises what `take` does, HoldLapsed when nothing stands under this number any more.
    """
    if wanted is not None and (not wanted or min(wanted.values()) < 1):
        raise NotFound
    async with in_transaction():
        await hold({*(one.model for one in await _own(booking_id)), *(wanted or ())})
        own = await _own(booking_id)
        quantities = _quantities(own, wanted)
        if not quantities:
            raise HoldLapsed
        terms = await allowed(quantities, period, staff=staff, was=_was(own, period))
        rules = {model: one.rules for model, one in terms.items()}
        plan = await _plan(booking_id, own, period, quantities, rules)
        await drop([one.id for one in own if one.id not in plan.durings])
        await move(plan.moves, plan.durings)
        if plan.new_units:
            kind, expires_at = (own[-1].kind, own[-1].expires_at) if own else ("booked", None)
            hold_for = expires_at - now() if expires_at else None
            kind = "booked" if kind == "out" else kind
            await book(plan.new_units, period, kind, hold_for, booking_id)
        return Booked(booking_id, (await units_of([booking_id]))[booking_id])


async def _own(booking_id: int) -> list[_Own]:
    rows = await fetch(
        """SELECT id, model_id, unit_id, kind, lower(during) AS start, upper(during) AS end, pinned,
                  expires_at
           FROM booking_allocation WHERE booking_id = $1 AND kind IN ('held', 'booked', 'out')
           ORDER BY kind = 'out' DESC, pinned DESC, unit_id""",
        booking_id,
    )
    return [
        _Own(
            row["id"], row["model_id"], row["unit_id"], row["kind"], Period(row["start"], row["end"]),
            row["pinned"], row["expires_at"],
        )
        for row in rows
    ]  # fmt: skip


def _quantities(own: Sequence[_Own], wanted: Mapping[int, int] | None) -> dict[int, int]:
    asked = Counter(one.model for one in own) if wanted is None else Counter(wanted)
    return dict(sorted((asked | Counter(one.model for one in own if one.kind == "out")).items()))


def _was(own: Sequence[_Own], period: Period) -> Period | None:
    if not own:
        return None
    # When something is out, its beginning is not asked about again.
    return Period(period.start if own[0].kind == "out" else own[0].period.start, own[0].period.end)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Units by line, times by line of the booking itself, and units to add to it."""

    moves: dict[int, int]
    durings: dict[int, Period]
    new_units: list[int]


async def _plan(
    booking_id: int,
    own: Sequence[_Own],
    period: Period,
    quantities: Mapping[int, int],
    rules: Mapping[int, Rules],
) -> _Plan:
    kept = {model: [one for one in own if one.model == model][:n] for model, n in quantities.items()}
    durings = {one.id: one.at(period) for mine in kept.values() for one in mine}
    times = [
        (model, each) for model in quantities for each in (period, *(durings[one.id] for one in kept[model]))
    ]
    since = min(padded(rules[model], each).start for model, each in times)
    stood = await standing(quantities, since, besides=booking_id)
    moves: dict[int, int] = {}
    for model, quantity in quantities.items():
        if quantity > len(stood[model].units) + len(kept[model]):
            raise NotFree(model, stood[model].settled()[0].room(padded(rules[model], period)))
        lines = [
            _line(one.id, one.unit, padded(rules[model], durings[one.id]), fixed=one.pinned)
            for one in kept[model]
        ]
        window = padded(rules[model], period)
        lines += [_line(-1 - len(moves) - n, None, window) for n in range(quantity - len(kept[model]))]
        moves |= _seats(model, stood[model], lines, window)
    return _Plan(
        {line: unit for line, unit in moves.items() if line > 0},
        durings,
        sorted(unit for line, unit in moves.items() if line < 0),
    )


def _line(number: int, unit: int | None, window: Period, *, fixed: bool = False) -> Line:
    return Line(number, unit, window.start, window.end, fixed)


def _seats(model: int, stood: Standing, lines: Sequence[Line], window: Period) -> dict[int, int]:
    settled, moves = stood.settled()
    placed = settled.fit(lines)
    if placed is None:
        raise NotFree(model, settled.room(window))
    return moves | {line.id: line.unit for line in lines if line.unit is not None} | placed
