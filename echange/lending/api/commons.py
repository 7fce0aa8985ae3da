"""The Commons API: what associations and places lend, as portals of commons read it.

Two ways in. `/commons` is one document after `commons-api.schema.json` of wielebenwir/commons-api 0.1.0,
whose examples say `uid` and `status` where its required fields say `id`, `location_id` and `available`: both
stand here. Below it are the five documents of CommonsBooking 2, after its `commons-api.*.schema.json`.
"""

from datetime import UTC, datetime
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from echange.config import Settings
from echange.http import Out, Rate, anyone, api
from echange.http.crosssite import own_origin
from echange.http.rates import limiter_of
from echange.http.rationed import Rationed
from echange.i18n import gettext as _
from echange.lending.commons import CommonsItem, CommonsLocation, CommonsSlot

ASKED = Rate("commons", 60, 600)


class CommonsProject(Out):
    id: str
    name: str
    url: str
    description: str
    language: str


class CommonsOwner(Out):
    id: str
    name: str
    url: str


class CommonsGeometry(Out):
    """A point of GeoJSON: longitude, latitude (RFC 7946)."""

    type: Literal["Point"]
    coordinates: tuple[float, float]


class CommonsPlace(Out):
    uid: str
    id: str
    name: str
    url: str = ""
    address: str = ""


class CommonsFeature(Out):
    """`geometry` is the middle of the town: no place is known more exactly."""

    type: Literal["Feature"]
    properties: CommonsPlace
    geometry: CommonsGeometry


class CommonsFeatures(Out):
    type: Literal["FeatureCollection"]
    features: list[CommonsFeature]


class CommonsTime(Out):
    """`status`: available or booked; with `location_uid` it says what `available` and `location_id` say."""

    start: datetime
    end: datetime
    location_uid: str
    location_id: str
    status: str
    available: bool


class CommonsThing(Out):
    uid: str
    id: str
    name: str
    url: str
    description: str
    owner_uid: str
    owner_id: str
    availability: list[CommonsTime]
    image: str = ""


class CommonsOut(Out):
    project: CommonsProject
    owners: dict[str, CommonsOwner]
    locations: CommonsFeatures
    items: list[CommonsThing]


class CommonsProjectsOut(Out):
    projects: list[CommonsProject]


class CommonsOwnersOut(Out):
    owners: list[CommonsOwner]


class CommonsLocationsOut(Out):
    locations: CommonsFeatures


class CommonsListedItem(Out):
    id: str
    name: str
    url: str
    description: str
    ownerId: str  # noqa: N815 — as the schema names it
    projectId: str  # noqa: N815
    image: str = ""


class CommonsItemsOut(Out):
    items: list[CommonsListedItem]


class CommonsListedTime(Out):
    start: datetime
    end: datetime
    locationId: str  # noqa: N815
    itemId: str  # noqa: N815


class CommonsAvailabilityOut(Out):
    availability: list[CommonsListedTime]


async def show_commons(request: Request) -> Response:
    """All of it in one document."""
    things, origin = await _things(request), _origin(request)
    return _answer(
        CommonsOut(
            project=_project(request),
            owners={one.id: one for one in _owners(things, origin)},
            locations=_locations(request, things),
            items=[_thing(one, origin) for one in things],
        )
    )


async def list_projects(request: Request) -> Response:
    return _answer(CommonsProjectsOut(projects=[_project(request)]))


async def list_owners(request: Request) -> Response:
    return _answer(CommonsOwnersOut(owners=_owners(await _things(request), _origin(request))))


async def list_locations(request: Request) -> Response:
    return _answer(CommonsLocationsOut(locations=_locations(request, await _things(request))))


async def list_things(request: Request) -> Response:
    things, origin = await _things(request), _origin(request)
    return _answer(CommonsItemsOut(items=[_listed(one, origin) for one in things]))


async def list_times(request: Request) -> Response:
    """When something can be had; what is taken is not in it."""
    times = [
        CommonsListedTime(
            start=_utc(slot.start), end=_utc(slot.end), locationId=one.location.uid, itemId=one.uid
        )
        for one in await _things(request)
        for slot in one.slots
        if slot.status == "available"
    ]
    return _answer(CommonsAvailabilityOut(availability=times))


