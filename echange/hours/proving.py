"""The proof for everybody: made anew when asked for, never twice at once, and never all the time."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from echange.database import fetch_value
from echange.http.dates import now
from echange.http.rationed import Rationed
from echange.ledger import Proof, fund, prove, town


@dataclass(frozen=True, slots=True)
class Proven:
    """A proof with the balances that are everybody's business, in minutes, and when it was made."""

    proof: Proof
    town_minutes: int
    fund_minutes: int
    at: datetime


class Prover(Rationed[Proven]):
    """Of one process."""

    def __init__(self) -> None:
        super().__init__(_proven)

    async def proven(self) -> Proven:
        """A proof just made, or made so lately that it serves again."""
        return await self.answer()


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
