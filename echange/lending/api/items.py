"""What is lent, in JSON, over the same verbs as the pages."""

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Invalid,
    Out,
    Rate,
    Viewer,
    anyone,
    api,
    member,
    read_json,
    read_query,
    signed_in,
    viewer_of,
)
from echange.http import answer as reply
from echange.lending.addresses import photo_url
from echange.lending.cards import LenderFace, face_of
from echange.lending.item_forms import ItemIn, ItemPatch, ItemsQuery
from echange.lending.item_showing import place_of, quartier_of
from echange.lending.loading import own_item, visible_item, whole
from echange.lending.models.item import Item
from echange.lending.models.photo import ItemPhoto
from echange.lending.publishing import change, lend, terms_in_force
from echange.lending.queries import ItemSearch, find_items, usable_units
from echange.media.album_api import PhotoOut
from echange.members import Quartier


class LenderOut(Out):
    """`kind`: member, place, or the organisation's: association, professional, municipal."""

    id: int
    kind: str
    name: str
    handle: str


class PlaceOut(Out):
    id: int
    name: str
    slug: str


class AccessoryOut(Out):
    name: str
    quantity: int


class PartOut(Out):
    item: int
    title: str
    quantity: int
    optional: bool


class TermsOut(Out):
    """Minutes and days; null: no limit."""

    before_minutes: int
    after_minutes: int
    min_minutes: int
    max_minutes: int | None
    lead_open_days: int
    horizon_days: int | None
    spans: bool
    step_minutes: int


class ItemOut(Out):
    id: int
    kind: str
    state: str
    title: str
    body: str
    category: str
    url: str
    lender: LenderOut
    place: PlaceOut | None
    quartier: str | None
    units: int
    max_quantity: int | None
    value_cents: int | None
    deposit_cents: int
    who: str
    approval: str
    renewals: int
    rules: str
    manual: str
    training: int | None
    terms: TermsOut | None
    accessories: list[AccessoryOut]
    parts: list[PartOut]
    photos: list[PhotoOut]
    published_at: datetime | None


class ItemPage(Out):
    items: list[ItemOut]
    next: str | None


async def list_items(request: Request) -> Response:
    """What is lent, the newest first; with words, what has them in its title before the rest."""
    bound, viewer = read_query(request, ItemsQuery), viewer_of(request)
    if bound.data is None:
        raise Invalid(bound.errors)
    query = bound.data
    quartier = await Quartier.called(query.quartier)
    search = ItemSearch(
        words=query.q,
        categories=(query.category,) if query.category else (),
        kinds=(query.kind,) if query.kind else (),
        quartiers=(quartier.id,) if quartier else (),
        lender=query.lender,
        organisation=query.organisation,
        place=query.place,
        unseen=viewer.unseen if viewer else frozenset(),
    )
    found = await find_items(search, query.limit, query.position(), viewer)
    ids = [card.id for card in found.page.items]
    told = await items_out(ids, viewer)
    return reply(ItemPage(items=[told[one] for one in ids if one in told], next=found.page.next))


async def make_item(request: Request) -> Response:
    """In one's own name, or that of the organisation or place one speaks for."""
    form = await read_json(request, ItemIn)
    me = signed_in(request)
    item = await lend(form, by=me)
    return reply(await _fresh(item, me), 201)


async def show_item(request: Request) -> Response:
    viewer = viewer_of(request)
    item = await visible_item(request)
    return reply(await _out(item, viewer))


async def change_item(request: Request) -> Response:
    """Only the fields that are given. `withdrawn` true lends it to nobody more; loans to come stay."""
    item = await own_item(request)
    form = await read_json(request, ItemPatch)
    me = signed_in(request)
    await change(item, form, by=me)
    return reply(await _fresh(item, me))


async def delete_item(request: Request) -> Response:
    """Only what was never lent."""
    item = await own_item(request)
    await item.remove(request.app.state.store, by=signed_in(request))
    return reply(None, 204)


async def items_out(ids: Sequence[int], viewer: Viewer | None) -> dict[int, ItemOut]:
    """Those of these items that the viewer sees, by id."""
    items = await whole(Item.visible_to(viewer).filter(id__in=list(ids)))
    units = await usable_units([item.id for item in items])
    terms = await terms_in_force(items)
    return {item.id: item_out(item, units[item.id], terms.get(item.id), viewer) for item in items}


async def _out(item: Item, viewer: Viewer | None) -> ItemOut:
    terms = await terms_in_force([item])
    return item_out(item, (await usable_units([item.id]))[item.id], terms.get(item.id), viewer)


async def _fresh(item: Item, viewer: Viewer) -> ItemOut:
    return await _out(await whole(Item.filter(id=item.id)).get(), viewer)


def item_out(
    item: Item, units: int, terms: dict[str, int | bool | None] | None, viewer: Viewer | None
) -> ItemOut:
    """An item that was loaded whole."""
    face = face_of(item.lender, viewer)
    place = place_of(item)
    quartier = quartier_of(item)
    return ItemOut(
        id=item.id,
        kind=item.kind,
        state=item.state,
        title=item.title,
        body=item.body,
        category=item.category,
        url=item.url,
        lender=_lender_out(face),
        place=PlaceOut(id=place.id, name=place.name, slug=place.slug) if place else None,
        quartier=quartier.slug if quartier else None,
        units=units,
        max_quantity=item.max_quantity,
        value_cents=item.value_cents,
        deposit_cents=item.deposit_cents,
        who=item.who,
        approval=item.approval,
        renewals=item.renewals,
        rules=item.rules,
        manual=item.manual,
        training=item.training_id,
        terms=TermsOut.model_validate(terms) if terms else None,
        accessories=[
            AccessoryOut(name=one.name, quantity=one.quantity)
            for one in sorted(item.accessories, key=lambda one: (one.position, one.id))
        ],
        parts=[
            PartOut(item=part.item_id, title=part.item.title, quantity=part.quantity, optional=part.optional)
            for part in sorted(item.parts, key=lambda one: (one.position, one.id))
        ],
        photos=[photo_out(one) for one in sorted(item.photos, key=lambda one: one.position)],
        published_at=item.published_at,
    )


def photo_out(photo: ItemPhoto) -> PhotoOut:
    """A photo by its largest file."""
    url = photo_url(photo.item_id, photo.id, max(photo.widths))
    return PhotoOut(id=photo.id, url=url, width=photo.width, height=photo.height, alt=photo.alt)


def _lender_out(face: LenderFace) -> LenderOut:
    return LenderOut(id=face.lender_id, kind=face.kind or "member", name=face.name, handle=face.handle)


_ITEM = "/items/{id:id}"

routes = [
    api("GET", "/items", list_items, who=anyone, summary="Ce qui se prête, du plus récent au plus ancien",
        query=ItemsQuery, answer=ItemPage),
    api("POST", "/items", make_item, who=member, summary="Prêter quelque chose", body=ItemIn, answer=ItemOut,
        status=201, limit=Rate("item", 120, 3600)),
    api("GET", _ITEM, show_item, who=anyone, summary="Un objet prêté", answer=ItemOut),
    api("PATCH", _ITEM, change_item, who=member, summary="Corriger, retirer ou remettre un objet",
        body=ItemPatch, answer=ItemOut),
    api("DELETE", _ITEM, delete_item, who=member, summary="Effacer un objet jamais prêté", status=204),
]  # fmt: skip
