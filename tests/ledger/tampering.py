"""Changes that only somebody with the keys of the database can make, once its guards are put to sleep."""

from typing import Final

from tests.ledger.accounts import Raw

# What is done, and the table and transfer that are the first to be wrong then. {5} is the fifth transfer.
TAMPERED: Final = {
    "an entry's minutes": (
        "UPDATE ledger_entry SET minutes = minutes + 60 WHERE transfer_id = {5} AND minutes > 0",
        ("ledger_transfer", 5),
    ),
    "both entries": (
        "UPDATE ledger_entry SET minutes = minutes * 2 WHERE transfer_id = {5}",
        ("ledger_entry", 5),
    ),
    "a balance after": (
        "UPDATE ledger_entry SET balance = balance + 60 WHERE transfer_id = {7} AND minutes > 0",
        ("ledger_entry", 7),
    ),
    "what it was for": ("UPDATE ledger_transfer SET kind = 'solidarity' WHERE id = {3}", ("ledger_seal", 3)),
    "its key": ("UPDATE ledger_transfer SET key = 'other' WHERE id = {3}", ("ledger_seal", 3)),
    "when it was": (
        "UPDATE ledger_transfer SET at = at - interval '1 day' WHERE id = {3}",
        ("ledger_seal", 3),
    ),
    "a hash": ("UPDATE ledger_seal SET hash = sha256(hash) WHERE transfer_id = {4}", ("ledger_seal", 4)),
    "a transfer gone": (
        "DELETE FROM ledger_entry WHERE transfer_id = {6}; DELETE FROM ledger_transfer WHERE id = {6}",
        ("ledger_seal", 6),
    ),
    "a link gone": ("DELETE FROM ledger_seal WHERE transfer_id = {6}", ("ledger_transfer", 6)),
    "the last links gone": ("DELETE FROM ledger_seal WHERE transfer_id > {8}", ("ledger_transfer", 9)),
    "two links swapped": (
        """UPDATE ledger_seal SET transfer_id = -transfer_id WHERE transfer_id IN ({4}, {5});
           UPDATE ledger_seal SET transfer_id = {4} + {5} + transfer_id WHERE transfer_id < 0""",
        ("ledger_seal", 4),
    ),
    "two accounts swapped": (
        """UPDATE ledger_entry SET account_id = -account_id WHERE transfer_id = {5};
           UPDATE ledger_entry e SET account_id = o.id FROM ledger_account o
           WHERE e.transfer_id = {5} AND o.kind = 'member' AND o.id <> -e.account_id""",
        ("ledger_entry", 5),
    ),
}


async def tamper(raw: Raw, how: str) -> tuple[str, int]:
    """Do it; the table and the transfer that are wrong then."""
    statement, (table, nth) = TAMPERED[how]
    ids = [row["id"] for row in await raw.fetch("SELECT id FROM ledger_transfer ORDER BY id")]
    for number, transfer in enumerate(ids, 1):
        statement = statement.replace(f"{{{number}}}", str(transfer))
    await raw.execute("SET session_replication_role = replica")
    await raw.execute(statement)
    await raw.execute("SET session_replication_role = origin")
    return table, ids[nth - 1]
