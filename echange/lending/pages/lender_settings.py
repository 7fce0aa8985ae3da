"""A lender's settings: where things are collected, how much one person may borrow; hours stand below."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange import booking
from echange.http import Bound, Viewer, blank, read_form, redirect, refused_form, render, signed_in
from echange.i18n import gettext as _
from echange.lending.cards import face_of
from echange.lending.loading import own_lender
from echange.lending.models.lender import Lender
from echange.lending.models.training import Training
from echange.lending.screen_forms import LenderForm
from echange.lending.seeing import actor
from echange.places import SiteOwner, hours_routes


async def show_settings(request: Request) -> Response:
    """GET /prets/preteur/7"""
    lender = await own_lender(request)
    said = {name: getattr(lender, name) or "" for name in LenderForm.model_fields}
    screen = await _screen(lender, blank(LenderForm, **said), signed_in(request))
    return render(request, "lending/lender.html", screen)


async def write_settings(request: Request) -> Response:
    """POST /prets/preteur/7"""
    lender, viewer = await own_lender(request), signed_in(request)
    bound = await read_form(request, LenderForm)
    if bound.data is None:
        return refused_form(request, "lending/lender.html", await _screen(lender, bound, viewer))
    await lender.tell(by=viewer, **bound.data.model_dump())
    return redirect(request, lender.url, say=_("C’est enregistré."))


async def _screen(lender: Lender, form: Bound[LenderForm], viewer: Viewer) -> dict[str, Any]:
    actor(viewer)
    place = lender.place
    return {
        "form": form,
        "lender": lender,
        "face": face_of(lender, viewer),
        "place": {"name": place.name, "url": f"/lieux/{place.slug}"} if place else None,
        "has_hours": bool(await booking.openings(lender.site_id)),
        "hours_url": f"/lieux/{place.slug}/horaires" if place else f"{lender.url}/horaires",
        "trainings": await Training.filter(lender_id=lender.id, closed_at=None).count(),
    }


async def site_of_lender(request: Request) -> SiteOwner:
    """Whose hours these are, for who manages the lender. Raises NotFound, OutOfScope."""
    lender = await own_lender(request)
    name = face_of(lender, signed_in(request)).name
    trail = ((_("Ce que je prête"), "/moi/materiel"), (name, lender.url))
    return SiteOwner(lender.site_id, name, lender.url, trail)


hours = hours_routes("/prets/preteur/{id:id}", site_of_lender)
