"""My own pages: what I say of myself, what I offer and look for."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    NotFound,
    Refusal,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
)
from echange.http.forms import Bound
from echange.i18n import gettext as _
from echange.members.forms import ProfileForm, SkillForm
from echange.members.models import MemberSkill, Quartier
from echange.members.pages.door import outbox_of
from echange.members.queries import quartier_choices, skill_names, skills_of
from echange.members.viewing import current_member


async def show_mine(request: Request) -> Response:
    me = await current_member(request)
    return render(
        request,
        "members/mine.html",
        {"email": me.email, "confirmed": me.confirmed_at is not None, "outbox": outbox_of(request)},
    )


async def show_profile_form(request: Request) -> Response:
    me = await current_member(request)
    await me.fetch_related("quartier")
    bound = blank(
        ProfileForm,
        name=me.name,
        headline=me.headline,
        about=me.about,
        languages=me.languages,
        quartier=me.quartier.slug if me.quartier else "",
    )
    return render(request, "members/profile_form.html", await _profile_context(bound, me.url))


async def edit_profile(request: Request) -> Response:
    me = await current_member(request)
    bound = await read_form(request, ProfileForm)
    if bound.data is None:
        return refused_form(request, "members/profile_form.html", await _profile_context(bound, me.url))
    form = bound.data
    await me.introduce(
        name=form.name,
        headline=form.headline,
        about=form.about,
        languages=form.languages,
        quartier=await Quartier.get_or_none(slug=form.quartier),
    )
    return redirect(request, "/moi/profil", say=_("Votre profil est à jour."))


async def _profile_context(bound: Bound[ProfileForm], url: str) -> dict[str, Any]:
    return {"form": bound, "quartiers": await quartier_choices(), "public_url": url}


async def show_skills(request: Request) -> Response:
    me = await current_member(request)
    side = "want" if request.query_params.get("cote") == "cherche" else "offer"
    bound = blank(SkillForm, side=side)
    return render(request, "members/skills.html", await _skills_context(bound, me.id, me.url))


async def add_skill(request: Request) -> Response:
    me = await current_member(request)
    bound = await read_form(request, SkillForm)
    form = bound.data
    if form is None:
        return refused_form(request, "members/skills.html", await _skills_context(bound, me.id, me.url))
    try:
        await MemberSkill.add(me, form.name, wanted=form.wanted, note=form.note)
    except Refusal as refusal:
        context = await _skills_context(bound.refuse(refusal, at="name"), me.id, me.url)
        return refused_form(request, "members/skills.html", context)
    side = "cherche" if form.wanted else "propose"
    return redirect(request, f"/moi/savoir-faire?cote={side}", say=_("C’est ajouté à votre profil."))


async def _skills_context(bound: Bound[SkillForm], member_id: int, url: str) -> dict[str, Any]:
    lines = await skills_of(member_id)
    return {
        "form": bound,
        "offers": [line for line in lines if not line.wanted],
        "wants": [line for line in lines if line.wanted],
        "skill_names": await skill_names(),
        "public_url": url,
    }


async def remove_skill(request: Request) -> Response:
    me = await current_member(request)
    if not await MemberSkill.remove(me.id, request.path_params["id"]):
        raise NotFound
    return redirect(request, "/moi/savoir-faire", say=_("C’est retiré de votre profil."))


routes = [
    page("/moi", show_mine, who=member),
    page("/moi/profil", show_profile_form, who=member),
    page("/moi/profil", edit_profile, who=member, methods=("POST",)),
    page("/moi/savoir-faire", show_skills, who=member),
    page("/moi/savoir-faire", add_skill, who=member, methods=("POST",)),
    page("/moi/savoir-faire/{id:id}/retrait", remove_skill, who=member, methods=("POST",)),
]
