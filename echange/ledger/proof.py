"""Whether the hours add up, and whether anything was changed behind the database's back."""

from dataclasses import dataclass
from typing import Final

from echange.database import connection, in_transaction


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first wrong row: its `table`, the `transfer` or `account` it is of, and `what` is wrong with it."""

    table: str
    transfer: int | None
    account: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What anybody may check: `sum_minutes` of all accounts is zero; `head` is the last hash of the chain.

    `sealed_to`: the transfer it ends with. `first_wrong` is None when every row is as it was written.
    """

    accounts: int
    transfers: int
    sealed: int
    sum_minutes: int
    head: str
    sealed_to: int | None
    first_wrong: Wrong | None

    @property
    def ok(self) -> bool:
        return self.sum_minutes == 0 and self.first_wrong is None


# A million transfers take some time, which is nobody's fault.
PATIENCE_SECONDS: Final = 900.0
# One statement: what moves meanwhile is seen whole or not at all. Of what is wrong with a transfer, its own
# row is named before its entries, and those before its link.
_PROOF: Final = """
    WITH legs AS (
        SELECT transfer_id, sum(minutes) AS sum, count(*) AS n,
               string_agg(account_id || ':' || minutes, ',' ORDER BY account_id) AS said
        FROM ledger_entry GROUP BY transfer_id
    ), moved AS (
        SELECT t.id, coalesce(sum, 0) AS sum, coalesce(n, 0) AS n,
               ledger_words(t, coalesce(said, '')) AS words
        FROM ledger_transfer t LEFT JOIN legs ON legs.transfer_id = t.id
    ), chained AS (
        SELECT s.position, s.transfer_id, s.hash, moved.words,
               coalesce(lag(s.hash) OVER (ORDER BY s.position), '') AS before,
               row_number() OVER (ORDER BY s.position) AS place
        FROM ledger_seal s LEFT JOIN moved ON moved.id = s.transfer_id
    ), booked AS (
        SELECT transfer_id, account_id, number, balance,
               sum(minutes) OVER (PARTITION BY account_id ORDER BY number) AS held,
               row_number() OVER (PARTITION BY account_id ORDER BY number) AS nth
        FROM ledger_entry
    ), held AS (
        SELECT a.id, a.balance, a.entries, coalesce(sum(e.minutes), 0) AS sum, count(e.minutes) AS n
        FROM ledger_account a LEFT JOIN ledger_entry e ON e.account_id = a.id GROUP BY a.id
    ), wrong AS (
        SELECT 'ledger_transfer' AS table, id AS transfer, NULL::int AS account, 'unbalanced' AS what,
               1 AS rank
        FROM moved WHERE sum <> 0 OR n < 2
        UNION ALL
        SELECT 'ledger_transfer', id, NULL, 'unsealed', 1
        FROM moved LEFT JOIN ledger_seal s ON s.transfer_id = moved.id
        WHERE s.transfer_id IS NULL AND id <= (SELECT whole_to FROM ledger_sealing)
        UNION ALL
        SELECT 'ledger_entry', transfer_id, account_id, 'balance', 2 FROM booked
        WHERE held <> balance OR nth <> number
        UNION ALL
        SELECT 'ledger_seal', transfer_id, NULL, 'chain', 3 FROM chained
        WHERE place <> position OR words IS NULL OR hash <> sha256(before || words)
        UNION ALL
        SELECT 'ledger_account', NULL, id, 'held', 4 FROM held WHERE balance <> sum OR entries <> n
    )
    SELECT (SELECT count(*) FROM ledger_account) AS accounts,
           (SELECT count(*) FROM moved) AS transfers,
           (SELECT count(*) FROM ledger_seal) AS sealed,
           (SELECT coalesce(sum(balance), 0) FROM ledger_account)::bigint AS sum_minutes,
           coalesce(encode(last.hash, 'hex'), '') AS head, last.transfer_id AS sealed_to,
           first.table, first.transfer, first.account, first.what
    FROM (VALUES (1)) AS always
    LEFT JOIN (SELECT hash, transfer_id FROM ledger_seal ORDER BY position DESC LIMIT 1) last ON true
    LEFT JOIN (SELECT * FROM wrong ORDER BY transfer NULLS LAST, rank, account LIMIT 1) first ON true"""


async def prove() -> Proof:
    """Recompute every sum and every hash from the rows, as they stand at one instant."""
    async with in_transaction(), connection().acquire_connection() as raw:
        # Where nobody has counted the rows yet, a plan for a few would take hours for many.
        await raw.execute("SET LOCAL enable_nestloop = off")
        row = await raw.fetchrow(_PROOF, timeout=PATIENCE_SECONDS)
    assert row is not None  # noqa: S101 — a count always answers
    told = dict(row)
    table, transfer, account, what = (told.pop(name) for name in ("table", "transfer", "account", "what"))
    return Proof(**told, first_wrong=Wrong(table, transfer, account, what) if table else None)
