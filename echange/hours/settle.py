"""An exchange is paid for: hours go from who received to who gave; what is too much for one goes to all."""

from dataclasses import dataclass
from typing import Literal

from echange.database import execute, in_transaction
from echange.ledger import fund, hold, move

Above = Literal["fund", "decline"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What moved: a transfer, or none. Of its minutes `to_fund` went to the solidarity fund; `declined` ones
    stayed with who would have paid them.
    """

    transfer_id: int | None
    to_fund: int
    declined: int


async def settle(
    *,
    giver: int,
    receiver: int,
    minutes: int,
    key: str,
    about: tuple[str, int],
    above: Above,
    words: str = "",
    by: int | None = None,
) -> Settled:
    """Pay the giver's account `minutes` from the receiver's, once under `key`, in the caller's transaction.

    What the giver's account cannot keep goes to the fund, or is declined, as `above` says. Both read on their
    statements the `words` that member `by` wrote. Raises BelowFloor when the receiver has not enough,
    AccountClosed.
    """
    if not minutes:
        return Settled(None, 0, 0)
    async with in_transaction():
        common = (await fund()).id
        # All at once: what the giver can still take must stay true until the end.
        room = (await hold(giver, receiver, common))[giver].may_take
        kept = minutes if room is None else min(minutes, room)
        too_much = minutes - kept
        to_fund, declined = (too_much, 0) if above == "fund" else (0, too_much)
        if declined == minutes:
            return Settled(None, 0, declined)
        legs = {receiver: -(kept + to_fund), giver: kept, common: to_fund}
        moved = await move("exchange", legs, key=key, about=about)
        if words:
            await _note(moved.id, words, by)
        return Settled(moved.id, to_fund, declined)


async def _note(transfer_id: int, words: str, by: int | None) -> None:
    # Asked twice under one key, it is the same transfer.
    await execute(
        """INSERT INTO hours_note (transfer_id, words, by_id) VALUES ($1, $2, $3)
           ON CONFLICT ON CONSTRAINT hours_note_transfer_once DO NOTHING""",
        transfer_id,
        words,
        by,
    )
