"""When else: the nearest uses of the same length that really can be booked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Final

from echange.booking.availability import diary_of
from echange.booking.diary import Diary
from echange.booking.hours import DAY, DESK, STAFF, Hours, instant
from echange.booking.periods import Period
from echange.booking.rules import FURTHEST, ceil_step
from echange.http.dates import now

WITHIN: Final = 60
"""Days before and after."""
# What is looked at before it is given up: a town must not wait for somebody's odd wish.
TRIES: Final = 400
USUAL: Final = timedelta(hours=1)


async def alternatives(
    wanted: Mapping[int, int],
    period: Period,
    n: int = 3,
    *,
    staff: bool = False,
    besides: int | None = None,
) -> list[Period]:
    """At most `n` uses within 60 days of the one that was wished for, the nearest first; each can be booked.

    As long as that, or as little longer or shorter as rules and opening hours ask. Raises NotFound.
    """
    soonest, latest = now() - DAY, now() + 2 * FURTHEST
    start = min(max(period.start, soonest), latest)
    length = min(max(period.end - period.start, timedelta(0)), FURTHEST)
    seen = Period(start, start + length + 2 * WITHIN * DAY)
    diary = await diary_of(wanted, seen, staff=staff, besides=besides)
    return _Search(diary, start, length).nearest(n)


@dataclass(frozen=True)
class _Search:
    """For uses that begin near `start` and last about as long as `wished`."""

    diary: Diary
    start: datetime
    wished: timedelta

    def nearest(self, n: int) -> list[Period]:
        found: list[Period] = []
        if not self.diary.owns_enough:
            return found
        for use in islice(self._uses(), TRIES):
            if len(found) == n:
                break
            if not any(self._alike(use, other) for other in found) and self.diary.refusal(use) is None:
                found.append(use)
        return sorted(found, key=self._distance)

    def _uses(self) -> Iterator[Period]:
        """Those to try: day by day from the one that was wished for, and on each the nearest hour first."""
        first, last = self.diary.first_day, self.diary.last_day
        middle = min(max(self._hours.day_of(self.start), first), last)
        for away in range(WITHIN + 1):
            for day in sorted({middle + away * DAY, middle - away * DAY}):
                if first <= day <= last:
                    yield from sorted(self._on(day), key=self._distance)

    def _on(self, day: date) -> set[Period]:
        """At the same hour, as it opens, and for short uses also whenever another ends or begins."""
        opened = self.diary.opened(day)
        shown = self.start.astimezone(self._hours.zone)
        starts = {instant(self._hours.zone, day, shown.hour * 60 + shown.minute)}
        for one in opened:
            starts.add(one.start)
            if self._length < DAY:
                after, before = self.diary.turns(one)
                starts |= {*after, *(end - self._length for end in before)}
        uses = (self._use(start) for start in starts if any(one.start <= start < one.end for one in opened))
        return {use for use in uses if use is not None}

    def _use(self, start: datetime) -> Period | None:
        begins = ceil_step(self.diary.rules, self._hours, start)
        ends = self._on_the_clock(begins)
        who = STAFF if self.diary.staff else DESK
        if not self._hours.around(ends, who):
            opens = self._hours.after(ends, who)
            if opens is None or not self.diary.rules.spans:
                return None
            ends = ceil_step(self.diary.rules, self._hours, opens.start)
        return Period(begins, ends)

    def _on_the_clock(self, begins: datetime) -> datetime:
        """When it ends: whole days end at the hour at which they began, also when the clocks are changed."""
        days, rest = divmod(self._length, DAY)
        shown = begins.astimezone(self._hours.zone)
        if rest or not days:
            return ceil_step(self.diary.rules, self._hours, begins + self._length)
        return instant(self._hours.zone, shown.date() + days * DAY, shown.hour * 60 + shown.minute)

    @cached_property
    def _length(self) -> timedelta:
        """As long as was wished for, as far as the rules allow."""
        least, most = timedelta(minutes=self.diary.rules.min_minutes), self.diary.rules.max_minutes
        length = max(self.wished or USUAL, least)
        return length if most is None else min(length, timedelta(minutes=most))

    @property
    def _hours(self) -> Hours:
        return self.diary.hours

    def _distance(self, use: Period) -> tuple[timedelta, datetime]:
        return abs(use.start - self.start), use.start

    def _alike(self, use: Period, other: Period) -> bool:
        """Two uses that overlap are a choice only if they begin on different days."""
        same_day = self._hours.day_of(use.start) == self._hours.day_of(other.start)
        return same_day and use.start < other.end and other.start < use.end
