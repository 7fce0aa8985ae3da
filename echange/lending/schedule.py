"""What time does to loans: silences end, the late move the next, and everybody is reminded once.

Each step bears being done again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from echange.database import fetch, in_transaction
from echange.database.again import again
from echange.http.dates import local, now
from echange.jobs import Handler
from echange.lending import displacing, freeing, waiting_schedule
from echange.lending.life import Side
from echange.lending.models.importing import forget_old_lists
from echange.lending.models.loan import Loan
from echange.lending.models.refused_ask import forget_old_refusals

log = structlog.get_logger("echange.lending")
EVERY: Final = timedelta(hours=1)
RIPPLED: Final = timedelta(minutes=15)
DECIDE_REMINDED: Final = timedelta(days=2)
DECIDE_WITHIN: Final = timedelta(days=7)
DECIDED_BEFORE: Final = timedelta(hours=12)
SOON: Final = timedelta(hours=24)
# Whoever has just said so needs no reminder of it.
FRESH: Final = timedelta(hours=6)
CLOSED_AFTER: Final = timedelta(days=2)

_DUE: Final = "SELECT n.id FROM loan n WHERE n.id = coalesce($1::int, n.id) AND ({0}) ORDER BY n.id LIMIT 500"
_LAPSED: Final = "n.state = 'held' AND n.held_until <= $2::timestamptz"
_UNANSWERED: Final = """
    n.state = 'requested' AND (n.starts_at - $3::interval <= $2::timestamptz
                               OR n.moved_at + $4::interval <= $2::timestamptz)"""
_PAST_RISK: Final = "n.state = 'at_risk' AND n.starts_at <= $2::timestamptz"
_ABSENT: Final = "n.state IN ('approved', 'ready') AND n.starts_at < $2::timestamptz"
_SETTLED: Final = """
    n.state = 'returned' AND n.moved_at <= $2::timestamptz - $3::interval AND deposit_left(n.id) = 0
    AND NOT EXISTS (SELECT FROM incident WHERE loan_id = n.id AND decided_at IS NULL)"""
# Of one thing that is to come ($3), each date is reminded once.
_NOT_REMINDED: Final = """
    NOT EXISTS (SELECT FROM loan_event e WHERE e.loan_id = n.id AND e.kind = 'reminded'
                AND e.data ->> 'what' = $3 AND (e.data ->> 'of')::timestamptz = {0})"""
_TO_DECIDE: Final = f"""
    n.state = 'requested' AND n.moved_at + $4::interval <= $2::timestamptz
    AND {_NOT_REMINDED.format("n.moved_at")}"""
_PICKUP: Final = f"""
    n.state IN ('approved', 'ready') AND n.starts_at > $2::timestamptz
    AND n.starts_at <= $2::timestamptz + $4::interval AND n.at <= $2::timestamptz - $5::interval
    AND {_NOT_REMINDED.format("n.starts_at")}"""
_RETURN: Final = f"""
    n.state = 'out' AND n.ends_at > $2::timestamptz AND n.ends_at <= $2::timestamptz + $4::interval
    AND coalesce(n.out_at, n.starts_at) <= $2::timestamptz - $5::interval
    AND {_NOT_REMINDED.format("n.ends_at")}"""
_LATE: Final = f"""
    n.state = 'out' AND n.ends_at + $4::interval < $2::timestamptz AND {_NOT_REMINDED.format("n.ends_at")}"""
# How long after its end a late loan is asked for again, and whether the lender hears of it too.
_LATE_AFTER: Final = (("late", timedelta(0), True), ("late3", timedelta(days=3), False),
                      ("late7", timedelta(days=7), True))  # fmt: skip


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {
        "lending.time": (EVERY, tick),
        "lending.ripple": (RIPPLED, ripple),
        "lending.lists": (timedelta(days=1), forget_old_lists),
        "lending.refusals": (timedelta(days=1), forget_old_refusals),
        **waiting_schedule.schedules(),
    }


async def tick(_: dict[str, Any] | None = None) -> None:
    """All that is due by now; what ends first, so that nobody is reminded of what is over."""
    await _each(_lapse, _LAPSED, now())
    await _each(_expire, _UNANSWERED, now(), DECIDED_BEFORE, DECIDE_WITHIN)
    await _each(_expire, _PAST_RISK, now())
    await _each(_miss, _ABSENT, _yesterday())
    await _each(_close, _SETTLED, now(), CLOSED_AFTER)
    await _each(_reminder("decide", "lender", "loan_to_decide"), _TO_DECIDE, now(), "decide", DECIDE_REMINDED)
    await _each(_reminder("pickup", "borrower", "loan_pickup_soon"), _PICKUP, now(), "pickup", SOON, FRESH)
    await _each(_reminder("return", "borrower", "loan_return_soon"), _RETURN, now(), "return", SOON, FRESH)
    # The last first: a late one that nobody looked at is reminded once, not three times.
    for what, after, lender_too in reversed(_LATE_AFTER):
        await _each(_late(after, lender_too=lender_too), _LATE, now(), what, after)


async def ripple(_: dict[str, Any] | None = None) -> None:
    """Those who are late keep their unit for some days more: the loans after them move, or are at risk."""
    await displacing.make_room()


def _yesterday() -> datetime:
    """The midnight with which it began, on the town's clock: what was to be collected before that has been
    missed for a whole day.
    """
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(hours=12)).replace(hour=0)


async def _each(do: Callable[[Loan], Awaitable[None]], due: str, *values: object) -> None:
    """`do` each that is still due once it is locked; one that cannot be done does not hold the others up."""
    asked = _DUE.format(due)
    for row in await fetch(asked, None, *values):
        try:
            await _done(do, row["id"], asked, values)
        except Exception:
            log.exception("loan_not_moved", loan=row["id"])


@again
async def _done(
    do: Callable[[Loan], Awaitable[None]], loan_id: int, asked: str, values: tuple[object, ...]
) -> None:
    async with in_transaction():
        it = await Loan.get(id=loan_id)
        await it.lock()
        if await fetch(asked, it.id, *values):
            await do(it)


async def _lapse(it: Loan) -> None:
    await it.move("expired")
    await freeing.free(it)


async def _expire(it: Loan) -> None:
    await it.move("expired")
    await freeing.free(it)
    await it.tell("borrower", "loan_expired")
    await it.tell("lender", "loan_expired")


async def _miss(it: Loan) -> None:
    await it.mark_no_show(None)


async def _close(it: Loan) -> None:
    await it.move("closed")


def _reminder(what: str, side: Side, kind: str) -> Callable[[Loan], Awaitable[None]]:
    async def remind(it: Loan) -> None:
        of = {"decide": it.moved_at, "pickup": it.starts_at, "return": it.ends_at}[what]
        await _note_reminded(it, what, of)
        await it.tell(side, kind)

    return remind


def _late(after: timedelta, *, lender_too: bool) -> Callable[[Loan], Awaitable[None]]:
    async def remind(it: Loan) -> None:
        for what, earlier, _lender in _LATE_AFTER:
            if earlier <= after:
                await _note_reminded(it, what, it.ends_at)
        await it.tell("borrower", "loan_late")
        if lender_too:
            await it.tell("lender", "loan_late_lender")

    return remind


async def _note_reminded(it: Loan, what: str, of: datetime) -> None:
    await it.move("reminded", data={"what": what, "of": of.isoformat()}, reminded_at=now())
