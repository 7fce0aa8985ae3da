"""Publishing in three screens. A draft is kept from the first one; an account is asked for at the end."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from echange.ads.categories import CATEGORIES, suggested_for
from echange.ads.forms import (
    LONGEST_TITLE,
    AdForm,
    AdPatch,
    DetailsForm,
    PublicationForm,
    StartForm,
    columns_of,
)
from echange.ads.holding import draft_key_of, hash_of, keep_draft_key, new_draft_key
from echange.ads.kinds import BY_SLUG, CONDITIONS, TERMS
from echange.ads.loading import own_ad, visible_ad, whole
from echange.ads.models import Ad, AdPhoto
from echange.ads.quartiers import quartier_choices, quartiers_of
from echange.ads.refusals import AlreadyPublished, AwayOwner, QuartierMissing
from echange.ads.seeing import hat_of
from echange.ads.showing import detail_of, kilos_in_words
from echange.http import Bound, Invalid, blank, read_form, redirect, refused_form, render, viewer_of
from echange.http.forms import validate
from echange.http.uploads import chosen_files
from echange.i18n import gettext as _
from echange.media.album import MOST_PHOTOS
from echange.media.album_forms import keep_photos, moved_photo
from echange.members import Member, Quartier, quartiers_note


async def new(request: Request) -> Response:
    """GET /publier?nature=give: the first screen."""
    chosen = request.query_params.get("nature", "")
    # A search that found nothing may begin it.
    title = request.query_params.get("titre", "")[:LONGEST_TITLE]
    form = blank(StartForm, kind=chosen if chosen in BY_SLUG else "", title=title)
    return render(request, "ads/start.html", _start_screen(form) | {"unfinished": await _unfinished(request)})


async def create(request: Request) -> Response:
    """POST /publier: a draft from now on."""
    bound = await read_form(request, StartForm)
    if bound.data is None:
        if chosen_files(await request.form(), "photos"):
            bound.errors["photos"] = [_("Choisissez à nouveau vos photos : elles n’ont pas pu être gardées.")]
        return refused_form(request, "ads/start.html", _start_screen(bound))
    viewer = viewer_of(request)
    key = draft_key_of(request) or new_draft_key()
    ad = await Ad.start(kind=bound.data.kind, title=bound.data.title, by=viewer, draft_key=key)
    response = await _photos_then_details(request, ad, bound)
    if viewer is None:
        keep_draft_key(response, request, key)
    return response


async def start(request: Request) -> Response:
    """GET /publier/12: the first screen again."""
    ad = await _draft(request)
    return render(
        request, "ads/start.html", _start_screen(blank(StartForm, kind=ad.kind, title=ad.title), ad)
    )


async def restart(request: Request) -> Response:
    """POST /publier/12: its kind, title and photos."""
    ad = await _draft(request)
    bound = await read_form(request, StartForm)
    if bound.data is None:
        if complaints := await keep_photos(request, ad, AdPhoto, []):
            bound.errors["photos"] = complaints
        return refused_form(request, "ads/start.html", _start_screen(bound, await visible_ad(request)))
    await ad.edit(kind=bound.data.kind, title=bound.data.title)
    return await _photos_then_details(request, ad, bound)


async def _photos_then_details(request: Request, ad: Ad, bound: Bound[StartForm]) -> Response:
    complaints = await keep_photos(request, ad, AdPhoto, bound.data.remove if bound.data else [])
    if not complaints and moved_photo(await request.form()):
        return redirect(request, f"/publier/{ad.id}#photos")
    if not complaints:
        return redirect(request, f"/publier/{ad.id}/details")
    refused = Bound(values=bound.values, errors={"photos": complaints}, data=bound.data)
    again = await whole(Ad.filter(id=ad.id)).first()
    return refused_form(request, "ads/start.html", _start_screen(refused, again))


async def details(request: Request) -> Response:
    """GET /publier/12/details: the second screen."""
    ad = await _draft(request)
    form = blank(
        DetailsForm,
        **words_of(ad),
        category=ad.category or suggested_for(ad.title),
        quartier=await _likely_quartier(ad, request),
    )
    return render(request, "ads/details.html", await _details_screen(request, form, ad))


async def write_details(request: Request) -> Response:
    """POST /publier/12/details"""
    ad = await _draft(request)
    bound = await read_form(request, DetailsForm)
    complaints = await keep_photos(request, ad, AdPhoto, bound.data.remove if bound.data else [])
    try:
        await ad.edit(by=viewer_of(request), **details_in(bound))
    except Invalid as refusal:
        bound = bound.refuse(refusal)
    if bound.values.get("back"):
        return redirect(request, f"/publier/{ad.id}")
    # Moving a photo is not the moment to ask for what is still empty.
    wrong = any(bound.values.get(name) for name in bound.errors)
    if not wrong and not complaints and moved_photo(await request.form()):
        return redirect(request, f"/publier/{ad.id}/details#photos")
    if complaints:
        bound.errors["photos"] = complaints
    if bound.errors:
        screen = await _details_screen(request, bound, await visible_ad(request))
        return refused_form(request, "ads/details.html", screen)
    return redirect(request, f"/publier/{ad.id}/apercu")


async def preview(request: Request) -> Response:
    """GET /publier/12/apercu: the third screen, as neighbours will see it."""
    ad = await _draft(request)
    viewer = viewer_of(request)
    hat = hat_of(viewer)
    return render(request, "ads/preview.html", {"ad": detail_of(ad, viewer), "hat": hat})


async def publish(request: Request) -> Response:
    """POST /publier/12/publication"""
    viewer = viewer_of(request)
    ad = await own_ad(request)
    if viewer is None:
        return redirect(request, f"/publier/{ad.id}/apercu")
    form = (await read_form(request, PublicationForm)).data or PublicationForm()
    try:
        await ad.publish(by=viewer, draft_key=draft_key_of(request), under_hat=not form.as_myself)
    except AwayOwner as refusal:
        return redirect(request, f"/publier/{ad.id}/apercu", say=refusal.title, kind="warning")
    except AlreadyPublished:
        return redirect(request, ad.url, say=_("Votre annonce est déjà en ligne."), kind="info")
    except QuartierMissing as refusal:
        return redirect(request, f"/publier/{ad.id}/details", say=refusal.title, kind="warning")
    if ad.held_at is not None:
        return redirect(
            request, ad.url, say=_("C’est envoyé. Quelqu’un relit votre annonce avant les voisins.")
        )
    return redirect(request, ad.url, say=_("C’est publié. Les réponses arriveront dans vos messages."))


async def ask_abandon(request: Request) -> Response:
    """GET /publier/12/abandon"""
    ad = await _draft(request)
    return render(request, "ads/abandon.html", {"ad": detail_of(ad, viewer_of(request))})


async def abandon(request: Request) -> Response:
    """POST /publier/12/abandon"""
    ad = await _draft(request)
    await ad.remove(request.app.state.store)
    home = "/moi/annonces" if viewer_of(request) else "/annonces"
    return redirect(request, home, say=_("Le brouillon est effacé."))


async def _unfinished(request: Request) -> Ad | None:
    """The draft left last in this account or in this browser."""
    viewer, key = viewer_of(request), draft_key_of(request)
    held = [Q(owner_id=viewer.id)] if viewer else []
    held += [Q(draft_hash=hash_of(key))] if key else []
    if not held:
        return None
    return await Ad.filter(Q(*held, join_type="OR"), published_at=None).order_by("-id").first()


async def _draft(request: Request) -> Ad:
    ad = await own_ad(request)
    if ad.published_at is not None:
        raise AlreadyPublished
    return ad


def _start_screen(form: Bound[StartForm], ad: Ad | None = None) -> dict[str, Any]:
    return {
        "form": form,
        "ad": detail_of(ad, None) if ad else None,
        "unfinished": None,
        "kinds": [(kind.slug, _(kind.label), _(kind.hint), kind.icon) for kind in BY_SLUG.values()],
        "most_photos": MOST_PHOTOS,
    }


async def _details_screen(request: Request, form: Bound[DetailsForm], ad: Ad) -> dict[str, Any]:
    suggested = CATEGORIES.get(suggested_for(ad.title))
    return {
        "form": form,
        "ad": detail_of(ad, None),
        "suggested": _(suggested.label) if suggested and not ad.category else "",
        **await details_choices(request, ad),
    }


async def details_choices(request: Request, ad: Ad) -> dict[str, Any]:
    """What the fields of the second screen ask, by the annonce's kind."""
    kind = BY_SLUG[ad.kind]
    return {
        "asked": kind.fields,
        "categories": category_choices(),
        "quartiers": await quartier_choices(request),
        "quartiers_note": quartiers_note(one.confirmed for one in await quartiers_of(request)),
        "price_label": _(kind.price) if kind.price else "",
        "price_hint": _(kind.price_hint) if kind.price else "",
        "conditions": [(slug, _(label)) for slug, label in CONDITIONS.items()],
        "terms": [(slug, _(label)) for slug, label in TERMS.items()],
    }


