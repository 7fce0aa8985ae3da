"""Who decides in a lender's name: the one rule that every page, verb and notice asks."""

from collections.abc import Sequence

from echange.database import fetch
from echange.http import NotAllowed, NotFound, Viewer, hat_of
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.seeing import DESK, actor, managed_by, myself
from echange.places import Place


async def may_manage(viewer: Viewer | None, lender: Lender) -> bool:
    """The member themselves; who speaks for the organisation, or for the place's; the town's desk for a place
    that is nobody's. Under a mandate for lending, the person's own things only.
    """
    if viewer is None:
        return False
    if lender.member_id is not None:
        return lender.member_id == myself(viewer)
    return await Lender.filter(managed_by(viewer), id=lender.id).exists()


async def check_manages(viewer: Viewer, lender: Lender) -> None:
    """Raises NotAllowed; OutOfScope under a mandate for other things."""
    actor(viewer)
    if not await may_manage(viewer, lender):
        raise NotAllowed


async def lender_for(
    viewer: Viewer, *, organisation_id: int | None = None, place_id: int | None = None
) -> Lender:
    """In whose name they lend: this organisation or place, else the hat they wear, else themselves (or the
    person of their mandate). Raises NotAllowed, NotFound, OutOfScope.
    """
    me = actor(viewer)
    if place_id is not None:
        return await _of_place(viewer, place_id)
    hat = hat_of(viewer)
    if organisation_id is None and hat is not None:
        organisation_id = hat.id
    if organisation_id is None:
        return await Lender.of(member_id=me)
    if organisation_id not in await spoken_for(viewer):
        raise NotAllowed
    return await Lender.of(organisation_id=organisation_id)


async def _of_place(viewer: Viewer, place_id: int) -> Lender:
    place = await Place.get_or_none(id=place_id, closed_at=None, hidden_at=None)
    if place is None:
        raise NotFound
    if viewer.behalf is not None:
        raise NotAllowed
    if place.organisation_id is None:
        if viewer.roles.isdisjoint(DESK):
            raise NotAllowed
    elif place.organisation_id not in await spoken_for(viewer):
        raise NotAllowed
    return await Lender.of(place_id=place_id)


async def spoken_for(viewer: Viewer) -> dict[int, str]:
    """Open organisations in whose name they may lend: id and name."""
    if viewer.behalf is not None:
        return {}
    rows = await fetch(
        """SELECT o.id, o.name FROM membership p JOIN organisation o ON o.id = p.organisation_id
           WHERE p.member_id = $1 AND p.role IN ('owner', 'manager') AND NOT o.away
           ORDER BY o.sort_key, o.id""",
        viewer.id,
    )
    return {row["id"]: row["name"] for row in rows}


async def places_kept(viewer: Viewer) -> list[Place]:
    """Open places in whose name they may lend."""
    if viewer.behalf is not None:
        return []
    mine = Place.filter(organisation_id__in=list(await spoken_for(viewer)), closed_at=None, hidden_at=None)
    found = list(await mine.order_by("sort_key", "id"))
    if viewer.roles & DESK:
        found += await Place.filter(organisation_id=None, closed_at=None, hidden_at=None).order_by("sort_key")
    return found


async def lenders_of(viewer: Viewer) -> list[Lender]:
    """All lenders in whose name they decide, with their owners; nobody is made one by looking."""
    mine = Lender.filter(managed_by(viewer)).select_related("member", "organisation", "place")
    return list(await mine.order_by("id"))


async def managers_of(lender: Lender) -> Sequence[int]:
    """The members who hear what happens to its things, none who is away: for notices."""
    rows = await fetch(
        """SELECT m.id FROM member m WHERE NOT m.away AND m.id IN (
               SELECT l.member_id FROM lender l WHERE l.id = $1 AND l.member_id IS NOT NULL
               UNION SELECT s.member_id FROM lender l LEFT JOIN place p ON p.id = l.place_id
                     JOIN membership s ON s.organisation_id = coalesce(l.organisation_id, p.organisation_id)
                     WHERE l.id = $1 AND s.role IN ('owner', 'manager')
               UNION SELECT r.member_id FROM lender l JOIN place p ON p.id = l.place_id
                     JOIN staff_role r ON r.role IN ('concierge', 'admin')
                     WHERE l.id = $1 AND p.organisation_id IS NULL)
           ORDER BY m.id""",
        lender.id,
    )
    return [row["id"] for row in rows]


async def lender_of(item: Item) -> Lender:
    """With its member, organisation or place."""
    return await Lender.get(id=item.lender_id).select_related("member", "organisation", "place")
