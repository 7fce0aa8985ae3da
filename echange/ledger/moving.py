"""Minutes that move between accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from echange.database import fetch, fetch_one
from echange.http.promises import kept
from echange.http.refusals import KeyReused, NotFound, Refusal
from echange.ledger.refusals import AboveCeiling, AccountClosed, AlreadyReversed, BelowFloor

_PROMISES: Final[dict[str, type[Refusal]]] = {
    "ledger_floor": BelowFloor,
    "ledger_ceiling": AboveCeiling,
    "ledger_account_closed_empty": AccountClosed,
    "ledger_transfer_reversed_once": AlreadyReversed,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A transfer; not `fresh` when its key had moved before."""

    id: int
    fresh: bool


async def move(
    kind: str,
    legs: Mapping[int, int],
    *,
    key: str,
    about: tuple[str, int] | None = None,
    reverses: int | None = None,
) -> Moved:
    """Move minutes, all or nothing: `legs` maps account to minutes, below zero for who gives, zero in all.

    Under one `key` minutes move once, for ever: again with the same legs it answers as the first time, with
    others it raises KeyReused. One transfer a transaction, or `hold` all accounts first. Raises BelowFloor,
    AboveCeiling, AccountClosed, AlreadyReversed.
    """
    moving = {account: minutes for account, minutes in legs.items() if minutes}
    about_kind, about_id = about or ("", None)
    with kept(_PROMISES):
        row = await fetch_one(
            "SELECT id, fresh FROM move_minutes($1, $2, $3, $4, $5, $6, $7)",
            kind,
            key,
            list(moving),
            list(moving.values()),
            about_kind,
            about_id,
            reverses,
        )
    assert row is not None  # noqa: S101 — a function always answers
    moved = Moved(row["id"], row["fresh"])
    if not moved.fresh and await legs_of(moved.id) != moving:
        raise KeyReused
    return moved


async def reverse(transfer_id: int, *, key: str) -> Moved:
    """Undo a transfer by one that names it, once; limits hold as for any other.

    Raises NotFound, AlreadyReversed, BelowFloor, AboveCeiling, AccountClosed.
    """
    legs = await legs_of(transfer_id)
    if not legs:
        raise NotFound
    back = {account: -minutes for account, minutes in legs.items()}
    return await move("reversal", back, key=key, reverses=transfer_id)


async def legs_of(transfer_id: int) -> dict[int, int]:
    """Minutes by account of a transfer; empty when there is none."""
    rows = await fetch("SELECT account_id, minutes FROM ledger_entry WHERE transfer_id = $1", transfer_id)
    return {row["account_id"]: row["minutes"] for row in rows}
