"""A booking moves to another time, without standing in its own way."""

from datetime import UTC, datetime, timedelta

import pytest

from echange import booking
from echange.booking import EmptyPeriod, HoldLapsed, NotFree, Period, Rules, TooLong
from tests.booking.calendars import HOUR, Raw, pool, room, soon


async def rows(raw: Raw) -> list[tuple[object, ...]]:
    found = await raw.fetch(
        "SELECT id, booking_id, unit_id, kind, during, padded, expires_at FROM booking_allocation ORDER BY id"
    )
    return [tuple(row) for row in found]


@pytest.mark.parametrize("named", [False, True])
async def test_it_does_not_stand_in_its_own_way(orm: None, connection: Raw, named: bool) -> None:
    rules = Rules(after=60)
    model = (await room(rules))[0] if named else (await pool(1, rules))[0]
    booked = await booking.take({model: 1}, soon(0, 3))
    [before] = await rows(connection)
    moved = await booking.retime(booked.id, soon(1, 3))
    [after] = await rows(connection)
    assert moved == booked
    assert before[:4] == after[:4]
    await booking.take({model: 1}, soon(-1))


@pytest.mark.parametrize("named", [False, True])
async def test_a_refused_change_changes_nothing(orm: None, connection: Raw, named: bool) -> None:
    rules = Rules(max_minutes=300)
    model = (await room(rules))[0] if named else (await pool(1, rules))[0]
    booked = await booking.take({model: 1}, soon())
    await booking.take({model: 1}, soon(2))
    before = await rows(connection)
    backwards = Period(soon().end, soon().start)
    for period, refusal in (
        (soon(0, 3), NotFree), (soon(2), NotFree), (soon(0, 6), TooLong), (backwards, EmptyPeriod),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await booking.retime(booked.id, period)
    assert await rows(connection) == before


async def test_others_move_to_other_units_for_it(orm: None, connection: Raw) -> None:
    model, _units = await pool(2)
    first = await booking.take({model: 1}, soon(0))
    second = await booking.take({model: 1}, soon(0))
    await booking.take({model: 1}, soon(2))
    await booking.take({model: 1}, soon(4))
    await booking.retime(first.id, soon(0, 4))
    with pytest.raises(NotFree):
        await booking.retime(second.id, soon(0, 3))
    await booking.retime(second.id, soon(4))


async def test_more_units_fewer_or_others(orm: None) -> None:
    (tents, _), (tables, _) = await pool(2), await pool(2)
    booked = await booking.take({tents: 1}, soon())
    more = await booking.retime(booked.id, soon(), {tents: 2, tables: 1})
    assert {model: len(units) for model, units in more.units.items()} == {tents: 2, tables: 1}
    assert set(booked.units[tents]) <= set(more.units[tents])
    with pytest.raises(NotFree):
        await booking.retime(booked.id, soon(), {tents: 3})
    fewer = await booking.retime(booked.id, soon(1), {tables: 1})
    assert fewer.units == {tables: more.units[tables]}
    await booking.take({tents: 2}, soon(1))


async def test_a_hold_stays_a_hold_for_as_long(orm: None, connection: Raw) -> None:
    model, _units = await pool(3)
    held = await booking.take({model: 1}, soon(), kind="held", hold_for=timedelta(minutes=10))
    [before] = await rows(connection)
    await booking.retime(held.id, soon(1), {model: 2})
    one, other = await rows(connection)
    assert one[3] == other[3] == "held"
    assert one[6] == before[6]
    assert abs(other[6] - before[6]) < timedelta(seconds=5)  # type: ignore[operator]


async def test_of_what_is_out_only_the_end_moves_and_it_keeps_its_unit(orm: None, connection: Raw) -> None:
    model, units = await pool(2)
    out = await booking.take({model: 1}, soon())
    [unit] = out.units[model]
    await booking.hand_out(out.id, [unit], soon(-2).start)
    next_one = await booking.take({model: 1}, soon(2))
    if next_one.units[model] != (unit,):
        await booking.pin(next_one.id, {next_one.units[model][0]: unit})
        with pytest.raises(NotFree):
            await booking.retime(out.id, soon(0, 4))
        return
    longer = await booking.retime(out.id, soon(0, 4))
    assert longer.units[model] == (unit,)
    stood = await booking.units_of([next_one.id])
    assert stood[next_one.id][model] != (unit,)
    [row] = [row for row in await rows(connection) if row[3] == "out"]
    assert (row[4].lower, row[4].upper) == (soon(-2).start, soon(3).end)  # type: ignore[attr-defined]
    with pytest.raises(EmptyPeriod):
        await booking.retime(out.id, Period(soon(-5).start, soon(-3).start))
    assert units


async def test_what_nobody_has_any_more_is_booked_anew_only_if_it_is_said_what(orm: None) -> None:
    model, _units = await pool(1)
    booked = await booking.take({model: 1}, soon())
    await booking.free(booked.id)
    with pytest.raises(HoldLapsed):
        await booking.retime(booked.id, soon())
    again = await booking.retime(booked.id, soon(), {model: 1})
    assert again == booked
    assert datetime.now(UTC) + HOUR < soon().end


async def test_more_than_there_are_is_refused_at_once(orm: None, connection: Raw) -> None:
    model, _units = await pool(2)
    booked = await booking.take({model: 1}, soon())
    before = await rows(connection)
    with pytest.raises(NotFree):
        await booking.take({model: 10_000_000}, soon(5))
    with pytest.raises(NotFree) as refused:
        await booking.retime(booked.id, soon(), {model: 10_000_000})
    assert refused.value.free == 2
    await booking.hand_out(booked.id, booked.units[model], datetime.now(UTC))
    assert isinstance(await booking.can_take({model: 10_000_000}, soon(), besides=booked.id), NotFree)
    with pytest.raises(NotFree):
        await booking.retime(booked.id, soon(), {model: 10_000_000})
    assert [row[:3] for row in await rows(connection)] == [row[:3] for row in before]
