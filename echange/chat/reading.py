"""Who has read how far. Unread is what others wrote after my mark; one source for badge, list and API."""

from dataclasses import dataclass

from echange import live
from echange.chat import frames
from echange.database import after_commit, fetch, fetch_one, fetch_value, in_transaction
from echange.http import NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation of a member: its last number, and whether something waits there."""

    conversation: int
    head: int
    unread: bool


async def unread_count(member_id: int) -> int:
    """How many conversations of the member hold something unread."""
    count: int = await fetch_value(
        """SELECT count(*) FROM participant p JOIN conversation c ON c.id = p.conversation_id
           WHERE p.member_id = $1 AND c.head > p.read_seq AND EXISTS (
               SELECT FROM event e
               WHERE e.conversation_id = c.id AND e.seq > p.read_seq AND e.by_id <> $1)""",
        member_id,
    )
    return count


async def mark_read(conversation_id: int, *, by: int, seq: int) -> int:
    """Move the member's mark to `seq`; it never goes back nor beyond the last event. Gives where it stands.

    The member's other sockets hear of a move. Raises NotFound for somebody who takes no part.
    """
    async with in_transaction():
        row = await fetch_one(
            """UPDATE participant p SET read_seq = greatest(p.read_seq, least($3, c.head))
               FROM conversation c, participant old
               WHERE c.id = p.conversation_id AND old.id = p.id AND c.id = $1 AND p.member_id = $2
               RETURNING p.read_seq, p.read_seq > old.read_seq AS moved""",
            conversation_id,
            by,
            seq,
        )
        if row is None:
            raise NotFound
        mark: int = row["read_seq"]
        if row["moved"]:
            after_commit(lambda: live.send([by], frames.read(conversation_id, mark)))
        return mark


async def standings(member_id: int, first: list[int], limit: int) -> list[Standing]:
    """Where the member's conversations stand: those named `first`, then the liveliest."""
    rows = await fetch(
        """SELECT c.id, c.head, c.head > p.read_seq AND EXISTS (
               SELECT FROM event e WHERE e.conversation_id = c.id AND e.seq > p.read_seq AND e.by_id <> $1
           ) AS unread
           FROM participant p JOIN conversation c ON c.id = p.conversation_id
           WHERE p.member_id = $1 ORDER BY c.id = ANY($2) DESC, c.last_at DESC LIMIT $3""",
        member_id,
        first,
        limit,
    )
    return [Standing(row["id"], row["head"], row["unread"]) for row in rows]
