"""What a calendar file (iCalendar, RFC 5545) closes, day by day: also what comes again and again.

Pure and patient: whatever somebody sends is either understood, or named by its line.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final
from zoneinfo import ZoneInfo

from echange.booking.hours import instant
from echange.booking.periods import Period
from echange.http.refusals import Refusal, TooLarge
from echange.i18n import mark

if TYPE_CHECKING:
    from icalendar import Event

MAX_BYTES: Final = 512 * 1024
MAX_CLOSURES: Final = 1000
MAX_SERIES: Final = 100
AHEAD: Final = timedelta(days=731)
OLDEST_SERIES: Final = timedelta(days=3660)
LONGEST: Final = timedelta(days=1100)
LONGEST_UID: Final = 300
# What reading a file by somebody else may stumble over; a time zone is looked for in the files of the system.
BROKEN: Final = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, OSError,
)  # fmt: skip
DAYS: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
# Several times a day: nothing that a closure needs, and costly to work out.
WITHIN_A_DAY: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})

NO_START: Final = mark("Le début de cet événement n’est pas compris.")
NO_LENGTH: Final = mark("La fin de cet événement n’est pas comprise, ou ne vient pas après son début.")
NO_SERIES: Final = mark("La répétition de cet événement n’est pas comprise.")
TOO_MANY: Final = mark("Il y a trop d’événements : ceux à partir d’ici n’ont pas été repris.")


class NotACalendar(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark("Ce fichier n’est pas un calendrier au format iCalendar (.ics).")


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was not understood: the event that begins on this line of the file; `what` is French."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Closed for this time; `uid` stays the same from one file to the next."""

    uid: str
    period: Period
    label: str


class _NotUnderstood(Exception):
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read_calendar(ics: bytes, zone: ZoneInfo, now: datetime) -> tuple[list[Closing], list[Unclear]]:
    """What it closes from now on, two years ahead; what has no time zone is on the clock of `zone`.

    Raises TooLarge, NotACalendar.
    """
    if len(ics) > MAX_BYTES:
        raise TooLarge
    events = _events(ics)
    reader = _Reader(zone, now, _moved(events))
    closings: dict[str, Closing] = {}
    unclear: list[Unclear] = []
    for event, line in zip(events, _lines(ics), strict=False):
        try:
            closings |= {closing.uid: closing for closing in reader.closings(event)}
        except _NotUnderstood as error:
            unclear.append(Unclear(line, error.what))
        except BROKEN:
            # The library lets some broken values through, and stumbles when they are used.
            unclear.append(Unclear(line, NO_START))
        if len(closings) > MAX_CLOSURES:
            unclear.append(Unclear(line, TOO_MANY))
            break
    return list(islice(closings.values(), MAX_CLOSURES)), unclear


def _events(ics: bytes) -> "list[Event]":
    # Imported late: a server that never reads one need not keep the library in memory.
    from icalendar import Calendar, Event

    try:
        calendars = Calendar.from_ical(ics, multiple=True)
    except BROKEN as error:
        raise NotACalendar from error
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise NotACalendar
    return [event for calendar in calendars for event in calendar.walk("VEVENT") if isinstance(event, Event)]


def _lines(ics: bytes) -> list[int]:
    """On which line each event begins."""
    return [n for n, line in enumerate(ics.splitlines(), 1) if line.rstrip().upper() == b"BEGIN:VEVENT"]


def _moved(events: "list[Event]") -> dict[str, list[date]]:
    """Of each series, the times that stand in the file again as an event of their own."""
    moved: dict[str, list[date]] = {}
    for event in events:
        if (at := _day(event, "recurrence-id")) is not None:
            moved.setdefault(_text(event, "uid"), []).append(at)
    return moved


@dataclass(frozen=True, slots=True)
class _When:
    """When an event begins first, as the clock of its zone shows it, and how long it lasts each time."""

    first: datetime
    zone: tzinfo
    length: timedelta
    all_day: bool

    def shown(self, value: date) -> datetime:
        """Another time of the same file on the same clock; a day alone is meant at the same hour."""
        if not isinstance(value, datetime):
            return datetime.combine(value, self.first.time())
        return (value.astimezone(self.zone) if value.tzinfo else value).replace(tzinfo=None)

    def period(self, shown: datetime, zone: ZoneInfo) -> Period:
        """Whole days are days on the site's clock; what is timed lasts as long each time."""
        if self.all_day:
            return Period(instant(zone, shown.date(), 0), instant(zone, (shown + self.length).date(), 0))
        at = shown.replace(tzinfo=self.zone).astimezone(UTC)
        return Period(at, at + self.length)


