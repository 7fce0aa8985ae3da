"""Units are taken for a time: never twice, all or none."""

from datetime import timedelta

import pytest

from echange import booking
from echange.booking import ClosedThen, EmptyPeriod, HoldLapsed, NotFree, Period, Rules, TooLong
from echange.database import in_transaction
from echange.http.refusals import NotFound
from tests.booking.calendars import Raw, pool, room, soon


async def test_a_unit_taken_is_not_free_then_and_free_before_and_after(orm: None) -> None:
    model, units = await pool(1)
    booked = await booking.take({model: 1}, soon())
    assert booked.units == {model: tuple(units)}
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon())
    for hours in (-1, 1):
        await booking.take({model: 1}, soon(hours))


async def test_a_room_taken_is_not_free_then_and_free_before_and_after(orm: None) -> None:
    model, unit = await room()
    booked = await booking.take({model: 1}, soon())
    assert booked.units == {model: (unit,)}
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon())
    for hours in (-1, 1):
        await booking.take({model: 1}, soon(hours))


async def test_held_confirmed_freed(orm: None) -> None:
    model, units = await pool(2)
    held = await booking.take({model: 2}, soon(), kind="held", hold_for=timedelta(minutes=10))
    assert await booking.units_of([held.id]) == {held.id: {model: tuple(units)}}
    assert await booking.confirm(held.id)
    assert not await booking.confirm(held.id)
    assert await booking.free(held.id, units[:1]) == 1
    assert await booking.free(held.id) == 1
    assert await booking.free(held.id) == 0
    with pytest.raises(HoldLapsed):
        await booking.confirm(held.id)


async def test_room_is_made_by_moving_who_can_move(orm: None) -> None:
    model, [one, other] = await pool(2)
    first = await booking.take({model: 1}, soon(0, 2))
    second = await booking.take({model: 1}, soon(1, 2))
    await booking.free(first.id)
    third = await booking.take({model: 1}, soon(3, 2))
    assert (second.units, third.units) == ({model: (other,)}, {model: (one,)})
    # Neither is free from 0 to 4, but both bookings fit on one unit.
    long = await booking.take({model: 1}, soon(0, 5))
    stand = await booking.units_of([second.id, third.id, long.id])
    assert stand[second.id] == stand[third.id] != stand[long.id]
    with pytest.raises(NotFree) as refused:
        await booking.take({model: 1}, soon(1, 1))
    assert (refused.value.model_id, refused.value.free) == (model, 0)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("rules", [Rules(after=30), Rules(before=30), Rules(before=20, after=10)])
async def test_a_gap_of_the_minutes_around_is_enough_and_a_minute_less_is_not(
    orm: None, rules: Rules, named: bool
) -> None:
    model = (await room(rules))[0] if named else (await pool(1, rules))[0]
    await booking.take({model: 1}, soon())
    for hours in (1.5 - 1 / 60, -1.5 + 1 / 60):
        with pytest.raises(NotFree):
            await booking.take({model: 1}, soon(hours))
    for hours in (1.5, -1.5):
        await booking.take({model: 1}, soon(hours))


async def test_nothing_is_taken_for_no_time_nor_backwards(orm: None, connection: Raw) -> None:
    for model in ((await pool(1))[0], (await room())[0]):
        for period in (Period(soon().start, soon().start), Period(soon().end, soon().start)):
            with pytest.raises(EmptyPeriod):
                await booking.take({model: 1}, period)
    assert await connection.fetchval("SELECT count(*) FROM booking_allocation") == 0


async def test_what_does_not_exist_cannot_be_taken(orm: None) -> None:
    model, _units = await pool(1)
    for wanted in ({}, {model: 0}, {model: -1}, {model: 1, 999_999: 1}):
        with pytest.raises(NotFound):
            await booking.take(wanted, soon())
    with pytest.raises(NotFree) as refused:
        await booking.take({model: 2}, soon())
    assert refused.value.free == 1


