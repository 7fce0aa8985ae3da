"""Opening hours as instants: weekly rules on a site's own clock, less what is closed.

Pure: 18:00 stays 18:00 across the change of clocks, a day has 23, 24 or 25 hours. A time that the clock shows
twice is the first one (RFC 5545, 3.3.5); one that it leaps over is the first that it shows after.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from echange.booking.periods import Period
from echange.http.moments import NoSuchTime

DESK: Final = ("desk",)
STAFF: Final = ("desk", "office")
DAY: Final = timedelta(days=1)
# A site that does not open within a year has no next opening.
AHEAD: Final = timedelta(days=370)
# Days kept once worked out.
KEPT: Final = 800


@dataclass(frozen=True, slots=True)
class Opening:
    """Every `weekday` (0: Monday) of a season, in minutes since midnight on the clock; 1440: midnight."""

    weekday: int
    opens: int
    closes: int
    who: str = "desk"
    from_day: date | None = None
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.from_day is None or self.from_day <= day)
            and (self.until_day is None or day <= self.until_day)
        )


class Hours:
    """When a site is open; without rules of its own (`by_appointment`) it always is, but for its closures."""

    def __init__(
        self,
        zone: ZoneInfo,
        openings: Iterable[Opening] = (),
        closures: Iterable[Period] = (),
        *,
        by_appointment: bool = False,
    ) -> None:
        self.zone = zone
        self.by_appointment = by_appointment
        self._openings = tuple(openings)
        self._closures = joined(closures)
        self._known: dict[tuple[date, Sequence[str]], list[Period]] = {}

    def day_of(self, at: datetime) -> date:
        """The day it is there."""
        return at.astimezone(self.zone).date()

    def whole(self, day: date) -> Period:
        """From midnight to midnight."""
        return Period(instant(self.zone, day, 0), instant(self.zone, day, 1440))

    def on(self, day: date, who: Sequence[str] = DESK) -> list[Period]:
        """What is open of this day, in order; those that touch are one."""
        known = self._known.get((day, who))
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[day, who] = without(joined(self._opened(day, who)), self._closures)
        return known

    def _opened(self, day: date, who: Sequence[str]) -> Iterator[Period]:
        if self.by_appointment:
            yield self.whole(day)
            return
        for opening in self._openings:
            if opening.who in who and opening.holds_on(day):
                start = instant(self.zone, day, opening.opens)
                end = instant(self.zone, day, opening.closes)
                # The clock may leap over all of it.
                if start < end:
                    yield Period(start, end)

    def between(self, span: Period, who: Sequence[str] = DESK) -> list[Period]:
        """What is open in this span; what goes on over midnight is one."""
        days = _days(self.day_of(span.start), self.day_of(span.end))
        return within(joined(period for day in days for period in self.on(day, who)), span)

    def around(self, at: datetime, who: Sequence[str] = DESK) -> list[Period]:
        """Openings that hold or touch this instant, as far as the days before and after it."""
        if self.by_appointment and not self._closures:
            return [Period(at - DAY, at + DAY)]
        day = self.day_of(at)
        near = joined(period for near in _days(day - DAY, day + DAY) for period in self.on(near, who))
        return [period for period in near if period.start <= at <= period.end]

    def after(self, at: datetime, who: Sequence[str] = DESK) -> Period | None:
        """The opening that holds this instant, or the next within a year."""
        day = self.day_of(at)
        for later in _days(day, day + AHEAD):
            for period in self.on(later, who):
                if period.end > at:
                    return period
        return None

    def covers(self, period: Period, who: Sequence[str] = DESK) -> bool:
        """Whether it is open all the time of it."""
        reached = period.start
        for day in _days(self.day_of(period.start), self.day_of(period.end)):
            for opened in self.on(day, who):
                if opened.start <= reached < opened.end:
                    reached = opened.end
            if reached >= period.end:
                return True
            # What is not open until midnight does not go on after it.
            if reached < self.whole(day).end:
                return False
        return False


def instant(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """When the clock there shows so many minutes since midnight, or the first time that it shows after."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    at = shown.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == shown:
        return at
    # PEP 495: in the gap, the two readings of a time lie at both sides of the change.
    early, new = shown.replace(tzinfo=zone, fold=1).astimezone(UTC), at.astimezone(zone).utcoffset()
    leap = range(int((at - early).total_seconds()) // 60)
    return early + timedelta(
        minutes=bisect_left(
            leap, True, key=lambda n: (early + timedelta(minutes=n)).astimezone(zone).utcoffset() == new
        )
    )


def asked_instant(zone: ZoneInfo, day: date, hour: time) -> datetime:
    """When the clock there shows what somebody asks for. Raises NoSuchTime when it leaps over it."""
    at = instant(zone, day, hour.hour * 60 + hour.minute)
    if at.astimezone(zone).replace(tzinfo=None) != datetime.combine(
        day, hour.replace(second=0, microsecond=0)
    ):
        raise NoSuchTime
    return at


def joined(periods: Iterable[Period]) -> list[Period]:
    """In order, those that overlap or touch made one."""
    whole: list[Period] = []
    for period in sorted(periods, key=lambda one: one.start):
        if whole and period.start <= whole[-1].end:
            if period.end > whole[-1].end:
                whole[-1] = Period(whole[-1].start, period.end)
        else:
            whole.append(period)
    return whole


def without(periods: Sequence[Period], closed: Sequence[Period]) -> list[Period]:
    """What is left of `periods`; both in order and apart."""
    left: list[Period] = []
    for period in periods:
        start = period.start
        for gap in closed:
            if gap.end <= start or gap.start >= period.end:
                continue
            if gap.start > start:
                left.append(Period(start, gap.start))
            start = gap.end
        if start < period.end:
            left.append(Period(start, period.end))
    return left


def within(periods: Iterable[Period], span: Period) -> list[Period]:
    """What of them lies in the span."""
    cut = (Period(max(one.start, span.start), min(one.end, span.end)) for one in periods)
    return [one for one in cut if one.start < one.end]


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
