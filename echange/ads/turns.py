"""What time does to answers and promises: queues open, silences end, people are reminded.

Called every half minute. Each step bears being done again; pages that show a promise do not wait for it.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from echange.ads import promises, queue, refusals
from echange.ads.models import Ad, Reservation
from echange.ads.seeing import Someone
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http import NotAllowed, NotFound
from echange.http.dates import now
from echange.notifications import tell

EVERY: Final = timedelta(seconds=30)
TOLD_EVERY: Final = timedelta(hours=24)
NUDGED_AFTER: Final = timedelta(hours=72)
REMINDED_BEFORE: Final = timedelta(hours=24)


async def tick(_: dict[str, Any] | None = None) -> None:
    """All that is due by now."""
    await _each(_OPENING, _open)
    await _each(_ENDING, promises.settle, queue.MEETABLE)
    await _each(_STALLED, _move_on, queue.IN_LINE, queue.MEETABLE)
    await _each(_BUNDLED, _tell_of_answers)
    await _remind_of_meetings()
    await _ask_how_it_went()


async def start_queue(ad: Ad, *, by: Someone) -> Ad:
    """Leave the choice to the fair queue; said again, it opens now.

    That is two hours after the first answer at the earliest. Raises QueueNotNow, NotAllowed, AlreadyClosed.
    """
    if not ad.can_be_edited_by(by):
        raise NotAllowed
    async with in_transaction():
        ad = await ad.lock()
        if ad.closed_at is not None:
            raise refusals.AlreadyClosed
        if ad.published_at is None or ad.kind != "give" or ad.queue_opened_at is not None:
            raise refusals.QueueNotNow
        if ad.fair:
            if not queue.can_be_hastened(ad):
                raise refusals.QueueNotNow
            await execute("UPDATE ad SET queue_opens_at = $2 WHERE id = $1", ad.id, now())
        else:
            await _turn_fair(ad)
        ad = await ad.lock()
        await _open_if_due(ad)
    return ad


async def _turn_fair(ad: Ad) -> None:
    await execute(
        """UPDATE ad SET fair = true, queue_told_at = $2, queue_opens_at =
               (SELECT min(at) + $3 FROM answer WHERE ad_id = $1 AND withdrawn_at IS NULL)
           WHERE id = $1""",
        ad.id,
        now(),
        queue.TOGETHER,
    )


async def _open_if_due(ad: Ad) -> None:
    if ad.queue_opened_at is None and ad.queue_opens_at is not None and ad.queue_opens_at <= now():
        await queue.open_queue(ad)
        await promises.pass_on(ad)


_OPENING: Final = """
    SELECT id FROM ad WHERE fair AND closed_at IS NULL AND queue_opened_at IS NULL AND queue_opens_at <= $1"""
_ENDING: Final = """
    SELECT d.id FROM reservation r JOIN ad d ON d.id = r.ad_id
    JOIN answer a ON a.id = r.answer_id JOIN member m ON m.id = a.member_id
    WHERE r.ended_at IS NULL AND ((r.accepted_at IS NULL AND r.answer_by <= $1) OR NOT ({0}))"""
_STALLED: Final = """
    SELECT d.id FROM ad d WHERE d.fair AND d.closed_at IS NULL AND d.listed AND NOT d.reserved
    AND coalesce(d.expires_at > $1, true)
    AND d.queue_opened_at <= $1 AND EXISTS (
        SELECT FROM answer a JOIN member m ON m.id = a.member_id WHERE a.ad_id = d.id AND {0} AND {1})"""
_BUNDLED: Final = """
    SELECT d.id FROM ad d WHERE d.fair AND d.closed_at IS NULL
    AND d.queue_told_at <= $1::timestamptz - interval '24 hours'
    AND EXISTS (SELECT FROM answer WHERE ad_id = d.id AND at > d.queue_told_at AND withdrawn_at IS NULL)"""


async def _each(sql: str, do: Callable[[int], Awaitable[None]], *parts: str) -> None:
    for row in await fetch(sql.format(*parts), now()):
        try:
            await do(row["id"])
        except NotFound:
            # Deleted meanwhile.
            continue


async def _open(ad_id: int) -> None:
    async with in_transaction():
        await _open_if_due(await Ad(id=ad_id).lock())


async def _move_on(ad_id: int) -> None:
    async with in_transaction():
        await promises.pass_on(await Ad(id=ad_id).lock())


async def _tell_of_answers(ad_id: int) -> None:
    async with in_transaction():
        ad = await Ad(id=ad_id).lock()
        told_at = ad.queue_told_at
        if told_at is None or told_at > now() - TOLD_EVERY:
            return
        n = await fetch_value(
            "SELECT count(*) FROM answer WHERE ad_id = $1 AND at > $2 AND withdrawn_at IS NULL",
            ad_id,
            told_at,
        )
        await execute("UPDATE ad SET queue_told_at = $2 WHERE id = $1", ad_id, now())
        await tell(ad.owner_id or 0, "answers", link=f"/annonces/{ad_id}/reponses", title=ad.title, n=n)


async def _remind_of_meetings() -> None:
    due = await Reservation.filter(
        ended_at=None,
        meet_agreed_at__isnull=False,
        reminded_at=None,
        meet_at__lte=now() + REMINDED_BEFORE,
        meet_at__gt=now(),
    ).select_related("ad", "answer")
    for one in due:
        meet = one.meet_at.isoformat() if one.meet_at else ""
        async with in_transaction():
            if await Reservation.filter(id=one.id, reminded_at=None, ended_at=None).update(reminded_at=now()):
                for member_id in (one.ad.owner_id or 0, one.answer.member_id):
                    await tell(
                        member_id,
                        "meeting_soon",
                        link=f"/annonces/{one.ad_id}/reservation",
                        title=one.ad.title,
                        meet=meet,
                    )


async def _ask_how_it_went() -> None:
    due = await Reservation.filter(
        ended_at=None, nudged_at=None, accepted_at__lte=now() - NUDGED_AFTER, answer_by__isnull=False
    ).select_related("ad")
    for one in due:
        if one.meet_at is not None and one.meet_at > now():
            continue
        async with in_transaction():
            if await Reservation.filter(id=one.id, nudged_at=None, ended_at=None).update(nudged_at=now()):
                link = f"/annonces/{one.ad_id}/reservation"
                await tell(one.ad.owner_id or 0, "how_it_went", link=link, title=one.ad.title)
