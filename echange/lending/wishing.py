"""What somebody would like to borrow: which thing, when, how many; and what that takes from the calendars."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from echange.booking import Period
from echange.database import fetch
from echange.http import Invalid
from echange.i18n import gettext as _
from echange.lending import loan_refusals
from echange.lending.models.item import Item

_PARTS: Final = """
    SELECT p.item_id, p.quantity, p.optional, i.model_id, i.title,
           i.withdrawn_at IS NULL AND i.hidden_at IS NULL AS there
    FROM kit_part p JOIN item i ON i.id = p.item_id WHERE p.kit_id = $1 ORDER BY p.position, p.id"""


@dataclass(frozen=True, slots=True)
class Wish:
    """`parts`: of a kit, the optional items that go with it, by their ids."""

    item: Item
    period: Period
    quantity: int = 1
    parts: tuple[int, ...] = ()

    def at(self, period: Period) -> "Wish":
        """The same at another time."""
        return replace(self, period=period)


async def wanted_of(item: Item, quantity: int = 1, parts: Sequence[int] = ()) -> dict[int, int]:
    """How many units of which models that takes; empty where a kit has nothing in it.

    Raises Invalid for a part it does not have, NotForLoan where a part of it is lent no more.
    """
    if item.model_id is not None:
        if parts:
            raise _no_such_part()
        return {item.model_id: quantity}
    rows = await fetch(_PARTS, item.id)
    if set(parts) - {row["item_id"] for row in rows if row["optional"]}:
        raise _no_such_part()
    wanted: dict[int, int] = {}
    for row in rows:
        if row["optional"] and row["item_id"] not in parts:
            continue
        if not row["there"]:
            raise loan_refusals.NotForLoan(title=row["title"])
        wanted[row["model_id"]] = wanted.get(row["model_id"], 0) + row["quantity"] * quantity
    return wanted


def _no_such_part() -> Invalid:
    return Invalid({"parts": [_("Choisissez une des réponses proposées.")]})
