"""The lines of a model by day: most questions are about a few hours, and a pool is promised for months."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from echange.booking.colouring import Line
from echange.booking.periods import Period


class Nearby:
    """How it stands with a model, looked up by day (UTC)."""

    def __init__(self, units: Iterable[int], lines: Iterable[Line]) -> None:
        usable = frozenset(units)
        self._units = len(usable)
        self._lines = [line for line in lines if line.unit in usable]
        self._by_day: dict[int, list[Line]] = {}
        self._easy = _nobody_in_the_way(self._lines)

    def bounds(self, window: Period) -> tuple[int, int]:
        """How many can be had for all of this window for certain, and how many at most if others moved."""
        start, end = window.start, window.end
        there = [line for line in self.around(window) if line.start < end and start < line.end]
        if not there:
            return self._units, self._units
        turns = sorted(
            [(line.start, 1) for line in there if start < line.start]
            + [(line.end, -1) for line in there if line.end < end]
        )
        most = running = sum(line.start <= start for line in there)
        for _at, step in turns:
            running += step
            most = max(most, running)
        if self._easy and not any(line.fixed and line.start > start for line in there):
            return self._units - most, self._units - most
        return self._units - len({line.unit for line in there}), self._units - most

    def around(self, span: Period) -> list[Line]:
        """Lines of the days of this span."""
        first, last = span.start.astimezone(UTC).toordinal(), span.end.astimezone(UTC).toordinal()
        if first == last:
            return self._on(first)
        if last - first > 2:
            return self._lines
        near = {line.id: line for day in range(first, last + 1) for line in self._on(day)}
        return list(near.values())

    def _on(self, day: int) -> list[Line]:
        if day not in self._by_day:
            start = datetime.fromordinal(day).replace(tzinfo=UTC)
            end = start + timedelta(days=1)
            # One that ends or begins at midnight is of both days.
            self._by_day[day] = [one for one in self._lines if one.start <= end and start <= one.end]
        return self._by_day[day]


def _nobody_in_the_way(lines: Iterable[Line]) -> bool:
    """Whether there is a way for all wherever there are enough units at every instant.

    So it is when no line that may move is running as one begins that may not: given units in the order in
    which they begin, as `colouring.seat` does in the end, each then finds one free.
    """
    reached, last = None, dict[int | None, datetime]()
    for line in sorted(lines, key=lambda one: (one.start, one.fixed)):
        if line.unit in last and last[line.unit] > line.start:
            return False
        last[line.unit] = line.end
        if not line.fixed:
            reached = max(reached or line.end, line.end)
        elif reached is not None and reached > line.start:
            return False
    return True