class _Reader:
    def __init__(self, zone: ZoneInfo, now: datetime, moved: dict[str, list[date]]) -> None:
        self._zone, self._now, self._moved = zone, now, moved
        self._until = (now + AHEAD).astimezone(zone).replace(tzinfo=None)
        self._series = 0

    def closings(self, event: "Event") -> Iterator[Closing]:
        """Every time that it closes, as far as it is still to come."""
        if _text(event, "status").upper() == "CANCELLED":
            return
        when, own = self._when(event), _day(event, "recurrence-id")
        uid = _text(event, "uid") or hashlib.sha256(event.to_ical()).hexdigest()
        label = _text(event, "summary")[:120].strip()
        comes_again = own is None and bool(event.rrules or event.rdates)
        for shown in self._starts(event, when) if comes_again else [when.first]:
            period = when.period(shown, self._zone)
            if period.end > self._now and shown < self._until:
                original = shown if comes_again else own and when.shown(own)
                yield Closing(_key(f"{uid}#{original}" if original else uid), period, label)

    def _when(self, event: "Event") -> _When:
        start = _day(event, "dtstart")
        if start is None:
            raise _NotUnderstood(NO_START)
        try:
            length = event.end - start
        except BROKEN as error:
            raise _NotUnderstood(NO_LENGTH) from error
        if not timedelta(0) < length <= LONGEST:
            raise _NotUnderstood(NO_LENGTH)
        if isinstance(start, datetime):
            return _When(start.replace(tzinfo=None), start.tzinfo or self._zone, length, all_day=False)
        return _When(datetime.combine(start, time()), self._zone, length, all_day=True)

    def _starts(self, event: "Event", when: _When) -> Iterable[datetime]:
        """What the clock shows each time that it begins."""
        self._series += 1
        if self._series > MAX_SERIES:
            raise _NotUnderstood(TOO_MANY)
        try:
            shown = {when.first} | {when.shown(given) for given, *_ in event.rdates}
            for rule in event.rrules:
                shown.update(self._ruled({name.upper(): values for name, values in rule.items()}, when))
            moved = self._moved.get(_text(event, "uid"), [])
            return sorted(shown - {when.shown(gone) for gone in (*event.exdates, *moved)})
        except BROKEN as error:
            raise _NotUnderstood(NO_SERIES) from error

    def _ruled(self, rule: dict[str, list[Any]], when: _When) -> Iterator[datetime]:
        from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
        from icalendar import vRecur

        if (
            not DAYS.issuperset(rule.get("FREQ", ["?"]))
            or WITHIN_A_DAY & rule.keys()
            or when.first < self._until - AHEAD - OLDEST_SERIES
        ):
            raise _NotUnderstood(NO_SERIES)
        (until,), (count,) = rule.pop("UNTIL", [None]), rule.pop("COUNT", [None])
        last = self._until
        if isinstance(until, date):
            whole_day = timedelta(0) if isinstance(until, datetime) else timedelta(days=1, seconds=-1)
            last = min(last, when.shown(until) + whole_day)
        written: bytes = vRecur(rule).to_ical()  # type: ignore[no-untyped-call]
        found = rrulestr(written.decode(), dtstart=when.first).replace(until=last)
        yield from islice(found, min(count or MAX_CLOSURES * 4, MAX_CLOSURES * 4))


def _day(event: "Event", name: str) -> date | None:
    """A day, or a time of a day; None where there is none that one can understand."""
    try:
        value = getattr(event.get(name), "dt", None)
    except BROKEN:
        return None
    return value if isinstance(value, date) else None


def _text(event: "Event", name: str) -> str:
    value = event.get(name) or ""
    first = value[0] if isinstance(value, list) else value
    return "".join(letter for letter in str(first) if letter.isprintable()).strip()


def _key(uid: str) -> str:
    return uid if len(uid) <= LONGEST_UID else hashlib.sha256(uid.encode()).hexdigest()
