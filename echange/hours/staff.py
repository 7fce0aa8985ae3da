"""What the staff may do with hours of others, each time with a reason that both sides read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import execute, fetch, fetch_one, in_transaction
from echange.hours import notices
from echange.hours.accounts import Owner, account_of, owners
from echange.hours.keys import booked
from echange.hours.refusals import AlreadySpent, NotReversible, OwnHours
from echange.http import NotAllowed, NotFound, Viewer
from echange.ledger import BelowFloor, fund, hold, legs_of, move, reverse
from echange.members import StaffAct, fold, speakers_of

FOUND_AT_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Movement:
    """A transfer as the staff sees it: who had how many minutes out or in, and whether it was reversed."""

    id: int
    kind: str
    at: datetime
    legs: list[tuple[Owner, int]]
    words: str
    reversed: bool

    @property
    def can_be_reversed(self) -> bool:
        return self.kind != "reversal" and not self.reversed


async def find_accounts(words: str) -> list[tuple[int, str]]:
    """Accounts and names of members and organisations called so, or written to at this whole address."""
    rows = await fetch(
        """SELECT account_id, name, sort_key FROM member
           WHERE left_at IS NULL AND (lower(email) = lower($1)
               OR ($2 <> '' AND strpos(' ' || sort_key, ' ' || $2) > 0))
           UNION ALL
           SELECT account_id, name, sort_key FROM organisation
           WHERE $2 <> '' AND strpos(' ' || sort_key, ' ' || $2) > 0
           ORDER BY sort_key, account_id LIMIT $3""",
        words,
        fold(words),
        FOUND_AT_MOST,
    )
    return [(row["account_id"], row["name"]) for row in rows]


async def movement(transfer_id: int, viewer: Viewer) -> Movement:
    """Raises NotFound."""
    row = await fetch_one(
        """SELECT t.id, t.kind, t.at, coalesce(n.words, '') AS words,
                  EXISTS (SELECT FROM ledger_transfer r WHERE r.reverses_id = t.id) AS reversed
           FROM ledger_transfer t LEFT JOIN hours_note n ON n.transfer_id = t.id WHERE t.id = $1""",
        transfer_id,
    )
    if row is None:
        raise NotFound
    legs = await legs_of(transfer_id)
    people = await owners(legs, viewer, at_desk=True)
    sides = [(people[one], minutes) for one, minutes in sorted(legs.items(), key=lambda leg: leg[1])]
    return Movement(row["id"], row["kind"], row["at"], sides, row["words"], row["reversed"])


async def reverse_movement(transfer_id: int, *, by: Viewer, reason: str) -> int:
    """Undo a transfer, once; both sides are told why. The id of the transfer that undoes it.

    Said twice it counts once. Raises NotAllowed, NotFound, NotReversible, OwnHours, AlreadyReversed,
    AlreadySpent, AboveCeiling, AccountClosed.
    """
    if by.roles.isdisjoint({"moderator", "admin"}):
        raise NotAllowed
    it = await movement(transfer_id, by)
    if it.kind == "reversal":
        raise NotReversible
    for owner, _minutes in it.legs:
        await _check_not_theirs(owner, by)
    async with in_transaction():
        try:
            moved = await reverse(transfer_id, key=f"staff_reversal:{transfer_id}")
        except BelowFloor as refusal:
            raise AlreadySpent from refusal
        if moved.fresh:
            await StaffAct.note("hours_reversed", "transfer", transfer_id, by=by.id, reason=reason)
            await notices.reversed_by_staff(await legs_of(transfer_id), reason=reason)
        return moved.id


async def give_in_solidarity(member_id: int, *, by: Viewer, minutes: int, reason: str, key: str) -> int:
    """Hours from the fund for a member, who is told why; once under a key of the giver's. The transfer's id.

    Raises NotAllowed, NotFound, OwnHours, BelowFloor, AboveCeiling, AccountClosed, KeyReused.
    """
    if by.roles.isdisjoint({"concierge", "moderator", "admin"}):
        raise NotAllowed
    if member_id == by.id:
        raise OwnHours
    target, common = await account_of(member_id), (await fund()).id
    async with in_transaction():
        moved = await move(
            "solidarity",
            {common: -minutes, target: minutes},
            key=booked("solidarity", by, key),
            about=("member", member_id),
        )
        if moved.fresh:
            await execute(
                "INSERT INTO hours_note (transfer_id, words, by_id) VALUES ($1, $2, $3)",
                moved.id,
                reason[:300],
                by.id,
            )
            await StaffAct.note(
                "hours_solidarity", "member", member_id, by=by.id, reason=reason, minutes=minutes
            )
            await notices.given_in_solidarity(member_id, minutes=minutes, reason=reason)
        return moved.id


async def change_limits(account_id: int, *, by: Viewer, owed: int, kept: int, reason: str) -> None:
    """How many minutes a member's or an organisation's account may owe and keep; they are told why.

    What it holds already stays. Raises NotAllowed, NotFound, OwnHours.
    """
    if "admin" not in by.roles:
        raise NotAllowed
    owner = (await owners([account_id], by, at_desk=True)).get(account_id)
    if owner is None or owner.id is None:
        raise NotFound
    await _check_not_theirs(owner, by)
    async with in_transaction():
        before = (await hold(account_id))[account_id]
        if (before.floor, before.ceiling) == (-owed, kept):
            return
        await execute(
            "UPDATE ledger_account SET floor = $2, ceiling = $3 WHERE id = $1", account_id, -owed, kept
        )
        await StaffAct.note(
            "hours_limits", owner.kind, owner.id, by=by.id, reason=reason, floor=-owed, ceiling=kept
        )
        await notices.limits_changed(account_id, reason=reason)


async def _check_not_theirs(owner: Owner, by: Viewer) -> None:
    if owner.kind == "member" and owner.id == by.id:
        raise OwnHours
    if owner.kind == "organisation" and owner.id and by.id in await speakers_of(owner.id):
        raise OwnHours
