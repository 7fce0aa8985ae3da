"""What is free of what somebody wants, day by day: rules, hours and promises as they stand at one instant.

Pure. Shown is what can be taken: the same rules are asked, and the same arranging makes room for a booking.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import lcm
from typing import Final, Literal

from echange.booking.arranging import Standing, padded
from echange.booking.colouring import Line
from echange.booking.hours import DESK, STAFF, Hours, within
from echange.booking.nearby import Nearby
from echange.booking.periods import Period
from echange.booking.refusals import NotFree
from echange.booking.rules import FURTHEST, MINUTE, Rules, ceil_step, check, first_day, floor_step, last_day
from echange.booking.sites import Terms
from echange.http.refusals import Refusal

State = Literal["free", "partly", "taken", "closed", "past", "too_soon", "too_far"]
SLOT: Final = 30
"""Minutes between two starts where a model has no step."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the site's clock.

    `free`: how many can be had for all its opening hours, or on a day that is `partly` free for the best of
    its `spans`; units of one model, or sets of what is wanted of several. `spans`: what is wanted can be had
    from beginning to end of each, as far as its length is allowed; two of them may overlap.
    """

    date: date
    state: State
    free: int = 0
    spans: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A use that may be chosen."""

    period: Period
    free: bool


@dataclass(frozen=True)
class Diary:
    """Of what is `wanted`, quantities by model.

    Of a booking that somebody wants to move: when it `was`, and by model the units that must be `staying`
    with it, with the instant since when they are in somebody's hands.
    """

    wanted: Mapping[int, int]
    terms: Mapping[int, Terms]
    standing: Mapping[int, Standing]
    now: datetime
    staff: bool = False
    was: Period | None = None
    staying: Mapping[int, Sequence[tuple[int, datetime | None]]] = field(default_factory=dict)

    def refusal(self, period: Period) -> Refusal | None:
        """What says no to this period, if anything does."""
        try:
            for _model, terms in sorted(self.terms.items()):
                check(terms.rules, terms.hours, period, self.now, staff=self.staff, was=self.was)
        except Refusal as refusal:
            return refusal
        lacking = (model for model in sorted(self.wanted) if not self._fits(model, period))
        return next((NotFree(model, self._room(model, period)) for model in lacking), None)

    def day(self, day: date) -> Day:
        """How it looks to somebody who wants to begin on this day."""
        if day < self._today:
            return Day(day, "past")
        if day > self.last_day:
            return Day(day, "too_far")
        opened = self.opened(day)
        if not opened:
            return Day(day, "past" if self._open_on(day) else "closed")
        return Day(day, "too_soon") if day < self.first_day else self._seen(day, opened)

    def _seen(self, day: date, opened: list[Period]) -> Day:
        whole = [Period(opened[0].start, opened[-1].end)] if self.rules.spans else opened
        free = min(map(self.sets, whole))
        if free >= self._enough:
            spans = tuple(self._of_use(opened))
            return Day(day, "free", free, spans) if spans else Day(day, "taken")
        windows = (window for one in whole for window in self._windows(one))
        spans = tuple(self._of_use(part for window in windows for part in within(opened, window)))
        return Day(day, "partly", max(map(self.sets, spans)), spans) if spans else Day(day, "taken", free)

    def slots(self, day: date, minutes: int) -> list[Slot]:
        """Uses of this length that begin while it is open on this day, in order, but those that went by."""
        step = timedelta(minutes=self.rules.step or SLOT)
        found: list[Slot] = []
        if not self._today <= day <= self.last_day:
            return found
        for opened in self.opened(day):
            start = ceil_step(self.rules, self.hours, opened.start)
            while start < opened.end:
                period = Period(start, start + timedelta(minutes=minutes))
                if self.rules.spans or period.end <= opened.end:
                    found.append(Slot(period, self.refusal(period) is None))
                start = ceil_step(self.rules, self.hours, start + step)
        return found

    def opened(self, day: date) -> list[Period]:
        """When one can still begin or end on this day: wherever what is wanted lies, it is open."""
        opened = self._open_on(day)
        if day > self._today:
            return opened
        coming = Period(_next_minute(self.now), self.hours.whole(day).end)
        return within(opened, coming) if coming.start < coming.end else []

    def _open_on(self, day: date) -> list[Period]:
        who = STAFF if self.staff else DESK
        first, *others = (terms.hours for terms in self.terms.values())
        opened = first.on(day, who)
        for hours in others:
            if hours is not first:
                there = hours.between(first.whole(day), who)
                opened = [part for one in opened for part in within(there, one)]
        return opened

    def _of_use(self, spans: Iterable[Period]) -> Iterator[Period]:
        """What of them begins and ends on a step, and belongs to a free time that lasts long enough."""
        for span in spans:
            start = ceil_step(self.rules, self.hours, span.start)
            end = floor_step(self.rules, self.hours, span.end)
            if start < end and self._lasts(Period(start, end)):
                yield Period(start, end)

    def _lasts(self, span: Period) -> bool:
        least = timedelta(minutes=self.rules.min_minutes)
        if span.end - span.start >= least:
            return True
        if not self.rules.spans:
            return False
        # It may be the beginning of a longer use, its end, or something between.
        around = Period(max(span.end - least, self.now), span.start + least)
        return any(window.end - window.start >= least for window in self._windows(around))

    def _windows(self, span: Period) -> Iterator[Period]:
        """The longest parts of the span, in order, for each of which what is wanted can be had."""
        starts, ends = self.turns(span)
        reached = 0
        for start in starts:
            before = reached
            while reached < len(ends) and self._fit(Period(start, ends[reached])):
                reached += 1
            if reached > before and ends[reached - 1] > start:
                yield Period(start, ends[reached - 1])

    def turns(self, span: Period) -> tuple[list[datetime], list[datetime]]:
        """When what is free may change inside the span: from when on a use may be, and until when."""
        starts, ends = {span.start}, {span.end}
        for model, near in self._near.items():
            rules = self.terms[model].rules
            before, after = timedelta(minutes=rules.before), timedelta(minutes=rules.after)
            for line in near.around(padded(rules, span)):
                starts.add(line.end + before)
                ends.add(line.start - after)
        return (
            sorted(at for at in starts if span.start <= at < span.end),
            sorted(at for at in ends if span.start < at <= span.end),
        )

    def sets(self, period: Period) -> int:
        """How many can be had for all of it: units of one model, or sets of what is wanted of several."""
        if len(self.wanted) == 1:
            return self._room(next(iter(self.wanted)), period)
        return min(self._room(model, period) // quantity for model, quantity in self.wanted.items())

    @property
    def owns_enough(self) -> bool:
        """Whether there are as many as are wanted, free or not."""
        return all(len(self.standing[model].units) >= quantity for model, quantity in self.wanted.items())

    @property
    def _enough(self) -> int:
        return next(iter(self.wanted.values())) if len(self.wanted) == 1 else 1

    def _fit(self, period: Period) -> bool:
        return period.start >= period.end or all(self._fits(model, period) for model in self.wanted)

    def _fits(self, model: int, period: Period) -> bool:
        """Whether as many as are wanted can be had; others are only asked to move where that is not plain."""
        window, wanted = padded(self.terms[model].rules, period), self.wanted[model]
        if model in self.staying:
            return self._stays(model, window)
        least, most = self._near[model].bounds(window)
        if wanted <= least or wanted > most:
            return wanted <= least
        return self.standing[model].place(window, wanted) is not None

    def _stays(self, model: int, window: Period) -> bool:
        """Whether what is in hand or was set aside can stay with the booking, and the rest be had."""
        own = self.staying[model][: self.wanted[model]]
        if self.wanted[model] > len(self.standing[model].units) + len(own):
            return False
        lines = [
            Line(-1 - n, unit, since or window.start, window.end, fixed=True)
            for n, (unit, since) in enumerate(own)
        ]
        lines += [Line(-1 - n, None, window.start, window.end) for n in range(len(own), self.wanted[model])]
        return self.standing[model].fit(lines) is not None

    def _room(self, model: int, period: Period) -> int:
        window = padded(self.terms[model].rules, period)
        if model in self.staying:
            return self.wanted[model] if self._stays(model, window) else 0
        least, most = self._near[model].bounds(window)
        return least if least == most else self.standing[model].room(window)

    @cached_property
    def _near(self) -> dict[int, Nearby]:
        return {model: Nearby(standing.units, standing.lines) for model, standing in self.standing.items()}

    @cached_property
    def rules(self) -> Rules:
        """What all of them ask together, of the length and the ends of a use."""
        each = [terms.rules for terms in self.terms.values()]
        most = [rules.max_minutes for rules in each if rules.max_minutes is not None]
        steps = [rules.step for rules in each if rules.step]
        return Rules(
            min_minutes=max(rules.min_minutes for rules in each),
            max_minutes=min(most, default=None),
            spans=all(rules.spans for rules in each),
            step=lcm(*steps) if steps else 0,
        )

    @cached_property
    def _today(self) -> date:
        return self.hours.day_of(self.now)

    @cached_property
    def first_day(self) -> date:
        """On which it may begin at the earliest."""
        each = self.terms.values()
        return self._today if self.staff else max(first_day(it.rules, it.hours, self.now) for it in each)

    @cached_property
    def last_day(self) -> date:
        """On which it may begin at the latest."""
        each = self.terms.values()
        return (
            self._today + FURTHEST
            if self.staff
            else min(last_day(it.rules, it.hours, self.now) for it in each)
        )

    @cached_property
    def hours(self) -> Hours:
        """Those of its site; days are days there."""
        return next(iter(self.terms.values())).hours


def _next_minute(at: datetime) -> datetime:
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE
