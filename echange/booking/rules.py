"""What may be asked of a model: how long, how early, how late, at which hours.

Pure, and the only place that says so: calendars show by it, bookings are taken by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from echange.booking.breaches import (
    ClosedThen,
    EmptyPeriod,
    InThePast,
    NotOpenThroughout,
    OffStep,
    TooFar,
    TooLong,
    TooShort,
    TooSoon,
)
from echange.booking.hours import DAY, DESK, STAFF, Hours
from echange.booking.periods import Period

# Whoever fills in a form takes their time.
JUST_NOW: Final = timedelta(minutes=10)
# Beyond that nobody promises anything, whatever a model allows.
FURTHEST: Final = timedelta(days=3650)
MINUTE: Final = timedelta(minutes=1)
FIVE_MINUTES: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Rules:
    """Minutes kept free around a use, its length in real minutes, open days of notice, days ahead at most.

    Without `spans` a use ends before the site closes. Uses begin and end on multiples of `step` minutes of
    the site's clock; 0: anywhere.
    """

    before: int = 0
    after: int = 0
    min_minutes: int = 1
    max_minutes: int | None = None
    lead_open_days: int = 0
    horizon_days: int | None = None
    spans: bool = True
    step: int = 0


def check(
    rules: Rules,
    hours: Hours,
    period: Period,
    now: datetime,
    *,
    staff: bool = False,
    was: Period | None = None,
) -> None:
    """Raise the refusal of the first rule that says no to `period`; None of them asks whether it is free.

    The staff may also come in office hours, and need no notice nor keep to the horizon. Of a use that is
    moved, what stays as it `was` is not asked about again; one that has begun may grow by as much as one may
    take.
    """
    if period.start >= period.end:
        raise EmptyPeriod
    starts = was is None or was.start != period.start
    ends = was is None or was.end != period.end
    if (starts and period.start < now - JUST_NOW) or (ends and period.end <= now):
        raise InThePast
    if max(period.start, period.end - FURTHEST) > now + FURTHEST:
        raise TooFar((now + FURTHEST).astimezone(hours.zone).date())
    _check_length(rules, period, was if was and not starts and was.start <= now else None)
    for at, asked in ((period.start, starts), (period.end, ends)):
        if asked and not on_step(rules, hours, at):
            raise OffStep(rules.step, floor_step(rules, hours, at))
    _check_open(rules, hours, period, STAFF if staff else DESK, starts=starts, ends=ends)
    if starts and not staff:
        _check_day(rules, hours, hours.day_of(period.start), now)


def _check_length(rules: Rules, period: Period, begun: Period | None) -> None:
    minutes = (period.end - period.start) / MINUTE
    if minutes < rules.min_minutes:
        raise TooShort(rules.min_minutes)
    added = (period.end - begun.end) / MINUTE if begun else minutes
    if rules.max_minutes is not None and added > rules.max_minutes:
        raise TooLong(rules.max_minutes)


def _check_open(
    rules: Rules, hours: Hours, period: Period, who: Sequence[str], *, starts: bool, ends: bool
) -> None:
    if starts and all(one.end == period.start for one in hours.around(period.start, who)):
        raise _closed(hours, period.start, who)
    if ends and not hours.around(period.end, who):
        raise _closed(hours, period.end, who)
    if not rules.spans and not hours.covers(period, who):
        raise NotOpenThroughout


def _closed(hours: Hours, at: datetime, who: Sequence[str]) -> ClosedThen:
    then = hours.after(at, who)
    return ClosedThen(at, then.start if then else None)


def _check_day(rules: Rules, hours: Hours, day: date, now: datetime) -> None:
    if day < (earliest := first_day(rules, hours, now)):
        raise TooSoon(rules.lead_open_days, earliest)
    if day > (latest := last_day(rules, hours, now)):
        raise TooFar(latest)


def first_day(rules: Rules, hours: Hours, now: datetime) -> date:
    """From when on it may be had: today, or after as many days as the notice on which somebody is there."""
    day, left = hours.day_of(now), rules.lead_open_days
    furthest = day + FURTHEST
    while left and day < furthest:
        day += DAY
        left -= bool(hours.on(day, STAFF))
    return day


def last_day(rules: Rules, hours: Hours, now: datetime) -> date:
    """On which it may begin at the latest."""
    ahead = FURTHEST if rules.horizon_days is None else timedelta(days=rules.horizon_days)
    return hours.day_of(now) + ahead


def on_step(rules: Rules, hours: Hours, at: datetime) -> bool:
    return not rules.step or floor_step(rules, hours, at) == at


def floor_step(rules: Rules, hours: Hours, at: datetime) -> datetime:
    """The last multiple of the step until then on the site's clock."""
    if not rules.step:
        return at
    shown = at.astimezone(hours.zone)
    past = timedelta(
        minutes=(shown.hour * 60 + shown.minute) % rules.step,
        seconds=shown.second,
        microseconds=shown.microsecond,
    )
    return at - past


def ceil_step(rules: Rules, hours: Hours, at: datetime) -> datetime:
    """The first multiple of the step from then on, on the site's clock."""
    if on_step(rules, hours, at):
        return at
    last = floor_step(rules, hours, at)
    soon = last + timedelta(minutes=rules.step)
    if on_step(rules, hours, soon):
        return soon
    # The clocks are changed in between, by a multiple of five minutes as every step is.
    later = (last + n * FIVE_MINUTES for n in count(1))
    return next(one for one in later if one > at and on_step(rules, hours, one))
