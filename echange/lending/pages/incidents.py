"""Damage and loss on screen: what was told, what the borrower says, what is decided."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    NotFound,
    Refusal,
    attempt,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.lending import deposits, incidents
from echange.lending.cards import euros
from echange.lending.conditions import departures_of
from echange.lending.desk import borrower_of
from echange.lending.desk_screen_forms import AnswerForm, DecisionScreenForm, DeskPageQuery
from echange.lending.incidents import DECISIONS, SHOWN, SORTS
from echange.lending.models.condition import ConditionPhoto
from echange.lending.models.incident import Incident
from echange.lending.pages.desk import chosen_lenders, lender_choice
from echange.lending.pages.desk_seen import before_said, shots_of
from echange.lending.showing import lender_name

CASES: Final = "/prets/incidents"
PAGE: Final = "lending/desk_incident.html"


async def list_cases(request: Request) -> Response:
    """GET /prets/incidents?preteur=12: what waits for a decision."""
    viewer = signed_in(request)
    query = read_query(request, DeskPageQuery).data or DeskPageQuery()
    lenders, chosen = await chosen_lenders(viewer, query.preteur)
    found = await incidents.open_of([one.id for one in chosen])
    context = {
        **lender_choice(lenders, query.preteur, viewer, CASES),
        "cases": [
            {
                "one": one,
                "sort": _(SORTS[one.kind]),
                "who": borrower_of(one.loan),
                "title": one.loan.item.title,
            }
            for one in found
        ],
    }
    return render(request, "lending/desk_incidents.html", context)


async def show_case(request: Request) -> Response:
    """GET /prets/incidents/3."""
    one = await _case(request)
    return render(request, PAGE, await _screen(request, one))


async def answer_case(request: Request) -> Response:
    """POST /prets/incidents/3/reponse, by the borrower."""
    one, viewer = await _case(request), signed_in(request)

    async def do(data: AnswerForm) -> str:
        await incidents.answer(one, by=viewer, words=data.words)
        return _("C’est dit.")

    async def refused(bound: Bound[AnswerForm]) -> Response:
        return refused_form(request, PAGE, await _screen(request, one, reply=bound))

    bound = await read_form(request, AnswerForm)
    return await attempt(request, bound, do, then=one.url, refused=refused, at="words")


async def decide_case(request: Request) -> Response:
    """POST /prets/incidents/3/decision, by who lends it."""
    one, viewer = await _case(request), signed_in(request)
    bound = await read_form(request, DecisionScreenForm)
    if bound.data is not None:
        data = bound.data
        try:
            await incidents.decide(one, by=viewer, decision=data.decision, words=data.words, cents=data.kept)
        except Refusal as refusal:
            if refusal.status in {403, 404}:
                raise
            bound = _at_kept(
                bound.refuse(refusal, at="kept" if refusal.code == "deposit_too_low" else "decision")
            )
        else:
            return redirect(request, one.loan.url, say=_("C’est décidé, et c’est dit."))
    return refused_form(request, PAGE, await _screen(request, one, decision=bound))


def _at_kept(bound: Bound[Any]) -> Bound[Any]:
    errors = {"kept" if name == "cents" else name: texts for name, texts in bound.errors.items()}
    return Bound(values=bound.values, errors=errors)


async def _case(request: Request) -> Incident:
    seen = incidents.visible_to(signed_in(request)).filter(id=request.path_params["id"])
    one = await seen.select_related(*SHOWN).first()
    if one is None:
        raise NotFound
    return one


async def _screen(
    request: Request, one: Incident, reply: Bound[Any] | None = None, decision: Bound[Any] | None = None
) -> dict[str, Any]:
    viewer, it = signed_in(request), one.loan
    side = await it.side_of(viewer)
    lends = "lender" in {side, await _lenders_side(one, request)}
    photos = await ConditionPhoto.filter(report_id=one.report_id).order_by("id") if one.report_id else []
    left = (await deposits.account_of(it)).left
    return {
        "one": one,
        "it": it,
        "sort": _(SORTS[one.kind]),
        "side": side,
        "may_decide": lends and viewer.id != it.borrower_id and one.decided_at is None,
        "own": lends and viewer.id == it.borrower_id and one.decided_at is None,
        "borrower": borrower_of(it),
        "lender": lender_name(it),
        "before": before_said((await departures_of(it)).get(one.unit_id)),
        "photos": shots_of(photos),
        "left": euros(left or None),
        "decisions": [(slug, _(label)) for slug, label in DECISIONS.items() if slug != "kept" or left],
        "decided": _(DECISIONS[one.decision]) if one.decision else "",
        "kept": euros(one.kept_cents),
        "reply": reply or blank(AnswerForm, words=one.answer),
        "form": decision or blank(DecisionScreenForm),
    }


async def _lenders_side(one: Incident, request: Request) -> str | None:
    from echange.lending.loan_sides import side_for

    return await side_for(one.loan, signed_in(request), "closing")
