"""Things lent reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request
from tortoise.queryset import QuerySet

from echange.http import NotAllowed, NotFound, signed_in, viewer_of
from echange.lending.codes import CODE, tidied
from echange.lending.managing import check_manages
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.models.unit import Unit


def whole(items: QuerySet[Item]) -> QuerySet[Item]:
    """With all that a page or the API shows of them."""
    related = items.select_related(
        "lender",
        "lender__member",
        "lender__member__quartier",
        "lender__organisation",
        "lender__organisation__quartier",
        "lender__place",
        "lender__place__quartier",
        "place",
        "place__quartier",
        "training",
    )
    return related.prefetch_related("photos", "accessories", "parts__item")


async def visible_item(request: Request) -> Item:
    """The item of the address, with all that its page shows. Raises NotFound."""
    item = await whole(Item.visible_to(viewer_of(request)).filter(id=request.path_params["id"])).first()
    if item is None:
        raise NotFound
    return item


async def own_item(request: Request) -> Item:
    """The item of the address, for who manages its lender. Raises NotFound, NotAllowed, OutOfScope."""
    viewer = signed_in(request)
    item = await visible_item(request)
    await check_manages(viewer, item.lender)
    return item


async def own_lender(request: Request) -> Lender:
    """The lender of the address, with its owner, for who manages it. Raises NotFound, OutOfScope."""
    viewer = signed_in(request)
    related = Lender.filter(id=request.path_params["id"]).select_related("member", "organisation", "place")
    lender = await related.first()
    if lender is None:
        raise NotFound
    try:
        await check_manages(viewer, lender)
    except NotAllowed as refusal:
        # A member's own page says nothing to others, not even that it is there.
        raise NotFound from refusal
    return lender


async def own_unit(request: Request) -> Unit:
    """The unit of the address, by its id, with its item, for who manages it. Raises NotFound, OutOfScope."""
    return await _managed(request, Unit.filter(id=request.path_params["id"]))


async def unit_of_code(code: str) -> Unit | None:
    """The unit whose label says this, with its item; None for none."""
    said = tidied(code)
    if not CODE.fullmatch(said):
        return None
    return await Unit.filter(code=said).select_related("item", "item__lender").first()


async def _managed(request: Request, units: QuerySet[Unit]) -> Unit:
    viewer = signed_in(request)
    unit = await units.select_related("item", "item__lender", "item__lender__place").first()
    if unit is None:
        raise NotFound
    try:
        await check_manages(viewer, unit.item.lender)
    except NotAllowed as refusal:
        raise NotFound from refusal
    return unit
