"""The moderators' list, a thing before them, and what they decide."""

from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Refusal,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.live import hub_of
from echange.moderation.deciding import decide
from echange.moderation.forms import DecisionForm, ReasonedForm
from echange.moderation.held import held_ads
from echange.moderation.links import links_of
from echange.moderation.matters import Matter, open_matter, standing_of, waiting
from echange.moderation.reasons import CANNED, canned_for
from echange.moderation.reportables import reportables_of
from echange.moderation.showing import history_of, reports_of
from echange.moderation.wording import named

R = TypeVar("R", bound=ReasonedForm)
PAGE: Final = "moderation/matter.html"
ACTS: Final = {
    "hide": mark("Masquer"),
    "warn": mark("Avertir, sans rien masquer"),
    "dismiss": mark("Laisser en place : rien à reprocher"),
    "restore": mark("Remettre en ligne"),
    "confirm": mark("Maintenir la décision"),
}


async def show_waiting(request: Request) -> Response:
    """GET /moderation"""
    viewer = signed_in(request)
    context = {
        "waiting": [
            (line, named(line.kind, line.title or _("sans titre")))
            for line in await waiting(reportables_of(request), viewer.id)
        ],
        "held": await held_ads(viewer.id),
    }
    return render(request, "moderation/waiting.html", context)


async def show_matter(request: Request) -> Response:
    """GET /moderation/ad/12"""
    matter = await _matter(request)
    form = blank(DecisionForm, seen=matter.last_id, concerns=matter.concerned(None))
    return render(request, PAGE, await _page(request, matter, form))


async def decide_matter(request: Request) -> Response:
    """POST /moderation/ad/12/decisions"""
    matter = await _matter(request)
    bound = await read_form(request, DecisionForm)
    data = reasoned(bound)
    if data is None:
        return refused_form(request, PAGE, await _page(request, matter, bound))
    try:
        decision = await decide(
            matter.kind,
            matter.id,
            reportables=reportables_of(request),
            by=signed_in(request),
            act=data.act,
            canned=data.canned if data.canned in CANNED else "",
            words=data.words,
            concerns=data.concerns,
            seen=data.seen,
            links=links_of(request),
        )
    except Refusal as refusal:
        # What somebody else decided meanwhile is shown with the words kept.
        fresh = await _matter(request)
        kept = bound.refuse(refusal)
        kept.values["seen"] = fresh.last_id
        return refused_form(request, PAGE, await _page(request, fresh, kept))
    if decision.act == "hide" and decision.about_kind == "member":
        hub_of(request).end_member(decision.about_id)
    return redirect(request, "/moderation", say=_("C’est décidé, et c’est dit aux personnes concernées."))


def reasoned(bound: Bound[R]) -> R | None:
    """The form, if it gives a reason as well."""
    data = bound.data
    if data and not data.words and data.canned not in CANNED:
        bound.errors["words"] = [_("Choisissez une raison, ou écrivez la vôtre : la personne la lira.")]
        return None
    return data


async def _matter(request: Request) -> Matter:
    place = request.path_params
    return await open_matter(reportables_of(request), place["kind"], place["id"])


async def _page(request: Request, matter: Matter, form: Bound[DecisionForm]) -> dict[str, Any]:
    thing = matter.thing
    mine = signed_in(request).id in matter.involved
    people = {matter.concerned(None), *matter.against} if thing is None or thing.owner_id else matter.involved
    standings = [await standing_of(one) for one in sorted(one for one in people if one is not None)]
    return {
        "matter": matter,
        "thing": thing,
        "about": named(matter.kind, matter.title or _("sans titre")),
        "says": await reportables_of(request)[matter.kind].evidence(matter.id)
        if thing and matter.kind != "conversation"
        else None,
        # Whoever is of the staff learns no more about who reported them than anybody else does.
        "reports": [] if mine else await reports_of(matter.kind, matter.id),
        "history": [] if mine else await history_of(matter.kind, matter.id),
        "standings": [one for one in standings if one],
        "acts": [(act, _act_words(act, matter)) for act in matter.acts],
        "canned": canned_for(matter.acts),
        "mine": mine,
        "form": form,
    }


def _act_words(act: str, matter: Matter) -> str:
    if act == "hide" and not matter.can_be_hidden:
        return _("Masquer le compte de la personne")
    if act == "restore" and not matter.is_hidden:
        return _("Retirer l’avertissement")
    return _(ACTS[act])
