"""Places reach a handler through whoever looks: hidden and absent are the same 404."""

from typing import Any

from starlette.requests import Request
from tortoise.expressions import Q

from echange.http import NotAllowed, NotFound, viewer_of
from echange.members import Quartier
from echange.places.access import in_order
from echange.places.models import Place


async def visible_place(request: Request) -> Place:
    """The place of the address, by its slug or its id. Raises NotFound."""
    named = request.path_params
    wanted = Q(slug=named["slug"]) if "slug" in named else Q(id=named["id"])
    seen = Place.visible_to(viewer_of(request)).filter(wanted)
    place = await seen.select_related("quartier", "organisation").first()
    if place is None:
        raise NotFound
    return place


async def kept_place(request: Request) -> Place:
    """The place of the address, for who looks after it. Raises NotFound, NotAllowed."""
    place = await visible_place(request)
    if not place.is_kept_by(viewer_of(request)):
        raise NotAllowed
    return place


async def columns(said: dict[str, Any]) -> dict[str, Any]:
    """What a form says, as columns. Raises Invalid for a quartier there is not."""
    told = dict(said)
    if "quartier" in told:
        quartier = await Quartier.called(told.pop("quartier") or "")
        told["quartier_id"] = quartier.id if quartier else None
    if "organisation" in told:
        told["organisation_id"] = told.pop("organisation")
    if "access" in told:
        told["access"] = in_order(told["access"] or [])
    empty = {name: "" for name in ("about", "way", "access_note", "phone", "mail") if name in told}
    return {**told, **{name: told[name] or "" for name in empty}}