async def _things(request: Request) -> list[CommonsItem]:
    limiter_of(request).check(ASKED, request)
    rationed: Rationed[list[CommonsItem]] = request.app.state.commons
    return await rationed.answer()


def _answer(model: Out) -> Response:
    # What is not there is left out: the schemas know no null.
    body = model.model_dump_json(exclude_unset=True)
    return Response(body, media_type="application/json", headers={"cache-control": "public, max-age=60"})


def _origin(request: Request) -> str:
    return own_origin(request, request.app.state.settings) or ""


def _project(request: Request) -> CommonsProject:
    town = request.app.state.settings.town_name
    return CommonsProject(
        id="echange",
        name=_("échange, {town}").format(town=town),
        url=f"{_origin(request)}/",
        description=_("Ce que les associations et les lieux de {town} prêtent.").format(town=town),
        language="fr",
    )


def _owners(things: list[CommonsItem], origin: str) -> list[CommonsOwner]:
    faces = {one.owner_uid: one.owner for one in things}
    return [CommonsOwner(id=uid, name=face.name, url=origin + face.url) for uid, face in faces.items()]


def _locations(request: Request, things: list[CommonsItem]) -> CommonsFeatures:
    known = {one.location.uid: one.location for one in things}
    return CommonsFeatures(
        type="FeatureCollection", features=[_feature(request, one) for one in known.values()]
    )


def _feature(request: Request, location: CommonsLocation) -> CommonsFeature:
    name = location.name or request.app.state.settings.town_name
    told = {"url": _origin(request) + location.url} if location.url else {}
    if location.address:
        told["address"] = location.address
    place = CommonsPlace(uid=location.uid, id=location.uid, name=name, **told)
    return CommonsFeature(type="Feature", properties=place, geometry=_middle_of_town(request))


def _middle_of_town(request: Request) -> CommonsGeometry:
    settings: Settings = request.app.state.settings
    return CommonsGeometry(type="Point", coordinates=(settings.town_longitude, settings.town_latitude))


def _thing(one: CommonsItem, origin: str) -> CommonsThing:
    return CommonsThing(
        uid=one.uid,
        id=one.uid,
        name=one.name,
        url=origin + one.url,
        description=one.description,
        owner_uid=one.owner_uid,
        owner_id=one.owner_uid,
        availability=[_time(slot, one.location.uid) for slot in one.slots],
        **_image(one, origin),
    )


def _listed(one: CommonsItem, origin: str) -> CommonsListedItem:
    return CommonsListedItem(
        id=one.uid,
        name=one.name,
        url=origin + one.url,
        description=one.description,
        ownerId=one.owner_uid,
        projectId="echange",
        **_image(one, origin),
    )


def _image(one: CommonsItem, origin: str) -> dict[str, str]:
    return {"image": origin + one.image} if one.image else {}


def _time(slot: CommonsSlot, location: str) -> CommonsTime:
    return CommonsTime(
        start=_utc(slot.start),
        end=_utc(slot.end),
        location_uid=location,
        location_id=location,
        status=slot.status,
        available=slot.status == "available",
    )


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


routes = [
    api("GET", "/commons", show_commons, who=anyone, answer=CommonsOut,
        summary="Commons API : ce qui se prête, pour les portails"),
    api("GET", "/commons/projects", list_projects, who=anyone, summary="Commons API : le projet",
        answer=CommonsProjectsOut),
    api("GET", "/commons/owners", list_owners, who=anyone, summary="Commons API : qui prête",
        answer=CommonsOwnersOut),
    api("GET", "/commons/locations", list_locations, who=anyone, summary="Commons API : où l’on retire",
        answer=CommonsLocationsOut),
    api("GET", "/commons/items", list_things, who=anyone, summary="Commons API : les objets",
        answer=CommonsItemsOut),
    api("GET", "/commons/availability", list_times, who=anyone, summary="Commons API : quand c’est libre",
        answer=CommonsAvailabilityOut),
]  # fmt: skip
