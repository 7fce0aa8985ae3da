"""What time does to lines: offers lapse and pass on, windows go by. Each step bears being done again."""

from datetime import timedelta
from typing import Any, Final

import structlog

from echange.database import execute, fetch, in_transaction
from echange.database.again import again
from echange.http.dates import now
from echange.jobs import Handler
from echange.lending import freeing
from echange.lending.models.loan import Loan
from echange.lending.offering import offer
from echange.notifications import tell

log = structlog.get_logger("echange.lending")
EVERY: Final = timedelta(minutes=5)
_LAPSED: Final = """
    SELECT n.id, n.item_id FROM loan n JOIN waiter w ON w.loan_id = n.id
    WHERE n.state = 'held' AND n.held_until <= $1 ORDER BY n.id LIMIT 500"""
_STANDING: Final = """
    SELECT DISTINCT item_id FROM waiter WHERE ended_at IS NULL AND offered_at IS NULL AND starts_at > $1
    ORDER BY item_id LIMIT 1000"""


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {"lending.lines": (EVERY, tick)}


async def tick(_: dict[str, Any] | None = None) -> None:
    """Offers that lapsed go to the next; windows that have begun are waited for no more; and whatever became
    free without anybody saying so is offered.
    """
    for row in await fetch(_LAPSED, now()):
        await _try(_lapse, row["id"])
    await execute(
        """UPDATE waiter SET ended_at = now(), ending = 'over'
           WHERE ended_at IS NULL AND offered_at IS NULL AND starts_at <= $1""",
        now(),
    )
    for row in await fetch(_STANDING, now()):
        await _try(_offer, row["item_id"])


async def _try(do: Any, number: int) -> None:  # noqa: ANN401 — a verb with its retries
    """One that cannot be done does not hold the others up."""
    try:
        await do(number)
    except Exception:
        log.exception("line_not_moved", number=number)


@again
async def _lapse(loan_id: int) -> None:
    async with in_transaction():
        it = await Loan.get(id=loan_id)
        await it.lock()
        if it.state != "held" or it.held_until is None or it.held_until > now():
            return
        await it.move("expired")
        await tell(it.borrower_id, "loan_offer_lapsed", link=it.url, title=(await it.wish()).item.title)
        await freeing.free(it)
        # Its hold may have been swept away already: then nothing was given back just now.
        await offer([it.item_id])


@again
async def _offer(item_id: int) -> None:
    async with in_transaction():
        await offer([item_id])
