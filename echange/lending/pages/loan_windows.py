"""Other dates for a loan: changed by its borrower, proposed by its lender, on the same calendar."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from echange.booking import Period
from echange.http import (
    Bound,
    Viewer,
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

    async def do(it: Loan, by: Viewer, form: WindowChoiceForm) -> str:
        await it.change(by=by, period=form.period, quantity=form.quantity, parts=form.parts)
        return _("C’est changé, et redemandé.") if it.state == "requested" else _("C’est changé.")

    return await _act(request, "change", do)


async def ask_proposal(request: Request) -> Response:
    """GET /prets/demandes/12/proposition?du=…"""
    return await _ask(request, "proposal")


async def propose(request: Request) -> Response:
    """POST /prets/demandes/12/proposition."""

    async def do(it: Loan, by: Viewer, form: WindowChoiceForm) -> str:
        await it.propose(by=by, period=form.period, words=form.words)
        return _("C’est proposé. La personne qui emprunte choisit.")

    return await _act(request, "proposal", do)


async def _ask(request: Request, act: Act) -> Response:
    it = await visible_loan(request)
    if act not in await it.next_for(signed_in(request)):
        return redirect(request, it.url, say=NotNow().title, kind="info")
    query = read_query(request, ChoiceQuery).data or ChoiceQuery()
    if query.du is None and query.jour is None:
        now_standing = query_for(Period(it.starts_at, it.ends_at), it.quantity, it.parts)
        query = now_standing.model_copy(update={"mois": query.mois or now_standing.mois})
    return render(request, PAGE, await _screen(request, it, act, query, blank(WindowChoiceForm)))


async def _act(
    request: Request, act: Act, do: Callable[[Loan, Viewer, WindowChoiceForm], Awaitable[str]]
) -> Response:
    it, viewer = await visible_loan(request), signed_in(request)
    bound = await read_form(request, WindowChoiceForm)

    async def refused(told: Bound[WindowChoiceForm]) -> Response:
        form, again = bound.data, await visible_loan(request)
        query = query_for(form.period, form.quantity, form.parts) if form else ChoiceQuery()
        return refused_form(request, PAGE, await _screen(request, again, act, query, told))

    return await attempt(request, bound, lambda form: do(it, viewer, form), then=it.url, refused=refused)


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
