"""The line of those who answered an annonce, and the rule of the fair queue.

The rule, as /comment-ca-marche/file-equitable tells it:

1. Answers of the first 24 hours count as arrived together; the hours run from the first answer. The giver may
   shorten them to two. Later answers follow in the order they came.
2. Of those who arrived together, whoever received fewer gifts through échange in the last 90 days goes first.
3. Equal ones go by lot: the SHA-256 of the annonce's secret, its number and the member's number, smallest
   first. The secret is drawn before anybody answers; its own SHA-256 is shown meanwhile, itself at the end,
   once it has served.

Places are given once, when the queue opens, and never change; newcomers go behind. Whoever withdraws, says
no, stays silent or does not come leaves the line; answering again puts them at its end.
Every function here expects the annonce to be locked, unless it only reads.
"""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from echange.database import execute, fetch, fetch_one, fetch_value
from echange.http.dates import now

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad

TOGETHER: Final = timedelta(hours=24)
TOGETHER_AT_LEAST: Final = timedelta(hours=2)
GIFTS_COUNT_FOR: Final = timedelta(days=90)

# Of an answer `a`: neither withdrawn, promised to, nor gone out of the line since it was given.
IN_LINE: Final = """a.withdrawn_at IS NULL AND NOT EXISTS (
    SELECT FROM reservation p WHERE p.answer_id = a.id
    AND (p.ended_at IS NULL OR (p.ended_at >= a.at AND p.ending <> 'closed')))"""
# Of a member `m` and an annonce `d`: here, and willing to meet its owner, who is willing as well.
MEETABLE: Final = """NOT m.away AND NOT EXISTS (
    SELECT FROM block k WHERE (k.by_id, k.member_id) IN ((m.id, d.owner_id), (d.owner_id, m.id)))"""
_LINE: Final = f"""answer a JOIN ad d ON d.id = a.ad_id JOIN member m ON m.id = a.member_id
    WHERE a.ad_id = $1 AND {IN_LINE} AND {MEETABLE}"""
# Before the queue opens nobody has a place; in a simple annonce nobody ever has one.
_ORDER: Final = "a.rank NULLS LAST, a.at, a.id"


def lot(seed: str, ad_id: int, member_id: int) -> str:
    """The lot of a member in the queue of an annonce; the smallest goes first."""
    return hashlib.sha256(f"{seed}:{ad_id}:{member_id}".encode()).hexdigest()


def sealed(seed: str) -> str:
    """What is shown of a secret before it may be."""
    return hashlib.sha256(seed.encode()).hexdigest()


def is_told(ad: "Ad") -> bool:
    """Whether its secret may be shown: it has served, and the annonce is over."""
    # Closed before its queue opened, an annonce may be reopened: who would come first must stay unknown.
    return ad.fair and ad.closed_at is not None and ad.queue_opened_at is not None


async def gifts_received(member_ids: list[int]) -> dict[int, int]:
    """How many gifts each of them got through échange in the last 90 days; who got none is missing."""
    rows = await fetch(
        """SELECT a.member_id, count(*) AS n FROM reservation r
           JOIN answer a ON a.id = r.answer_id JOIN ad d ON d.id = r.ad_id
           WHERE a.member_id = ANY($1) AND r.ending = 'done' AND r.ended_at > $2 AND d.kind = 'give'
           GROUP BY a.member_id""",
        member_ids,
        now() - GIFTS_COUNT_FOR,
    )
    return {row["member_id"]: row["n"] for row in rows}


def can_be_hastened(ad: "Ad") -> bool:
    """Whether its giver may open the queue now: two hours after the first answer, and only once."""
    if not ad.fair or ad.queue_opened_at is not None or ad.queue_opens_at is None:
        return False
    return now() >= ad.queue_opens_at - TOGETHER + TOGETHER_AT_LEAST


async def set_clock(ad: "Ad") -> None:
    """The first answer starts the hours in which all count as arrived together."""
    if ad.queue_opens_at is None:
        ad.queue_opens_at = now() + TOGETHER
        await execute("UPDATE ad SET queue_opens_at = $2 WHERE id = $1", ad.id, ad.queue_opens_at)


async def open_queue(ad: "Ad") -> None:
    """Give those who are there their places, by the rule."""
    opened_at = now()
    until = min(ad.queue_opens_at or opened_at, opened_at)
    rows = await fetch(
        "SELECT id, member_id, at FROM answer WHERE ad_id = $1 AND withdrawn_at IS NULL", ad.id
    )
    gifts = await gifts_received([row["member_id"] for row in rows])

    def place(row: dict[str, object]) -> tuple[object, ...]:
        if row["at"] <= until:  # type: ignore[operator]
            member_id = int(str(row["member_id"]))
            return (0, gifts.get(member_id, 0), lot(ad.queue_seed or "", ad.id, member_id))
        return (1, row["at"], row["id"])

    in_order = [row["id"] for row in sorted(rows, key=place)]
    await execute(
        """UPDATE answer a SET rank = given.rank
           FROM unnest($1::int[]) WITH ORDINALITY AS given (id, rank) WHERE a.id = given.id""",
        in_order,
    )
    await execute("UPDATE ad SET queue_opened_at = $2 WHERE id = $1", ad.id, opened_at)
    ad.queue_opened_at = opened_at


async def last_place(ad_id: int) -> int:
    """The place of a newcomer to an open queue."""
    place: int = await fetch_value("SELECT coalesce(max(rank), 0) + 1 FROM answer WHERE ad_id = $1", ad_id)
    return place


async def next_in_line(ad_id: int) -> tuple[int, int] | None:
    """(answer, member) of whoever comes next, or None."""
    row = await fetch_one(f"SELECT a.id, m.id AS member_id FROM {_LINE} ORDER BY {_ORDER} LIMIT 1", ad_id)  # noqa: S608
    return (row["id"], row["member_id"]) if row else None


async def all_in_line(ad_id: int) -> list[int]:
    """Members of the line, in order."""
    rows = await fetch(f"SELECT m.id FROM {_LINE} ORDER BY {_ORDER}", ad_id)  # noqa: S608
    return [row["id"] for row in rows]


async def how_many_before(ad_id: int, answer_id: int) -> int:
    """How many of the line come before an answer; all of it for somebody who stands elsewhere."""
    count: int = await fetch_value(
        f"""WITH me AS (SELECT coalesce(rank, 2147483647) AS rank, at, id FROM answer WHERE id = $2)
            SELECT count(*) FROM {_LINE} AND NOT EXISTS (
                SELECT FROM me
                WHERE (coalesce(a.rank, 2147483647), a.at, a.id) >= (me.rank, me.at, me.id))""",  # noqa: S608
        ad_id,
        answer_id,
    )
    return count
