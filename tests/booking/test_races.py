"""Everybody at once: as many are served as there are units, the others hear no, and nothing else happens."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from echange import booking
from echange.booking import AlreadyOut, HoldLapsed, NotFree, Rules
from echange.database import execute, in_transaction
from tests.booking.calendars import DAY, Raw, pool, room, soon

NO = (NotFree, HoldLapsed, AlreadyOut)


async def at_once(*work: Coroutine[Any, Any, Any]) -> Counter[str]:
    """How many passed, and how many were refused by what; anything else is raised."""
    told: Counter[str] = Counter()
    for answer in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(answer, NO):
            told[answer.code] += 1
        elif isinstance(answer, BaseException):
            raise answer
        else:
            told["passed"] += 1
    return told


async def overlaps(raw: Raw) -> int:
    n: int = await raw.fetchval(
        """SELECT count(*) FROM booking_allocation a JOIN booking_allocation b
           ON a.id < b.id AND a.unit_id = b.unit_id AND a.padded && b.padded"""
    )
    return n


async def test_as_many_as_there_are_units_are_served_a_hundred_times(orm: None, connection: Raw) -> None:
    for turn in range(100):
        units, asking = 1 + turn % 4, 2 + turn % 7
        model, _units = await pool(units)
        told = await at_once(*(booking.take({model: 1}, soon()) for _ in range(asking)))
        served = min(asking, units)
        assert told == Counter(passed=served, not_free=asking - served)
    assert await overlaps(connection) == 0


async def test_one_gets_the_room_a_hundred_times(orm: None, connection: Raw) -> None:
    model, _unit = await room()
    for turn in range(100):
        told = await at_once(*(booking.take({model: 1}, soon(turn)) for _ in range(2 + turn % 7)))
        assert told == Counter(passed=1, not_free=1 + turn % 7)
    assert await overlaps(connection) == 0


async def test_windows_that_overlap_only_in_part_never_meet_on_a_unit(orm: None, connection: Raw) -> None:
    drills, [_one, _other] = await pool(2, Rules(after=30))
    hall, _unit = await room(Rules(before=30))
    for model in (drills, hall):
        await at_once(*(booking.take({model: 1}, soon(n * 0.5, 1 + n % 3)) for n in range(60)))
        free = await at_once(*(booking.take({model: 1}, soon(n * 0.5, 0.5)) for n in range(60)))
        assert free["not_free"] > 40
    assert await overlaps(connection) == 0


async def test_kits_asked_for_in_opposite_orders_do_not_wait_for_each_other(orm: None) -> None:
    for _turn in range(25):
        (tables, _), (tents, _), (hall, _) = await pool(2), await pool(2), await room()
        kits: list[dict[int, int]] = [
            {tables: 1, tents: 1, hall: 1},
            {hall: 1, tents: 1, tables: 1},
            {tents: 2, tables: 2},
            {tables: 2, tents: 2},
        ]
        told = await at_once(
            *(booking.take(kits[n % 4], soon()) for n in range(8)), booking.take({hall: 1}, soon())
        )
        assert told["passed"] in (1, 2)
        assert told["passed"] + told["not_free"] == 9


async def test_two_takes_in_one_transaction_in_opposite_orders_end_well(orm: None) -> None:
    one, other = (await room())[0], (await room())[0]

    async def both(first: int, second: int) -> None:
        async with in_transaction():
            await booking.take({first: 1}, soon())
            await asyncio.sleep(0.02)
            await booking.take({second: 1}, soon())

    from echange.database.again import again

    told = await at_once(again(both)(one, other), again(both)(other, one))
    assert told == Counter(passed=1, not_free=1)


async def test_a_hold_is_confirmed_once_or_given_to_somebody_else(orm: None, connection: Raw) -> None:
    for named in (False, True):
        for turn in range(20):
            model = (await room())[0] if named else (await pool(1))[0]
            held = await booking.take({model: 1}, soon(), kind="held", hold_for=timedelta(seconds=-turn % 2))
            told = await asyncio.gather(
                booking.confirm(held.id), booking.take({model: 1}, soon()), booking.confirm(held.id),
                return_exceptions=True,
            )  # fmt: skip
            confirmed = [answer for answer in (told[0], told[2]) if answer is True]
            taken = isinstance(told[1], booking.Booked)
            assert len(confirmed) + taken == 1, told
            assert all(isinstance(answer, bool | booking.Booked | NotFree | HoldLapsed) for answer in told)
    assert await overlaps(connection) == 0


async def test_freed_by_many_it_is_freed_once(orm: None) -> None:
    model, _units = await pool(3)
    booked = await booking.take({model: 3}, soon())
    assert sum(await asyncio.gather(*(booking.free(booked.id) for _ in range(10)))) == 3


async def test_a_unit_is_withdrawn_before_or_after_it_is_taken_never_meanwhile(
    orm: None, connection: Raw
) -> None:
    for named in (False, True):
        for _turn in range(20):
            model, units = await pool(2)
            if named:
                model, unit = await room()
                units = [unit]
            told = await asyncio.gather(
                *(booking.take({model: 1}, soon()) for _ in units),
                booking.withdraw(units[0], at=datetime.now(UTC)),
                *(booking.take({model: 1}, soon()) for _ in units),
                return_exceptions=True,
            )
            assert not [
                answer
                for answer in told
                if isinstance(answer, BaseException) and not isinstance(answer, NotFree)
            ]
            stand = await connection.fetch(
                "SELECT unit_id FROM booking_allocation WHERE model_id = $1", model
            )
            assert [row["unit_id"] for row in stand] == units[1:]


async def test_handed_out_by_two_it_is_out_once(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    first, second = await booking.take({model: 1}, soon()), await booking.take({model: 1}, soon(5))
    at = soon().start
    told = await at_once(
        *(booking.hand_out(number, [unit], at) for number in (first.id, second.id, first.id, second.id))
    )
    assert told == Counter(passed=2, already_out=2)
    assert await connection.fetchval("SELECT count(*) FROM booking_holding") == 1
    back = await asyncio.gather(*(booking.take_back([unit], at) for _ in range(5)))
    assert sum(len(one) for one in back) == 1


async def test_moved_repaired_and_taken_at_once_no_unit_is_promised_twice(orm: None, connection: Raw) -> None:
    drills, units = await pool(3)
    hall, _unit = await room()
    for turn in range(10):
        start = turn * 30
        booked = [await booking.take({model: 1}, soon(start)) for model in (drills, drills, hall)]
        await at_once(
            *(booking.retime(one.id, soon(start + 1, 2)) for one in booked),
            *(booking.take({drills: 1}, soon(start + n, 2)) for n in range(4)),
            *(booking.take({hall: 1}, soon(start + n, 2)) for n in range(4)),
            booking.maintain(units[turn % 3], soon(start, 3)),
            *(booking.free(one.id) for one in booked[:1]),
        )
        assert await overlaps(connection) == 0


async def test_two_who_are_late_ripple_once(orm: None, connection: Raw) -> None:
    model, units = await pool(3)
    late = await booking.take({model: 2}, soon())
    await booking.hand_out(late.id, units[:2], datetime.now(UTC))
    next_one = await booking.take({model: 2}, soon(2))
    await execute(
        """UPDATE booking_allocation
           SET during = tstzrange(now() - interval '9 hours', now() - interval '1 hour')
           WHERE booking_id = $1""",
        late.id,
    )
    told = await asyncio.gather(*(booking.ripple(datetime.now(UTC)) for _ in range(4)))
    displaced = [one for each in told for one in each]
    assert {one.unit_id for one in displaced} <= set(units[:2])
    assert await overlaps(connection) == 0
    assert len((await booking.units_of([next_one.id]))[next_one.id][model]) == 1
    with pytest.raises(NotFree):
        await booking.take({model: 2}, soon(0.5))
    assert timedelta(0) < DAY
