"""Places in JSON, over the same verbs as the pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Invalid, Out, answer, anyone, api, member, read_json, read_query, signed_in
from echange.http.dates import now
from echange.places.access import in_order
from echange.places.forms import PlaceForm, PlacePatch, PlacesApiQuery
from echange.places.hours import state_at
from echange.places.loading import columns, kept_place, visible_place
from echange.places.models import Place
from echange.places.pages.places import MAKING
from echange.places.queries import PlaceCard, find_places


class PlaceLine(Out):
    """In a list; `open` at this instant."""

    id: int
    name: str
    address: str
    quartier: str
    access: list[str]
    open: bool
    url: str


class PlacePage(Out):
    items: list[PlaceLine]
    next: str | None


class PlaceOut(Out):
    """`organisation` looks after it, the town where it is null."""

    id: int
    name: str
    address: str
    quartier: str | None
    about: str
    way: str
    access: list[str]
    access_note: str
    phone: str
    mail: str
    organisation: int | None
    open: bool
    closed: bool
    url: str


async def list_places(request: Request) -> Response:
    bound = read_query(request, PlacesApiQuery)
    query = bound.data
    if query is None:
        raise Invalid(bound.errors)
    found = await find_places(query.q, query.quartier, query.access, query.limit, query.position(), now())
    return answer(PlacePage(items=[_line(card) for card in found.items], next=found.next))


async def create_place(request: Request) -> Response:
    """Of an organisation one speaks for, or of the town by its desk."""
    form = await read_json(request, PlaceForm)
    place = await Place.make(by=signed_in(request), **await columns(form.model_dump()))
    return await _whole(place, 201)


async def show_place(request: Request) -> Response:
    return await _whole(await visible_place(request))


async def change_place(request: Request) -> Response:
    """Only what is given."""
    place, form = await kept_place(request), await read_json(request, PlacePatch)
    if said := form.given():
        await place.rewrite(by=signed_in(request), **await columns(said))
    return await _whole(place)


async def close_place(request: Request) -> Response:
    place = await kept_place(request)
    await place.close(by=signed_in(request))
    return await _whole(place, 201)


async def reopen_place(request: Request) -> Response:
    await (await kept_place(request)).reopen(by=signed_in(request))
    return answer(None, 204)


def _line(card: PlaceCard) -> PlaceLine:
    return PlaceLine(
        id=card.id,
        name=card.name,
        address=card.address,
        quartier=card.quartier,
        access=card.access,
        open=card.state.is_open,
        url=card.url,
    )


async def _whole(place: Place, status: int = 200) -> Response:
    fresh = await Place.get(id=place.id).select_related("quartier")
    state = await state_at(fresh.site_id, now())
    told = PlaceOut(
        id=fresh.id,
        name=fresh.name,
        address=fresh.address,
        quartier=fresh.quartier.slug if fresh.quartier else None,
        about=fresh.about,
        way=fresh.way,
        access=in_order(fresh.access),
        access_note=fresh.access_note,
        phone=fresh.phone,
        mail=fresh.mail,
        organisation=fresh.organisation_id,
        open=state.is_open,
        closed=fresh.closed_at is not None,
        url=fresh.url,
    )
    return answer(told, status)


_PLACE: Final = "/places/{id:id}"

routes: Final = [
    api("GET", "/places", list_places, who=anyone, summary="Les lieux de la ville",
        query=PlacesApiQuery, answer=PlacePage),
    api("POST", "/places", create_place, who=member, summary="Ajouter un lieu", body=PlaceForm,
        answer=PlaceOut, status=201, limit=MAKING),
    api("GET", _PLACE, show_place, who=anyone, summary="Un lieu", answer=PlaceOut),
    api("PATCH", _PLACE, change_place, who=member, summary="Changer la page d’un lieu", body=PlacePatch,
        answer=PlaceOut),
    api("POST", _PLACE + "/closure", close_place, who=member, summary="Fermer la page d’un lieu",
        answer=PlaceOut, status=201),
    api("DELETE", _PLACE + "/closure", reopen_place, who=member, summary="Rouvrir la page d’un lieu",
        status=204),
]  # fmt: skip
