"""My hours: what I have, what that means, how it came, and what I want done with it."""

from starlette.requests import Request
from starlette.responses import Response

from echange.hours.forms import AboveForm, AccountQuery, LeavingForm, LookUpQuery
from echange.hours.plot import HEIGHT, WIDTH, plot_of
from echange.hours.preferences import leave_to, may_receive, prefer, preferences_of
from echange.hours.purses import Purse, balances_of_hats, purse_of
from echange.hours.refusals import NotAChoice
from echange.hours.statement import statement
from echange.http import (
    Bound,
    Invalid,
    Viewer,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.ledger import account


async def show(request: Request) -> Response:
    """GET /temps?organisation=&cursor=."""
    viewer = signed_in(request)
    query = read_query(request, AccountQuery).data or AccountQuery()
    purse = await purse_of(viewer, query.organisation)
    position = query.position()
    lines = await statement(purse.account, viewer, query.limit, position[1] if position else None)
    more = f"?{purse.query}&cursor={lines.next}" if purse.query else f"?cursor={lines.next}"
    preferences = None if purse.organisation else await preferences_of(viewer.id)
    context = {
        "purse": purse,
        "account": await account(purse.account),
        "lines": lines.items,
        "later": position is not None,
        "next_url": f"/temps{more}" if lines.next else "",
        "plot": None if position else await plot_of(purse.account),
        "plot_size": (WIDTH, HEIGHT),
        "hats": await _others(viewer, purse),
        "preferences": preferences,
        "above_form": blank(AboveForm, above=preferences.above if preferences else ""),
    }
    return render(request, "hours/mine.html", context)


async def _others(viewer: Viewer, purse: Purse) -> list[tuple[Purse, int]]:
    held = await balances_of_hats(viewer)
    if purse.organisation is not None:
        mine = await purse_of(viewer)
        held = [(mine, (await account(mine.account)).balance), *held]
    return [(one, balance) for one, balance in held if one.account != purse.account]


async def prefer_above(request: Request) -> Response:
    """POST /temps/preference: what becomes of hours above the ceiling."""
    bound = await read_form(request, AboveForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    await prefer(signed_in(request).id, bound.data.above)
    said = (
        _("Ce qui dépasse ira au fonds de solidarité.")
        if bound.data.above == "fund"
        else _("Ce qui dépasse ne sera pas compté.")
    )
    return redirect(request, "/temps", say=said)


async def show_heir(request: Request) -> Response:
    """GET /temps/depart?q=: to whom one's hours go in the end."""
    left_to = (await preferences_of(signed_in(request).id)).left_to
    return await _heir_page(request, blank(LeavingForm, organisation=left_to[0] if left_to else ""))


async def choose_heir(request: Request) -> Response:
    """POST /temps/depart."""
    bound = await read_form(request, LeavingForm)
    if bound.data is None:
        return await _heir_page(request, bound)
    try:
        await leave_to(signed_in(request).id, bound.data.organisation)
    except NotAChoice as refusal:
        return await _heir_page(request, bound.refuse(refusal, at="organisation"))
    return redirect(request, "/temps", say=_("C’est noté. Vous pouvez changer d’avis jusqu’au dernier jour."))


async def _heir_page(request: Request, bound: Bound[LeavingForm]) -> Response:
    viewer = signed_in(request)
    q = (read_query(request, LookUpQuery).data or LookUpQuery()).q
    chosen = (await preferences_of(viewer.id)).left_to
    found = await may_receive(viewer.id, q)
    context = {
        "form": bound,
        "q": q,
        # What was chosen stays to be seen, whatever is looked for.
        "options": [chosen, *found] if chosen and chosen not in found else found,
        "balance": (await account((await purse_of(viewer)).account)).balance,
    }
    answer = refused_form if bound.errors else render
    return answer(request, "hours/heir.html", context)
