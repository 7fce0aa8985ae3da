"""A bench is a name and cases, smallest first; a case measures and prints lines as soon as it has them."""

import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.workshop import CannotHave, Workshop

# Nobody named a case: what begins later than this would not end within 50 seconds.
LAST_BEGINNING: Final = 23.0


@dataclass(frozen=True)
class Line:
    """One measure: medians over `rounds`; with `against`, theirs beside ours. `also` are further figures."""

    value: float
    unit: str
    rounds: int
    against: str | None = None
    against_value: float | None = None
    also: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Skipped:
    """Not measured, and why."""

    reason: str
    against: str | None = None


class Wrong(Exception):
    """What was measured did not do its work: no figure, the message says what went wrong."""


Case = Callable[[Workshop], AsyncIterator[Line | Skipped]]


@dataclass(frozen=True)
class Bench:
    """`usual` are the cases run when none is named, none of them later than `last_beginning` (seconds)."""

    name: str
    cases: Mapping[str, Case]
    usual: Sequence[str]
    last_beginning: float = LAST_BEGINNING

    async def run(self, asked: Sequence[str]) -> None:
        """Print the lines of these cases, or of the usual ones as far as they are done in 50 seconds."""
        started = time.monotonic()
        async with Workshop.opened() as workshop:
            for case in asked or self.usual:
                if not asked and time.monotonic() - started > self.last_beginning:
                    self._say(case, Skipped("would take longer than 50 s on this machine: name it to run it"))
                else:
                    await self._run(case, workshop)

    async def _run(self, case: str, workshop: Workshop) -> None:
        try:
            async for line in self.cases[case](workshop):
                self._say(case, line)
        except CannotHave as reason:
            self._say(case, Skipped(str(reason)))
        except Wrong as reason:
            self._say(case, reason)

    def _say(self, case: str, line: Line | Skipped | Wrong) -> None:
        told = _told(line)
        line_of_json = json.dumps({"bench": self.name, "case": case, **told}, ensure_ascii=False)
        sys.stdout.write(f"{line_of_json}\n")
        sys.stdout.flush()


def _told(line: Line | Skipped | Wrong) -> dict[str, object]:
    match line:
        case Line():
            return _measured(line)
        case Skipped():
            return _skipped(line)
        case Wrong():
            return {"error": str(line)}


def _measured(line: Line) -> dict[str, object]:
    told: dict[str, object] = {"value": _short(line.value), "unit": line.unit}
    if line.against and line.against_value:
        told |= {
            "against": line.against,
            "against_value": _short(line.against_value),
            "ratio": _short(line.value / line.against_value),
        }
    return {**told, "rounds": line.rounds, **{name: _short(one) for name, one in (line.also or {}).items()}}


def _skipped(line: Skipped) -> dict[str, object]:
    return {**({"against": line.against} if line.against else {}), "skipped": line.reason}


def _short(number: float) -> float:
    return float(f"{number:.4g}") if abs(number) < 1000 else round(number, 1)


async def in_turn(rounds: int, *measures: Callable[[], Awaitable[float]]) -> list[float]:
    """The median of each measure; they take turns, so that what slows the machine down slows them all."""
    taken: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for values, measure in zip(taken, measures, strict=True):
            values.append(await measure())
    return [statistics.median(values) for values in taken]
