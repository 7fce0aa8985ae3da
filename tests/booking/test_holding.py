"""Units go out and come back: who holds one is never in doubt."""

from datetime import UTC, datetime

import pytest

from echange import booking
from echange.booking import AlreadyOut, BackBeforeOut, NotFree, NotOfBooking, Rules
from tests.booking.calendars import HOUR, Raw, make_late, pool, soon


async def test_out_and_back_and_free_again(orm: None) -> None:
    model, [unit] = await pool(1, Rules(after=60))
    booked = await booking.take({model: 1}, soon(0, 5))
    assert await booking.hand_out(booked.id, [unit], soon().start) == 1
    assert await booking.hand_out(booked.id, [unit], soon().start) == 0
    held = await booking.holder_of([unit])
    assert (held[unit].booking_id, held[unit].since) == (booked.id, soon().start)
    assert await booking.free(booked.id) == 0
    [back] = await booking.take_back([unit], soon(2).start)
    assert (back.unit_id, back.booking_id, back.due) == (unit, booked.id, soon(0, 5).end)
    assert await booking.take_back([unit], soon(2).start) == []
    assert await booking.holder_of([unit]) == {}
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(2.5))
    await booking.take({model: 1}, soon(3))
    assert await booking.units_of([booked.id]) == {booked.id: {model: (unit,)}}


async def test_some_come_back_before_the_others(orm: None) -> None:
    model, units = await pool(2)
    booked = await booking.take({model: 2}, soon(0, 5))
    await booking.hand_out(booked.id, units[:1], soon().start)
    await booking.hand_out(booked.id, units, soon().start)
    assert len(await booking.take_back(units[:1], soon(1).start)) == 1
    assert set(await booking.holder_of(units)) == {units[1]}
    await booking.take({model: 1}, soon(2))
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(2))


async def test_only_what_was_booked_is_handed_out(orm: None) -> None:
    model, units = await pool(2)
    booked = await booking.take({model: 1}, soon())
    [other] = {*units} - {*booked.units[model]}
    with pytest.raises(NotOfBooking):
        await booking.hand_out(booked.id, [other], soon().start)
    await booking.free(booked.id)
    with pytest.raises(NotOfBooking):
        await booking.hand_out(booked.id, booked.units[model], soon().start)
    assert await booking.holder_of(units) == {}


async def test_what_somebody_has_is_not_handed_out_to_somebody_else(orm: None) -> None:
    model, [unit] = await pool(1)
    first, second = await booking.take({model: 1}, soon()), await booking.take({model: 1}, soon(3))
    await booking.hand_out(first.id, [unit], soon().start)
    with pytest.raises(AlreadyOut):
        await booking.hand_out(second.id, [unit], soon(3).start)
    with pytest.raises(BackBeforeOut):
        await booking.take_back([unit], soon(-1).start)
    await booking.take_back([unit], soon(1).start)
    assert await booking.hand_out(second.id, [unit], soon(3).start) == 1


async def test_handed_out_early_it_is_gone_from_then_on_as_far_as_it_was_free(orm: None) -> None:
    model, [unit] = await pool(1, Rules(after=60))
    await booking.take({model: 1}, soon(0))
    booked = await booking.take({model: 1}, soon(6))
    await booking.hand_out(booked.id, [unit], soon(4).start)
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(4))
    await booking.take({model: 1}, soon(2))


async def test_overdue_keeps_the_unit_though_its_time_is_over(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    booked = await booking.take({model: 1}, soon())
    await booking.hand_out(booked.id, [unit], datetime.now(UTC))
    await make_late(connection, booked.id)
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon())
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon(30))
    await booking.take({model: 1}, soon(100))
    await booking.take_back([unit], datetime.now(UTC))
    await booking.take({model: 1}, soon())


async def test_late_and_back_it_was_gone_until_then_but_for_what_was_promised_next(
    orm: None, connection: Raw
) -> None:
    model, [unit] = await pool(1, Rules(after=60))
    booked = await booking.take({model: 1}, soon())
    next_one = await booking.take({model: 1}, soon(3))
    await booking.hand_out(booked.id, [unit], soon().start)
    await booking.take_back([unit], soon(2.5).start)
    row = await connection.fetchrow("SELECT during, padded FROM booking_allocation WHERE kind = 'back'")
    assert row is not None
    assert (row["during"].upper, row["padded"].upper) == (soon(2).start, soon(3).start)
    assert (await booking.units_of([next_one.id]))[next_one.id] == {model: (unit,)}


async def test_a_unit_set_aside_for_somebody_stays_theirs(orm: None) -> None:
    model, [one, other] = await pool(2)
    first, second = await booking.take({model: 1}, soon()), await booking.take({model: 1}, soon())
    assert first.units == {model: (one,)}
    await booking.pin(first.id, {one: other})
    assert await booking.units_of([first.id, second.id]) == {
        first.id: {model: (other,)},
        second.id: {model: (one,)},
    }
    await booking.pin(second.id, {one: one})
    with pytest.raises(NotFree):
        await booking.pin(first.id, {other: one})
    with pytest.raises(NotOfBooking):
        await booking.pin(first.id, {one: other})


async def test_who_comes_after_their_time_began_may_get_a_unit_that_only_just_came_back(
    orm: None, connection: Raw
) -> None:
    model, [one, other] = await pool(2)
    booked = await booking.take({model: 1}, soon())
    earlier = await booking.take({model: 1}, soon())
    await booking.hand_out(earlier.id, [other], soon().start)
    for number, hours in ((booked.id, (-3, 2)), (earlier.id, (-5, 2))):
        await connection.execute(
            """UPDATE booking_allocation SET during = tstzrange(now() + $2 * interval '1 hour',
               now() + $3 * interval '1 hour') WHERE booking_id = $1""",
            number,
            *map(float, hours),
        )
    await connection.execute("UPDATE booking_holding SET since = now() - interval '5 hours'")
    with pytest.raises(NotFree):
        await booking.pin(booked.id, {one: other})
    await booking.take_back([other], datetime.now(UTC) - HOUR)
    await booking.pin(booked.id, {one: other})
    assert await booking.hand_out(booked.id, [other], datetime.now(UTC)) == 1
