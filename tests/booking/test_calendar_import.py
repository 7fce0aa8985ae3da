"""Closures taken in from a calendar, and kept as it says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echange import booking
from echange.booking import NotACalendar, Period
from echange.booking.calendar_reading import MAX_BYTES, MAX_CLOSURES, read_calendar
from echange.http.refusals import NotFound, Refusal, TooLarge

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ALL = Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


def calendar(*events: str) -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//FR\n{told}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def day_of(uid: str, day: str, label: str = "Fermé", more: str = "") -> str:
    return f"UID:{uid}\nSUMMARY:{label}\nDTSTART;VALUE=DATE:{day}{more}"


def starts(*events: str) -> list[str]:
    """When it closes, on the clock of Paris."""
    closings, unclear = read_calendar(calendar(*events), PARIS, NOW)
    assert unclear == []
    return [one.period.start.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") for one in closings]


def test_a_whole_day_is_closed_from_midnight_to_midnight_there() -> None:
    [christmas], _ = read_calendar(calendar(day_of("a", "20261225", "Noël")), PARIS, NOW)
    assert christmas.label == "Noël"
    assert christmas.period == Period(
        datetime(2026, 12, 24, 23, tzinfo=UTC), datetime(2026, 12, 25, 23, tzinfo=UTC)
    )
    [change], _ = read_calendar(calendar(day_of("a", "20270328")), PARIS, NOW)
    assert change.period.end - change.period.start == timedelta(hours=23)


def test_what_has_no_zone_is_on_the_site_s_clock() -> None:
    assert starts("UID:a\nDTSTART:20270110T180000\nDTEND:20270110T190000") == ["2027-01-10 18:00"]
    assert starts("UID:a\nDTSTART:20270110T180000Z\nDURATION:PT1H") == ["2027-01-10 19:00"]
    assert starts("UID:a\nDTSTART;TZID=America/Martinique:20270110T180000\nDURATION:PT1H") == [
        "2027-01-10 23:00"
    ]


def test_what_comes_again_stays_at_its_hour_when_the_clocks_are_changed() -> None:
    weekly = "UID:a\nDTSTART;TZID=Europe/Paris:20270320T180000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert starts(weekly) == ["2027-03-20 18:00", "2027-03-27 18:00", "2027-04-03 18:00"]


def test_every_year_is_two_years_ahead_and_no_more() -> None:
    assert starts(day_of("a", "20191225", more="\nRRULE:FREQ=YEARLY")) == [
        "2026-12-25 00:00",
        "2027-12-25 00:00",
    ]


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ("\nRRULE:FREQ=DAILY;UNTIL=20270103", ["01", "02", "03"]),
        ("\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20270102", ["01", "03"]),
        ("\nRDATE;VALUE=DATE:20270105,20270107", ["01", "05", "07"]),
        ("\nRRULE:FREQ=WEEKLY;BYDAY=FR,SU;COUNT=3", ["01", "03", "08"]),
        ("\nSTATUS:CANCELLED", []),
    ],
)
def test_series_with_their_exceptions(more: str, days: list[str]) -> None:
    assert [start[8:10] for start in starts(day_of("a", "20270101", more=more))] == days


def test_one_of_a_series_that_was_moved_is_closed_on_its_new_day_only() -> None:
    series = day_of("a", "20270101", more="\nRRULE:FREQ=DAILY;COUNT=3")
    moved = day_of("a", "20270109", more="\nRECURRENCE-ID;VALUE=DATE:20270102")
    assert sorted(starts(series, moved)) == ["2027-01-01 00:00", "2027-01-03 00:00", "2027-01-09 00:00"]
    keys = {one.uid for one in read_calendar(calendar(series), PARIS, NOW)[0]}
    assert {one.uid for one in read_calendar(calendar(series, moved), PARIS, NOW)[0]} == keys


@pytest.mark.parametrize(
    "event",
    [
        "UID:a\nSUMMARY:sans date",
        "UID:a\nDTSTART:2027",
        "UID:a\nDTSTART:20270110T180000\nDTEND:20270110T170000",
        "UID:a\nDTSTART:20270110T180000",
        day_of("a", "20270101", more="\nRRULE:FREQ=SECONDLY"),
        day_of("a", "20270101", more="\nRRULE:FREQ=DAILY;BYHOUR=1,2,3"),
        day_of("a", "20270101", more="\nRRULE:FREQ=NEVER"),
        day_of("a", "19000101", more="\nRRULE:FREQ=DAILY"),
    ],
)
def test_what_is_not_understood_is_named_by_its_line_and_the_rest_taken(event: str) -> None:
    closings, unclear = read_calendar(
        calendar(day_of("first", "20270201"), event, day_of("last", "20270301")), PARIS, NOW
    )
    assert {one.uid for one in closings} == {"first", "last"}
    assert [(one.line, one.what.endswith(".")) for one in unclear] == [(9, True)]


@pytest.mark.parametrize(
    "ics", [b"", b"bonjour", b"\x00\xff", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"a;b;c\r\n1;2;3"]
)
def test_what_is_no_calendar_is_said_to_be_none(ics: bytes) -> None:
    with pytest.raises(NotACalendar):
        read_calendar(ics, PARIS, NOW)


def test_a_calendar_is_bounded() -> None:
    with pytest.raises(TooLarge):
        read_calendar(b" " * (MAX_BYTES + 1), PARIS, NOW)
    series = [day_of(f"{n}", "20270101", more="\nRRULE:FREQ=DAILY") for n in range(3)]
    closings, unclear = read_calendar(calendar(*series), PARIS, NOW)
    assert len(closings) == MAX_CLOSURES
    assert unclear


LINES = (
    "RRULE:FREQ=DAILY;COUNT=99999999999999", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "EXDATE:x",
    "RRULE:FREQ=WEEKLY;INTERVAL=0", "RRULE:", "RDATE;VALUE=PERIOD:20270101T000000Z/PT1H", "DURATION:-P1D",
    "DTSTART;TZID=Europe:20270101T000000", "DTSTART;TZID=../../etc/passwd:20270101T000000", "DTEND:99991231",
    "DTSTART:99991231T235959Z", "DTSTART:00010101T000000", "RECURRENCE-ID:x", "UID:" + "u" * 900,
    "SUMMARY:\x00\x01", "STATUS:\x00", "SEQUENCE:-1", "BEGIN:VALARM", "END:VEVENT",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=6), st.binary(max_size=20))
def test_whatever_somebody_sends_is_read_or_refused(lines: list[str], tail: bytes) -> None:
    event = "\n".join([day_of("a", "20270101"), *lines])
    try:
        closings, _unclear = read_calendar(calendar(event) + tail, PARIS, NOW)
    except Refusal:
        return
    assert all(
        one.period.start < one.period.end and len(one.uid) <= 300 and len(one.label) <= 120
        for one in closings
    )
    assert all(text.isprintable() for one in closings for text in (one.uid, one.label))


async def test_a_calendar_read_again_changes_adds_and_takes_back(orm: None) -> None:
    site = await booking.make_site()
    soon = date.today() + timedelta(days=40)  # noqa: DTZ011 — any day to come
    days = [f"{soon + timedelta(days=n):%Y%m%d}" for n in range(4)]
    own = await booking.close_site(
        site, Period(datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)), "À nous"
    )
    first = await booking.import_closures(site, calendar(day_of("a", days[0]), day_of("b", days[1])))
    assert (len(first.added), first.changed, first.removed, first.errors) == (2, [], 0, [])
    again = await booking.import_closures(site, calendar(day_of("a", days[0]), day_of("b", days[1])))
    assert (again.added, again.changed, again.removed) == ([], [], 0)
    other = await booking.import_closures(site, calendar(day_of("b", days[2]), day_of("c", days[3])))
    assert (len(other.added), other.changed, other.removed) == (1, [first.added[1]], 1)
    stand = await booking.closures(site, ALL)
    assert [(one.id, one.imported) for one in stand] == [
        (own, False),
        (first.added[1], True),
        (other.added[0], True),
    ]


async def test_what_is_not_understood_takes_nothing_back(orm: None) -> None:
    site = await booking.make_site()
    soon = f"{date.today() + timedelta(days=40):%Y%m%d}"  # noqa: DTZ011 — any day to come
    await booking.import_closures(site, calendar(day_of("a", soon)))
    second = await booking.import_closures(site, calendar("UID:a\nDTSTART:2027"))
    assert (second.removed, len(second.errors)) == (0, 1)
    assert len(await booking.closures(site, ALL)) == 1


async def test_only_a_site_takes_a_calendar_in(orm: None) -> None:
    with pytest.raises(NotFound):
        await booking.import_closures(999, calendar())
