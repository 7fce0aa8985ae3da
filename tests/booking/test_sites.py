"""Sites: their weekly hours, closures that delete nothing, and whom these touch."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from echange import booking
from echange.booking import ClosedThen, EmptyPeriod, Opening, Period, Rules
from echange.http.refusals import NotFound
from tests.booking.calendars import DAY, HOUR, Raw

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def daily(opens: int, closes: int) -> list[Opening]:
    return [Opening(day, opens * 60, closes * 60) for day in range(7)]


async def test_a_site_is_by_appointment_until_it_has_hours(orm: None) -> None:
    site = await booking.make_site()
    assert await booking.is_open(site, at(1, 3))
    await booking.set_openings(site, daily(9, 18))
    assert not await booking.is_open(site, at(1, 3))
    assert await booking.opening_times(site, Period(at(1, 0), at(2, 12))) == [
        Period(at(1, 9), at(1, 18)),
        Period(at(2, 9), at(2, 12)),
    ]
    await booking.set_openings(site, [])
    assert await booking.is_open(site, at(1, 3))


async def test_hours_come_back_as_they_were_set(orm: None) -> None:
    site = await booking.make_site()
    summer = Opening(5, 0, 1440, "office", date(2027, 6, 1), date(2027, 8, 31))
    await booking.set_openings(site, [summer, Opening(0, 540, 720)])
    assert await booking.openings(site) == [Opening(0, 540, 720), summer]
    await booking.set_openings(site, [summer])
    assert await booking.openings(site) == [summer]


async def test_a_site_that_does_not_exist_is_not_found(orm: None) -> None:
    with pytest.raises(NotFound):
        await booking.set_openings(999, [])
    with pytest.raises(NotFound):
        await booking.close_site(999, Period(at(1, 0), at(2, 0)))
    with pytest.raises(NotFound):
        await booking.opening_times(999, Period(at(1, 0), at(2, 0)))


async def test_a_closure_is_cut_out_and_can_be_taken_back_once(orm: None) -> None:
    site = await booking.make_site()
    await booking.set_openings(site, daily(9, 18))
    closure = await booking.close_site(site, Period(at(1, 10), at(3, 10)), "Inventaire")
    assert (await booking.next_opening(site, at(1, 12))) == Period(at(3, 10), at(3, 18))
    [told] = await booking.closures(site, Period(at(1, 0), at(9, 0)))
    assert (told.id, told.label, told.imported) == (closure, "Inventaire", False)
    other = await booking.make_site()
    await booking.reopen_site(other, closure)
    assert not await booking.is_open(site, at(2, 12))
    for _ in range(2):
        await booking.reopen_site(site, closure)
    assert await booking.is_open(site, at(2, 12))


async def test_a_closure_lasts_for_some_time(orm: None) -> None:
    with pytest.raises(EmptyPeriod):
        await booking.close_site(await booking.make_site(), Period(at(1, 10), at(1, 10)))


async def test_a_weekly_evening_stays_at_six_across_the_change_of_clocks(orm: None) -> None:
    site = await booking.make_site()
    await booking.set_openings(site, [Opening(3, 18 * 60, 20 * 60)])
    model, _units = await booking.make_model(site, Rules(), 1)
    before, after = (Period(at(day, 18), at(day, 20)) for day in (25, 1))
    after = Period(at(1, 18, month=4), at(1, 20, month=4))
    assert after.start - before.start == 7 * DAY - HOUR
    for period in (before, after):
        await booking.take({model: 1}, period)
        late = Period(period.start + HOUR, period.end + HOUR)
        assert isinstance(await booking.can_take({model: 1}, late), ClosedThen)


async def test_a_new_closure_deletes_nothing_and_names_who_is_touched(orm: None, connection: Raw) -> None:
    site = await booking.make_site()
    await booking.set_openings(site, daily(9, 18))
    model, _units = await booking.make_model(site, Rules(), 9)
    hall, _unit = await booking.make_model(site, Rules(spans=False), 9)
    from_it = await booking.take({model: 2}, Period(at(10, 10), at(15, 10)))
    into_it = await booking.take({model: 1}, Period(at(8, 10), at(10, 10)))
    over_it = await booking.take({model: 1}, Period(at(8, 10), at(15, 10)))
    until_it = await booking.take({model: 1}, Period(at(8, 10), at(9, 18)))
    use = await booking.take({hall: 1}, Period(at(12, 10), at(12, 12)))
    held = await booking.take(
        {model: 1}, Period(at(10, 10), at(15, 10)), kind="held", hold_for=timedelta(minutes=10)
    )
    lapsed = await booking.take(
        {model: 1}, Period(at(10, 10), at(15, 10)), kind="held", hold_for=timedelta(minutes=10)
    )
    await connection.execute(
        "UPDATE booking_allocation SET expires_at = now() - interval '1 s' WHERE booking_id = $1", lapsed.id
    )
    closure = await booking.close_site(site, Period(at(10, 0), at(13, 0)))
    found = {one.booking_id: one for one in await booking.affected(site, closure)}
    assert found.keys() == {from_it.id, into_it.id, use.id, held.id}
    assert until_it.id not in found
    assert over_it.id not in found
    assert (found[from_it.id].what, found[into_it.id].what, found[use.id].what) == ("start", "end", "start")
    assert {one.next_opening for one in found.values()} == {Period(at(13, 9), at(13, 18))}
    stands = await booking.units_of([one.id for one in (from_it, into_it, over_it, use)])
    assert all(stands.values())
    assert await booking.affected(site, 999) == []
    assert await booking.affected(await booking.make_site(), closure) == []


async def test_a_room_whose_house_closes_meanwhile_is_touched(orm: None) -> None:
    site = await booking.make_site()
    await booking.set_openings(site, daily(9, 18))
    hall, _unit = await booking.make_model(site, Rules(spans=False), named=True)
    use = await booking.take({hall: 1}, Period(at(12, 10), at(12, 16)))
    closure = await booking.close_site(site, Period(at(12, 12), at(12, 13)))
    [touched] = await booking.affected(site, closure)
    assert (touched.booking_id, touched.what) == (use.id, "between")


async def test_what_is_out_is_touched_by_its_return_only(orm: None) -> None:
    site = await booking.make_site()
    model, _units = await booking.make_model(site, Rules(), 2)
    now = datetime.now(UTC)
    for days in (2, 9):
        booked = await booking.take({model: 1}, Period(now, now + days * DAY))
        await booking.hand_out(booked.id, booked.units[model], now)
    closure = await booking.close_site(site, Period(now - HOUR, now + 3 * DAY))
    [touched] = await booking.affected(site, closure)
    assert (touched.what, touched.period.end) == ("end", now + 2 * DAY)