@pytest.mark.parametrize("named", [False, True])
async def test_a_hold_that_lapsed_frees_though_nobody_tidied_up(orm: None, named: bool) -> None:
    model = (await room())[0] if named else (await pool(1))[0]
    held = await booking.take({model: 1}, soon(), kind="held", hold_for=timedelta(minutes=10))
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon())
    await booking.free(held.id)
    lapsed = await booking.take({model: 1}, soon(), kind="held", hold_for=timedelta(seconds=-1))
    booked = await booking.take({model: 1}, soon())
    with pytest.raises(HoldLapsed):
        await booking.confirm(lapsed.id)
    assert not await booking.confirm(booked.id)


async def test_a_hold_that_lapsed_is_still_confirmed_when_nobody_took_it(orm: None) -> None:
    model, _units = await pool(1)
    held = await booking.take({model: 1}, soon(), kind="held", hold_for=timedelta(seconds=-1))
    assert await booking.confirm(held.id)
    with pytest.raises(NotFree):
        await booking.take({model: 1}, soon())


async def test_of_a_kit_that_was_held_all_goes_or_nothing(orm: None) -> None:
    (tents, _), (tables, _) = await pool(1), await pool(2)
    held = await booking.take({tents: 1, tables: 1}, soon(), kind="held", hold_for=timedelta(seconds=-1))
    await booking.take({tents: 1}, soon())
    assert await booking.units_of([held.id]) == {held.id: {}}
    with pytest.raises(HoldLapsed):
        await booking.confirm(held.id)


async def test_a_kit_is_taken_whole_or_not_at_all(orm: None, connection: Raw) -> None:
    (tents, _), (tables, _), (hall, _) = await pool(1), await pool(3), await room()
    await booking.take({hall: 1}, soon())
    with pytest.raises(NotFree) as refused:
        await booking.take({tents: 1, tables: 2, hall: 1}, soon())
    assert refused.value.model_id == hall
    assert await connection.fetchval("SELECT count(*) FROM booking_allocation") == 1
    kit = await booking.take({tents: 1, tables: 2, hall: 1}, soon(1))
    assert {model: len(units) for model, units in kit.units.items()} == {tents: 1, tables: 2, hall: 1}


async def test_a_part_taken_alone_and_in_a_kit_counts_in_one(orm: None) -> None:
    (tents, _), (tables, _) = await pool(2), await pool(3)
    await booking.take({tents: 1, tables: 2}, soon())
    await booking.take({tables: 1}, soon())
    with pytest.raises(NotFree):
        await booking.take({tables: 1}, soon())
    with pytest.raises(NotFree):
        await booking.take({tents: 1, tables: 1}, soon())
    await booking.take({tents: 1}, soon())


async def test_what_a_model_asks_for_holds_from_the_next_booking_on(orm: None) -> None:
    model, unit = await room()
    await booking.take({model: 1}, soon(0, 5))
    await booking.set_rules(model, Rules(max_minutes=60))
    with pytest.raises(TooLong):
        await booking.take({model: 1}, soon(5, 5))
    await booking.set_rules(model, Rules(max_minutes=600))
    await booking.take({model: 1}, soon(5, 5))
    assert unit


@pytest.mark.parametrize("named", [False, True])
async def test_a_closure_is_known_at_once_and_so_is_its_end(orm: None, named: bool) -> None:
    site = await booking.make_site()
    model, _units = await booking.make_model(site, units=2, named=named)
    await booking.take({model: 1}, soon())
    closure = await booking.close_site(site, soon(3, 3))
    with pytest.raises(ClosedThen):
        await booking.take({model: 1}, soon(4))
    await booking.reopen_site(site, closure)
    await booking.take({model: 1}, soon(4))


async def test_a_transaction_undone_took_nothing(orm: None) -> None:
    model, _units = await pool(1)

    async def change_my_mind() -> None:
        async with in_transaction():
            await booking.take({model: 1}, soon())
            with pytest.raises(NotFree):
                await booking.take({model: 1}, soon())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_my_mind()
    await booking.take({model: 1}, soon())
