"""Which unit each booking of a pool gets, so that none overlap: intervals coloured with units.

Pure. What is in hand or was set aside keeps its unit; all else may move, and moves as little as can be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

# How many placings are weighed before the search is given up: for a few moves, then for any.
FEW: Final = 200
MANY: Final = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """What keeps a unit from others, from `start` to `end`; without `unit` it needs one. `fixed` stays."""

    id: int
    unit: int | None
    start: datetime
    end: datetime
    fixed: bool = False

    def meets(self, other: "Line") -> bool:
        return self.start < other.end and other.start < self.end


def seat(lines: Iterable[Line], units: Sequence[int]) -> dict[int, int] | None:
    """The units by line of all that need one or must move for it; None when no way was found.

    As few moves as can be, if a few will do; then all anew in the order of their beginnings, which always
    succeeds where nothing is fixed and there are enough units at every instant; then a bounded search.
    """
    board = _Board(lines, units)
    if not board.homeless:
        return {}
    if not board.has_room():
        return None
    return board.push(FEW) or board.deal() or board.push(MANY)


def settle(lines: Sequence[Line], units: Sequence[int]) -> tuple[dict[int, int], list[int]]:
    """The same for as many as possible of those that need a unit, the earliest first; and who gets none."""
    moves: dict[int, int] = {}
    left_out: list[int] = []
    seated = [line for line in lines if line.unit is not None]
    for line in sorted((line for line in lines if line.unit is None), key=lambda one: (one.start, one.id)):
        placed = seat([*seated, line], units)
        if placed is None:
            left_out.append(line.id)
        else:
            moves |= placed
            seated = moved([*seated, line], placed)
    return moves, left_out


def moved(lines: Iterable[Line], moves: Mapping[int, int]) -> list[Line]:
    """The lines with these units."""
    return [replace(line, unit=moves[line.id]) if line.id in moves else line for line in lines]


def peak(lines: Iterable[Line]) -> int:
    """How many there are at once, at most."""
    steps = sorted(step for line in lines for step in ((line.start, 1), (line.end, -1)))
    most = running = 0
    for _at, step in steps:
        running += step
        most = max(most, running)
    return most


class _Board:
    """Lines on their units, moved about until all have one."""

    def __init__(self, lines: Iterable[Line], units: Sequence[int]) -> None:
        known = set(units)
        self._units: Final = list(units)
        self._lines: Final = [line for line in lines if line.unit is None or line.unit in known]
        self.homeless: Final = sorted((line for line in self._lines if line.unit is None), key=_longest_first)
        self._unit = {line.id: line.unit for line in self._lines}
        self._placed: dict[int, int] = {}
        self._meeting: dict[int, list[Line]] = {}
        self._left = 0

    def has_room(self) -> bool:
        """Whether at every instant of those without a unit there are enough units."""
        return all(
            peak([line, *(_within(other, line) for other in self._met(line))]) <= len(self._units)
            for line in self.homeless
        )

    def push(self, weighed: int) -> dict[int, int] | None:
        """Put each where others must make way, and those where others must, as few in all as can be."""
        self._left = weighed
        most = sum(not line.fixed for line in self._lines if line.unit is not None)
        for moves in range(most + 1):
            if self._push(self.homeless, moves):
                return self._placed
            if self._left <= 0:
                return None
        return None

    def _push(self, pending: Sequence[Line], moves: int) -> bool:
        if not pending:
            return True
        line, *rest = pending
        for unit, ousted in self._ways(line, moves):
            self._left -= 1
            if self._left <= 0:
                return False
            self._unit |= {other.id: None for other in ousted} | {line.id: unit}
            self._placed[line.id] = unit
            if self._push([*rest, *ousted], moves - len(ousted)):
                return True
            self._unit |= {other.id: unit for other in ousted} | {line.id: None}
            del self._placed[line.id]
        return False

    def _ways(self, line: Line, moves: int) -> list[tuple[int, list[Line]]]:
        """The units it may have, and who must leave each; where fewest must, first."""
        # Back to where it was thrown out of is no way.
        there: dict[int, list[Line]] = {unit: [] for unit in self._units if unit != line.unit}
        for other in self._met(line):
            unit = self._unit[other.id]
            if unit in there:
                there[unit].append(other)
        ways = (
            (unit, ousted)
            for unit, ousted in there.items()
            if len(ousted) <= moves and not any(one.fixed or one.id in self._placed for one in ousted)
        )
        return sorted(ways, key=lambda way: len(way[1]))

    def deal(self) -> dict[int, int] | None:
        """All that may move anew, in the order of their beginnings, each on its unit if that is free."""
        self._meet_all()
        dealt = {line.id: line.unit for line in self._lines if line.fixed}
        on = {
            unit: [line for line in self._lines if line.fixed and line.unit == unit] for unit in self._units
        }
        placed: dict[int, int] = {}
        for line in sorted(
            (line for line in self._lines if not line.fixed), key=lambda one: (one.start, one.id)
        ):
            taken = {dealt.get(other.id) for other in self._met(line)}
            free = [unit for unit in self._units if unit not in taken]
            if not free:
                return None
            unit = line.unit if line.unit in free else max(free, key=lambda one: _last_end(on[one], line))
            dealt[line.id] = unit
            on[unit].append(line)
            if unit != line.unit:
                placed[line.id] = unit
        return placed

    def _met(self, line: Line) -> list[Line]:
        """Those that meet it: of most lines nobody asks."""
        if line.id not in self._meeting:
            self._meeting[line.id] = [
                other for other in self._lines if other.id != line.id and other.meets(line)
            ]
        return self._meeting[line.id]

    def _meet_all(self) -> None:
        """Know it of every line, found as they begin: to compare each with each would take long."""
        meeting: dict[int, list[Line]] = {line.id: [] for line in self._lines}
        running: list[Line] = []
        for line in sorted(self._lines, key=lambda one: one.start):
            running = [other for other in running if other.end > line.start]
            for other in running:
                meeting[line.id].append(other)
                meeting[other.id].append(line)
            running.append(line)
        self._meeting |= meeting


def _longest_first(line: Line) -> tuple[float, datetime, int]:
    return -(line.end - line.start).total_seconds(), line.start, line.id


def _within(line: Line, span: Line) -> Line:
    return replace(line, start=max(line.start, span.start), end=min(line.end, span.end))


def _last_end(there: Iterable[Line], line: Line) -> float:
    """How late before it the unit was used last: the closer, the less is wasted."""
    return max((other.end.timestamp() for other in there if other.end <= line.start), default=0.0)
