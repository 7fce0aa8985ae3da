"""Hours in JSON, over the same verbs as the pages. Whole minutes everywhere."""

import secrets
from datetime import datetime
from typing import Final, Literal

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from echange.database import in_transaction
from echange.hours import gifts, staff
from echange.hours.forms import AccountQuery, GiftBody, PreferencesBody, ReasonForm, SealQuery, SolidarityBody
from echange.hours.preferences import leave_to, prefer, preferences_of
from echange.hours.proving import prover_of, seal_of
from echange.hours.purses import Purse, purse_of
from echange.hours.statement import Line, statement
from echange.http import (
    GuardedRoute,
    Invalid,
    Out,
    Rate,
    answer,
    anyone,
    api,
    member,
    moderator,
    read_json,
    read_query,
    signed_in,
)
from echange.http import staff as of_staff
from echange.http.idempotency import HEADER
from echange.ledger import account


class AccountOut(Out):
    """A floor or ceiling of null is none; `left_to` null is the solidarity fund."""

    organisation: int | None
    balance_minutes: int
    floor_minutes: int | None
    ceiling_minutes: int | None
    may_give_minutes: int | None
    may_take_minutes: int | None
    entries: int
    above_ceiling: Literal["fund", "decline"] | None
    left_to: int | None


class WithOut(Out):
    """Who is at the other side; `id` is null for the town, the fund and who has left."""

    kind: Literal["member", "organisation", "town", "fund", "former"]
    id: int | None
    name: str


class AboutOut(Out):
    kind: str
    id: int


