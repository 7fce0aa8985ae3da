"""My profile: what I say of myself, who sees which of it, and how others see me."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Invalid,
    blank,
    member,
    page,
    read_form,
    read_upload,
    redirect,
    refused_form,
    render,
)
from echange.http.dates import today
from echange.http.routing import PHOTO_BODY
from echange.i18n import gettext as _
from echange.media import PhotoRefused, StorageFull
from echange.members.faces import photo_url
from echange.members.forms_profile import AudiencesForm, ProfileForm
from echange.members.models import Member, MemberPhoto, Quartier
from echange.members.pages.door import outbox_of
from echange.members.pages.profile import profile_context
from echange.members.queries import quartier_choices
from echange.members.showing import FIELDS, Eyes, audience_of, profile_seen
from echange.members.viewing import current_member
from echange.members.week import day_names, slots_of, timetable

_AUDIENCES = {Eyes.STRANGER: "everyone", Eyes.NEIGHBOUR: "members", Eyes.NEAREST: "nobody"}


async def show_mine(request: Request) -> Response:
    me = await current_member(request)
    context = {
        "email": me.email,
        "confirmed": me.confirmed_at is not None,
        "minor_until": me.minor_until if me.minor_until and me.minor_until > today() else None,
        "outbox": outbox_of(request),
    }
    return render(request, "members/mine.html", context)


async def show_profile_form(request: Request) -> Response:
    """GET /moi/profil"""
    me = await current_member(request)
    return render(request, "members/profile_form.html", await _profile_context(me, await _filled_in(me)))


async def edit_profile(request: Request) -> Response:
    """POST /moi/profil"""
    me = await current_member(request)
    bound = await read_form(request, ProfileForm)
    if bound.data is None:
        return refused_form(request, "members/profile_form.html", await _profile_context(me, bound))
    form = bound.data
    lost = await me.introduce(
        name=form.name,
        headline=form.headline,
        about=form.about,
        languages=form.languages,
        quartier=await Quartier.get_or_none(slug=form.quartier),
        availability=form.week,
        accessibility=form.accessibility,
    )
    if lost:
        said = _("Votre profil est à jour. Passez à l’accueil pour retrouver le signe de confiance.")
        return redirect(request, "/moi/profil", say=said)
    return redirect(request, "/moi/profil", say=_("Votre profil est à jour."))


async def _filled_in(me: Member) -> Bound[ProfileForm]:
    await me.fetch_related("quartier")
    return blank(
        ProfileForm,
        name=me.name,
        headline=me.headline,
        about=me.about,
        languages=me.languages,
        quartier=me.quartier.slug if me.quartier else "",
        availability=[str(slot) for slot in slots_of(me.availability)],
        accessibility=me.accessibility,
    )


async def _profile_context(me: Member, bound: Bound[ProfileForm]) -> dict[str, Any]:
    photo = await MemberPhoto.get_or_none(member_id=me.id)
    return {
        "form": bound,
        "quartiers": await quartier_choices(),
        "timetable": timetable(),
        "days": day_names(),
        "photo": photo_url(me.handle, photo.id) if photo else "",
        # Those that a neighbour does not see, so that the form can say so beside them.
        "hidden": {key: _AUDIENCES[audience_of(me, key)] for key, _name in FIELDS},
    }


async def take_photo(request: Request) -> Response:
    """POST /moi/profil/photo"""
    me = await current_member(request)
    try:
        sent = await read_upload(request, "photo", missing=_("Choisissez une photo."))
        await MemberPhoto.replace(me.id, sent.data, request.app.state.store)
    except (PhotoRefused, StorageFull) as error:
        return await _photo_refused(request, me, error.message)
    except Invalid as refusal:
        return await _photo_refused(request, me, " ".join(refusal.errors["photo"]))
    return redirect(request, "/moi/profil", say=_("Votre photo est en place."))


async def _photo_refused(request: Request, me: Member, reason: str) -> Response:
    bound = await _filled_in(me)
    bound.errors["photo"] = [reason]
    return refused_form(request, "members/profile_form.html", await _profile_context(me, bound))


async def remove_photo(request: Request) -> Response:
    """POST /moi/profil/photo/retrait"""
    me = await current_member(request)
    await MemberPhoto.remove(me.id)
    return redirect(request, "/moi/profil", say=_("Votre photo est retirée."))


async def show_audiences(request: Request) -> Response:
    """GET /moi/profil/qui-voit-quoi"""
    me = await current_member(request)
    bound = blank(AudiencesForm, **{key: _AUDIENCES[audience_of(me, key)] for key, _name in FIELDS})
    return render(request, "members/audiences.html", _audiences_context(bound))


async def choose_audiences(request: Request) -> Response:
    """POST /moi/profil/qui-voit-quoi"""
    me = await current_member(request)
    bound = await read_form(request, AudiencesForm)
    if bound.data is None:
        return refused_form(request, "members/audiences.html", _audiences_context(bound))
    await me.show(members_only=bound.data.chosen("members"), nobody=bound.data.chosen("nobody"))
    return redirect(request, "/moi/profil/qui-voit-quoi", say=_("C’est réglé."))


def _audiences_context(bound: Bound[AudiencesForm]) -> dict[str, Any]:
    return {
        "form": bound,
        "fields": [(key, _(name)) for key, name in FIELDS],
        "audiences": [
            ("everyone", _("Tout le monde")),
            ("members", _("Les voisins inscrits")),
            ("nobody", _("Personne")),
        ],
    }


async def preview(request: Request) -> Response:
    """GET /moi/profil/apercu?en=passant|voisin"""
    me = await current_member(request)
    await me.fetch_related("quartier")
    role = "passant" if request.query_params.get("en") == "passant" else "voisin"
    seen = await profile_seen(me, Eyes.STRANGER if role == "passant" else Eyes.NEIGHBOUR)
    return render(request, "members/profile.html", await profile_context(request, seen, preview=role))


routes = [
    page("/moi", show_mine, who=member),
    page("/moi/profil", show_profile_form, who=member),
    page("/moi/profil", edit_profile, who=member, methods=("POST",)),
    page("/moi/profil/photo", take_photo, who=member, methods=("POST",), max_body=PHOTO_BODY),
    page("/moi/profil/photo/retrait", remove_photo, who=member, methods=("POST",)),
    page("/moi/profil/qui-voit-quoi", show_audiences, who=member),
    page("/moi/profil/qui-voit-quoi", choose_audiences, who=member, methods=("POST",)),
    page("/moi/profil/apercu", preview, who=member),
]
