"""What owners do with their annonces: see them all, correct, close, reopen, delete."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.forms import ClosureForm, EditForm, columns_of, grams
from echange.ads.holding import draft_key_of, hash_of
from echange.ads.kinds import endings_of
from echange.ads.loading import own_ad, visible_ad
from echange.ads.models import Ad, AdPhoto
from echange.ads.models.ad import RENEWABLE
from echange.ads.newcomers import HELD_FOR
from echange.ads.pages.publishing import details_choices, words_of
from echange.ads.pages.renewing import renewed_words
from echange.ads.queries import mine
from echange.ads.refusals import AlreadyClosed, HiddenAd, NotClosed, NotPublished, QueueIsFixed, TooEarly
from echange.ads.seeing import hat_of
from echange.ads.showing import detail_of, kilos_in_words
from echange.http import (
    Bound,
    Invalid,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.media.album import MOST_PHOTOS
from echange.media.album_forms import keep_photos, moved_photo

STATES: Final = ("draft", "held", "published", "reserved", "expired", "closed", "hidden")


async def my_ads(request: Request) -> Response:
    """GET /moi/annonces"""
    viewer, key = signed_in(request), draft_key_of(request)
    hat = hat_of(viewer)
    ads = await mine(viewer.id, hash_of(key) if key else None, hat.id if hat else None)
    return render(
        request,
        "ads/my_ads.html",
        {
            "groups": {state: [ad for ad in ads if ad.card.state == state] for state in STATES},
            "soon": now() + RENEWABLE,
            "held_for": HELD_FOR,
        },
    )


async def edit(request: Request) -> Response:
    """GET /annonces/12/modifier"""
    ad = await _published(request)
    quartier = ad.quartier.slug if ad.quartier else ""
    form = blank(EditForm, **words_of(ad), title=ad.title, category=ad.category, quartier=quartier)
    return render(request, "ads/edit.html", await _edit_screen(request, form, ad))


async def correct(request: Request) -> Response:
    """POST /annonces/12/modifier"""
    ad = await _published(request)
    bound = await read_form(request, EditForm)
    complaints = await keep_photos(request, ad, AdPhoto, bound.data.remove if bound.data else [])
    if bound.data is not None:
        try:
            words = bound.data.model_dump(exclude={"remove", "back"})
            await ad.edit(by=viewer_of(request), **columns_of(words))
        except (Invalid, QueueIsFixed) as refusal:
            bound = bound.refuse(refusal, at="fair")
    if complaints:
        bound.errors["photos"] = complaints
    if bound.errors:
        screen = await _edit_screen(request, bound, await visible_ad(request))
        return refused_form(request, "ads/edit.html", screen)
    if moved_photo(await request.form()):
        return redirect(request, f"/annonces/{ad.id}/modifier#photos")
    return redirect(request, ad.url, say=_("C’est corrigé."))


async def ask_closure(request: Request) -> Response:
    """GET /annonces/12/cloture: how did it go?"""
    ad = await _published(request)
    if ad.closed_at is not None:
        return redirect(request, ad.url)
    form = blank(ClosureForm, weight_kg=kilos_in_words(ad.weight_grams))
    return render(request, "ads/close.html", _closing_screen(form, ad, request))


async def close(request: Request) -> Response:
    """POST /annonces/12/cloture"""
    ad = await _published(request)
    bound = await read_form(request, ClosureForm)
    if bound.data is None:
        return refused_form(request, "ads/close.html", _closing_screen(bound, ad, request))
    try:
        weight = grams(bound.data.weight_kg)
        await ad.close(by=signed_in(request), outcome=bound.data.outcome, weight_grams=weight)
    except AlreadyClosed as refusal:
        return redirect(request, ad.url, say=refusal.title, kind="info")
    undo = f"/annonces/{ad.id}/reouverture"
    return redirect(request, ad.url, say=_("Votre annonce est terminée. Merci !"), undo_url=undo)


async def reopen(request: Request) -> Response:
    """POST /annonces/12/reouverture"""
    ad = await _published(request)
    try:
        await ad.reopen(by=signed_in(request))
    except NotClosed as refusal:
        return redirect(request, ad.url, say=refusal.title, kind="info")
    return redirect(request, ad.url, say=_("Votre annonce est de nouveau ouverte."))


async def renew(request: Request) -> Response:
    """POST /annonces/12/renouvellement"""
    ad = await _published(request)
    try:
        await ad.renew(by=signed_in(request))
    except (TooEarly, AlreadyClosed, HiddenAd) as refusal:
        return redirect(request, ad.url, say=refusal.title, kind="info")
    return redirect(request, ad.url, say=renewed_words(ad))


async def ask_deletion(request: Request) -> Response:
    """GET /annonces/12/suppression"""
    ad = await _published(request)
    return render(request, "ads/delete.html", {"ad": detail_of(ad, viewer_of(request))})


async def delete(request: Request) -> Response:
    """POST /annonces/12/suppression"""
    ad = await _published(request)
    await ad.remove(request.app.state.store)
    return redirect(request, "/moi/annonces", say=_("L’annonce est supprimée."))


async def _published(request: Request) -> Ad:
    ad = await own_ad(request)
    if ad.published_at is None:
        raise NotPublished
    return ad


async def _edit_screen(request: Request, form: Bound[EditForm], ad: Ad) -> dict[str, Any]:
    return {
        "form": form,
        "ad": detail_of(ad, viewer_of(request)),
        "suggested": "",
        "most_photos": MOST_PHOTOS,
        **await details_choices(request, ad),
    }


def _closing_screen(form: Bound[ClosureForm], ad: Ad, request: Request) -> dict[str, Any]:
    endings = [(outcome, _(label)) for outcome, label in endings_of(ad.kind)]
    weighs = ad.kind == "give"
    return {"form": form, "ad": detail_of(ad, viewer_of(request)), "endings": endings, "weighs": weighs}
