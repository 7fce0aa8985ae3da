"""Sheets made for print: the form to sign, the receipt of an act or a day, what was done for somebody."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import GuardedRoute, concierge, member, page, read_query, render, signed_in
from echange.http.dates import now, today
from echange.members.desk import account_of
from echange.members.mandates.forms import DayQuery, SpanQuery
from echange.members.mandates.naming import named
from echange.members.mandates.queries import act_of, acts_of, done_for, mandate_seen, mandates_for
from echange.members.mandates.words import day_choices, scope_choices


async def print_mandate(request: Request) -> Response:
    """GET /moi/mandats/{id}/formulaire: filled in, with its lines to sign."""
    seen = await mandate_seen(request.path_params["id"], signed_in(request))
    return _form(request, mandate=seen, back=seen.url)


async def print_blank(request: Request) -> Response:
    """GET /administration/mandat-vierge: to fill in by hand."""
    return _form(request, mandate=None, back="/administration/membres")


def _form(request: Request, **context: object) -> Response:
    known = {"days": day_choices(), "scopes": scope_choices()}
    return render(request, "members/mandate_form.html", {**context, **known})


async def print_receipt(request: Request) -> Response:
    """GET /moi/mandats/{id}/actes/{act}: of one act."""
    viewer = signed_in(request)
    seen = await mandate_seen(request.path_params["id"], viewer)
    act = await act_of(seen.id, request.path_params["act"])
    context = {"mandate": seen, "acts": await named(request, [act], viewer, [seen]), "day": act.at}
    return render(request, "members/mandate_receipt.html", context)


async def print_day(request: Request) -> Response:
    """GET /moi/mandats/{id}/releve?jour=2026-11-24: of one day, today by itself."""
    viewer = signed_in(request)
    seen = await mandate_seen(request.path_params["id"], viewer)
    query = read_query(request, DayQuery).data or DayQuery()
    day = query.jour or today()
    acts = await named(request, await acts_of(seen.id, day), viewer, [seen])
    context = {"mandate": seen, "acts": acts, "day": day}
    return render(request, "members/mandate_receipt.html", context)


async def print_summary(request: Request) -> Response:
    """GET /administration/membres/{id}/fait-pour-vous?jours=31."""
    viewer, account = signed_in(request), await account_of(request.path_params["id"])
    query = read_query(request, SpanQuery).data or SpanQuery()
    since = now() - timedelta(days=query.jours)
    running = [one for one in await mandates_for(account.id, viewer) if one.state == "running"]
    context = {
        "name": account.name,
        "back": account.url,
        "acts": await named(request, await done_for(account.id, since), viewer, running),
        "since": since,
        "span": query.jours,
        "spans": day_choices()[1:],
        "mandates": running,
    }
    return render(request, "members/mandate_summary.html", context)


routes: Final[list[GuardedRoute]] = [
    page("/moi/mandats/{id:id}/formulaire", print_mandate, who=member),
    page("/moi/mandats/{id:id}/actes/{act:id}", print_receipt, who=member),
    page("/moi/mandats/{id:id}/releve", print_day, who=member),
    page("/administration/mandat-vierge", print_blank, who=concierge),
    page("/administration/membres/{id:id}/fait-pour-vous", print_summary, who=concierge),
]
