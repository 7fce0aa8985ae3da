"""Accounts: what they hold, in minutes, and how far that may go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import execute, fetch, fetch_one
from echange.http.promises import kept
from echange.http.refusals import NotFound, Refusal

_COLUMNS: Final = "id, kind, floor, ceiling, balance, entries, opened_at, closed_at"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a member, an organisation, the town or the solidarity fund.

    `balance`, `floor` and `ceiling` in minutes; without a limit, None.
    """

    id: int
    kind: str
    floor: int | None
    ceiling: int | None
    balance: int
    entries: int
    opened_at: datetime
    closed_at: datetime | None

    @property
    def may_give(self) -> int | None:
        """How many minutes may leave it, None without a floor."""
        return None if self.floor is None else max(self.balance - self.floor, 0)

    @property
    def may_take(self) -> int | None:
        """How many minutes may come in, None without a ceiling."""
        return None if self.ceiling is None else max(self.ceiling - self.balance, 0)


async def account(account_id: int) -> Account:
    """The account as it stands; raises NotFound."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM ledger_account WHERE id = $1", account_id)  # noqa: S608
    if row is None:
        raise NotFound
    return Account(**row)


async def town() -> Account:
    """The town's own account, which gives the welcome hours; without limits."""
    return await _only("town")


async def fund() -> Account:
    """The solidarity fund; without a ceiling."""
    return await _only("fund")


async def _only(kind: str) -> Account:
    row = await fetch_one(f"SELECT {_COLUMNS} FROM ledger_account WHERE kind = $1", kind)  # noqa: S608
    if row is None:
        raise NotFound
    return Account(**row)


async def hold(*account_ids: int) -> dict[int, Account]:
    """These accounts by id, locked in the order of their ids until the caller's transaction ends."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM ledger_account WHERE id = ANY($1::int[])
            ORDER BY id FOR NO KEY UPDATE""",  # noqa: S608
        list(account_ids),
    )
    return {row["id"]: Account(**row) for row in rows}


async def close(account_id: int) -> None:
    """Close an account that holds nothing any more; said twice, it counts once. Raises Refusal."""
    with kept({"ledger_account_closed_empty": Refusal}):
        await execute(
            "UPDATE ledger_account SET closed_at = now() WHERE id = $1 AND closed_at IS NULL", account_id
        )
