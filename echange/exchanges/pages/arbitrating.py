"""Disagreements before the moderators: both figures, the history, and a decision with its reason."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges.loading import visible_exchange
from echange.exchanges.models import Exchange
from echange.exchanges.pages.forms import DecisionForm
from echange.exchanges.pages.people import parties_of
from echange.exchanges.pages.screen import lines_of
from echange.exchanges.queries import SHOWN, disputes
from echange.exchanges.settling import sides_gone
from echange.exchanges.showing import figures_of, history_of
from echange.exchanges.sides import involved_in, is_involved
from echange.http import (
    Bound,
    PageQuery,
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

PAGE = "exchanges/arbitration.html"


async def show_disputes(request: Request) -> Response:
    """GET /moderation/echanges?cursor=: the oldest first."""
    viewer = signed_in(request)
    query = read_query(request, PageQuery).data or PageQuery()
    page = await disputes(limit=query.limit, position=query.position())
    parties, figures = await parties_of(page.items, viewer), await figures_of(page.items)
    involved = await involved_in(page.items, viewer)
    lines = [
        {"it": it, "parties": parties[it.id], "figures": figures[it.id], "involved": it.id in involved}
        for it in page.items
    ]
    context = {"lines": lines, "later": bool(query.cursor), "next": page.next}
    return render(request, "exchanges/disputes.html", context)


async def show_dispute(request: Request) -> Response:
    """GET /moderation/echanges/12."""
    it = await visible_exchange(request)
    return render(request, PAGE, await _screen(request, it, blank(DecisionForm)))


async def decide(request: Request) -> Response:
    """POST /moderation/echanges/12/decision."""
    it = await visible_exchange(request)
    bound = await read_form(request, DecisionForm)
    if bound.data is not None:
        try:
            await it.arbitrate(by=signed_in(request), minutes=bound.data.minutes, reason=bound.data.reason)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            bound = bound.refuse(refusal)
        else:
            said = _("C’est tranché, et c’est dit aux deux, avec votre raison.")
            return redirect(request, "/moderation/echanges", say=said)
    return refused_form(request, PAGE, await _screen(request, it, bound))


async def _screen(request: Request, it: Exchange, form: Bound[DecisionForm]) -> dict[str, Any]:
    viewer = signed_in(request)
    it = await Exchange.filter(id=it.id).select_related(*SHOWN).get()
    return {
        "it": it,
        "parties": (await parties_of([it], viewer))[it.id],
        "figures": (await figures_of([it]))[it.id],
        "history": lines_of(await history_of(it), None),
        "gone": bool(await sides_gone(it)),
        "may_decide": await it.can_be_arbitrated_by(viewer),
        "involved": await is_involved(it, viewer),
        "form": form,
    }
