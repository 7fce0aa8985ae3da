"""How many of the things on a page are free on the days that were asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from echange import booking
from echange.http import Refusal
from echange.lending.cards import ItemCard
from echange.lending.models.item import Item
from echange.lending.wishing import wanted_of

LONGEST = timedelta(days=92)


async def with_free(cards: Sequence[ItemCard], first: date, last: date) -> list[ItemCard]:
    """The same cards, each with how many can be had from the first of these days to the last."""
    items = {item.id: item for item in await Item.filter(id__in=[card.id for card in cards])}
    return [replace(card, free=await _free(items.get(card.id), card, first, last)) for card in cards]


async def _free(item: Item | None, card: ItemCard, first: date, last: date) -> int:
    try:
        wanted = await wanted_of(item) if item is not None else {}
    except Refusal:
        # A kit of which a part is lent no more.
        wanted = {}
    if not wanted:
        return 0
    days = await booking.days(wanted, first, last)
    # One comes on the first day and on the last; in between it may be closed.
    if not days or {days[0].state, days[-1].state} - {"free", "partly"}:
        return 0
    return min((day.free for day in days if day.state != "closed"), default=0)
