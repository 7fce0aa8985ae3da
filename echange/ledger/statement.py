"""What went in and out of an account, newest first, and how its balance went."""

from dataclasses import dataclass
from datetime import datetime

from echange.database import fetch


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `minutes` in or out (below zero), the `balance` after it, the accounts at the other side."""

    number: int
    transfer_id: int
    kind: str
    about_kind: str
    about_id: int | None
    at: datetime
    minutes: int
    balance: int
    others: list[int]
    reverses_id: int | None
    reversed_by_id: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """What an account held at an instant, in minutes."""

    at: datetime
    balance: int


async def entries(account_id: int, limit: int, before: int | None = None) -> list[Entry]:
    """At most `limit` lines, newest first; those before the number `before` when it is given."""
    rows = await fetch(
        """SELECT e.number, e.transfer_id, t.kind, t.about_kind, t.about_id, t.at, e.minutes, e.balance,
                  ARRAY(SELECT o.account_id FROM ledger_entry o
                        WHERE o.transfer_id = e.transfer_id AND o.account_id <> e.account_id
                        ORDER BY o.account_id) AS others,
                  t.reverses_id,
                  (SELECT r.id FROM ledger_transfer r WHERE r.reverses_id = t.id) AS reversed_by_id
           FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
           WHERE e.account_id = $1 AND e.number < coalesce($3::int, 2147483647)
           ORDER BY e.number DESC LIMIT $2""",
        account_id,
        limit,
        before,
    )
    return [Entry(**row) for row in rows]


async def history(account_id: int, points: int) -> list[Point]:
    """About `points` moments of its history at most, oldest first, evenly by entries; the last is there."""
    rows = await fetch(
        """SELECT t.at, e.balance FROM ledger_account a
           CROSS JOIN LATERAL generate_series(
               a.entries, 1, -greatest(ceil(a.entries / $2::numeric)::int, 1)) AS wanted (number)
           JOIN ledger_entry e ON e.account_id = a.id AND e.number = wanted.number
           JOIN ledger_transfer t ON t.id = e.transfer_id
           WHERE a.id = $1 ORDER BY e.number""",
        account_id,
        points,
    )
    return [Point(**row) for row in rows]
