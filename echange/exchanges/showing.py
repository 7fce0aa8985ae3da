"""What happened in an exchange, as its two sides and moderators read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.exchanges.life import SIDES, Side
from echange.exchanges.models import Exchange, ExchangeEvent
from echange.exchanges.names import names_of
from echange.exchanges.sides import member_at
from echange.members import Member


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history: who did what, in words for neither page nor program yet.

    `side` and `name` of whom it counts for; `helper` did it for them; both empty for time and moderators.
    `minutes` where a figure was given, of which `to_fund` went to the fund and `declined` did not move. `why`
    is « gone » or « silence » where time did it.
    """

    kind: str
    at: datetime
    side: Side | None
    by_id: int | None
    name: str
    helper: str
    minutes: int | None
    to_fund: int
    declined: int
    words: str
    why: str


async def history_of(it: Exchange) -> list[Happened]:
    """All that happened, oldest first. Moderators decide in the town's name, without their own."""
    names = await names_of(it)
    events = await ExchangeEvent.filter(exchange_id=it.id).order_by("id")
    helpers = {event.by_id for event in events if event.person_id}
    named = {one.id: one.name for one in await Member.filter(id__in=list(helpers))}
    return [_line(it, event, names, named) for event in events]


async def figures_of(exchanges: Sequence[Exchange]) -> dict[int, dict[Side, int]]:
    """By exchange, the last figure that each side gave and did not take back."""
    by_id = {it.id: it for it in exchanges}
    figures: dict[int, dict[Side, int]] = {it.id: {} for it in exchanges}
    kinds = ["declared", "countered", "taken_back"]
    for event in await ExchangeEvent.filter(exchange_id__in=list(by_id), kind__in=kinds).order_by("id"):
        side = _side(by_id[event.exchange_id], event)
        if side and event.kind == "taken_back":
            figures[event.exchange_id].pop(side, None)
        elif side:
            figures[event.exchange_id][side] = event.data.get("minutes", 0)
    return figures


def _side(it: Exchange, event: ExchangeEvent) -> Side | None:
    return next((one for one in SIDES if member_at(it, one) == event.side_id), None)


def _line(it: Exchange, event: ExchangeEvent, names: dict[Side, str], helpers: dict[int, str]) -> Happened:
    decided = event.kind == "arbitrated"
    side = None if decided else _side(it, event)
    data = event.data
    return Happened(
        kind=event.kind,
        at=event.at,
        side=side,
        by_id=None if decided else event.side_id,
        name=names[side] if side else "",
        helper=helpers.get(event.by_id or 0, "") if event.person_id and not decided else "",
        minutes=data.get("minutes"),
        to_fund=data.get("to_fund", 0),
        declined=data.get("declined", 0),
        words=data.get("words", ""),
        why=data.get("why", ""),
    )
