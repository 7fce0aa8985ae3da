"""A promise's way: made, passed on, ended. The annonce is locked by whoever calls, unless said otherwise."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from echange.ads import queue
from echange.ads.models.event import AdEvent
from echange.database import fetch, fetch_one, fetch_value, in_transaction
from echange.http.dates import now
from echange.notifications import tell, tell_all

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad

YES_WITHIN: Final = timedelta(hours=24)
SAME_WISH: Final = "/publier?nature=seek"


@dataclass(frozen=True, slots=True)
class Promise:
    """The promise under way: `member_id` it is for; `overdue` when their yes has not come in time.

    `void`: one of the two has gone away, or does not want to meet the other any more.
    """

    id: int
    answer_id: int
    member_id: int
    accepted: bool
    overdue: bool
    void: bool


async def current(ad_id: int) -> Promise | None:
    """The promise under way, as it stands; nothing need be locked."""
    row = await fetch_one(
        f"""SELECT r.id, a.id AS answer_id, m.id AS member_id, r.accepted_at IS NOT NULL AS accepted,
                   coalesce(r.accepted_at IS NULL AND r.answer_by <= $2, false) AS overdue,
                   NOT ({queue.MEETABLE}) AS void
            FROM reservation r JOIN answer a ON a.id = r.answer_id JOIN member m ON m.id = a.member_id
            JOIN ad d ON d.id = r.ad_id
            WHERE r.ad_id = $1 AND r.ended_at IS NULL""",  # noqa: S608 — our own words
        ad_id,
        now(),
    )
    return Promise(**row) if row else None


async def promise(ad: "Ad", answer_id: int, member_id: int, *, by: int | None) -> int:
    """Promise it: by its owner's side, or by the queue, which asks for a yes within 24 hours."""
    asked, at = by is None, now()
    until = at + YES_WITHIN
    promise_id: int = await fetch_value(
        """INSERT INTO reservation (ad_id, answer_id, by_id, at, answer_by, accepted_at)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING id""",
        ad.id,
        answer_id,
        by,
        at,
        until if asked else None,
        None if asked else at,
    )
    await AdEvent.note("reserved", ad.id, by=by, answer=answer_id)
    link = f"/annonces/{ad.id}/reservation"
    if asked:
        await tell(member_id, "promised", link=link, by=ad.owner_id, title=ad.title, until=until.isoformat())
    else:
        await tell(member_id, "reserved", link=link, by=ad.owner_id, title=ad.title)
    return promise_id


async def end(ad: "Ad", ending: str, *, by: int | None = None) -> Promise | None:
    """End the promise under way, saying how; nobody is told here. None when there was none."""
    ended = await current(ad.id)
    if ended is None:
        return None
    await fetch(
        "UPDATE reservation SET ended_at = $2, ending = $3 WHERE id = $1 AND ended_at IS NULL",
        ended.id,
        now(),
        ending,
    )
    await AdEvent.note("unreserved", ad.id, by=by, answer=ended.answer_id, ending=ending)
    return ended


async def give_up(ad: "Ad", ending: str, *, by: int | None = None) -> None:
    """The neighbour will not take it after all: who counted on them is told, and it is free again."""
    ended = await end(ad, ending, by=by)
    if ended is not None and ended.accepted:
        link = f"/annonces/{ad.id}/reponses"
        await tell(_owner(ad), "gave_up", link=link, by=ended.member_id, title=ad.title)
    await free(ad)


async def free(ad: "Ad") -> None:
    """It is to be had again: the queue passes it on; in a simple annonce all who wait are told."""
    if ad.fair:
        await pass_on(ad)
    elif _is_open(ad):
        waiting = await queue.all_in_line(ad.id)
        await tell_all(waiting, "free_again", link=ad.url, by=ad.owner_id, title=ad.title)


async def pass_on(ad: "Ad") -> bool:
    """Promise it to the next of an open queue; when nobody is left its owner is told. Whether it was."""
    if not (ad.fair and ad.queue_opened_at and _is_open(ad)) or await current(ad.id) is not None:
        return False
    following = await queue.next_in_line(ad.id)
    if following is None:
        await tell(_owner(ad), "line_empty", link=f"/annonces/{ad.id}/reponses", title=ad.title)
        return False
    await promise(ad, *following, by=None)
    return True


async def settle(ad_id: int) -> None:
    """End a promise that got no yes in time, or whose two do not meet any more; then it is passed on.

    Locks the annonce itself, and only when there is something to do.
    """
    promised = await current(ad_id)
    if promised is None or not (promised.overdue or promised.void):
        return
    from echange.ads.models.ad import Ad

    async with in_transaction():
        ad = await Ad(id=ad_id).lock()
        promised = await current(ad_id)
        if promised is None or not (promised.overdue or promised.void):
            return
        if promised.void:
            await give_up(ad, "released")
            return
        if not ad.listed:
            # Nobody says yes to what they cannot read: they keep their place.
            await end(ad, "closed")
            return
        await end(ad, "silent")
        await tell(promised.member_id, "too_late", link=ad.url, by=ad.owner_id, title=ad.title)
        await free(ad)


async def conclude(ad: "Ad", ending: str) -> None:
    """The annonce ends, `done` or `closed`: so does its promise, and all who waited are told kindly."""
    promised = await current(ad.id)
    kept = promised is not None and promised.accepted and ending == "done"
    await end(ad, "done" if kept else "closed")
    receiver = promised.member_id if promised and kept else 0
    others = await fetch(
        f"""SELECT m.id FROM answer a JOIN ad d ON d.id = a.ad_id JOIN member m ON m.id = a.member_id
            WHERE a.ad_id = $1 AND a.withdrawn_at IS NULL AND m.id <> $2 AND {queue.MEETABLE}""",  # noqa: S608
        ad.id,
        receiver,
    )
    given = ad.kind == "give" and ending == "done"
    await tell_all(
        [row["id"] for row in others],
        "gone",
        # Its own page may be gone by now.
        link=SAME_WISH if given else "/annonces",
        by=ad.owner_id,
        title=ad.title,
        given=given,
    )


async def resume(ad: "Ad") -> None:
    """The closing is undone: the promise that ended with it stands again.

    Not to who took their answer back meanwhile; and whoever could not say yes in time keeps their place.
    """
    await fetch(
        """UPDATE reservation SET ended_at = NULL, ending = NULL WHERE id = (
               SELECT r.id FROM reservation r JOIN ad d ON d.id = r.ad_id JOIN answer a ON a.id = r.answer_id
               WHERE r.ad_id = $1 AND r.ending IN ('done', 'closed') AND a.withdrawn_at IS NULL
               AND (r.accepted_at IS NOT NULL OR r.answer_by > $2)
               AND NOT EXISTS (SELECT FROM reservation WHERE ad_id = $1 AND ended_at IS NULL)
               AND r.ended_at >= d.closed_at - interval '1 minute'
               ORDER BY r.id DESC LIMIT 1)""",
        ad.id,
        now(),
    )


def _is_open(ad: "Ad") -> bool:
    # Its clock's job may be late: what is past is past.
    return ad.listed and (ad.expires_at is None or ad.expires_at > now())


def _owner(ad: "Ad") -> int:
    assert ad.owner_id is not None  # noqa: S101 — published, so it has one
    return ad.owner_id
