"""Of the staff: an account looked up, a movement undone, hours of the fund, limits; each with its reason."""

import secrets
from collections.abc import Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from echange.hours import staff
from echange.hours.accounts import Owner, account_of, owners
from echange.hours.forms import AccountQuery, LimitsForm, LookUpQuery, PeriodQuery, ReasonForm, SolidarityForm
from echange.hours.pages.paper import paper
from echange.hours.periods import period_of
from echange.hours.purses import Purse
from echange.hours.statement import statement
from echange.http import (
    Bound,
    Form,
    NotFound,
    Refusal,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.ledger import Account, account, fund, town
from echange.members import Member

F = TypeVar("F", bound=Form)


async def look_up(request: Request) -> Response:
    """GET /administration/temps?q=."""
    q = (read_query(request, LookUpQuery).data or LookUpQuery()).q
    context = {
        "q": q,
        "found": await staff.find_accounts(q) if q else [],
        "town_account": await town(),
        "fund": await fund(),
    }
    return render(request, "hours/staff_accounts.html", context)


async def show_account(request: Request) -> Response:
    """GET /administration/temps/comptes/{id}?cursor=."""
    it, owner = await _account(request)
    query = read_query(request, AccountQuery).data or AccountQuery()
    position = query.position()
    lines = await statement(
        it.id, signed_in(request), query.limit, position[1] if position else None, at_desk=True
    )
    context = {
        "account": it,
        "owner": owner,
        "lines": lines.items,
        "next_url": f"{_url(it)}?cursor={lines.next}" if lines.next else "",
    }
    return render(request, "hours/staff_account.html", context)


async def ask_reversal(request: Request) -> Response:
    """GET /administration/temps/mouvements/{id}."""
    return await _movement_page(request, blank(ReasonForm))


async def reverse(request: Request) -> Response:
    """POST /administration/temps/mouvements/{id}."""
    bound = await read_form(request, ReasonForm)
    if bound.data is None:
        return await _movement_page(request, bound)
    transfer_id = int(request.path_params["id"])
    try:
        await staff.reverse_movement(transfer_id, by=signed_in(request), reason=bound.data.reason)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _movement_page(request, bound.refuse(refusal))
    said_so = _("Le mouvement est annulé. Les deux côtés sont prévenus, avec votre raison.")
    return redirect(request, f"/administration/temps/mouvements/{transfer_id}", say=said_so)


async def _movement_page(request: Request, bound: Bound[ReasonForm]) -> Response:
    it = await staff.movement(int(request.path_params["id"]), signed_in(request))
    return _answer(request, "hours/staff_movement.html", bound, {"it": it})


async def ask_solidarity(request: Request) -> Response:
    """GET /administration/membres/{id}/temps/solidarite."""
    return await _solidarity_page(request, _fresh(), await _member(request))


async def give_solidarity(request: Request) -> Response:
    """POST /administration/membres/{id}/temps/solidarite."""
    member = await _member(request)
    return await _give(request, member, f"/administration/membres/{member.id}/temps")


async def ask_solidarity_for(request: Request) -> Response:
    """GET /administration/temps/comptes/{id}/solidarite."""
    return await _solidarity_page(request, _fresh(), await _holder(request))


async def give_solidarity_for(request: Request) -> Response:
    """POST /administration/temps/comptes/{id}/solidarite."""
    return await _give(
        request, await _holder(request), f"/administration/temps/comptes/{request.path_params['id']}"
    )


def _fresh() -> Bound[SolidarityForm]:
    return blank(SolidarityForm, once=secrets.token_urlsafe(12))


async def _give(request: Request, member: Member, back: str) -> Response:
    bound = await read_form(request, SolidarityForm)
    if bound.data is None:
        return await _solidarity_page(request, bound, member)
    form = bound.data
    try:
        await staff.give_in_solidarity(
            member.id, by=signed_in(request), minutes=form.minutes, reason=form.reason, key=form.once
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return await _solidarity_page(request, bound.refuse(refusal, at="minutes"), member)
    said_so = _("{name} reçoit {duration} du fonds de solidarité, et lit votre raison.").format(
        name=member.name, duration=said(form.minutes)
    )
    return redirect(request, back, say=said_so)


async def _solidarity_page(request: Request, bound: Bound[SolidarityForm], member: Member) -> Response:
    context = {"name": member.name, "fund": await fund(), "action": request.url.path}
    return _answer(request, "hours/staff_solidarity.html", bound, context)


async def ask_limits(request: Request) -> Response:
    """GET /administration/temps/comptes/{id}/limites."""
    it, _owner = await _account(request)
    filled = {"owed": said(-(it.floor or 0)), "kept": said(it.ceiling or 0)}
    return await _limits_page(request, blank(LimitsForm, **filled))


async def change_limits(request: Request) -> Response:
    """POST /administration/temps/comptes/{id}/limites."""
    bound = await read_form(request, LimitsForm)
    if bound.data is None:
        return await _limits_page(request, bound)
    it, _owner = await _account(request)
    try:
        await staff.change_limits(it.id, by=signed_in(request), **bound.data.model_dump())
    except NotFound:
        raise
    except Refusal as refusal:
        return await _limits_page(request, bound.refuse(refusal))
    return redirect(request, _url(it), say=_("Les limites sont changées, et la personne prévenue."))


async def _limits_page(request: Request, bound: Bound[LimitsForm]) -> Response:
    it, owner = await _account(request)
    if owner.id is None:
        raise NotFound
    return _answer(request, "hours/staff_limits.html", bound, {"account": it, "owner": owner})


async def show_paper(request: Request) -> Response:
    """GET /administration/membres/{id}/temps?annee=&mois=: printed for who has no e-mail."""
    member = await _member(request)
    query = read_query(request, PeriodQuery).data or PeriodQuery()
    purse = Purse(await account_of(member.id), member.name)
    context = await paper(purse, signed_in(request), period_of(query), at_desk=True)
    here = f"/administration/membres/{member.id}/temps"
    return render(request, "hours/paper.html", {**context, "here": here, "at_desk": True})


async def _member(request: Request) -> Member:
    member = await Member.get_or_none(id=request.path_params["id"], left_at=None)
    if member is None:
        raise NotFound
    return member


async def _holder(request: Request) -> Member:
    _it, owner = await _account(request)
    member = await Member.get_or_none(id=owner.id) if owner.kind == "member" else None
    if member is None:
        raise NotFound
    return member


async def _account(request: Request) -> tuple[Account, Owner]:
    it = await account(int(request.path_params["id"]))
    return it, (await owners([it.id], signed_in(request), at_desk=True))[it.id]


def _url(it: Account) -> str:
    return f"/administration/temps/comptes/{it.id}"


def _answer(request: Request, template: str, bound: Bound[F], context: Mapping[str, Any]) -> Response:
    answer = refused_form if bound.errors else render
    return answer(request, template, {**context, "form": bound})
