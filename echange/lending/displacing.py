"""Units that are late, lost or broken move the loans that counted on them, or these are chosen anew."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from echange import booking
from echange.booking import Displaced
from echange.database import fetch, in_transaction
from echange.database.again import again
from echange.http import Viewer
from echange.http.dates import now
from echange.lending.life import BEFORE
from echange.lending.models.loan import Loan
from echange.lending.offering import back_in_line
from echange.lending.wishing import wanted_of

_BOOKED: Final = (
    "SELECT id, booking_id FROM loan WHERE booking_id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
)
_OF_MODELS: Final = """
    SELECT id FROM loan WHERE state IN ('held', 'requested', 'approved', 'at_risk', 'ready')
        AND booking_id IN (SELECT booking_id FROM booking_allocation
                           WHERE model_id = ANY($1::int[]) AND kind IN ('held', 'booked'))
    ORDER BY id FOR NO KEY UPDATE"""


async def hold_loans(model_ids: Collection[int]) -> None:
    """Lock the loans that count on these models, in the caller's transaction, before it touches their units:
    a loan comes before its model in every transaction.
    """
    await fetch(_OF_MODELS, list(model_ids))


async def loans_displaced(displaced: Iterable[Displaced], *, by: Viewer | None = None) -> list[Loan]:
    """Write down, in the caller's transaction, what became of the loans whose units were needed otherwise.

    Of other units somebody hears only where one was prepared; a loan with too few is at risk, and its
    borrower hears of the three nearest windows. Returns those at risk.
    """
    by_booking: dict[int, list[Displaced]] = {}
    for one in displaced:
        by_booking.setdefault(one.booking_id, []).append(one)
    rows = await fetch(_BOOKED, list(by_booking))
    at_risk = []
    for row in rows:
        it = await Loan.get(id=row["id"])
        if it.state not in BEFORE:
            continue
        if await _displace(it, by_booking[row["booking_id"]], by):
            at_risk.append(it)
    return at_risk


async def _displace(it: Loan, what: Sequence[Displaced], by: Viewer | None) -> bool:
    lacking = [one.unit_id for one in what if one.moved_to is None]
    if it.state == "held":
        if lacking:
            await it.move("expired", by, data={"why": "displaced"})
            await booking.free(it.booking_id or 0)
            await back_in_line(it.id)
        return False
    if not lacking:
        prepared = it.state == "ready"
        await it.move("moved", by, data={"units": [[one.unit_id, one.moved_to] for one in what]})
        if prepared:
            await it.tell("lender", "loan_prepare_again")
        return False
    await it.move("displaced", by, data={"units": lacking})
    wish = await it.wish()
    wanted = await wanted_of(wish.item, wish.quantity, wish.parts)
    instead = await booking.alternatives(wanted, wish.period, n=3)
    others = [[one.start.isoformat(), one.end.isoformat()] for one in instead]
    await it.tell("borrower", "loan_at_risk", others=others)
    await it.tell("lender", "loan_at_risk_lender")
    return True


async def ripple() -> list[Loan]:
    """Whatever is late by now makes room: the loans after it move or are at risk, in one transaction."""
    rows = await fetch(
        """SELECT DISTINCT model_id FROM booking_allocation
           WHERE kind = 'out' AND upper(during) < $1 ORDER BY model_id""",
        now(),
    )
    if not rows:
        return []
    await hold_loans([row["model_id"] for row in rows])
    return await loans_displaced(await booking.ripple(now()))


@again
async def make_room() -> None:
    """The same, in a transaction of its own."""
    async with in_transaction():
        await ripple()
