"""The weeks of a month that are shown: those to come, and those in which something is chosen."""

from datetime import date, timedelta

from echange.booking import Day
from echange.lending.calendar_view import Month, month_of

TODAY = date(2026, 11, 23)


def shown(first: date, chosen: tuple[date, date] | None = None, today: date = TODAY) -> Month:
    days = [Day(first + timedelta(days=n), "free", 1, ()) for n in range(30)]
    return month_of(first, days, {}, today=today, chosen=chosen, quantity=1, furthest=date(2027, 12, 31))


def days_of(month: Month) -> list[int]:
    return [cell.day.day for week in month.weeks for cell in week if cell]


def test_the_month_begins_with_the_week_of_today() -> None:
    assert days_of(shown(date(2026, 11, 1))) == list(range(23, 31))
    assert days_of(shown(date(2026, 11, 1), today=date(2026, 11, 29))) == list(range(23, 31))
    assert days_of(shown(date(2026, 11, 1), today=date(2026, 11, 30))) == [30]


def test_a_month_to_come_is_whole() -> None:
    month = shown(date(2027, 4, 1))
    assert days_of(month) == list(range(1, 31))
    assert {len(week) for week in month.weeks} == {7}


def test_what_was_chosen_before_stays_in_sight() -> None:
    assert days_of(shown(date(2026, 11, 1), (date(2026, 11, 4), date(2026, 11, 5)))) == [
        *range(2, 9),
        *range(23, 31),
    ]
