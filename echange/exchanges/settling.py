"""The hours of an exchange move: from who received to who gave, in the transaction that settles it."""

from typing import TYPE_CHECKING, Literal

from echange import hours
from echange.database import fetch_one
from echange.exchanges import refusals
from echange.exchanges.life import SIDES, Side
from echange.exchanges.names import names_of
from echange.http.durations import said
from echange.ledger import AccountClosed, BelowFloor, account

if TYPE_CHECKING:
    from echange.exchanges.models.exchange_row import ExchangeRow


async def pay(it: "ExchangeRow", minutes: int) -> hours.Settled:
    """Move `minutes`, once for ever; what the giver cannot keep goes where they said. Zero moves nothing.

    Raises ReceiverShort, AccountGone.
    """
    if not minutes:
        return hours.Settled(None, 0, 0)
    try:
        return await hours.settle(
            giver=await _account_at(it, "giver"),
            receiver=await _account_at(it, "receiver"),
            minutes=minutes,
            key=f"exchange:{it.id}",
            about=("exchange", it.id),
            above=await _above(it),
            words=it.title,
            by=it.proposed_by_id,
        )
    except BelowFloor as short:
        name = (await names_of(it))["receiver"]
        raise refusals.ReceiverShort(name=name, minutes=said(minutes)) from short
    except AccountClosed as closed:
        raise refusals.AccountGone from closed


async def sides_gone(it: "ExchangeRow") -> list[Side]:
    """The sides whose account is closed, by a departure: between the two no hours can move any more."""
    accounts = {side: await account(await _account_at(it, side)) for side in SIDES}
    return [side for side, one in accounts.items() if one.closed_at is not None]


async def _account_at(it: "ExchangeRow", side: Side) -> int:
    organisation = it.giver_organisation_id if side == "giver" else it.receiver_organisation_id
    if organisation is not None:
        return await hours.account_of_organisation(organisation)
    return await hours.account_of(it.giver_id if side == "giver" else it.receiver_id)


async def _above(it: "ExchangeRow") -> Literal["fund", "decline"]:
    if it.giver_organisation_id is not None:
        return "fund"
    row = await fetch_one("SELECT above_ceiling FROM member WHERE id = $1", it.giver_id)
    return "decline" if row and row["above_ceiling"] == "decline" else "fund"
