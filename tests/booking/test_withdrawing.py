"""Units that are withdrawn, in repair or not back in time: who was promised them is given others, or told."""

from datetime import UTC, datetime

import pytest

from echange import booking
from echange.booking import NotFree, Period, Rules
from echange.http.refusals import NotFound
from tests.booking.calendars import DAY, Raw, make_late, pool, room, soon


async def test_who_was_promised_a_withdrawn_unit_gets_another_or_none(orm: None) -> None:
    model, [one, other] = await pool(2)
    first, second = await booking.take({model: 1}, soon()), await booking.take({model: 1}, soon(1))
    both = await booking.take({model: 2}, soon(5))
    assert first.units == second.units == {model: (one,)}
    displaced = await booking.withdraw(one, at=datetime.now(UTC))
    assert [(each.booking_id, each.unit_id, each.moved_to, each.period) for each in displaced] == [
        (first.id, one, other, soon()), (second.id, one, other, soon(1)), (both.id, one, None, soon(5)),
    ]  # fmt: skip
    assert await booking.units_of([both.id]) == {both.id: {model: (other,)}}
    for hours in (0, 5):
        with pytest.raises(NotFree):
            await booking.take({model: 1}, soon(hours))
    await booking.take({model: 1}, soon(3))
    assert await booking.withdraw(one, at=datetime.now(UTC)) == []
    with pytest.raises(NotFound):
        await booking.withdraw(999_999, at=datetime.now(UTC))


async def test_a_unit_withdrawn_while_out_comes_back_and_is_lent_no_more(orm: None) -> None:
    model, unit = await room()
    booked = await booking.take({model: 1}, soon())
    await booking.hand_out(booked.id, [unit], soon().start)
    assert await booking.withdraw(unit, at=datetime.now(UTC)) == []
    [fresh] = await booking.add_units(model, 1)
    await booking.retime(booked.id, soon(0, 2))
    assert (await booking.take({model: 1}, soon())).units == {model: (fresh,)}
    assert len(await booking.take_back([unit], soon(1).start)) == 1


async def test_fewer_units_never_promise_more_than_there_are(orm: None, connection: Raw) -> None:
    model, units = await pool(4)
    asked = [(await booking.take({model: 2}, soon(n))).id for n in (0, 0.5, 2)]
    for unit in units[:3]:
        await booking.withdraw(unit, at=datetime.now(UTC))
    stand = await booking.units_of(asked)
    assert [stand[number] for number in asked] == [{}, {model: (units[3],)}, {model: (units[3],)}]
    assert await connection.fetchval("SELECT count(*) FROM booking_allocation") == 2


async def test_a_unit_in_repair_is_not_lent_and_who_was_to_have_it_gets_another(orm: None) -> None:
    model, [one, other] = await pool(2, Rules(after=60))
    first, both = await booking.take({model: 1}, soon()), await booking.take({model: 2}, soon(5))
    repair, displaced = await booking.maintain(one, soon(0, 6))
    assert [(each.booking_id, each.moved_to) for each in displaced] == [(first.id, other), (both.id, None)]
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(0.5))
    with pytest.raises(NotFree):
        await booking.maintain(one, soon(3))
    await booking.take({model: 2}, soon(7))
    await booking.end_maintenance(repair, soon(3).start)
    await booking.end_maintenance(repair, soon(4).start)
    assert (await booking.take({model: 1}, soon(3))).units == {model: (one,)}
    await booking.end_maintenance(repair, soon(-3).start)
    assert await booking.units_of([repair]) == {repair: {}}


async def test_a_unit_that_just_came_back_can_be_repaired_at_once_and_one_that_is_out_cannot(
    orm: None,
) -> None:
    model, [unit] = await pool(1, Rules(after=120))
    booked = await booking.take({model: 1}, soon())
    await booking.hand_out(booked.id, [unit], soon().start)
    with pytest.raises(NotFree):
        await booking.maintain(unit, soon())
    await booking.take_back([unit], soon(1).start)
    await booking.maintain(unit, soon(1, 5))
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(5))
    await booking.take({model: 1}, soon(6))


async def test_a_late_return_moves_the_next_to_another_unit(orm: None, connection: Raw) -> None:
    model, [one, other] = await pool(2)
    late = await booking.take({model: 1}, soon())
    next_one = await booking.take({model: 1}, soon(2))
    await booking.hand_out(late.id, [one], datetime.now(UTC))
    assert await booking.ripple(datetime.now(UTC)) == []
    await make_late(connection, late.id)
    # Nobody else gets what the next one will need.
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(2))
    [moved] = await booking.ripple(datetime.now(UTC))
    assert (moved.booking_id, moved.unit_id, moved.moved_to, moved.period) == (
        next_one.id,
        one,
        other,
        soon(2),
    )
    assert await booking.ripple(datetime.now(UTC)) == []
    assert await booking.units_of([next_one.id]) == {next_one.id: {model: (other,)}}


async def test_where_no_other_is_free_the_next_has_none_and_later_ones_are_left_alone(
    orm: None, connection: Raw
) -> None:
    model, [unit] = await pool(1)
    late = await booking.take({model: 1}, soon())
    next_one, later = await booking.take({model: 1}, soon(2)), await booking.take({model: 1}, soon(5 * 24))
    await booking.hand_out(late.id, [unit], datetime.now(UTC))
    await make_late(connection, late.id)
    [displaced] = await booking.ripple(datetime.now(UTC))
    assert (displaced.booking_id, displaced.moved_to) == (next_one.id, None)
    assert await booking.units_of([next_one.id, later.id]) == {next_one.id: {}, later.id: {model: (unit,)}}
    # Three days later it still is not back.
    assert await booking.ripple(datetime.now(UTC) + 4 * DAY) == []
    until = await connection.fetchval("SELECT late_until FROM booking_allocation WHERE kind = 'out'")
    assert until > datetime.now(UTC) + 4 * DAY


async def test_taking_what_is_left_lets_the_one_who_waits_move_first(orm: None, connection: Raw) -> None:
    model, units = await pool(3)
    late = await booking.take({model: 1}, soon())
    next_one = await booking.take({model: 1}, soon(2, 3))
    await booking.hand_out(late.id, units[:1], datetime.now(UTC))
    await make_late(connection, late.id)
    booked = await booking.take({model: 1}, soon(2, 3))
    stand = await booking.units_of([next_one.id, booked.id])
    assert {*stand[next_one.id][model], *stand[booked.id][model]} == set(units[1:])
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(3))


async def test_a_repair_planned_on_a_late_unit_stays_planned(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    late = await booking.take({model: 1}, soon())
    await booking.hand_out(late.id, [unit], datetime.now(UTC))
    repair, _ = await booking.maintain(unit, soon(2))
    await make_late(connection, late.id)
    assert await booking.ripple(datetime.now(UTC)) == []
    assert await booking.units_of([repair]) == {repair: {model: (unit,)}}
    with pytest.raises(NotFree):
        await booking.take({model: 1}, Period(soon(4).start, soon(4).end))
