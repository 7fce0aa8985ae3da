"""What went in and out of an account, newest first, and how its balance went."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, Literal

from echange.database import fetch, fetch_one


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
class Sum:
    """A day or a month of an account, by its `first` day: how often it moved, and what it held at the end."""

    first: date
    movements: int
    received: int
    given: int
    balance: int


@dataclass(frozen=True, slots=True)
class Point:
    """What an account held at an instant, in minutes."""

    at: datetime
    balance: int


_LINES: Final = """
    SELECT e.number, e.transfer_id, t.kind, t.about_kind, t.about_id, t.at, e.minutes, e.balance,
           ARRAY(SELECT o.account_id FROM ledger_entry o
                 WHERE o.transfer_id = e.transfer_id AND o.account_id <> e.account_id
                 ORDER BY o.account_id) AS others,
           t.reverses_id,
           (SELECT r.id FROM ledger_transfer r WHERE r.reverses_id = t.id) AS reversed_by_id
    FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id WHERE e.account_id = $1"""


async def entries(account_id: int, limit: int, before: int | None = None) -> list[Entry]:
    """At most `limit` lines, newest first; those before the number `before` when it is given."""
    rows = await fetch(
        f"{_LINES} AND e.number < coalesce($3::int, 2147483647) ORDER BY e.number DESC LIMIT $2",
        account_id,
        limit,
        before,
    )
    return [Entry(**row) for row in rows]


async def entries_within(account_id: int, start: datetime, end: datetime) -> list[Entry]:
    """All lines from `start` to before `end`, oldest first."""
    rows = await fetch(f"{_LINES} AND t.at >= $2 AND t.at < $3 ORDER BY e.number", account_id, start, end)
    return [Entry(**row) for row in rows]


async def sums(
    account_id: int, start: datetime, end: datetime, per: Literal["day", "month"], zone: tzinfo
) -> list[Sum]:
    """The same summed up, for each day or month of the clocks of `zone` on which it moved, oldest first."""
    rows = await fetch(
        """SELECT date_trunc($4, t.at AT TIME ZONE $5)::date AS first, count(*) AS movements,
                  coalesce(sum(e.minutes) FILTER (WHERE e.minutes > 0), 0)::int AS received,
                  coalesce(-sum(e.minutes) FILTER (WHERE e.minutes < 0), 0)::int AS given,
                  (array_agg(e.balance ORDER BY e.number DESC))[1] AS balance
           FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
           WHERE e.account_id = $1 AND t.at >= $2 AND t.at < $3 GROUP BY 1 ORDER BY 1""",
        account_id,
        start,
        end,
        per,
        str(zone),
    )
    return [Sum(**row) for row in rows]


async def balance_before(account_id: int, instant: datetime) -> int:
    """What it held just then, in minutes."""
    row = await fetch_one(
        """SELECT e.balance FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
           WHERE e.account_id = $1 AND t.at < $2 ORDER BY e.number DESC LIMIT 1""",
        account_id,
        instant,
    )
    return row["balance"] if row else 0


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
