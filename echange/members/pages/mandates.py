"""One's mandates: asked, answered, ended, read; and the gesture that begins or ends acting for somebody."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    Invalid,
    NotFound,
    Rate,
    Refusal,
    blank,
    local_path,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.members.behalf import act_for
from echange.members.mandates.forms import ActForForm, AskForm
from echange.members.mandates.naming import named
from echange.members.mandates.queries import acts_of, mandate_held, mandate_seen, mandates_of
from echange.members.mandates.words import day_choices, scope_choices
from echange.members.meeting import Unreachable, check_reach
from echange.members.models import Mandate, Member
from echange.members.models.mandate import DESK

ASKING: Final = Rate("ask for a mandate", burst=5, per=86_400)


async def list_mandates(request: Request) -> Response:
    """GET /moi/mandats."""
    mine = await mandates_of(signed_in(request))
    context = {
        "for_me": [one for one in mine if one.is_person],
        "for_others": [one for one in mine if not one.is_person],
    }
    return render(request, "members/mandates.html", context)


async def ask_whom(request: Request) -> Response:
    """GET /moi/mandats/nouveau?membre=alice."""
    bound = blank(AskForm, who=request.query_params.get("membre", "")[:200], part="helper", days="31")
    return _ask_page(request, bound)


async def ask(request: Request) -> Response:
    """POST /moi/mandats/nouveau."""
    bound = await read_form(request, AskForm)
    form = bound.data
    if form is None:
        return _ask_page(request, bound)
    viewer = signed_in(request)
    try:
        other = await reached(viewer.id, await Member.get_or_none(handle=form.who, left_at=None), at="who")
        person, helper = (viewer.id, other.id) if form.part == "helper" else (other.id, viewer.id)
        mandate = await Mandate.ask(person_id=person, helper_id=helper, terms=form.terms, by=viewer)
    except Refusal as refusal:
        return _ask_page(request, bound.refuse(refusal, at="who"))
    say = _("C’est demandé. {name} a quatorze jours pour dire oui ou non.").format(name=other.name)
    return redirect(request, mandate.url, say=say)


async def reached(by: int, other: Member | None, *, at: str) -> Member:
    """Somebody who may be asked; raises Invalid beside field `at`."""
    if other is not None and other.id == by:
        return other
    if other is not None and other.kept_by_desk:
        said = _("Cette personne n’a pas d’adresse e-mail : ce mandat se fait avec elle, à la conciergerie.")
        raise Invalid({at: [said]})
    try:
        await check_reach(by, other.id if other else 0)
    except Unreachable:
        said = _("Cette personne est mineure et ne vous connaît pas : passez par la conciergerie.")
        raise Invalid({at: [said]}) from None
    except NotFound:
        raise Invalid(
            {at: [_("Cette personne n’est pas ici, ou ne se rencontre pas en ce moment.")]}
        ) from None
    if other is None:
        raise NotFound
    return other


def _ask_page(request: Request, bound: Bound[AskForm]) -> Response:
    context = {"form": bound, "days": day_choices(), "scopes": scope_choices()}
    answer = refused_form if bound.errors else render
    return answer(request, "members/mandate_new.html", context)


async def show_mandate(request: Request) -> Response:
    """GET /moi/mandats/{id}: for either side, and the desk."""
    viewer = signed_in(request)
    seen = await mandate_seen(request.path_params["id"], viewer)
    context: dict[str, Any] = {
        "mandate": seen,
        "acts": await named(request, await acts_of(seen.id), viewer, [seen]),
        "at_desk": bool(viewer.roles & DESK) and not (seen.is_person or seen.is_helper),
        "worn": viewer.behalf is not None and viewer.behalf.mandate_id == seen.id,
    }
    return render(request, "members/mandate.html", context)


async def agree(request: Request) -> Response:
    """POST /moi/mandats/{id}/accord."""
    viewer = signed_in(request)
    mandate = await mandate_held(request.path_params["id"], viewer)
    await mandate.agree(by=viewer)
    return redirect(request, mandate.url, say=_("C’est dit : le mandat commence aujourd’hui."))


async def ask_to_end(request: Request) -> Response:
    """GET /moi/mandats/{id}/fin."""
    seen = await mandate_seen(request.path_params["id"], signed_in(request))
    return render(request, "members/mandate_end.html", {"mandate": seen})


async def end(request: Request) -> Response:
    """POST /moi/mandats/{id}/fin."""
    viewer = signed_in(request)
    mandate = await mandate_held(request.path_params["id"], viewer)
    was_asked = mandate.state() == "asked"
    await mandate.end(by=viewer)
    say = _("C’est noté : ce mandat ne se fera pas.") if was_asked else _("Ce mandat est terminé.")
    return redirect(request, mandate.url, say=say)


async def wear(request: Request) -> Response:
    """POST /moi/agir-pour: under a mandate, or for nobody but me."""
    viewer = signed_in(request)
    bound = await read_form(request, ActForForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    await act_for(viewer, bound.data.mandate)
    if bound.data.mandate is None:
        say = _("Vous agissez de nouveau en votre nom.")
    else:
        seen = await mandate_seen(bound.data.mandate, viewer)
        say = _("Vous agissez maintenant pour {name}.").format(name=seen.person.name)
    return redirect(request, local_path(bound.data.suite, "/moi/mandats"), say=say)


routes: Final[list[GuardedRoute]] = [
    page("/moi/mandats", list_mandates, who=member),
    page("/moi/mandats/nouveau", ask_whom, who=member),
    page("/moi/mandats/nouveau", ask, who=member, methods=("POST",), limit=ASKING),
    page("/moi/mandats/{id:id}", show_mandate, who=member),
    page("/moi/mandats/{id:id}/accord", agree, who=member, methods=("POST",)),
    page("/moi/mandats/{id:id}/fin", ask_to_end, who=member),
    page("/moi/mandats/{id:id}/fin", end, who=member, methods=("POST",)),
    page("/moi/agir-pour", wear, who=member, methods=("POST",)),
]