class EntryOut(Out):
    """A movement: `minutes` in, below zero out; `undone` when it was reversed since."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: int
    at: datetime
    kind: str
    minutes: int
    balance_minutes: int
    with_: WithOut | None = Field(serialization_alias="with")
    reason: str
    about: AboutOut | None
    undone: bool


class EntriesOut(Out):
    items: list[EntryOut]
    next: str | None


class TransferOut(Out):
    """`balance_minutes`: what the account given from, or given back to, held just after it."""

    id: int
    balance_minutes: int


class ReversalOut(Out):
    id: int


class WrongOut(Out):
    """The first row that is not as it was written."""

    table: str
    transfer: int | None
    account: int | None
    what: str


class ProofOut(Out):
    """`head`: the last hash of the chain, at transfer `sealed_to`; `seal`: that of the one asked for."""

    ok: bool
    accounts: int
    transfers: int
    sealed: int
    sum_minutes: int
    head: str
    sealed_to: int | None
    first_wrong: WrongOut | None
    town_minutes: int
    fund_minutes: int
    at: datetime
    seal: str | None


async def show_account(request: Request) -> Response:
    return await _account(request, await purse_of(signed_in(request), _asked(request).organisation))


async def change_account(request: Request) -> Response:
    """What becomes of hours above the ceiling, and of those left in the end."""
    me, form = signed_in(request), await read_json(request, PreferencesBody)
    # What is refused changes nothing.
    async with in_transaction():
        if form.above_ceiling is not None:
            await prefer(me.id, form.above_ceiling)
        if "left_to" in form.model_fields_set:
            await leave_to(me.id, form.left_to)
    return await _account(request, await purse_of(me))


async def _account(request: Request, purse: Purse) -> Response:
    it = await account(purse.account)
    mine = None if purse.organisation else await preferences_of(signed_in(request).id)
    return answer(
        AccountOut(
            organisation=purse.organisation,
            balance_minutes=it.balance,
            floor_minutes=it.floor,
            ceiling_minutes=it.ceiling,
            may_give_minutes=it.may_give,
            may_take_minutes=it.may_take,
            entries=it.entries,
            above_ceiling=mine.above if mine else None,
            left_to=mine.left_to[0] if mine and mine.left_to else None,
        )
    )


async def list_entries(request: Request) -> Response:
    query = _asked(request)
    me = signed_in(request)
    purse, position = await purse_of(me, query.organisation), query.position()
    lines = await statement(purse.account, me, query.limit, position[1] if position else None)
    return answer(EntriesOut(items=[_entry(line) for line in lines.items], next=lines.next))


def _asked(request: Request) -> AccountQuery:
    bound = read_query(request, AccountQuery)
    if bound.data is None:
        raise Invalid(bound.errors)
    return bound.data


def _entry(line: Line) -> EntryOut:
    return EntryOut(
        id=line.transfer_id,
        at=line.at,
        kind=line.kind,
        minutes=line.minutes,
        balance_minutes=line.balance,
        with_=WithOut(kind=line.who.kind, id=line.who.id, name=line.who.name) if line.who else None,
        reason=line.words,
        about=AboutOut(kind=line.about[0], id=line.about[1]) if line.about else None,
        undone=line.undone,
    )


async def give(request: Request) -> Response:
    """One's own hours, or under a hat the organisation's."""
    form = await read_json(request, GiftBody)
    key = request.headers.get(HEADER) or secrets.token_urlsafe(16)
    gift = await gifts.give(form.to, by=signed_in(request), minutes=form.minutes, words=form.reason, key=key)
    return answer(TransferOut(id=gift.id, balance_minutes=gift.balance), 201)


async def take_back(request: Request) -> Response:
    gift = await gifts.take_back(int(request.path_params["id"]), by=signed_in(request))
    return answer(TransferOut(id=gift.id, balance_minutes=gift.balance))


async def reverse(request: Request) -> Response:
    form = await read_json(request, ReasonForm)
    transfer_id = int(request.path_params["id"])
    undone = await staff.reverse_movement(transfer_id, by=signed_in(request), reason=form.reason)
    return answer(ReversalOut(id=undone), 201)


async def help_out(request: Request) -> Response:
    form = await read_json(request, SolidarityBody)
    key = request.headers.get(HEADER) or secrets.token_urlsafe(16)
    given = await staff.give_in_solidarity(
        form.member, by=signed_in(request), minutes=form.minutes, reason=form.reason, key=key
    )
    return answer(ReversalOut(id=given), 201)


async def show_proof(request: Request) -> Response:
    query = read_query(request, SealQuery).data or SealQuery()
    proven = await prover_of(request).proven()
    proof, wrong = proven.proof, proven.proof.first_wrong
    return answer(
        ProofOut(
            ok=proof.ok,
            accounts=proof.accounts,
            transfers=proof.transfers,
            sealed=proof.sealed,
            sum_minutes=proof.sum_minutes,
            head=proof.head,
            sealed_to=proof.sealed_to,
            first_wrong=WrongOut(
                table=wrong.table, transfer=wrong.transfer, account=wrong.account, what=wrong.what
            )
            if wrong
            else None,
            town_minutes=proven.town_minutes,
            fund_minutes=proven.fund_minutes,
            at=proven.at,
            seal=await seal_of(query.transfer) if query.transfer else None,
        )
    )


_GIFTS: Final = Rate("gift", 30, 3600)
_STAFF: Final = Rate("hours staff", 60, 3600)

routes: Final[list[GuardedRoute]] = [
    api("GET", "/ledger/account", show_account, who=member, summary="Mes heures, ou celles d’une association",
        query=AccountQuery, answer=AccountOut),
    api("PATCH", "/ledger/account", change_account, who=member,
        summary="Ce que deviennent mes heures en trop, et celles qui resteront", body=PreferencesBody,
        answer=AccountOut),
    api("GET", "/ledger/entries", list_entries, who=member,
        summary="Mon relevé, du plus récent au plus ancien", query=AccountQuery, answer=EntriesOut),
    api("GET", "/ledger/proof", show_proof, who=anyone, summary="La preuve que les heures sont justes",
        query=SealQuery, answer=ProofOut),
    api("POST", "/transfers", give, who=member, summary="Offrir des heures", body=GiftBody,
        answer=TransferOut, status=201, limit=_GIFTS),
    api("DELETE", "/transfers/{id:id}", take_back, who=member,
        summary="Reprendre un don, dans les dix minutes", answer=TransferOut),
    api("POST", "/transfers/{id:id}/reversal", reverse, who=moderator,
        summary="Annuler un mouvement, une fois, avec la raison", body=ReasonForm, answer=ReversalOut,
        status=201, limit=_STAFF),
    api("POST", "/solidarity", help_out, who=of_staff,
        summary="Donner des heures du fonds de solidarité", body=SolidarityBody, answer=ReversalOut,
        status=201, limit=_STAFF),
]  # fmt: skip
