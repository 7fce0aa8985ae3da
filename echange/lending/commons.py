"""What associations and places lend, for portals that gather what many towns share (Commons API).

Of a member nothing is told: neither what they lend nor where they live.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal

from echange import booking
from echange.database import fetch
from echange.http import Refusal
from echange.http.dates import today, town_zone
from echange.lending.addresses import item_url
from echange.lending.cards import LenderFace, card_of
from echange.lending.models.item import Item
from echange.lending.queries import COLUMNS, LISTED, TABLES
from echange.lending.wishing import wanted_of

DAYS: Final = 21
MOST: Final = 500
_ITEMS: Final = f"""
    SELECT {COLUMNS}, i.published_at AS place_in_list, i.body AS words, spot.id AS spot_id,
           spot.slug AS spot_slug, spot.name AS spot_name, spot.address, o_q.id AS quartier_id,
           o_q.name AS quartier_name
    FROM {TABLES}
    LEFT JOIN place spot
        ON spot.id = coalesce(i.place_id, l.place_id) AND spot.closed_at IS NULL AND spot.hidden_at IS NULL
    LEFT JOIN quartier o_q ON o_q.id = coalesce(p.quartier_id, o.quartier_id)
    WHERE {LISTED} AND l.member_id IS NULL
    ORDER BY i.published_at DESC, i.id DESC LIMIT {MOST}"""  # noqa: S608 — our own words


@dataclass(frozen=True, slots=True)
class CommonsLocation:
    """Where something is collected: a place, else the part of town, else somewhere in town."""

    uid: str
    name: str
    url: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CommonsSlot:
    start: datetime
    end: datetime
    status: Literal["available", "booked"]


@dataclass(frozen=True, slots=True)
class CommonsItem:
    """`url`, `image`: paths on our site."""

    uid: str
    name: str
    description: str
    url: str
    image: str
    owner: LenderFace
    location: CommonsLocation
    slots: tuple[CommonsSlot, ...]

    @property
    def owner_uid(self) -> str:
        return str(self.owner.lender_id)


async def gathered() -> list[CommonsItem]:
    """The newest of them, 500 at most, each with when it is free in the next three weeks."""
    rows = await fetch(_ITEMS)
    items = {one.id: one for one in await Item.filter(id__in=[row["id"] for row in rows])}
    return [_item(row, await _slots(items[row["id"]])) for row in rows if row["id"] in items]


def _item(row: Any, slots: tuple[CommonsSlot, ...]) -> CommonsItem:  # noqa: ANN401 — a record of asyncpg
    card = card_of(row, None)
    return CommonsItem(
        uid=str(card.id),
        name=card.title,
        description=row["words"],
        url=item_url(card.id, card.title),
        image=card.photo.full if card.photo else "",
        owner=card.lender,
        location=_location(row),
        slots=slots,
    )


def _location(row: Any) -> CommonsLocation:  # noqa: ANN401 — a record of asyncpg
    if row["spot_id"]:
        url = f"/lieux/{row['spot_slug']}"
        return CommonsLocation(f"place-{row['spot_id']}", row["spot_name"], url, row["address"])
    if row["quartier_id"]:
        return CommonsLocation(f"quartier-{row['quartier_id']}", row["quartier_name"])
    return CommonsLocation("town", "")


async def _slots(item: Item) -> tuple[CommonsSlot, ...]:
    try:
        wanted = await wanted_of(item)
    except Refusal:
        # A kit of which a part is lent no more.
        wanted = {}
    if not wanted:
        return ()
    first = today()
    days = await booking.days(wanted, first, first + timedelta(days=DAYS - 1))
    return tuple(_joined(slot for day in days for slot in _slots_of(day)))


def _slots_of(day: booking.Day) -> Iterable[CommonsSlot]:
    if day.state == "taken":
        midnight = datetime.combine(day.date, time.min, town_zone.get())
        return [CommonsSlot(midnight, midnight + timedelta(days=1), "booked")]
    return [CommonsSlot(span.start, span.end, "available") for span in day.spans]


def _joined(slots: Iterable[CommonsSlot]) -> list[CommonsSlot]:
    """Those that follow one another without a gap, as one."""
    told: list[CommonsSlot] = []
    for slot in sorted(slots, key=lambda one: one.start):
        last = told[-1] if told else None
        if last and last.status == slot.status and slot.start <= last.end:
            told[-1] = CommonsSlot(last.start, max(last.end, slot.end), slot.status)
        else:
            told.append(slot)
    return told
