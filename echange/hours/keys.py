"""Keys of the ledger, made from those that programs and pages send: a member's own, for ever."""

import hashlib
from typing import Final

from echange.http import Viewer

_LONGEST: Final = 100


def booked(kind: str, by: Viewer, key: str) -> str:
    """What the ledger books under; a long key is hashed, for the ledger's are bounded."""
    short = key if len(key) <= _LONGEST else hashlib.sha256(key.encode()).hexdigest()
    return f"{kind}:{by.id}:{short}"
