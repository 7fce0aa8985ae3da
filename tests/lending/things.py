"""Things lent, made quickly by their verbs and through the API, for tests about something else.

`keeper` of the neighbours keeps the association Les Fêtes de la Redoute: `await redoute(town)` founds it.
"""

from typing import Any

import httpx

from echange.booking import Rules
from echange.http import Viewer
from echange.lending import Item, Lender, Unit
from echange.lending.models import KitPart
from echange.lending.models.parts import Part
from echange.members import Membership, Organisation
from tests.neighbours import Town


def somebody(town: Town, handle: str, *roles: str) -> Viewer:
    """A neighbour as verbs know them."""
    return Viewer(
        id=town[handle], name=handle, handle=handle, confirmed=True, verified=True, roles=frozenset(roles)
    )


async def redoute(town: Town, *managers: str) -> Organisation:
    """The association Les Fêtes de la Redoute: its keeper owns it, these neighbours manage it with them."""
    known = await Organisation.get_or_none(name="Les Fêtes de la Redoute")
    if known is None:
        known = await Organisation.found(
            by=somebody(town, "redoute"), kind="association", name="Les Fêtes de la Redoute"
        )
    for handle in managers:
        await Membership.create(organisation=known, member_id=town[handle], role="manager")
    return known


async def belongs(town: Town, handle: str, organisation: Organisation) -> None:
    """Make a neighbour a plain member of it."""
    await Membership.create(organisation=organisation, member_id=town[handle], role="member")


async def association_lender(town: Town) -> Lender:
    """The lender that the association of the Redoute is."""
    return await Lender.of(organisation_id=(await redoute(town)).id)


async def lent(
    town: Town,
    title: str = "Table pliante",
    *,
    by: str = "redoute",
    units: int = 1,
    lender: Lender | None = None,
    terms: Rules | None = None,
    **columns: Any,
) -> Item:
    """An item of so many units, lent by the association, or by this neighbour in their own name."""
    if lender is None:
        lender = await association_lender(town) if by == "redoute" else await Lender.of(member_id=town[by])
    return await Item.make(lender, by=somebody(town, by), title=title, units=units, terms=terms, **columns)


async def kit(
    town: Town,
    title: str,
    *parts: tuple[Item, int],
    optional: tuple[tuple[Item, int], ...] = (),
    **columns: Any,
) -> Item:
    """A published kit of the association's items, so many of each."""
    made = await lent(town, title, kind="kit", **columns)
    told = [Part(item.id, quantity) for item, quantity in parts]
    told += [Part(item.id, quantity, True) for item, quantity in optional]
    keeper = somebody(town, "redoute")
    await KitPart.tell(made, told, by=keeper)
    await made.publish(by=keeper)
    return made


async def units_of(item: Item) -> list[Unit]:
    """In the order of their codes."""
    return list(await Unit.filter(item_id=item.id).order_by("code"))


async def posted(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    """An item of whoever `client` is, through the API."""
    answer = await client.post("/api/v1/items", json={"title": "Perceuse", **body})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told
