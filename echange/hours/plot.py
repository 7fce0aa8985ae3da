"""How a balance went, as a small drawing and in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.http.dates import now
from echange.ledger import Point, history

WIDTH: Final = 640
HEIGHT: Final = 120
_EDGE: Final = 6
_POINTS: Final = 60
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Plot:
    """`path` of an SVG drawing WIDTH by HEIGHT, `zero` the height of nothing in it.

    `highest` and `lowest` in minutes; `shown`: a dozen of the moments, for a table.
    """

    path: str
    zero: float
    highest: int
    lowest: int
    since: datetime
    shown: Sequence[Point]


async def plot_of(account_id: int) -> Plot | None:
    """None while there are not two moments to compare."""
    points = await history(account_id, _POINTS)
    return draw(points, now()) if len(points) > 1 else None


def draw(points: Sequence[Point], until: datetime) -> Plot:
    """A stair: a balance stays what it is until the next movement."""
    start, span = points[0].at, max((until - points[0].at).total_seconds(), 1.0)
    balances = [point.balance for point in points]
    top, bottom = max(0, *balances), min(0, *balances)
    scale = (HEIGHT - 2 * _EDGE) / max(top - bottom, 1)

    def across(at: datetime) -> float:
        return round(_EDGE + (at - start).total_seconds() / span * (WIDTH - 2 * _EDGE), 1)

    def down(balance: int) -> float:
        return round(_EDGE + (top - balance) * scale, 1)

    steps = [f"H{across(point.at)}V{down(point.balance)}" for point in points[1:]]
    path = f"M{across(start)} {down(points[0].balance)}{''.join(steps)}H{across(until)}"
    stride = -(-len(points) // _SHOWN)
    return Plot(path, down(0), max(balances), min(balances), start, list(points)[::-stride])
