"""Weekly hours as instants, across clock changes and midnight."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echange.booking.hours import STAFF, Hours, Opening, asked_instant, instant, joined, without
from echange.booking.periods import Period
from echange.http.moments import NoSuchTime

PARIS = ZoneInfo("Europe/Paris")
# The clocks go forward on 28 March 2027, back on 31 October.
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
DAILY = [Opening(day, 9 * 60, 18 * 60) for day in range(7)]


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def test_six_in_the_evening_stays_six_in_the_evening_across_both_changes() -> None:
    hours = Hours(PARIS, DAILY)
    closing = [hours.on(day)[0].end for day in (SPRING - timedelta(1), SPRING, AUTUMN - timedelta(1), AUTUMN)]
    assert closing == [utc(3, 27, 17), utc(3, 28, 16), utc(10, 30, 16), utc(10, 31, 17)]
    assert {at.astimezone(PARIS).hour for at in closing} == {18}


@pytest.mark.parametrize(("day", "length"), [(SPRING, 23), (date(2027, 6, 1), 24), (AUTUMN, 25)])
def test_a_day_has_23_24_or_25_hours(day: date, length: int) -> None:
    whole = Hours(PARIS, [Opening(n, 0, 1440) for n in range(7)]).on(day)
    assert whole == [Hours(PARIS).whole(day)]
    assert whole[0].end - whole[0].start == timedelta(hours=length)


def test_a_time_that_does_not_exist_is_refused_to_whoever_asks_for_it() -> None:
    with pytest.raises(NoSuchTime):
        asked_instant(PARIS, SPRING, time(2, 30))
    assert asked_instant(PARIS, SPRING, time(3)) == utc(3, 28, 1)
    assert asked_instant(PARIS, SPRING, time(1, 59)) == utc(3, 28, 0, 59)


def test_an_opening_over_a_time_that_does_not_exist_opens_at_the_first_that_does() -> None:
    sunday = Hours(PARIS, [Opening(6, 150, 300)])
    assert sunday.on(SPRING) == [Period(utc(3, 28, 1), utc(3, 28, 3))]
    assert Hours(PARIS, [Opening(6, 125, 170)]).on(SPRING) == []


def test_an_hour_that_comes_twice_is_the_first() -> None:
    assert instant(PARIS, AUTUMN, 150) == utc(10, 31, 0, 30)
    night = Hours(PARIS, [Opening(6, 60, 150), Opening(6, 150, 240)])
    assert night.on(AUTUMN) == [Period(utc(10, 30, 23), utc(10, 31, 3))]


def test_rules_that_meet_at_midnight_are_one_opening() -> None:
    hours = Hours(PARIS, [Opening(5, 20 * 60, 1440), Opening(6, 0, 120)])
    night = Period(utc(6, 5, 18), utc(6, 6, 0))
    assert hours.between(Period(utc(6, 4, 0), utc(6, 8, 0))) == [night]
    assert hours.around(utc(6, 5, 22)) == [night]
    assert hours.covers(night)
    assert not hours.covers(Period(night.start, night.end + timedelta(minutes=1)))


def test_seasons_begin_and_end_with_their_days() -> None:
    summer = Hours(PARIS, [Opening(0, 540, 600, from_day=date(2027, 6, 7), until_day=date(2027, 6, 14))])
    opened = [day for n in range(1, 30) if summer.on(day := date(2027, 6, n))]
    assert opened == [date(2027, 6, 7), date(2027, 6, 14)]


def test_the_office_is_open_to_the_staff_only() -> None:
    hours = Hours(PARIS, [Opening(0, 540, 720), Opening(0, 480, 600, "office")])
    monday = date(2027, 6, 7)
    assert hours.on(monday) == [Period(utc(6, 7, 7), utc(6, 7, 10))]
    assert hours.on(monday, STAFF) == [Period(utc(6, 7, 6), utc(6, 7, 10))]


def test_closures_are_cut_out_whatever_their_order() -> None:
    closed = [
        Period(utc(6, 7, 12), utc(6, 7, 13)),
        Period(utc(6, 6, 0), utc(6, 7, 8)),
        Period(utc(6, 7, 12), utc(6, 7, 14)),
    ]
    assert Hours(PARIS, DAILY, closed).on(date(2027, 6, 7)) == [
        Period(utc(6, 7, 8), utc(6, 7, 12)),
        Period(utc(6, 7, 14), utc(6, 7, 16)),
    ]


def test_a_site_without_hours_is_open_by_appointment_but_for_its_closures() -> None:
    hours = Hours(PARIS, closures=[Period(utc(6, 7, 12), utc(6, 9, 12))], by_appointment=True)
    assert hours.on(date(2027, 6, 8)) == []
    assert hours.covers(Period(utc(6, 1, 0), utc(6, 7, 12)))
    assert not hours.covers(Period(utc(6, 1, 0), utc(6, 7, 13)))
    assert hours.after(utc(6, 8, 0)) == Period(utc(6, 9, 12), utc(6, 9, 22))
    assert Hours(PARIS).after(utc(6, 8, 0)) is None


def test_the_next_opening_is_the_one_that_goes_on_or_the_first_after_closures() -> None:
    hours = Hours(PARIS, [Opening(1, 600, 720)], [Period(utc(6, 1, 0), utc(6, 20, 0))])
    assert hours.after(utc(6, 5, 0)) == Period(utc(6, 22, 8), utc(6, 22, 10))
    assert hours.after(utc(6, 22, 9)) == Period(utc(6, 22, 8), utc(6, 22, 10))
    assert hours.after(utc(6, 22, 10)) == Period(utc(6, 29, 8), utc(6, 29, 10))


rules = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440))
    .filter(lambda one: one[1] < one[2])
    .map(lambda one: Opening(*one)),
    max_size=8,
)
gaps = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(1, 3_000)).map(
        lambda one: Period(
            utc(3, 20, 0) + timedelta(minutes=one[0]), utc(3, 20, 0) + timedelta(minutes=sum(one))
        )
    ),
    max_size=5,
)


@given(rules, gaps, st.integers(0, 20_000))
def test_an_instant_is_open_when_the_clock_says_so_and_nothing_closes_it(
    openings: list[Opening], closed: list[Period], minute: int
) -> None:
    at = utc(3, 20, 0) + timedelta(minutes=minute)
    hours = Hours(PARIS, openings, closed)
    shown = at.astimezone(PARIS)
    minutes = shown.hour * 60 + shown.minute
    expected = any(one.weekday == shown.weekday() and one.opens <= minutes < one.closes for one in openings)
    expected = expected and not any(gap.start <= at < gap.end for gap in closed)
    opened = hours.between(Period(utc(3, 19, 0), utc(4, 6, 0)))
    assert any(one.start <= at < one.end for one in opened) == expected
    assert hours.covers(Period(at, at + timedelta(minutes=1))) == expected
    assert all(one.end < other.start for one, other in pairwise(opened))


@given(gaps, gaps)
def test_what_is_taken_away_is_gone_and_nothing_else(some: list[Period], closed: list[Period]) -> None:
    left = without(joined(some), joined(closed))
    for n in range(0, 23_000, 97):
        at = utc(3, 20, 0) + timedelta(minutes=n)
        inside = any(one.start <= at < one.end for one in some)
        gone = any(one.start <= at < one.end for one in closed)
        assert any(one.start <= at < one.end for one in left) == (inside and not gone)
