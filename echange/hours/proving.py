"""The proof for everybody: made anew when asked for, never twice at once, and never all the time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

from starlette.requests import Request

from echange.database import fetch_value
from echange.http.dates import now
from echange.ledger import Proof, fund, prove, town

# Of ten seconds at most one goes into proving, however many ask.
SERVES_TIMES_ITS_COST: Final = 10


@dataclass(frozen=True, slots=True)
class Proven:
    """A proof with the balances that are everybody's business, in minutes, and when it was made."""

    proof: Proof
    town_minutes: int
    fund_minutes: int
    at: datetime


class Prover:
    """Of one process."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._last: Proven | None = None
        self._good_until = 0.0

    async def proven(self) -> Proven:
        """A proof just made, or made so lately that it serves again."""
        async with self._turn:
            if self._last is None or monotonic() >= self._good_until:
                began = monotonic()
                self._last = await _proven()
                ended = monotonic()
                self._good_until = ended + SERVES_TIMES_ITS_COST * (ended - began)
            return self._last


async def _proven() -> Proven:
    proof = await prove()
    return Proven(proof, (await town()).balance, (await fund()).balance, now())


async def seal_of(transfer_id: int) -> str | None:
    """The chain's hash at this transfer, for who kept it on paper; None while it is not sealed."""
    seal: str | None = await fetch_value(
        "SELECT encode(hash, 'hex') FROM ledger_seal WHERE transfer_id = $1", transfer_id
    )
    return seal


def prover_of(request: Request) -> Prover:
    """The prover of the running application."""
    prover: Prover = request.app.state.prover
    return prover
