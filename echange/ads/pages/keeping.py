"""What owners do with their annonces: see them all, correct, close, reopen, delete."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.forms import ClosureForm, EditForm
from echange.ads.holding import draft_key_of, hash_of
from echange.ads.kinds import BY_SLUG, endings_of
from echange.ads.loading import own_ad, visible_ad
from echange.ads.models import MOST_PHOTOS, Ad
from echange.ads.pages.photos import keep_photos
from echange.ads.pages.publishing import category_choices
from echange.ads.quartiers import quartier_choices
from echange.ads.queries import mine
from echange.ads.refusals import AlreadyClosed, NotClosed, NotPublished
from echange.ads.showing import detail_of
from echange.http import (
    Bound,
    Invalid,
    SignedOut,
    Viewer,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    viewer_of,
)
from echange.i18n import gettext as _


async def my_ads(request: Request) -> Response:
    """GET /moi/annonces"""
    key = draft_key_of(request)
    ads = await mine(_me(request).id, hash_of(key) if key else None)
    context = {
        state: [ad for ad in ads if ad.card.state == state] for state in ("draft", "published", "closed")
    }
    return render(request, "ads/my_ads.html", context)


async def edit(request: Request) -> Response:
    """GET /annonces/12/modifier"""
    ad = await _published(request)
    form = blank(
        EditForm,
        title=ad.title,
        body=ad.body,
        category=ad.category,
        quartier=ad.quartier.slug if ad.quartier else "",
        price_text=ad.price_text,
    )
    return render(request, "ads/edit.html", await _edit_screen(request, form, ad))


async def correct(request: Request) -> Response:
    """POST /annonces/12/modifier"""
    ad = await _published(request)
    bound = await read_form(request, EditForm)
    complaints = await keep_photos(request, ad, bound.data)
    if bound.data is not None:
        try:
            await ad.edit(**bound.data.model_dump(exclude={"remove", "back"}))
        except Invalid as refusal:
            bound = bound.refuse(refusal)
    if complaints:
        bound.errors["photos"] = complaints
    if bound.errors:
        screen = await _edit_screen(request, bound, await visible_ad(request))
        return refused_form(request, "ads/edit.html", screen)
    return redirect(request, ad.url, say=_("C’est corrigé."))


async def ask_closure(request: Request) -> Response:
    """GET /annonces/12/cloture: how did it go?"""
    ad = await _published(request)
    if ad.closed_at is not None:
        return redirect(request, ad.url)
    return render(request, "ads/close.html", _closing_screen(blank(ClosureForm), ad, request))


async def close(request: Request) -> Response:
    """POST /annonces/12/cloture"""
    ad = await _published(request)
    bound = await read_form(request, ClosureForm)
    if bound.data is None:
        return refused_form(request, "ads/close.html", _closing_screen(bound, ad, request))
    try:
        await ad.close(by=_me(request), outcome=bound.data.outcome)
    except AlreadyClosed as refusal:
        return redirect(request, ad.url, say=refusal.title, kind="info")
    undo = f"/annonces/{ad.id}/reouverture"
    return redirect(request, ad.url, say=_("Votre annonce est terminée. Merci !"), undo_url=undo)


async def reopen(request: Request) -> Response:
    """POST /annonces/12/reouverture"""
    ad = await _published(request)
    try:
        await ad.reopen(by=_me(request))
    except NotClosed as refusal:
        return redirect(request, ad.url, say=refusal.title, kind="info")
    return redirect(request, ad.url, say=_("Votre annonce est de nouveau ouverte."))


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
    kind = BY_SLUG[ad.kind]
    return {
        "form": form,
        "ad": detail_of(ad, viewer_of(request)),
        "categories": category_choices(),
        "quartiers": await quartier_choices(request),
        "price_label": _(kind.price) if kind.price else "",
        "price_hint": _(kind.price_hint) if kind.price else "",
        "most_photos": MOST_PHOTOS,
    }


def _closing_screen(form: Bound[ClosureForm], ad: Ad, request: Request) -> dict[str, Any]:
    endings = [(outcome, _(label)) for outcome, label in endings_of(ad.kind)]
    return {"form": form, "ad": detail_of(ad, viewer_of(request)), "endings": endings}


def _me(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise SignedOut
    return viewer
