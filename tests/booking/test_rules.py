"""What the rules of a model say no to, and with which words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from echange.booking import (
    ClosedThen,
    EmptyPeriod,
    InThePast,
    NotOpenThroughout,
    OffStep,
    Opening,
    Period,
    Rules,
    TooFar,
    TooLong,
    TooShort,
    TooSoon,
)
from echange.booking.hours import Hours
from echange.booking.rules import ceil_step, check, first_day, floor_step, on_step
from echange.http.refusals import Refusal
from echange.i18n import current_locale

PARIS = ZoneInfo("Europe/Paris")
# Tuesday to Saturday, 9 to 12 and 14 to 18; the office on Mondays.
HOURS = Hours(
    PARIS,
    [
        *(
            Opening(day, opens * 60, closes * 60)
            for day in range(1, 6)
            for opens, closes in ((9, 12), (14, 18))
        ),
        Opening(0, 540, 720, "office"),
    ],
)
ALWAYS = Hours(PARIS, by_appointment=True)
NOW = datetime(2027, 6, 1, 10, tzinfo=PARIS)  # a Tuesday


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 6, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def period(*ends: datetime) -> Period:
    return Period(*ends)


ONE_DAY = period(on(2, 9), on(3, 9))
REFUSED: list[tuple[Rules, Hours, Period, type[Refusal]]] = [
    (Rules(), ALWAYS, period(on(3, 9), on(3, 9)), EmptyPeriod),
    (Rules(), ALWAYS, period(on(3, 9), on(3, 8)), EmptyPeriod),
    (Rules(), ALWAYS, period(on(1, 9, 49), on(3, 8)), InThePast),
    (Rules(min_minutes=61), ALWAYS, period(on(3, 9), on(3, 10)), TooShort),
    (Rules(max_minutes=59), ALWAYS, period(on(3, 9), on(3, 10)), TooLong),
    (Rules(step=30), ALWAYS, period(on(3, 9, 15), on(3, 10)), OffStep),
    (Rules(step=30), ALWAYS, period(on(3, 9), on(3, 10, 1)), OffStep),
    (Rules(), HOURS, period(on(3, 13), on(4, 10)), ClosedThen),
    (Rules(), HOURS, period(on(3, 12), on(4, 10)), ClosedThen),
    (Rules(), HOURS, period(on(3, 10), on(4, 13)), ClosedThen),
    (Rules(spans=False), HOURS, period(on(3, 10), on(3, 15)), NotOpenThroughout),
    (Rules(lead_open_days=2), HOURS, ONE_DAY, TooSoon),
    (Rules(horizon_days=1), HOURS, period(on(3, 9), on(4, 9)), TooFar),
    (Rules(), ALWAYS, period(on(3, 9), on(3, 9).replace(year=9999)), TooFar),
]
ACCEPTED: list[tuple[Rules, Hours, Period]] = [
    (Rules(), ALWAYS, period(on(1, 9, 51), on(3, 8))),
    (Rules(min_minutes=60, max_minutes=60), ALWAYS, period(on(3, 9), on(3, 10))),
    (Rules(step=30), ALWAYS, period(on(3, 9, 30), on(3, 10))),
    (Rules(), HOURS, period(on(3, 9), on(3, 12))),
    (Rules(), HOURS, period(on(3, 14), on(4, 9))),
    (Rules(), HOURS, period(on(5, 17), on(8, 9))),
    (Rules(spans=False), HOURS, period(on(3, 9), on(3, 12))),
    (Rules(lead_open_days=1), HOURS, ONE_DAY),
    (Rules(horizon_days=1), HOURS, ONE_DAY),
]


@pytest.mark.parametrize(("rules", "hours", "asked", "refusal"), REFUSED)
def test_each_rule_refuses_by_its_own_name(
    rules: Rules, hours: Hours, asked: Period, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as said:
        check(rules, hours, asked, NOW)
    assert said.value.title.endswith(".")
    assert said.value.status == 409


def test_every_refusal_has_a_code_of_its_own() -> None:
    kinds = {refusal for *_, refusal in REFUSED}
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert "conflict" not in {kind.code for kind in kinds}


@pytest.mark.parametrize(("rules", "hours", "asked"), ACCEPTED)
def test_what_keeps_to_the_rules_passes(rules: Rules, hours: Hours, asked: Period) -> None:
    check(rules, hours, asked, NOW)


def test_the_staff_need_no_notice_and_come_in_office_hours_too() -> None:
    rules, monday = Rules(lead_open_days=5, horizon_days=3), period(on(7, 9), on(7, 12))
    check(rules, HOURS, monday, NOW, staff=True)
    with pytest.raises(ClosedThen):
        check(Rules(), HOURS, monday, NOW)
    with pytest.raises(ClosedThen):
        check(rules, HOURS, period(on(7, 8), on(7, 12)), NOW, staff=True)


def test_notice_is_counted_in_days_on_which_somebody_is_there() -> None:
    friday = datetime(2027, 6, 4, 10, tzinfo=PARIS)
    # Saturday, then the office on Monday.
    assert first_day(Rules(lead_open_days=2), HOURS, friday) == date(2027, 6, 7)
    holiday = Hours(PARIS, [Opening(0, 540, 720)], [period(on(7, 0), on(8, 0))])
    assert first_day(Rules(lead_open_days=1), holiday, friday) == date(2027, 6, 14)
    assert first_day(Rules(), HOURS, friday) == date(2027, 6, 4)


def test_length_is_counted_in_real_minutes_when_the_clocks_change() -> None:
    # From noon to noon over the night of 27 March 2027: 23 hours.
    spring = period(
        datetime(2027, 3, 27, 12, tzinfo=PARIS).astimezone(UTC),
        datetime(2027, 3, 28, 12, tzinfo=PARIS).astimezone(UTC),
    )
    before = datetime(2027, 3, 1, tzinfo=UTC)
    check(Rules(max_minutes=23 * 60), ALWAYS, spring, before)
    with pytest.raises(TooShort):
        check(Rules(min_minutes=24 * 60), ALWAYS, spring, before)


def test_of_a_use_that_is_moved_only_what_changes_is_asked_about_again() -> None:
    was = period(on(1, 9) - timedelta(days=3), on(1, 12))
    check(Rules(), HOURS, period(was.start, on(1, 15)), NOW, was=was)
    with pytest.raises(ClosedThen):
        check(Rules(), HOURS, period(was.start, on(1, 13)), NOW, was=was)
    with pytest.raises(InThePast):
        check(Rules(), HOURS, period(was.start, on(1, 9, 30)), NOW, was=was)
    with pytest.raises(InThePast):
        check(Rules(), HOURS, period(was.start + timedelta(hours=1), was.end), NOW, was=was)


def test_a_use_that_has_begun_may_grow_by_as_much_as_one_may_take() -> None:
    week = Rules(max_minutes=7 * 1440)
    was = period(on(1, 9) - timedelta(days=6), on(1, 12))
    check(week, HOURS, period(was.start, on(8, 12)), NOW, was=was)
    with pytest.raises(TooLong):
        check(week, HOURS, period(was.start, on(8, 15)), NOW, was=was)
    later = period(on(2, 9), on(8, 9))
    with pytest.raises(TooLong):
        check(week, HOURS, period(later.start, on(10, 9)), NOW, was=later)


@pytest.mark.parametrize("step", [5, 10, 15, 30, 60, 120, 240])
def test_steps_are_multiples_on_the_clock_also_on_the_day_it_changes(step: int) -> None:
    rules = Rules(step=step)
    for first in (datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 10, 30, 21, tzinfo=UTC)):
        for minute in range(0, 600, 7):
            at = first + timedelta(minutes=minute)
            up = ceil_step(rules, ALWAYS, at)
            assert at <= up
            assert on_step(rules, ALWAYS, up)
            assert not any(
                on_step(rules, ALWAYS, at + timedelta(minutes=n))
                for n in range((up - at) // timedelta(minutes=1))
            )
            assert floor_step(rules, ALWAYS, at) <= at


def test_a_refusal_says_when_it_opens_next_in_the_reader_s_language() -> None:
    with pytest.raises(ClosedThen) as said:
        check(Rules(), HOURS, period(on(5, 18), on(9, 9)), NOW)
    assert said.value.title == (
        "C’est fermé samedi 5 juin 2027 à 18 h. Prochaine ouverture : mardi 8 juin 2027 à 9 h."
    )
    with pytest.raises(TooLong) as long:
        check(Rules(max_minutes=2880), ALWAYS, period(on(5, 18), on(9, 9)), NOW)
    assert long.value.title == "C’est trop long : au plus 2 jours."
    token = current_locale.set("en")
    try:
        assert "Saturday 5 June 2027" in said.value.title
    finally:
        current_locale.reset(token)
