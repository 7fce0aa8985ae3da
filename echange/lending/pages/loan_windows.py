"""Other dates for a loan: changed by its borrower, proposed by its lender, on the same calendar."""

from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from echange.booking import Period
from echange.http import (
    Bound,
    Refusal,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.lending.choosing import ChoiceQuery, choice_of, query_for
from echange.lending.item_showing import detail_of
from echange.lending.loading import whole
from echange.lending.loan_loading import visible_loan
from echange.lending.loan_refusals import NotNow
from echange.lending.loan_screen_forms import WindowChoiceForm
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.queries import usable_units

PAGE: Final = "lending/change_loan.html"
Act = Literal["change", "proposal"]
WHERE: Final[dict[Act, str]] = {"change": "dates", "proposal": "proposition"}


async def ask_change(request: Request) -> Response:
    """GET /prets/demandes/12/dates?du=…"""
    return await _ask(request, "change")


async def change(request: Request) -> Response:
    """POST /prets/demandes/12/dates."""
    it = await visible_loan(request)
    bound = await read_form(request, WindowChoiceForm)
    form = bound.data
    if form is None:
        return await _refused(request, it, "change", ChoiceQuery(), bound)
    try:
        await it.change(by=signed_in(request), period=form.period, quantity=form.quantity, parts=form.parts)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        query = query_for(form.period, form.quantity, form.parts)
        return await _refused(request, it, "change", query, bound.refuse(refusal))
    asked = it.state == "requested"
    said = _("C’est changé, et redemandé.") if asked else _("C’est changé.")
    return redirect(request, it.url, say=said)


async def ask_proposal(request: Request) -> Response:
    """GET /prets/demandes/12/proposition?du=…"""
    return await _ask(request, "proposal")


async def propose(request: Request) -> Response:
    """POST /prets/demandes/12/proposition."""
    it = await visible_loan(request)
    bound = await read_form(request, WindowChoiceForm)
    form = bound.data
    if form is None:
        return await _refused(request, it, "proposal", ChoiceQuery(), bound)
    try:
        await it.propose(by=signed_in(request), period=form.period, words=form.words)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return await _refused(request, it, "proposal", query_for(form.period), bound.refuse(refusal))
    return redirect(request, it.url, say=_("C’est proposé. La personne qui emprunte choisit."))


async def _ask(request: Request, act: Act) -> Response:
    it = await visible_loan(request)
    if act not in await it.next_for(signed_in(request)):
        return redirect(request, it.url, say=NotNow().title, kind="info")
    query = read_query(request, ChoiceQuery).data or ChoiceQuery()
    if query.du is None and query.jour is None:
        now_standing = query_for(Period(it.starts_at, it.ends_at), it.quantity, it.parts)
        query = now_standing.model_copy(update={"mois": query.mois or now_standing.mois})
    return render(request, PAGE, await _screen(request, it, act, query, blank(WindowChoiceForm)))


async def _refused(
    request: Request, it: Loan, act: Act, query: ChoiceQuery, form: Bound[WindowChoiceForm]
) -> Response:
    again = await visible_loan(request)
    return refused_form(request, PAGE, await _screen(request, again, act, query, form))


async def _screen(
    request: Request, it: Loan, act: Act, query: ChoiceQuery, form: Bound[WindowChoiceForm]
) -> dict[str, Any]:
    item = await whole(Item.filter(id=it.item_id)).get()
    if act == "proposal":
        query = query.model_copy(update={"nombre": it.quantity, "avec": list(it.parts)})
    viewer = signed_in(request)
    choice = await choice_of(item, query, viewer, besides=it.booking_id, staff=act == "proposal")
    period = Period(it.starts_at, it.ends_at)
    return {
        "it": it,
        "act": act,
        "item": detail_of(item, viewer),
        "units": (await usable_units([item.id]))[item.id] if act == "change" else 1,
        "choice": choice,
        "action": f"{it.url}/{WHERE[act]}",
        "same": choice is not None and choice.period == period and choice.query.nombre == it.quantity,
        "form": form,
    }
