"""When things are lent: from one opening to another, and never twice at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from echange.booking import Period
from echange.demo.equipment import Thing
from echange.http.dates import PARIS


class Taken:
    """When units are taken, so that nothing is written twice."""

    def __init__(self) -> None:
        self._periods: dict[int, list[Period]] = defaultdict(list)

    def free(self, units: Sequence[int], period: Period, room: timedelta) -> list[int]:
        """Those that nobody has, with so much room before and after."""
        wide = Period(period.start - room, period.end + room)
        return [
            unit
            for unit in units
            if not any(one.start < wide.end and wide.start < one.end for one in self._periods[unit])
        ]

    def take(self, units: Sequence[int], period: Period) -> None:
        """They are somebody's then."""
        for unit in units:
            self._periods[unit].append(period)


def window(thing: Thing, now: datetime, start: int, days: int) -> Period:
    """From the first opening so many days from now to the first so many days later."""
    begin = _opening(thing, now, now + timedelta(days=start), past=start < 0)
    return Period(begin, _opening(thing, now, begin + timedelta(days=days), past=False))


def _opening(thing: Thing, now: datetime, near: datetime, *, past: bool) -> datetime:
    """An hour at which it is open, at or after this (before now, where it must be past)."""
    day = near.astimezone(PARIS).date()
    for distance in range(14):
        when = day + timedelta(days=-distance if past else distance)
        for opened in _hours_on(thing, when):
            at = max(opened.start, min(near, opened.end)) if past else opened.start + timedelta(minutes=30)
            if (at < now) if past else (at >= near or distance):
                return at.astimezone(UTC)
    return near


def _hours_on(thing: Thing, day: date) -> Sequence[Period]:
    """Of people who lend from home, the evening."""
    opened = thing.hours.on(day)
    if not thing.hours.by_appointment:
        return opened
    return [
        Period(one.start + timedelta(hours=17, minutes=30), one.start + timedelta(hours=20)) for one in opened
    ]
