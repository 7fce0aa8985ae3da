"""Double-entry accounts in whole minutes. They know nobody: other rooms point at them.

Minutes move between accounts in one transfer whose entries sum to zero, never change and are never deleted;
no account falls below its floor or rises above its ceiling. A chain of hashes over all transfers shows it
when somebody changed one behind the database's back.
"""

from echange.ledger.accounts import Account, account, close, fund, hold, town
from echange.ledger.moving import Moved, legs_of, move, reverse
from echange.ledger.proof import Proof, Wrong, prove
from echange.ledger.refusals import AboveCeiling, AccountClosed, AlreadyReversed, BelowFloor
from echange.ledger.sealing import Sealer
from echange.ledger.statement import (
    Entry,
    Point,
    Sum,
    balance_before,
    entries,
    entries_within,
    history,
    sums,
)

__all__ = [
    "AboveCeiling",
    "Account",
    "AccountClosed",
    "AlreadyReversed",
    "BelowFloor",
    "Entry",
    "Moved",
    "Point",
    "Proof",
    "Sealer",
    "Sum",
    "Wrong",
    "account",
    "balance_before",
    "close",
    "entries",
    "entries_within",
    "fund",
    "history",
    "hold",
    "legs_of",
    "move",
    "prove",
    "reverse",
    "sums",
    "town",
]
