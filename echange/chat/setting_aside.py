"""What somebody does with a conversation for themselves alone, unseen: silence it, put it away."""

from echange.chat import reading
from echange.database import execute, fetch_one, in_transaction
from echange.http import NotFound


async def mute(conversation_id: int, *, by: int) -> None:
    """No badge, no notice, no mail for what is said there. Raises NotFound for who takes no part."""
    await _mark("muted_at = coalesce(muted_at, now())", conversation_id, by)


async def unmute(conversation_id: int, *, by: int) -> None:
    """Hear of it again. Raises NotFound for who takes no part."""
    await _mark("muted_at = NULL", conversation_id, by)


async def archive(conversation_id: int, *, by: int, seq: int | None = None) -> None:
    """Out of the list until something more is said than up to `seq` (all there is); up to there it is read.

    Raises NotFound for who takes no part.
    """
    async with in_transaction():
        row = await fetch_one(
            """UPDATE participant p SET archived_seq = least(coalesce($3, c.said_seq), c.said_seq)
               FROM conversation c WHERE c.id = p.conversation_id AND c.id = $1 AND p.member_id = $2
               RETURNING c.head""",
            conversation_id,
            by,
            seq,
        )
        if row is None:
            raise NotFound
        await reading.mark_read(conversation_id, by=by, seq=row["head"] if seq is None else seq)


async def take_back(conversation_id: int, *, by: int) -> None:
    """Into the list again. Raises NotFound for who takes no part."""
    await _mark("archived_seq = NULL", conversation_id, by)


async def _mark(change: str, conversation_id: int, member_id: int) -> None:
    marked = await execute(
        f"UPDATE participant SET {change} WHERE conversation_id = $1 AND member_id = $2",  # noqa: S608
        conversation_id,
        member_id,
    )
    if not marked:
        raise NotFound
