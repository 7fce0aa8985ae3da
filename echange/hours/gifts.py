"""Hours given away: to a neighbour, to an association, to the solidarity fund."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from echange.database import execute, fetch_one, fetch_value, in_transaction
from echange.hours import notices
from echange.hours.accounts import account_of, account_of_organisation
from echange.hours.forms import To, ToOrganisation
from echange.hours.keys import booked
from echange.hours.refusals import AlreadySpent, GiftToOneself, NotVerified, Paused, TooLate
from echange.http import NotFound, Viewer
from echange.http.dates import now
from echange.http.refusals import KeyReused
from echange.ledger import BelowFloor, fund, legs_of, move, reverse
from echange.members import Organisation, check_reach

TAKEN_BACK_WITHIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Gift:
    """A transfer, and what was left to whoever gave, in minutes, just after it."""

    id: int
    balance: int


async def give(to: To, *, by: Viewer, minutes: int, words: str = "", key: str) -> Gift:
    """Hours of the giver's, or of the organisation they act for; once for ever under one `key` of theirs.

    Asked again with the same key it answers the same, and with anything else raises KeyReused. Raises
    NotFound, Unreachable, NotVerified, Paused, GiftToOneself, BelowFloor, AboveCeiling.
    """
    source, target = await source_of(by), await _account(to)
    if source == target:
        raise GiftToOneself
    name = booked("gift", by, key)
    async with in_transaction():
        if not await fetch_value("SELECT EXISTS (SELECT FROM ledger_transfer WHERE key = $1)", name):
            await _check_may_give(by, to)
        moved = await move("gift", {source: -minutes, target: minutes}, key=name)
        if moved.fresh:
            await _note(moved.id, words, by)
            await notices.gift_made(to, by=by, minutes=minutes, words=words)
        elif words != await fetch_value("SELECT words FROM hours_note WHERE transfer_id = $1", moved.id):
            raise KeyReused
        return Gift(moved.id, await _balance_after(moved.id, source))


async def source_of(by: Viewer) -> int:
    """The account somebody gives from: their organisation's while they wear its hat."""
    return await account_of_organisation(by.acting_for.id) if by.acting_for else await account_of(by.id)


async def _account(to: To) -> int:
    if to == "fund":
        return (await fund()).id
    if isinstance(to, ToOrganisation):
        return await account_of_organisation(to.organisation)
    return await account_of(int(to))


async def _check_may_give(by: Viewer, to: To) -> None:
    if by.acting_for and not by.acting_for.may_publish:
        raise NotFound
    if by.away:
        raise Paused
    if isinstance(to, ToOrganisation):
        if not await Organisation.exists(id=to.organisation, away=False):
            raise NotFound
    elif to != "fund":
        await check_may_reach(by.id, int(to))
    if not by.verified:
        raise NotVerified


async def check_may_reach(giver_id: int, member_id: int) -> None:
    """Raises NotFound, Unreachable: a gift's words come to them, as a message would."""
    if await fetch_value("SELECT confirmed_at FROM member WHERE id = $1", member_id) is None:
        raise NotFound
    await check_reach(giver_id, member_id)


async def _note(transfer_id: int, words: str, by: Viewer) -> None:
    await execute(
        "INSERT INTO hours_note (transfer_id, words, by_id) VALUES ($1, $2, $3)", transfer_id, words, by.id
    )


async def _balance_after(transfer_id: int, account_id: int) -> int:
    balance: int = await fetch_value(
        "SELECT balance FROM ledger_entry WHERE transfer_id = $1 AND account_id = $2", transfer_id, account_id
    )
    return balance


def may_take_back(at: datetime) -> bool:
    """Whether a gift of then may still be undone by whoever made it."""
    return now() - at <= TAKEN_BACK_WITHIN


async def take_back(transfer_id: int, *, by: Viewer) -> Gift:
    """Undo a gift of one's own within ten minutes; said twice, it counts once.

    Raises NotFound, TooLate, AlreadySpent, AlreadyReversed, AboveCeiling.
    """
    made = await fetch_one(
        """SELECT t.at FROM hours_note n JOIN ledger_transfer t ON t.id = n.transfer_id
           WHERE n.transfer_id = $1 AND n.by_id = $2 AND t.kind = 'gift'""",
        transfer_id,
        by.id,
    )
    if made is None:
        raise NotFound
    if not may_take_back(made["at"]):
        raise TooLate
    legs = await legs_of(transfer_id)
    source = next(account for account, minutes in legs.items() if minutes < 0)
    async with in_transaction():
        try:
            moved = await reverse(transfer_id, key=f"take_back:{transfer_id}")
        except BelowFloor as refusal:
            raise AlreadySpent from refusal
        if moved.fresh:
            await notices.gift_taken_back(legs, by=by)
        return Gift(moved.id, await _balance_after(moved.id, source))
