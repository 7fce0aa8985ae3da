"""What I offer and what I look for: add, describe, put in order, take away."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
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
from echange.i18n import gettext as _
from echange.members.forms_profile import SkillDetailsForm, SkillForm
from echange.members.models import MemberSkill
from echange.members.queries import SkillLine, skills_of
from echange.members.skill_words import level_choices, term_choices
from echange.members.taxonomy import skill_names
from echange.members.viewing import current_member


async def show_skills(request: Request) -> Response:
    """GET /moi/savoir-faire?cote=propose|cherche"""
    me = await current_member(request)
    side = "want" if request.query_params.get("cote") == "cherche" else "offer"
    return render(request, "members/skills.html", await _skills_context(blank(SkillForm, side=side), me.id))


async def add_skill(request: Request) -> Response:
    """POST /moi/savoir-faire"""
    me = await current_member(request)
    bound = await read_form(request, SkillForm)
    form = bound.data
    if form is None:
        return refused_form(request, "members/skills.html", await _skills_context(bound, me.id))
    try:
        await MemberSkill.add(
            me, form.name, wanted=form.wanted, note=form.note, level=form.level, terms=list(form.terms)
        )
    except Refusal as refusal:
        context = await _skills_context(bound.refuse(refusal, at="name"), me.id)
        return refused_form(request, "members/skills.html", context)
    return redirect(request, _side_url(wanted=form.wanted), say=_("C’est ajouté à votre profil."))


async def _skills_context(bound: Bound[SkillForm], member_id: int) -> dict[str, Any]:
    lines = await skills_of(member_id)
    wanted = bound.values.get("side") == "want"
    return {
        "form": bound,
        "wanted": wanted,
        "lines": [line for line in lines if line.wanted == wanted],
        "offers": sum(not line.wanted for line in lines),
        "wants": sum(line.wanted for line in lines),
        "skill_names": skill_names(),
        "levels": level_choices(),
        "terms": term_choices(),
    }


async def show_skill(request: Request) -> Response:
    """GET /moi/savoir-faire/12"""
    line = await _my_line(request)
    bound = blank(SkillDetailsForm, note=line.note, level=line.level, terms=line.terms)
    return render(request, "members/skill.html", _skill_context(bound, line))


async def describe_skill(request: Request) -> Response:
    """POST /moi/savoir-faire/12"""
    line = await _my_line(request)
    bound = await read_form(request, SkillDetailsForm)
    form = bound.data
    if form is None:
        return refused_form(request, "members/skill.html", _skill_context(bound, line))
    mine = await MemberSkill.get(id=line.id)
    await mine.tell(note=form.note, level=form.level, terms=list(form.terms))
    return redirect(request, _side_url(wanted=line.wanted), say=_("C’est noté."))


async def _my_line(request: Request) -> SkillLine:
    me = await current_member(request)
    for line in await skills_of(me.id):
        if line.id == request.path_params["id"]:
            return line
    raise NotFound


def _skill_context(bound: Bound[SkillDetailsForm], line: SkillLine) -> dict[str, Any]:
    return {
        "form": bound,
        "line": line,
        "levels": level_choices(),
        "terms": term_choices(),
        "back": _side_url(wanted=line.wanted),
    }


async def move_up(request: Request) -> Response:
    """POST /moi/savoir-faire/12/monter"""
    return await _move(request, up=True)


async def move_down(request: Request) -> Response:
    """POST /moi/savoir-faire/12/descendre"""
    return await _move(request, up=False)


async def _move(request: Request, *, up: bool) -> Response:
    line = await _my_line(request)
    await (await MemberSkill.get(id=line.id)).move(up=up)
    return redirect(request, f"{_side_url(wanted=line.wanted)}#ligne-{line.id}")


async def remove_skill(request: Request) -> Response:
    """POST /moi/savoir-faire/12/retrait"""
    line = await _my_line(request)
    me = await current_member(request)
    await MemberSkill.remove(me.id, line.id)
    return redirect(request, _side_url(wanted=line.wanted), say=_("C’est retiré de votre profil."))


def _side_url(*, wanted: bool) -> str:
    return f"/moi/savoir-faire?cote={'cherche' if wanted else 'propose'}"


routes = [
    page("/moi/savoir-faire", show_skills, who=member),
    page("/moi/savoir-faire", add_skill, who=member, methods=("POST",)),
    page("/moi/savoir-faire/{id:id}", show_skill, who=member),
    page("/moi/savoir-faire/{id:id}", describe_skill, who=member, methods=("POST",)),
    page("/moi/savoir-faire/{id:id}/monter", move_up, who=member, methods=("POST",)),
    page("/moi/savoir-faire/{id:id}/descendre", move_down, who=member, methods=("POST",)),
    page("/moi/savoir-faire/{id:id}/retrait", remove_skill, who=member, methods=("POST",)),
]
