"""Days, slots and alternatives as people see them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from echange import booking
from echange.booking import Day, NotFree, Opening, Period, Rules, TooFar
from echange.http.refusals import NotFound
from tests.booking.calendars import DAY, HOUR, Raw, pool, room

PARIS = ZoneInfo("Europe/Paris")
# Tuesday to Saturday, 9 to 12 and 14 to 18.
WEEK = [Opening(day, opens * 60, closes * 60) for day in range(1, 6) for opens, closes in ((9, 12), (14, 18))]
EVERY_DAY = [Opening(day, 540, 1080) for day in range(7)]
TUESDAY = date(2027, 2, 9)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In February 2027, where the ninth is a Tuesday."""
    return datetime(2027, 2, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


async def models(hours: list[Opening], *counts: int, rules: Rules | None = None) -> list[int]:
    site = await booking.make_site()
    await booking.set_openings(site, hours)
    return [(await booking.make_model(site, rules or Rules(), count))[0] for count in counts]


async def day_of(wanted: dict[int, int], day: date = TUESDAY, **more: bool | int) -> Day:
    [it] = await booking.days(wanted, day, day, **more)  # type: ignore[arg-type]
    return it


async def test_a_day_is_free_partly_or_taken_and_says_how_many(orm: None) -> None:
    [table] = await models(WEEK, 3)
    morning, afternoon = Period(at(9, 9), at(9, 12)), Period(at(9, 14), at(9, 18))
    assert await day_of({table: 1}) == Day(TUESDAY, "free", 3, (morning, afternoon))
    await booking.take({table: 2}, Period(at(9, 10), at(9, 16)))
    assert await day_of({table: 1}) == Day(TUESDAY, "free", 1, (morning, afternoon))
    two = await day_of({table: 2})
    assert (two.state, two.free) == ("partly", 3)
    assert two.spans == (Period(at(9, 9), at(9, 10)), Period(at(9, 16), at(9, 18)))
    await booking.take({table: 1}, Period(at(6, 10), at(10, 16)))
    assert await day_of({table: 3}) == Day(TUESDAY, "taken", 0)
    assert (await day_of({table: 9}, TUESDAY + 7 * DAY)) == Day(TUESDAY + 7 * DAY, "taken", 3)


async def test_a_day_before_today_too_early_too_late_or_closed_is_told_apart(orm: None) -> None:
    [table] = await models(EVERY_DAY, 1, rules=Rules(lead_open_days=3, horizon_days=10))
    today = datetime.now(PARIS).date()
    days = await booking.days({table: 1}, today - DAY, today + 11 * DAY)
    states = [day.state for day in days]
    assert states[0] == "past"
    assert states[2:4] == ["too_soon"] * 2
    assert states[4:12] == ["free"] * 8
    assert states[12] == "too_far"
    assert {
        day.state for day in await booking.days({table: 1}, today + DAY, today + 30 * DAY, staff=True)
    } == {"free"}
    [tool] = await models(WEEK, 1)
    assert (await day_of({tool: 1}, TUESDAY - DAY)).state == "closed"
    for far in (date.max, date.min):
        assert (await day_of({tool: 1}, far)).state in {"past", "too_far"}
    with pytest.raises(NotFound):
        await day_of({999: 1})


async def test_the_minutes_around_a_loan_are_not_free_either(orm: None) -> None:
    [table] = await models(EVERY_DAY, 1, rules=Rules(before=30, after=60))
    await booking.take({table: 1}, Period(at(9, 12), at(9, 13)))
    assert (await day_of({table: 1})).spans == (
        Period(at(9, 9), at(9, 10, 30)),
        Period(at(9, 14, 30), at(9, 18)),
    )


async def test_what_others_can_make_room_for_is_shown_free_unless_they_must_stay(
    orm: None, connection: Raw
) -> None:
    [table] = await models(EVERY_DAY, 2)
    morning, afternoon = Period(at(9, 9), at(9, 13)), Period(at(9, 13), at(9, 18))
    whole = Period(morning.start, afternoon.end)
    first, second = [await booking.take({table: 1}, period) for period in (morning, afternoon)]
    # Each on a unit of its own.
    await connection.execute(
        "UPDATE booking_allocation SET unit_id = $2 WHERE booking_id = $1",
        second.id,
        await connection.fetchval("SELECT max(id) FROM booking_unit"),
    )
    assert await day_of({table: 1}) == Day(TUESDAY, "free", 1, (whole,))
    assert await booking.can_take({table: 1}, whole) is None
    for stays in (first, second):
        await connection.execute(
            "UPDATE booking_allocation SET pinned = true WHERE booking_id = $1", stays.id
        )
    assert await day_of({table: 1}) == Day(TUESDAY, "partly", 1, (morning, afternoon))
    assert isinstance(await booking.can_take({table: 1}, whole), NotFree)


async def test_a_kit_is_free_when_all_of_it_is(orm: None) -> None:
    table, chair = await models(EVERY_DAY, 4, 20)
    kit = {table: 2, chair: 8}
    assert (await day_of(kit)).free == 2
    await booking.take({chair: 8}, Period(at(9, 9), at(9, 12)))
    await booking.take({table: 3}, Period(at(9, 15), at(9, 18)))
    day = await day_of(kit)
    assert (day.state, day.free) == ("partly", 1)
    assert day.spans == (Period(at(9, 9), at(9, 15)),)
    await booking.take(kit, Period(at(9, 9), at(9, 15)))
    assert isinstance(await booking.can_take(kit, Period(at(9, 15), at(9, 18))), NotFree)


async def test_a_gap_too_short_for_any_loan_is_taken(orm: None) -> None:
    [drill] = await models(EVERY_DAY, 1, rules=Rules(min_minutes=2 * 1440))
    await booking.take({drill: 1}, Period(at(6, 12), at(9, 12)))
    await booking.take({drill: 1}, Period(at(10, 12), at(12, 12)))
    assert [day.state for day in await booking.days({drill: 1}, TUESDAY, TUESDAY + 4 * DAY)] == [
        "taken", "taken", "taken", "partly", "free",
    ]  # fmt: skip


async def test_who_is_late_keeps_it_from_others(orm: None, connection: Raw) -> None:
    drill, [unit] = await pool(1)
    now = datetime.now(UTC)
    booked = await booking.take({drill: 1}, Period(now, now + HOUR))
    await booking.hand_out(booked.id, [unit], now)
    await connection.execute(
        """UPDATE booking_allocation
           SET during = tstzrange(now() - interval '2 days', now() - interval '1 day')"""
    )
    tomorrow, later = (now + DAY).astimezone(PARIS).date(), (now + 5 * DAY).astimezone(PARIS).date()
    assert (await day_of({drill: 1}, tomorrow)).state == "taken"
    assert (await day_of({drill: 1}, later)).state == "free"


async def test_whoever_moves_a_loan_is_not_in_their_own_way(orm: None) -> None:
    [drill] = await models(EVERY_DAY, 1)
    booked = await booking.take({drill: 1}, Period(at(9, 9), at(10, 9)))
    assert (await day_of({drill: 1})).state == "taken"
    assert (await day_of({drill: 1}, besides=booked.id)).state == "free"
    moved = Period(at(9, 12), at(10, 12))
    assert await booking.can_take({drill: 1}, moved, besides=booked.id) is None
    assert (await booking.retime(booked.id, moved)).units == booked.units


async def test_what_is_in_hand_is_kept_longer_only_if_that_very_unit_is_free(
    orm: None, connection: Raw
) -> None:
    drill, drills = await pool(2)
    now = datetime.now(UTC)
    booked = await booking.take({drill: 1}, Period(now, now + DAY))
    [mine] = booked.units[drill]
    await booking.hand_out(booked.id, [mine], now)
    longer = Period(now, now + 3 * DAY)
    await booking.maintain(mine, Period(now + 2 * DAY, now + 4 * DAY))
    assert {mine} < set(drills)
    assert isinstance(await booking.can_take({drill: 1}, longer, besides=booked.id), NotFree)
    with pytest.raises(NotFree):
        await booking.retime(booked.id, longer)
    shorter = Period(now, now + 2 * DAY)
    assert await booking.can_take({drill: 1}, shorter, besides=booked.id) is None
    await booking.retime(booked.id, shorter)


async def test_a_room_is_shown_slot_by_slot(orm: None) -> None:
    site = await booking.make_site()
    await booking.set_openings(site, [Opening(1, 540, 720)])
    hall, _unit = await booking.make_model(site, Rules(step=30, spans=False), named=True)
    await booking.take({hall: 1}, Period(at(9, 10), at(9, 10, 30)))
    slots = await booking.slots({hall: 1}, TUESDAY, 60)
    assert [(one.period.start, one.free) for one in slots] == [
        (at(9, 9), True),
        (at(9, 9, 30), False),
        (at(9, 10), False),
        (at(9, 10, 30), True),
        (at(9, 11), True),
    ]
    assert await booking.slots({hall: 1}, TUESDAY + DAY, 60) == []


async def test_slots_of_a_day_of_25_hours_come_in_order_and_each_once(orm: None) -> None:
    hall, _unit = await room(Rules(step=60))
    slots = await booking.slots({hall: 1}, date(2027, 10, 31), 60)
    starts = [one.period.start for one in slots]
    assert len(set(starts)) == 25
    assert starts == sorted(starts)
    assert len(await booking.slots({hall: 1}, date(2027, 3, 28), 60)) == 23


async def test_three_alternatives_can_be_booked_the_nearest_first(orm: None) -> None:
    [table] = await models(WEEK, 2)
    wish = Period(at(9, 10), at(11, 10))
    await booking.take({table: 1}, wish)
    others = await booking.alternatives({table: 2}, wish)
    assert len(others) == 3
    assert [abs(one.start - wish.start) for one in others] == sorted(
        abs(one.start - wish.start) for one in others
    )
    assert all(one.end - one.start >= wish.end - wish.start for one in others)
    for one in others:
        booked = await booking.take({table: 2}, one)
        await booking.free(booked.id)


async def test_a_room_is_offered_at_other_hours_of_the_same_day(orm: None) -> None:
    site = await booking.make_site()
    await booking.set_openings(site, EVERY_DAY)
    hall, _unit = await booking.make_model(site, Rules(step=30, spans=False, max_minutes=240), named=True)
    wish = Period(at(9, 14), at(9, 15))
    await booking.take({hall: 1}, Period(at(9, 13, 30), at(9, 15)))
    others = await booking.alternatives({hall: 1}, wish)
    assert others == [
        Period(at(9, 15), at(9, 16)),
        Period(at(9, 12, 30), at(9, 13, 30)),
        Period(at(9, 17), at(9, 18)),
    ]
    for one in others:
        await booking.take({hall: 1}, one)


async def test_alternatives_keep_to_the_rules_that_the_wish_broke(orm: None) -> None:
    [drill] = await models(
        WEEK, 1, rules=Rules(max_minutes=2 * 1440, min_minutes=60, lead_open_days=1, horizon_days=90)
    )
    now = datetime.now(UTC)
    wishes = [
        Period(now - 9 * DAY, now - 8 * DAY),
        Period(now + 5 * DAY, now + 5 * DAY),
        Period(now + 5 * DAY, now + 30 * DAY),
        Period(now, now + HOUR),
        Period(now + 400 * DAY, now + 401 * DAY),
        Period(datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ]
    for wish in wishes:
        assert await booking.can_take({drill: 1}, wish) is not None
        others = await booking.alternatives({drill: 1}, wish)
        assert len(others) == 3
        for one in others:
            assert await booking.can_take({drill: 1}, one) is None


async def test_nothing_is_offered_instead_of_more_than_there_is(orm: None) -> None:
    [drill] = await models(WEEK, 1)
    assert await booking.alternatives({drill: 2}, Period(at(9, 10), at(10, 10))) == []


async def test_nobody_books_for_the_time_of_their_grandchildren(orm: None) -> None:
    drill, _units = await pool(1)
    far = datetime(2099, 1, 1, tzinfo=UTC)
    assert isinstance(await booking.can_take({drill: 1}, Period(far, far + DAY)), TooFar)
    assert isinstance(
        await booking.can_take({drill: 1}, Period(datetime.now(UTC), datetime.max.replace(tzinfo=UTC))),
        TooFar,
    )
    assert timedelta(0) < far - datetime.now(UTC)
