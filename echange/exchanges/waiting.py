"""What waits for somebody: answers, figures to confirm, times to note, thanks to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from echange.database import fetch, fetch_value
from echange.exchanges.life import Side, other_side
from echange.exchanges.models import Exchange
from echange.exchanges.names import name_at
from echange.exchanges.queries import SHOWN, exchanges_of
from echange.exchanges.sides import DECIDING, due_from, member_at
from echange.http import Viewer
from echange.http.dates import now

Step = Literal["answer", "confirm", "note", "thank"]
AT_MOST: Final = 100
THANKED_WITHIN: Final = timedelta(days=14)
# Without a day agreed, nobody is asked on the day of the yes itself.
NOTED_AFTER: Final = timedelta(days=1)
_ORDER: Final[tuple[Step, ...]] = ("answer", "confirm", "note", "thank")


@dataclass(frozen=True, slots=True)
class Waiting:
    """`name` is the other one's; `minutes` those proposed, or the figure to confirm; `since` it waits."""

    step: Step
    id: int
    title: str
    name: str
    minutes: int
    since: datetime

    @property
    def url(self) -> str:
        return f"/echanges/{self.id}"


async def waiting(viewer: Viewer) -> list[Waiting]:
    """What waits for whom the viewer speaks for, answers first, the oldest first among each.

    Where a great deal waits, what has waited longest: the rest comes forward as it is done.
    """
    found: list[tuple[Step, Exchange, Side]] = []
    due = Exchange.filter(due_from(viewer)).order_by("moved_at", "id")
    for it in await due.limit(AT_MOST).select_related(*SHOWN):
        side = it.side_of(viewer)
        if side and is_to_answer(it, side):
            found.append(("answer" if it.state == "proposed" else "confirm", it, side))
        elif side and is_to_note(it, side):
            found.append(("note", it, side))
    found += [("thank", it, "receiver") for it in await _to_thank(viewer)]
    found.sort(key=lambda one: (_ORDER.index(one[0]), one[1].moved_at))
    return [_line(*one) for one in found]


async def disputes_count(viewer: Viewer) -> int:
    """How many disagreements wait for a moderator; 0 for everybody else."""
    if not viewer.roles & DECIDING:
        return 0
    count: int = await fetch_value("SELECT count(*) FROM exchange WHERE state = 'disputed'")
    return count


def is_to_answer(it: Exchange, side: Side) -> bool:
    """Whether it is this side's turn to say yes or no, to a proposal or to a figure."""
    return it.state in {"proposed", "declared"} and side in it.standing.awaited()


def is_to_note(it: Exchange, side: Side) -> bool:
    """Whether it should be done by now, and nobody has said how long it took."""
    if it.state not in {"accepted", "under_way"} or side not in it.standing.awaited():
        return False
    return (it.starts_at or it.moved_at + NOTED_AFTER) <= now()


async def _to_thank(viewer: Viewer) -> list[Exchange]:
    settled = (await exchanges_of(viewer, states=("settled",), limit=AT_MOST)).items
    recent = now() - THANKED_WITHIN
    helped = [
        it for it in settled if it.settled_at and it.settled_at > recent and it.side_of(viewer) == "receiver"
    ]
    rows = await fetch(
        "SELECT exchange_id, by_id FROM thanks WHERE exchange_id = ANY($1::int[])", [it.id for it in helped]
    )
    thanked = {(row["exchange_id"], row["by_id"]) for row in rows}
    return [it for it in helped if (it.id, member_at(it, "receiver")) not in thanked]


def _line(step: Step, it: Exchange, side: Side) -> Waiting:
    figure = it.declared_minutes if step == "confirm" else it.settled_minutes if step == "thank" else None
    name = name_at(it, other_side(side))
    return Waiting(step, it.id, it.title, name, it.minutes if figure is None else figure, it.moved_at)
