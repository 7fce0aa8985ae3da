"""A lender's board: what waits for a yes, what to prepare, what is out, late, or meets closed doors."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.booking import Period
from echange.http import NotFound, Refusal, read_form, read_query, redirect, render, signed_in
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.lending.cards import face_of
from echange.lending.closing_then import ClosedThen, closed_then
from echange.lending.life import RUNNING, TO_SETTLE
from echange.lending.loan_loading import SHOWN, visible_loan
from echange.lending.loan_screen_forms import BoardQuery, WindowChoiceForm
from echange.lending.managing import lenders_of
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.pages.loan_screen import state_of
from echange.lending.showing import borrower_name, units_of

AT_MOST: Final = 300
BOARD: Final = "/prets/tableau"


async def show_board(request: Request) -> Response:
    """GET /prets/tableau?preteur=12."""
    viewer = signed_in(request)
    query = read_query(request, BoardQuery).data or BoardQuery()
    lenders = await lenders_of(viewer)
    chosen = [one for one in lenders if query.preteur in {None, one.id}]
    if query.preteur is not None and not chosen:
        raise NotFound
    running = Loan.filter(lender_id__in=[one.id for one in chosen], state__in=[*RUNNING, *TO_SETTLE])
    loans = (
        await running.exclude(state="held").order_by("starts_at", "id").limit(AT_MOST).select_related(*SHOWN)
    )
    units = await units_of(loans)
    shelves = _shelves(loans)
    context: dict[str, Any] = {
        "lenders": [(one.id, face_of(one, viewer).name) for one in lenders],
        "chosen": query.preteur,
        "shelves": {name: [_line(it, units) for it in found] for name, found in shelves.items()},
        "closed": [_closed_line(one) for one in await _closed(chosen)],
        "several": len(lenders) > 1,
    }
    return render(request, "lending/board.html", context)


async def propose_opening(request: Request) -> Response:
    """POST /prets/tableau/12/proposition: the next opening, in one click."""
    it, viewer = await visible_loan(request), signed_in(request)
    bound = await read_form(request, WindowChoiceForm)
    if bound.data is None:
        return redirect(request, f"{it.url}/proposition")
    try:
        if it.state == "out":
            await it.renew(by=viewer, until=bound.data.period.end)
        else:
            await it.propose(by=viewer, period=bound.data.period)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return redirect(request, f"{it.url}/proposition", say=refusal.title, kind="warning")
    return redirect(request, BOARD, say=_("C’est proposé."))


def _shelves(loans: Sequence[Loan]) -> dict[str, list[Loan]]:
    shelves: dict[str, list[Loan]] = {
        name: [] for name in ("late", "decide", "at_risk", "prepare", "ready", "out", "settle")
    }
    for it in loans:
        if it.is_late:
            shelves["late"].append(it)
        elif it.state in TO_SETTLE:
            shelves["settle"].append(it)
        else:
            shelves[_SHELF_OF[it.state]].append(it)
    shelves["out"].sort(key=lambda one: one.ends_at)
    shelves["late"].sort(key=lambda one: one.ends_at)
    return shelves


_SHELF_OF: Final = {
    "requested": "decide",
    "at_risk": "at_risk",
    "approved": "prepare",
    "ready": "ready",
    "out": "out",
}


def _line(it: Loan, units: dict[int, list[Any]]) -> dict[str, Any]:
    days_late = max((now() - it.ends_at).days, 0) if it.is_late else 0
    return {
        "it": it,
        "look": state_of(it),
        "name": borrower_name(it),
        "codes": [unit.code for unit in units.get(it.id, [])],
        "days_late": days_late,
    }


async def _closed(lenders: Sequence[Lender]) -> list[ClosedThen]:
    return [one for lender in lenders for one in await closed_then(lender)]


def _closed_line(one: ClosedThen) -> dict[str, Any]:
    period: Period | None = one.proposal
    return {"it": one.it, "name": borrower_name(one.it), "what": one.what, "proposal": period}
