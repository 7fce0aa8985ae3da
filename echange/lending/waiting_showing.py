"""What somebody waits for, as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.http import Viewer
from echange.lending.models.waiter import Waiter
from echange.lending.seeing import myself


@dataclass(frozen=True, slots=True)
class WaitView:
    """`place` in line from 1; `loan_url` leads to what is held for them until `offer_until`."""

    id: int
    title: str
    url: str
    start: datetime
    end: datetime
    quantity: int
    place: int
    loan_url: str
    offer_until: datetime | None


async def waits_of(viewer: Viewer | None, item_id: int | None = None) -> Sequence[WaitView]:
    """In the order in which they joined; of one thing, or of all."""
    if viewer is None:
        return []
    mine = Waiter.filter(member_id=myself(viewer), ended_at=None)
    if item_id is not None:
        mine = mine.filter(item_id=item_id)
    return [await _view(one) for one in await mine.select_related("item", "loan").order_by("at", "id")]


async def _view(it: Waiter) -> WaitView:
    return WaitView(
        it.id,
        it.item.title,
        it.item.url,
        it.starts_at,
        it.ends_at,
        it.quantity,
        0 if it.is_offered else await it.place(),
        it.loan.url if it.is_offered and it.loan is not None else "",
        it.offer_until if it.is_offered else None,
    )
