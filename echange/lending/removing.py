"""Erasing what was never lent."""

from echange import booking
from echange.database import execute, fetch, fetch_value
from echange.http.dates import now
from echange.lending import refusals
from echange.lending.models.item import Item


async def erase(item: Item) -> None:
    """The item with all that is only its own, in the caller's transaction, the item being locked.

    Its calendar stays in `booking`, withdrawn: what happened there is never erased. Raises WasLent, InAKit.
    """
    if await fetch_value(
        """SELECT EXISTS (SELECT FROM loan WHERE item_id = $1)
               OR EXISTS (SELECT FROM condition_report r JOIN unit u ON u.id = r.unit_id WHERE u.item_id = $1)
               OR EXISTS (SELECT FROM kit_part p JOIN loan l ON l.item_id = p.kit_id WHERE p.item_id = $1)""",
        item.id,
    ):
        raise refusals.WasLent
    kit = await fetch_value(
        "SELECT i.title FROM kit_part p JOIN item i ON i.id = p.kit_id WHERE p.item_id = $1 LIMIT 1", item.id
    )
    if kit is not None:
        raise refusals.InAKit(kit=kit)
    for unit_id in await fetch("SELECT id FROM unit WHERE item_id = $1 ORDER BY id", item.id):
        await booking.withdraw(unit_id["id"], at=now())
    await execute("DELETE FROM unit WHERE item_id = $1", item.id)
    await execute("DELETE FROM item WHERE id = $1", item.id)
