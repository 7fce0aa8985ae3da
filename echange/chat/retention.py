"""What is said is kept for as long as the town decides, then it goes from the front of each conversation."""

from datetime import datetime, timedelta
from typing import Final

import asyncpg

from echange.chat import attaching, picturing
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http.dates import now

# Conversations looked at, and events removed, in one go: nobody waits long for the lock of theirs.
TALKS_AT_ONCE: Final = 200
EVENTS_AT_ONCE: Final = 500
# A moderator may still have to read what was said in a group that all have left.
DESERTED_FOR: Final = timedelta(days=30)

_OLD: Final = """
    SELECT c.id FROM conversation c JOIN event e ON e.conversation_id = c.id AND e.seq = c.first_seq
    WHERE e.at < $1 AND c.id > $2 ORDER BY c.id LIMIT $3"""
# Up to the first one that is young enough.
_CUT: Final = """
    SELECT coalesce(min(seq) FILTER (WHERE at >= $3), max(seq) + 1) AS cut FROM (
        SELECT seq, at FROM event WHERE conversation_id = $1 AND seq >= $2 ORDER BY seq LIMIT $4) AS front"""
_EMPTY: Final = """
    SELECT c.id FROM conversation c
    WHERE c.about_kind IS NULL AND c.id > $2 AND (
        (c.is_group AND c.members = '{}' AND NOT EXISTS (
            SELECT FROM event WHERE conversation_id = c.id AND seq = c.head AND at >= $1))
        OR (NOT c.is_group AND c.first_seq > c.head AND c.head > 0))
    ORDER BY c.id LIMIT $3"""
_STILL_EMPTY: Final = """
    SELECT id FROM conversation
    WHERE id = $1 AND CASE WHEN is_group THEN members = '{}' ELSE first_seq > head END FOR UPDATE"""


async def forget_old(kept: timedelta) -> None:
    """Remove what was said longer ago, with its photos and files."""
    old = now() - kept
    last = 0
    while rows := await fetch(_OLD, old, last, TALKS_AT_ONCE):
        for row in rows:
            while await _cut_front(row["id"], old):
                pass
        last = rows[-1]["id"]


async def forget_deserted() -> None:
    """Remove groups that all have left, and conversations of two of which nothing is left.

    One that is tied to a thing stays: the thing may lead there.
    """
    last = 0
    while rows := await fetch(_EMPTY, now() - DESERTED_FOR, last, TALKS_AT_ONCE):
        for row in rows:
            await _remove(row["id"])
        last = rows[-1]["id"]


async def _cut_front(conversation_id: int, old: datetime) -> bool:
    """Remove the first events of a conversation, as many as go in one go; whether there may be more."""
    async with in_transaction():
        first = await fetch_value(
            "SELECT first_seq FROM conversation WHERE id = $1 FOR NO KEY UPDATE", conversation_id
        )
        cut = await fetch_value(_CUT, conversation_id, first, old, EVENTS_AT_ONCE)
        if cut is None or cut == first:
            return False
        await _forget_before(conversation_id, cut)
        return bool(cut - first == EVENTS_AT_ONCE)


async def _forget_before(conversation_id: int, cut: int) -> None:
    await execute("DELETE FROM event WHERE conversation_id = $1 AND seq < $2", conversation_id, cut)
    # Later words for a message that is no more say as much as it did.
    await execute(
        """UPDATE event SET gone = true, data = '{}'
           WHERE conversation_id = $1 AND target < $2 AND kind = 'edit' AND NOT gone""",
        conversation_id,
        cut,
    )
    await attaching.remove_before(conversation_id, cut)
    await execute("UPDATE conversation SET first_seq = $2 WHERE id = $1", conversation_id, cut)


async def _remove(conversation_id: int) -> None:
    try:
        async with in_transaction():
            # Somebody may have come back, or written, while we looked.
            if not await fetch_value(_STILL_EMPTY, conversation_id):
                return
            await attaching.remove_where("a.conversation_id = $1", conversation_id)
            await picturing.forget(conversation_id)
            await execute("DELETE FROM conversation WHERE id = $1", conversation_id)
    except asyncpg.ForeignKeyViolationError:
        # Something still leads there.
        return
