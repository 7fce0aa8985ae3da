"""Hours as people write them: read, told again, laid over one another by season."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from echange.booking import Opening, Period
from echange.http.moments import NoSuchTime
from echange.http.refusals import Invalid
from echange.i18n import speaking
from echange.places.hours import opens_words, span_said, state_of, week_of
from echange.places.hours_form import ClosureForm, Season, day_words, laid_over, seasons_of, spans_of

PARIS: Final = ZoneInfo("Europe/Paris")
MORNING: Final = (9 * 60, 12 * 60)
AFTERNOON: Final = (14 * 60, 18 * 60 + 30)
SUMMER: Final = Season("desk", date(2027, 7, 1), date(2027, 8, 31))
ALL_YEAR: Final = Season("desk")
SOON: Final = datetime.now(PARIS).date() + timedelta(days=30)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=PARIS).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "9 h – 12 h, 14 h – 18 h 30",
        "9h-12h 14h-18h30".replace(" ", ", "),
        "9:00-12:00; 14:00-18:30",
        "9 à 12 et 14h à 18h30",
        "14 h – 18 h 30 puis 9 h – 12 h",
        "9\u00a0h\u00a0– 12\u00a0h, 14\u00a0h\u00a0– 18\u00a0h\u00a030",
        "de 9h à 12h, de 14h à 18h30",
    ],
)
def test_hours_are_read_as_people_write_them(words: str) -> None:
    assert spans_of(words) == [MORNING, AFTERNOON]


@pytest.mark.parametrize("words", ["", "  ", "fermé", "Fermé", "closed", "-"])
def test_nothing_written_is_closed(words: str) -> None:
    assert spans_of(words) == []


def test_midnight_is_written_as_twenty_four() -> None:
    assert spans_of("18 h – 24 h") == [(1080, 1440)]
    assert spans_of("0 h – 24 h") == [(0, 1440)]


@pytest.mark.parametrize(
    "words",
    ["9 h", "demain", "25 h – 26 h", "12 h – 9 h", "9 h – 9 h", "22 h – 2 h", "9 h – 12 h, 11 h – 14 h",
     "9 h – 24 h 30", "9 h 75 – 12 h", "{0} – {x}", ", ".join(f"{n} h – {n + 1} h" for n in range(8)),
     "1" * 500],
)  # fmt: skip
def test_what_is_not_hours_is_refused_in_words(words: str) -> None:
    with pytest.raises(PydanticCustomError) as refusal:
        spans_of(words)
    assert refusal.value.message().endswith((".", "heures)."))


span = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda one: one[0] < one[1])


@settings(max_examples=200, deadline=None)
@given(st.lists(span, max_size=6), st.sampled_from(["fr", "en"]))
def test_what_is_told_is_read_again(spans: list[tuple[int, int]], locale: str) -> None:
    apart: list[tuple[int, int]] = []
    for one in sorted(spans):
        if not apart or one[0] >= apart[-1][1]:
            apart.append(one)
    with speaking(locale):
        assert spans_of(day_words(apart)) == apart


def week(season: Season, *spans: tuple[int, int], weekdays: range = range(5)) -> list[Opening]:
    return [
        Opening(day, opens, closes, season.who, season.from_day, season.until_day)
        for day in weekdays
        for opens, closes in spans
    ]


def opened(openings: list[Opening], day: date, who: str = "desk") -> list[tuple[int, int]]:
    return sorted((one.opens, one.closes) for one in openings if one.who == who and one.holds_on(day))


def test_a_season_alone_holds_in_its_days_and_the_rest_goes_on_around_it() -> None:
    hours = laid_over(week(ALL_YEAR, MORNING, AFTERNOON), None, SUMMER, week(SUMMER, MORNING))
    assert opened(hours, date(2027, 6, 30)) == [MORNING, AFTERNOON]
    assert opened(hours, date(2027, 7, 1)) == [MORNING]
    assert opened(hours, date(2027, 8, 31)) == [MORNING]
    assert opened(hours, date(2027, 9, 1)) == [MORNING, AFTERNOON]


def test_the_office_is_not_touched_by_a_season_of_the_desk() -> None:
    office = week(Season("office"), (480, 540))
    hours = laid_over([*week(ALL_YEAR, MORNING), *office], None, SUMMER, week(SUMMER, AFTERNOON))
    assert opened(hours, date(2027, 7, 1), "office") == [(480, 540)]


def test_a_season_that_goes_leaves_the_year_whole_again() -> None:
    year = week(ALL_YEAR, MORNING, AFTERNOON)
    hours = laid_over(year, None, SUMMER, week(SUMMER, MORNING))
    assert len(seasons_of(hours)) == 3
    assert sorted(laid_over(hours, SUMMER, SUMMER, []), key=repr) == sorted(year, key=repr)


def test_a_season_moved_leaves_no_hole_where_it_was() -> None:
    year = week(ALL_YEAR, MORNING, AFTERNOON)
    august = Season("desk", date(2027, 8, 1), date(2027, 8, 31))
    hours = laid_over(year, None, SUMMER, week(SUMMER, MORNING))
    hours = laid_over(hours, SUMMER, august, week(august, MORNING))
    assert opened(hours, date(2027, 7, 15)) == [MORNING, AFTERNOON]
    assert opened(hours, date(2027, 8, 16)) == [MORNING]


days = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(days, days, span), max_size=5), days)
def test_the_season_said_last_holds_whatever_was_said_before(
    said: list[tuple[date, date, tuple[int, int]]], day: date
) -> None:
    hours = week(ALL_YEAR, MORNING, weekdays=range(7))
    expected = [MORNING]
    for first, last, spans in said:
        season = Season("desk", min(first, last), max(first, last))
        hours = laid_over(hours, None, season, week(season, spans, weekdays=range(7)))
        if min(first, last) <= day <= max(first, last):
            expected = [spans]
    assert opened(hours, day) == expected


def test_a_week_is_told_from_monday_with_today_marked() -> None:
    wednesday = date(2026, 11, 25)
    lines = week_of(week(ALL_YEAR, MORNING), wednesday)
    assert [line.name for line in lines][:3] == ["lundi", "mardi", "mercredi"]
    assert [line.today for line in lines].index(True) == 2
    assert lines[0].words == "9\u00a0h\u00a0– 12\u00a0h"
    assert lines[6].words == ""


def test_it_says_until_when_or_from_when() -> None:
    tuesday = at(2026, 11, 24, 10)
    open_now = [Period(at(2026, 11, 24, 9), at(2026, 11, 24, 12))]
    assert state_of(open_now, tuesday, by_appointment=False).words == "Ouvert jusqu’à 12\u00a0h"
    assert state_of([], tuesday, by_appointment=True).words == "Sur rendez-vous"
    assert state_of([], tuesday, by_appointment=False).kind == "closed"
    for when, words in (
        (at(2026, 11, 24, 14), "Ouvre à 14\u00a0h"),
        (at(2026, 11, 25, 9), "Ouvre demain à 9\u00a0h"),
        (at(2026, 11, 28, 9, 30), "Ouvre samedi à 9\u00a0h\u00a030"),
    ):
        assert opens_words(when, tuesday) == words
        coming = [Period(when, when + timedelta(hours=1))]
        assert state_of(coming, tuesday, by_appointment=False).words == words


def test_it_is_closed_from_the_closing_instant_on() -> None:
    noon = at(2026, 11, 24, 12)
    opened_ = [Period(at(2026, 11, 24, 9), noon)]
    assert not state_of(opened_, noon, by_appointment=False).is_open
    assert state_of(opened_, noon - timedelta(seconds=1), by_appointment=False).is_open


def test_spans_are_told_by_days_or_by_hours() -> None:
    assert span_said(Period(at(2026, 5, 1), at(2026, 5, 2))).startswith("vendredi 1er mai")
    assert "9\u00a0h" in span_said(Period(at(2026, 5, 5, 9), at(2026, 5, 5, 12)))
    whole = span_said(Period(at(2026, 12, 24), at(2027, 1, 3)))
    assert "24 décembre" in whole
    assert "2 janvier" in whole


def test_a_closure_is_whole_days_across_the_change_of_clocks() -> None:
    spring = date(SOON.year + 1, 3, 31)
    sunday = spring - timedelta(days=(spring.weekday() + 1) % 7)
    eve = sunday - timedelta(days=1)
    form = ClosureForm.model_validate({"first_day": eve.isoformat(), "last_day": sunday.isoformat()})
    period = form.period()
    assert period.end - period.start == timedelta(hours=47)
    form = ClosureForm.model_validate({"first_day": sunday.isoformat(), "starts": "2 h 30"})
    with pytest.raises(NoSuchTime):
        form.period()


@pytest.mark.parametrize(
    "said",
    [
        {"first_day": "2999-12-31"},
        {"first_day": "2020-01-01"},
        {"first_day": f"{SOON}", "last_day": f"{SOON - timedelta(days=1)}"},
        {"first_day": f"{SOON}", "last_day": f"{SOON + timedelta(days=3000)}"},
        {"first_day": f"{SOON}", "starts": "14 h", "ends": "13 h"},
    ],
)
def test_a_closure_that_cannot_be_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        ClosureForm.model_validate(said).period()
