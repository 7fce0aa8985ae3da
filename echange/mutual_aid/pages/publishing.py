"""Asking for a hand and offering one: one screen. Signed out, the words wait in the browser."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange.chat import client_id
from echange.database import in_transaction
from echange.http import (
    Bound,
    Invalid,
    Refusal,
    Viewer,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    viewer_of,
)
from echange.http.redirects import SIGN_IN
from echange.i18n import gettext as _
from echange.members import Member, skill_names
from echange.mutual_aid import warnings
from echange.mutual_aid.forms import MOST_ROLES, MOST_SLOTS
from echange.mutual_aid.group_refusals import NotTheirGroup
from echange.mutual_aid.groups import entrust, groups_for, groups_to_choose
from echange.mutual_aid.kinds import EFFORTS, URGENCIES, Kind
from echange.mutual_aid.models import Help
from echange.mutual_aid.pages.keeping_words import drop_words, keep_words, kept_words
from echange.mutual_aid.quartiers import quartier_choices
from echange.mutual_aid.refusals import QuartierMissing
from echange.mutual_aid.screen_form import SKILLS, ScreenForm
from echange.mutual_aid.seeing import actor

# Fields that are out of sight until they say something.
FOLDED = {
    "moments": [f"{name}_{n}" for n in range(1, MOST_SLOTS + 1) for name in ("day", "from", "to")],
    "roles": [f"role_{n}" for n in range(1, MOST_ROLES + 1)],
}
PATHS = {"ask": "/entraide/demander", "offer": "/entraide/proposer"}


async def ask(request: Request) -> Response:
    """GET /entraide/demander"""
    return await _screen(request, "ask")


async def offer(request: Request) -> Response:
    """GET /entraide/proposer"""
    return await _screen(request, "offer")


async def publish_ask(request: Request) -> Response:
    """POST /entraide/demander"""
    return await _publish(request, "ask")


async def publish_offer(request: Request) -> Response:
    """POST /entraide/proposer"""
    return await _publish(request, "offer")


async def _screen(request: Request, kind: Kind) -> Response:
    viewer = viewer_of(request)
    beginning = {
        "people": 1,
        "effort": 1,
        "urgency": "calm",
        "quartier": await _own_quartier(viewer),
        "once": client_id(),
        # A search that found nothing, or another page, may begin it.
        "title": request.query_params.get("titre", "")[:120],
    }
    form = blank(ScreenForm, **{**beginning, **kept_words(request, kind)})
    return render(request, "mutual_aid/tell.html", await screen(form, kind, viewer))


async def _publish(request: Request, kind: Kind) -> Response:
    bound, viewer = await read_form(request, ScreenForm), viewer_of(request)
    if bound.data is not None:
        try:
            details = bound.data.details()
            if viewer is None:
                return _sign_in_first(request, kind, bound)
            async with in_transaction():
                aid = await Help.publish(kind, details, by=viewer, once=bound.data.once)
                await entrust_as_told(aid, bound, viewer)
        except Refusal as refusal:
            bound = refused(bound, refusal)
        else:
            response = redirect(
                request, aid.url, say=_("C’est publié. Les voisins qui le peuvent vous répondront.")
            )
            drop_words(response, request)
            return response
    return refused_form(request, "mutual_aid/tell.html", await screen(bound, kind, viewer))


def refused(bound: Bound[ScreenForm], refusal: Refusal) -> Bound[ScreenForm]:
    """The same words with what was wrong; raised again when it is no rule of the form's."""
    if refusal.status != Refusal.status and not isinstance(refusal, Invalid):
        raise refusal
    return bound.refuse(refusal, at="quartier" if isinstance(refusal, QuartierMissing) else "")


async def entrust_as_told(aid: Help, bound: Bound[ScreenForm], by: Viewer) -> None:
    """For which group it is, when the form asked; raises Invalid beside the field."""
    if bound.data is None or bound.values.get("group") is None or aid.kind != "ask":
        return
    try:
        await entrust(aid, bound.data.group, by=by)
    except NotTheirGroup as refusal:
        raise Invalid({"group": [refusal.title]}) from None


async def screen(
    form: Bound[ScreenForm], kind: str, viewer: Viewer | None, aid: Help | None = None
) -> dict[str, Any]:
    """What the form needs; `help` when one is corrected."""
    title, body = (str(form.values.get(name) or "") for name in ("title", "body"))
    return {
        "form": form,
        "kind": kind,
        "help": aid,
        "path": f"/entraide/{aid.id}/modifier" if aid else PATHS[kind],
        "groups": await _groups(kind, viewer, aid),
        "quartiers": await quartier_choices(),
        "urgencies": [(slug, _(label)) for slug, label in URGENCIES.items()],
        "efforts": [(value, _(label), _(hint)) for value, (label, hint) in EFFORTS.items()],
        "skill_names": skill_names(),
        "skills": max(SKILLS, len(form.values.get("skills") or [])),
        "roles": MOST_ROLES,
        "unfolded": {
            name: any(form.values.get(field) or form.errors.get(field) for field in fields)
            for name, fields in FOLDED.items()
        },
        "risk": warnings.risk_note() if warnings.is_risky(title, body) else "",
    }


async def _groups(kind: str, viewer: Viewer | None, aid: Help | None) -> list[tuple[int, str]]:
    if viewer is None or kind != "ask":
        return []
    return await groups_for(aid, viewer) if aid else await groups_to_choose(viewer)


def _sign_in_first(request: Request, kind: Kind, bound: Bound[ScreenForm]) -> Response:
    response = RedirectResponse(f"{SIGN_IN}?suite={PATHS[kind]}", status_code=303)
    keep_words(response, request, kind, bound.values)
    return response


async def _own_quartier(viewer: Viewer | None) -> str:
    if viewer is None:
        return ""
    member = await Member.get(id=_acting(viewer)).select_related("quartier")
    return member.quartier.slug if member.quartier else ""


def _acting(viewer: Viewer) -> int:
    try:
        return actor(viewer)
    except Refusal:
        return viewer.id
