"""Lending something, in three screens: what it is, on which terms, read again. The draft is kept."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from echange import booking
from echange.database import in_transaction
from echange.http import (
    Bound,
    Invalid,
    Refusal,
    Viewer,
    blank,
    hat_of,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.durations import said
from echange.http.uploads import chosen_files
from echange.i18n import gettext as _
from echange.lending.categories import CATEGORIES
from echange.lending.item_showing import ItemDetail, detail_of
from echange.lending.kinds import APPROVALS, KIND_HINTS, KIND_ICONS, KINDS, ON_THE_SPOT, WHO
from echange.lending.loading import own_item
from echange.lending.models.item import MOST_UNITS, Item, may_stand_at
from echange.lending.models.parts import Accessory
from echange.lending.models.photo import ItemPhoto
from echange.lending.models.training import Training
from echange.lending.naming import lender_named, lender_names
from echange.lending.publishing import rules_of, training_of
from echange.lending.refusals import LenderAway, LenderUnconfirmed, NothingToLend
from echange.lending.screen_forms import DetailsItemForm, StartItemForm, accessories_in, words_of
from echange.media.album import MOST_PHOTOS
from echange.media.album_forms import keep_photos, moved_photo
from echange.places import Place

STEPS_SAID = (0, 15, 30, 60, 120, 240)


async def new_item(request: Request) -> Response:
    """GET /prets/publier?sorte=room: the first screen."""
    viewer = signed_in(request)
    wanted = request.query_params.get("sorte", "thing")
    hat = hat_of(viewer)
    form = blank(
        StartItemForm,
        kind=wanted if wanted in KINDS else "thing",
        units=1,
        lender=request.query_params.get("preteur") or (f"o{hat.id}" if hat else "me"),
        title=request.query_params.get("titre", "")[:80],
    )
    return render(request, "lending/start.html", await _start_screen(form, viewer))


async def make_item(request: Request) -> Response:
    """POST /prets/publier: a draft from now on."""
    viewer = signed_in(request)
    bound = await read_form(request, StartItemForm)
    if bound.data is not None:
        try:
            item = await _made(bound.data, viewer)
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="units" if refusal.code.endswith(("units", "only")) else "")
        else:
            complaints = " ".join(await keep_photos(request, item, ItemPhoto, []))
            screen = "lot" if item.is_kit else "details"
            return redirect(request, f"/prets/{item.id}/{screen}", say=complaints or None, kind="warning")
    if chosen_files(await request.form(), "photos"):
        bound.errors["photos"] = [_("Choisissez à nouveau vos photos : elles n’ont pas pu être gardées.")]
    return refused_form(request, "lending/start.html", await _start_screen(bound, viewer))


async def _made(form: StartItemForm, viewer: Viewer) -> Item:
    lender = await lender_named(form.lender, viewer)
    units = 1 if form.kind in ON_THE_SPOT or form.kind == "kit" else form.units
    terms = booking.Rules(step=30, max_minutes=8 * 60) if form.kind in ON_THE_SPOT else None
    return await Item.make(
        lender, by=viewer, title=form.title, kind=form.kind, units=units, terms=terms, publish=False
    )


async def _start_screen(form: Bound[StartItemForm], viewer: Viewer) -> dict[str, Any]:
    return {
        "form": form,
        "kinds": [(slug, _(label), _(KIND_HINTS[slug]), KIND_ICONS[slug]) for slug, label in KINDS.items()],
        "lenders": await lender_names(viewer),
        "most_photos": MOST_PHOTOS,
        "most_units": MOST_UNITS,
    }


async def details(request: Request) -> Response:
    """GET /prets/12/details: the second screen, and later the page that corrects."""
    item = await own_item(request)
    form = blank(DetailsItemForm, **words_of(item, await rules_of(item)))
    return render(request, "lending/details.html", await _details_screen(form, item, signed_in(request)))


async def write_details(request: Request) -> Response:
    """POST /prets/12/details"""
    item, viewer = await own_item(request), signed_in(request)
    bound = await read_form(request, DetailsItemForm)
    complaints = await keep_photos(request, item, ItemPhoto, bound.data.remove if bound.data else [])
    if (data := bound.data) is not None:
        try:
            await _write(item, data, viewer)
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            if not complaints:
                return await _after_details(request, item, data)
    if complaints:
        bound.errors["photos"] = complaints
    again = await own_item(request)
    return refused_form(request, "lending/details.html", await _details_screen(bound, again, viewer))


async def _write(item: Item, form: DetailsItemForm, viewer: Viewer) -> None:
    terms = None if item.is_kit else form.terms()
    columns = form.columns()
    if item.on_the_spot:
        columns |= {"renewals": 0, "max_quantity": None}
    async with in_transaction():
        training_id = await training_of(item.lender, form.training, item.training_id)
        await item.edit(by=viewer, terms=terms, training_id=training_id, **columns)
        await Accessory.tell(item, accessories_in(form.accessories))


async def _after_details(request: Request, item: Item, form: DetailsItemForm) -> Response:
    if moved_photo(await request.form()) or form.remove:
        return redirect(request, f"/prets/{item.id}/details#photos")
    if item.published_at is None:
        return redirect(request, f"/prets/{item.id}/apercu")
    fresh = await Item.get(id=item.id)
    return redirect(request, fresh.url, say=_("C’est enregistré. Les prêts déjà convenus ne changent pas."))


async def _details_screen(form: Bound[DetailsItemForm], item: Item, viewer: Viewer) -> dict[str, Any]:
    trainings = Training.filter(Q(closed_at=None) | Q(id=item.training_id or 0), lender_id=item.lender_id)
    return {
        "form": form,
        "item": detail_of(item, viewer),
        "categories": [(one.slug, _(one.label)) for one in CATEGORIES.values()],
        "whos": [(slug, _(label)) for slug, label in WHO.items()]
        if item.lender.organisation_id or (item.lender.place and item.lender.place.organisation_id)
        else [],
        "approvals": [(slug, _(label)) for slug, label in APPROVALS.items()],
        "trainings": [(one.id, one.name) for one in await trainings.order_by("name", "id")],
        "places": await _places(item, viewer),
        "steps": [(step, _step_said(step)) for step in STEPS_SAID],
        "most_photos": MOST_PHOTOS,
    }


async def _places(item: Item, viewer: Viewer) -> list[tuple[int, str]]:
    """Where it may be collected, or stand; where it is already, even closed."""
    found = Place.filter(Q(closed_at=None, hidden_at=None) | Q(id=item.place_id or 0))
    return [
        (one.id, one.name)
        for one in await found.order_by("sort_key", "id")
        if one.id == item.place_id or may_stand_at(one, item.lender, item.kind, by=viewer)
    ]


def _step_said(step: int) -> str:
    return _("tous les {length}").format(length=said(step)) if step else _("à toute heure")


async def preview(request: Request) -> Response:
    """GET /prets/12/apercu: the third screen, as neighbours will see it."""
    item, viewer = await own_item(request), signed_in(request)
    if item.published_at is not None and item.withdrawn_at is None:
        return redirect(request, item.url)
    return render(request, "lending/preview.html", await _preview_screen(item, viewer))


async def _preview_screen(item: Item, viewer: Viewer, error: str = "") -> dict[str, Any]:
    detail: ItemDetail = detail_of(item, viewer, await rules_of(item))
    return {"item": detail, "form": Bound[DetailsItemForm](errors={"": [error]} if error else {})}


async def publish_item(request: Request) -> Response:
    """POST /prets/12/publication: for the first time, or again after it was withdrawn."""
    item, viewer = await own_item(request), signed_in(request)
    try:
        await item.publish(by=viewer)
    except (NothingToLend, LenderAway, LenderUnconfirmed) as refusal:
        context = await _preview_screen(item, viewer, refusal.title)
        return refused_form(request, "lending/preview.html", context)
    except Invalid as refusal:
        return redirect(request, f"/prets/{item.id}/details", say=refusal.title, kind="warning")
    return redirect(
        request, item.url, say=_("C’est au catalogue. Les demandes arriveront sur votre tableau.")
    )
