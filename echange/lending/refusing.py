"""A no comes with three ways to a yes, which really can be booked: another date, thing, or lender."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from echange import booking
from echange.booking import Period
from echange.database import fetch
from echange.http import NotFound, Refusal, Viewer
from echange.lending import limits
from echange.lending.models.item import Item
from echange.lending.seeing import myself
from echange.lending.wishing import Wish, wanted_of

AT_MOST: Final = 3
_LOOKED_AT: Final = 12
# No date helps against these; the first two are one's own to settle.
_WITHOUT: Final = frozenset({"overdue", "not_verified", "own_item", "paused", "out_of_scope", "invalid"})
_NO_OTHER_DATE: Final = _WITHOUT | {"members_only", "training_needed", "too_many_running", "not_for_loan",
                                    "too_many_of_category", "too_many_at_once"}  # fmt: skip
# The same kind of thing first from the same lender, then from others; the most alike by name before.
_ALIKE: Final = """
    SELECT i.id FROM item i JOIN item w ON w.id = $1
    WHERE i.id = ANY($2::int[]) AND i.id <> w.id ORDER BY similarity(i.title, w.title) DESC, i.id LIMIT $3"""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What can be booked instead. `why`: another « date », « item » or « lender »."""

    why: Literal["date", "item", "lender"]
    item: Item
    period: Period
    quantity: int
    lender: str

    @property
    def address(self) -> str:
        """Its page, with this window chosen."""
        from echange.lending.choosing import window_address

        return f"{self.item.url}{window_address(self.period, self.quantity)}#demande"

    def told(self) -> dict[str, Any]:
        """As programs read it."""
        return {
            "why": self.why,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "item": self.item.id,
            "title": self.item.title,
            "lender": self.lender,
            "quantity": self.quantity,
            "url": self.item.url,
        }


async def add_alternatives(refusal: Refusal, wish: Wish, by: Viewer, *, besides: int | None = None) -> None:
    """Put them on a refusal. What cannot be asked at all stays without."""
    if refusal.status in {403, 404} or refusal.code in _WITHOUT:
        return
    found = await alternatives(wish, by, besides=besides, dates=refusal.code not in _NO_OTHER_DATE)
    refusal.alternatives = [one.told() for one in found]


async def alternatives(
    wish: Wish, by: Viewer, *, besides: int | None = None, dates: bool = True
) -> list[Alternative]:
    """Three at most: one of each sort where there is one, then more dates."""
    periods = await _dates(wish, besides) if dates else []
    same_lender, others = await _things(wish, by)
    name = await _lender_names([wish.item, *same_lender[:1], *others[:AT_MOST]])
    on_dates = [
        Alternative("date", wish.item, period, wish.quantity, name[wish.item.lender_id]) for period in periods
    ]
    items = [Alternative("item", one, wish.period, wish.quantity, name[one.lender_id]) for one in same_lender]
    lenders = [Alternative("lender", one, wish.period, wish.quantity, name[one.lender_id]) for one in others]
    first = [*on_dates[:1], *items[:1], *lenders[:1]]
    rest = [*on_dates[1:], *lenders[1:], *items[1:]]
    return [*first, *rest][:AT_MOST]


async def _dates(wish: Wish, besides: int | None) -> Sequence[Period]:
    try:
        wanted = await wanted_of(wish.item, wish.quantity, wish.parts)
    except Refusal:
        return []
    return await booking.alternatives(wanted, wish.period, n=AT_MOST, besides=besides) if wanted else []


async def _things(wish: Wish, by: Viewer) -> tuple[list[Item], list[Item]]:
    """Others of its category that are free just then: the same lender's, and other lenders'."""
    if not wish.item.category:
        return [], []
    seen = Item.visible_to(by).filter(
        category=wish.item.category, published_at__isnull=False, withdrawn_at=None, hidden_at=None
    )
    # A room does not stand in for a drill.
    seen = seen.filter(kind__in=["thing", "kit"] if wish.item.kind in {"thing", "kit"} else [wish.item.kind])
    ids = await seen.limit(500).values_list("id", flat=True)
    rows = await fetch(_ALIKE, wish.item.id, list(ids), _LOOKED_AT)
    found = {item.id: item for item in await Item.filter(id__in=[row["id"] for row in rows])}
    same: list[Item] = []
    others: list[Item] = []
    for row in rows:
        item = found[row["id"]]
        into = same if item.lender_id == wish.item.lender_id else others
        enough = 1 if into is same else AT_MOST
        if len(into) < enough and await _can_be_had(item, wish, by):
            into.append(item)
    return same, others


async def _can_be_had(item: Item, wish: Wish, by: Viewer) -> bool:
    if await limits.would_refuse(item, myself(by), wish.period, wish.quantity) is not None:
        return False
    try:
        wanted = await wanted_of(item, wish.quantity)
        return bool(wanted) and await booking.can_take(wanted, wish.period) is None
    except (NotFound, Refusal):
        return False


async def _lender_names(items: Sequence[Item]) -> dict[int, str]:
    rows = await fetch(
        """SELECT l.id, coalesce(m.name, o.name, p.name) AS name FROM lender l
           LEFT JOIN member m ON m.id = l.member_id LEFT JOIN organisation o ON o.id = l.organisation_id
           LEFT JOIN place p ON p.id = l.place_id WHERE l.id = ANY($1::int[])""",
        list({item.lender_id for item in items}),
    )
    return {row["id"]: row["name"] for row in rows}
