"""What time does to exchanges: silences are reminded, then ended; the departed keep nobody waiting.

Called every hour. Each step bears being done again, and no reminder is given twice.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import structlog

from echange.database import fetch, in_transaction
from echange.exchanges.life import BEFORE, SIDES, Side
from echange.exchanges.models import Exchange
from echange.exchanges.sides import member_at
from echange.http.dates import now
from echange.jobs import Handler

log = structlog.get_logger("echange.exchanges")
ANSWER_REMINDED: Final = timedelta(days=7)
ANSWER_WITHIN: Final = timedelta(days=14)
ASKED_AFTER_DAY: Final = timedelta(days=2)
ASKED_AFTER_YES: Final = timedelta(days=14)
DONE_WITHIN: Final = timedelta(days=60)
CONFIRM_REMINDED: Final = (timedelta(days=3), timedelta(days=7))
CONFIRM_WITHIN: Final = timedelta(days=14)
EVERY: Final = timedelta(hours=1)
# Of them all ($1 is null), or of one.
_DUE: Final = """
    SELECT e.id FROM exchange e WHERE e.id = coalesce($1::int, e.id) AND ({0}) ORDER BY e.id LIMIT 500"""
_GONE: Final = """
    e.state IN ('proposed', 'accepted', 'under_way', 'declared') AND EXISTS (
        SELECT FROM member m WHERE m.id IN (e.giver_id, e.receiver_id)
        AND (m.hidden_at IS NOT NULL OR m.leaving_at IS NOT NULL))"""
_UNANSWERED: Final = "e.state = 'proposed' AND e.moved_at <= $2::timestamptz - $3::interval"
_TO_REMIND: Final = f"{_UNANSWERED} AND e.reminded_at IS NULL"
# Two days after the day agreed, else two weeks after the yes; never before there was one.
_TO_ASK: Final = """
    e.state IN ('accepted', 'under_way') AND e.reminded_at IS NULL
    AND CASE WHEN e.starts_at IS NULL THEN e.moved_at + $4::interval
             ELSE greatest(e.starts_at + $3::interval, e.moved_at) END <= $2::timestamptz"""
_UNDONE: Final = """
    e.state IN ('accepted', 'under_way')
    AND greatest(e.moved_at, e.starts_at) <= $2::timestamptz - $3::interval"""
_UNCONFIRMED: Final = "e.state = 'declared' AND e.moved_at <= $2::timestamptz - $3::interval"
_TO_CONFIRM: Final = """
    e.state = 'declared'
    AND (e.moved_at + $3::interval <= $2::timestamptz AND e.reminded_at IS NULL
         OR e.moved_at + $4::interval <= $2::timestamptz AND e.reminded_at < e.moved_at + $4::interval)"""


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {"exchanges.time": (EVERY, tick)}


async def tick(_: dict[str, Any] | None = None) -> None:
    """All that is due by now; what ends first, so that nobody is reminded of what is over."""
    await _each(_part, _GONE)
    await _each(_expire, _UNANSWERED, now(), ANSWER_WITHIN)
    await _each(_expire, _UNDONE, now(), DONE_WITHIN)
    await _each(_hand_over, _UNCONFIRMED, now(), CONFIRM_WITHIN)
    await _each(_remind_answer, _TO_REMIND, now(), ANSWER_REMINDED)
    await _each(_ask_how_long, _TO_ASK, now(), ASKED_AFTER_DAY, ASKED_AFTER_YES)
    await _each(_remind_confirmation, _TO_CONFIRM, now(), *CONFIRM_REMINDED)


async def part_from(member_id: int) -> None:
    """Somebody goes for good, in the caller's transaction: what is not over ends, or moderators get it."""
    rows = await fetch(
        """SELECT id FROM exchange WHERE (giver_id = $1 OR receiver_id = $1)
           AND state IN ('proposed', 'accepted', 'under_way', 'declared') ORDER BY id""",
        member_id,
    )
    for row in rows:
        it = await Exchange.get(id=row["id"])
        await it.lock()
        await _end(it, {member_id})


async def _each(do: Callable[[Exchange], Awaitable[None]], due: str, *values: object) -> None:
    """`do` each that is still due once it is locked; one that cannot be done does not hold the others up."""
    asked = _DUE.format(due)
    for row in await fetch(asked, None, *values):
        try:
            async with in_transaction():
                it = await Exchange.get(id=row["id"])
                await it.lock()
                if await fetch(asked, it.id, *values):
                    await do(it)
        except Exception:
            log.exception("exchange_not_moved", exchange=row["id"])


async def _part(it: Exchange) -> None:
    rows = await fetch(
        """SELECT id FROM member
           WHERE id = ANY($1::int[]) AND (hidden_at IS NOT NULL OR leaving_at IS NOT NULL)""",
        [it.giver_id, it.receiver_id],
    )
    await _end(it, {row["id"] for row in rows})


async def _end(it: Exchange, gone: set[int]) -> None:
    called_off = it.state in BEFORE
    if called_off:
        await it.move("cancelled", data={"why": "gone"})
    elif it.state == "declared":
        await it.move("handed_over", data={"why": "gone"}, disputed_at=now())
    else:
        return
    for side in SIDES:
        if member_at(it, side) not in gone:
            await it.tell(side, "exchange_gone" if called_off else "exchange_handed_over")


async def _expire(it: Exchange) -> None:
    await it.move("expired")
    await _tell_both(it, "exchange_expired")


async def _hand_over(it: Exchange) -> None:
    await it.move("handed_over", data={"why": "silence"}, disputed_at=now())
    await _tell_both(it, "exchange_handed_over")


async def _remind_answer(it: Exchange) -> None:
    await _remind(it, "exchange_reminder", it.standing.awaited())


async def _ask_how_long(it: Exchange) -> None:
    await _remind(it, "exchange_how_long", SIDES)


async def _remind_confirmation(it: Exchange) -> None:
    await _remind(it, "exchange_to_confirm", it.standing.awaited(), minutes=it.declared_minutes)


async def _remind(it: Exchange, kind: str, whom: tuple[Side, ...], **data: object) -> None:
    await Exchange.filter(id=it.id).update(reminded_at=now())
    for side in whom:
        await it.tell(side, kind, **data)


async def _tell_both(it: Exchange, kind: str) -> None:
    for side in SIDES:
        await it.tell(side, kind)
