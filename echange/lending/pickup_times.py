"""At which hours one may come by: a handful of them in the opening hours of a day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from echange.booking import Period
from echange.http.dates import hour, local

# Minutes between two hours shown: as fine as a handful allows.
_EVERY: Final = (30, 60, 120, 180, 240)
HANDFUL: Final = 10
# By appointment nobody is rung up at night.
_MORNING, _EVENING = time(8), time(20)


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour to come by; not `is_free` where it is taken then."""

    at: datetime
    is_free: bool
    is_chosen: bool

    @property
    def value(self) -> str:
        """« 17:30 », on the town's clock."""
        return f"{local(self.at):%H:%M}"

    @property
    def said(self) -> str:
        """« 17 h 30 », « 18 h »."""
        return hour(self.at)


def hours_of_day(opened: Sequence[Period], *, step: int, ends: bool) -> list[datetime]:
    """Hours of these openings, at most a handful; `ends`: to bring back, so the closing hour counts too."""
    opened = [one for one in (_by_day(period) for period in opened) if one.start <= one.end]
    for every in _EVERY:
        if step and every % step:
            continue
        found = sorted({at for period in opened for at in _hours_in(period, every, step, ends=ends)})
        if len(found) <= HANDFUL:
            return found
    return found[:: len(found) // HANDFUL + 1] if (found := _all(opened, step, ends=ends)) else []


def slots_of(
    hours: Sequence[datetime], spans: Sequence[Period], chosen: datetime | None, *, ends: bool
) -> list[Slot]:
    """These hours, with whether each lies in a free span; the chosen one among them, whatever it is."""
    shown = sorted({*hours, *([chosen] if chosen else [])})
    return [Slot(at, any(_in(at, span, ends=ends) for span in spans), at == chosen) for at in shown]


def _all(opened: Sequence[Period], step: int, *, ends: bool) -> list[datetime]:
    every = max(_EVERY[-1], step)
    return sorted({at for period in opened for at in _hours_in(period, every, step, ends=ends)})


def _by_day(period: Period) -> Period:
    """A whole day is no invitation to come at night."""
    if period.end - period.start < timedelta(hours=23):
        return period
    day = local(period.start + timedelta(hours=12)).date()
    zone = local(period.start).tzinfo
    return Period(
        max(period.start, datetime.combine(day, _MORNING, zone)),
        min(period.end, datetime.combine(day, _EVENING, zone)),
    )


def _hours_in(period: Period, every: int, step: int, *, ends: bool) -> list[datetime]:
    found = []
    if not step or _on(period.start, step):
        found.append(period.start)
    at = _ceil(period.start, every)
    while at < period.end:
        found.append(at)
        at += timedelta(minutes=every)
    if ends:
        found = [one for one in found if one > period.start]
        if not step or _on(period.end, step):
            found.append(period.end)
    return found


def _on(at: datetime, step: int) -> bool:
    shown = local(at)
    return (shown.hour * 60 + shown.minute) % step == 0


def _ceil(at: datetime, every: int) -> datetime:
    shown = local(at)
    past = (shown.hour * 60 + shown.minute) % every
    return at + timedelta(minutes=every - past) if past else at


def _in(at: datetime, span: Period, *, ends: bool) -> bool:
    return span.start < at <= span.end if ends else span.start <= at < span.end
