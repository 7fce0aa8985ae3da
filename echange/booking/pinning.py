"""Which very unit somebody gets, said at the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from echange.booking.arranging import Standing, move, standing
from echange.booking.colouring import Line
from echange.booking.periods import Period
from echange.booking.refusals import NotFree, NotOfBooking
from echange.database import execute, fetch, in_transaction
from echange.database.again import again
from echange.http.dates import now


@dataclass(frozen=True, slots=True)
class _Own:
    """An allocation of the booking, its times without and with the minutes around, the unit it is to have."""

    id: int
    model: int
    period: Period
    window: Period
    unit: int


@again
async def pin(booking_id: int, swaps: Mapping[int, int]) -> None:
    """Set units aside for a booking: for each it had, the one it gets, which may be the same.

    Whoever was to have that one gets another. Raises NotOfBooking, NotFree.
    """
    async with in_transaction():
        await execute("SELECT hold_models_of($1)", [booking_id])
        own = await _own(booking_id, swaps)
        if len(own) != len(swaps):
            raise NotOfBooking
        stood = await standing({one.model for one in own}, min(one.window.start for one in own))
        for model, stand in stood.items():
            await _set_aside(model, stand, [one for one in own if one.model == model])
        await execute(
            "UPDATE booking_allocation SET pinned = true WHERE id = ANY($1::bigint[]) AND NOT pinned",
            [one.id for one in own],
        )


async def _own(booking_id: int, swaps: Mapping[int, int]) -> list[_Own]:
    rows = await fetch(
        """SELECT id, model_id, unit_id, lower(during) AS start, upper(during) AS end,
                  lower(padded) AS from_then, upper(padded) AS until_then
           FROM booking_allocation
           WHERE booking_id = $1 AND unit_id = ANY($2::int[]) AND kind IN ('held', 'booked')""",
        booking_id,
        list(swaps),
    )
    return [
        _Own(
            row["id"], row["model_id"], Period(row["start"], row["end"]),
            Period(row["from_then"], row["until_then"]), swaps[row["unit_id"]],
        )
        for row in rows
    ]  # fmt: skip


async def _set_aside(model: int, stand: Standing, own: Sequence[_Own]) -> None:
    ours = {one.id for one in own}
    if len({one.unit for one in own}) < len(own) or not {one.unit for one in own} <= set(stand.units):
        raise NotFree(model)
    lines = tuple(line for line in stand.lines if line.id not in ours)
    others, moves = Standing(stand.units, lines, stand.uprooted - ours).settled()
    own = [_from_when_it_was_free(one, others.lines) for one in own]
    fitted = others.fit([Line(one.id, one.unit, one.window.start, one.window.end, fixed=True) for one in own])
    if fitted is None:
        raise NotFree(model)
    await move(moves | fitted | {one.id: one.unit for one in own}, {one.id: one.period for one in own})


def _from_when_it_was_free(one: _Own, lines: Iterable[Line]) -> _Own:
    """Collected after its time began, it may be a unit that was only brought back since."""
    since = max(
        (line.end for line in lines if line.unit == one.unit and line.end <= now()), default=one.window.start
    )
    if since <= one.window.start:
        return one
    start = since + (one.period.start - one.window.start)
    return replace(one, period=Period(start, one.period.end), window=Period(since, one.window.end))