def words_of(ad: Ad) -> dict[str, Any]:
    """What an annonce says, as the fields of the second screen."""
    own = (
        "body",
        "price_text",
        "condition",
        "fair",
        "lend_days",
        "terms",
        "when_text",
        "standing",
        "noindex",
    )
    return {
        **{name: getattr(ad, name) for name in own},
        "weight_kg": kilos_in_words(ad.weight_grams),
        "happened_on": ad.happened_on.isoformat() if ad.happened_on else "",
    }


def details_in(bound: Bound[Any]) -> dict[str, Any]:
    """What can be kept of a second screen, even when something else on it is wrong."""
    right = [name for name in AdPatch.model_fields.keys() & bound.values.keys() if name not in bound.errors]
    said = {name: bound.values[name] for name in right if bound.values[name] not in ("", None)}
    unsaid = {name: AdForm.model_fields[name].default for name in right if name not in said}
    return columns_of({**unsaid, **validate(AdPatch, said).model_dump(exclude_unset=True)})


def category_choices() -> list[tuple[str, str]]:
    """The categories as choices of a form."""
    return [(category.slug, _(category.label)) for category in CATEGORIES.values()]


async def _likely_quartier(ad: Ad, request: Request) -> str:
    """The draft's quartier, else the member's own."""
    viewer = viewer_of(request)
    quartier: Quartier | None = ad.quartier
    if quartier is None and viewer is not None:
        member = await Member.get(id=viewer.id).select_related("quartier")
        quartier = member.quartier
    return quartier.slug if quartier else ""
