"""Who has read how far. Unread are messages by others, not deleted, after my mark; this is the one source.

Edits, reactions and comings and goings take numbers too, and are never unread.
"""

from dataclasses import dataclass
from typing import Final

from echange import live
from echange.chat import frames
from echange.database import after_commit, fetch, fetch_one, fetch_value, in_transaction
from echange.http import NotFound

# Nobody reads further than « 99+ ».
COUNTED_AT_MOST: Final = 100
UNREAD: Final = f"""(CASE WHEN c.said_seq > p.read_seq THEN (SELECT count(*) FROM (
    SELECT FROM event u WHERE u.conversation_id = c.id AND u.seq > p.read_seq AND u.seq >= p.from_seq
        AND u.kind = 'message' AND NOT u.gone AND u.by_id <> p.member_id
        AND NOT (c.is_group AND EXISTS (
            SELECT FROM block b WHERE (b.by_id = u.by_id AND b.member_id = p.member_id)
                OR (b.by_id = p.member_id AND b.member_id = u.by_id)))
    LIMIT {COUNTED_AT_MOST}) AS unread) ELSE 0 END)"""  # noqa: S608 — our own number
"""How many unread messages a conversation `c` holds for a participant `p`, at most 100."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation of a member: its last number, how much waits there, whether it is quiet or fresh."""

    conversation: int
    head: int
    unread: int
    muted: bool
    joined: bool


async def unread_count(member_id: int) -> int:
    """How many unread messages wait for a member, those of muted conversations apart."""
    count: int = await fetch_value(
        f"""SELECT coalesce(sum({UNREAD}), 0)
            FROM participant p JOIN conversation c ON c.id = p.conversation_id
            WHERE p.member_id = $1 AND p.muted_at IS NULL AND c.said_seq > p.read_seq""",  # noqa: S608
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
            after_commit(lambda: live.tell([by], frames.read(conversation_id, mark)))
        return mark


async def standings(
    member_id: int, first: list[int], limit: int, joined_seconds: float = 0
) -> list[Standing]:
    """Where the member's conversations stand: those named `first`, then the liveliest.

    `joined` are those into which somebody, be it they, came within `joined_seconds`.
    """
    rows = await fetch(
        f"""WITH young AS MATERIALIZED (
                SELECT conversation_id FROM participant WHERE joined_at > now() - $4 * interval '1 second'
            )
            SELECT c.id, c.head, CASE WHEN p.muted_at IS NULL THEN {UNREAD} ELSE 0 END AS unread,
                   p.muted_at IS NOT NULL AS muted, c.id IN (SELECT conversation_id FROM young) AS joined
            FROM participant p JOIN conversation c ON c.id = p.conversation_id
            WHERE p.member_id = $1 ORDER BY c.id = ANY($2) DESC, c.last_at DESC LIMIT $3""",  # noqa: S608
        member_id,
        first,
        limit,
        joined_seconds,
    )
    return [Standing(row["id"], row["head"], row["unread"], row["muted"], row["joined"]) for row in rows]


async def others_reached(conversation_id: int, member_id: int) -> list[int]:
    """The others who take part and may hear of a member; raises NotFound for somebody who takes no part."""
    members: list[int] | None = await fetch_value(
        """SELECT ARRAY(
               SELECT m.id FROM member m JOIN member self ON self.id = $2
               WHERE m.id = ANY(c.members) AND m.id <> $2 AND NOT m.away AND NOT self.away
                 AND self.shows_presence
                 AND NOT EXISTS (
                     SELECT FROM block
                     WHERE (by_id = $2 AND member_id = m.id) OR (by_id = m.id AND member_id = $2)))
           FROM conversation c WHERE c.id = $1 AND $2 = ANY(c.members)""",
        conversation_id,
        member_id,
    )
    if members is None:
        raise NotFound
    return members
