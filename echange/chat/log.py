"""The log of a conversation: events numbered 1, 2, 3 … without a hole, each client's message once.

Hand-written SQL, no ORM. The conversation's row is locked while a number is taken, so numbers follow commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

import asyncpg
import orjson

from echange.database import fetch, fetch_one, fetch_value, in_transaction
from echange.http import NotFound, Refusal
from echange.i18n import mark
from echange.members import Unreachable

_LOCK: Final = """
    SELECT c.head FROM conversation c
    WHERE c.id = $1 AND EXISTS (SELECT FROM participant WHERE conversation_id = c.id AND member_id = $2)
    FOR NO KEY UPDATE OF c"""
# A statement of its own after the lock: it sees what whoever held the lock before us has committed.
# A replay is known by its words: the hat may have changed since. Nothing is written to or by somebody away,
# nor between two of whom one blocks the other.
_APPEND: Final = """
    WITH known AS (
        SELECT seq, at, data, data -> 'body' = $5::jsonb -> 'body' AS same FROM event
        WHERE conversation_id = $1 AND by_id = $2 AND client_id = $3
    ), added AS (
        INSERT INTO event (conversation_id, by_id, client_id, seq, kind, data)
        SELECT $1, $2, $3, $4, 'message', $5::jsonb
        WHERE NOT EXISTS (SELECT FROM known) AND NOT EXISTS (
            SELECT FROM participant p JOIN member m ON m.id = p.member_id
            WHERE p.conversation_id = $1 AND (m.away OR EXISTS (
                SELECT FROM block
                WHERE (by_id = $2 AND member_id = m.id) OR (by_id = m.id AND member_id = $2))))
        RETURNING seq, at, data
    ), moved AS (
        UPDATE conversation SET head = added.seq, last_at = added.at FROM added WHERE id = $1
    ), marked AS (
        UPDATE participant SET read_seq = added.seq FROM added
        WHERE conversation_id = $1 AND member_id = $2 AND read_seq = added.seq - 1
    )
    SELECT seq, at, data, true AS fresh, true AS same,
           ARRAY(SELECT member_id FROM participant WHERE conversation_id = $1) AS members FROM added
    UNION ALL SELECT seq, at, data, false, same, '{}' FROM known"""
_COLUMNS: Final = "e.conversation_id, e.seq, e.kind, e.by_id, e.client_id, e.data, e.at"


class SenderAway(Refusal):
    code: ClassVar[str] = "away"
    sentence: ClassVar[str] = mark(
        "Votre compte est en pause : on ne peut pas écrire en pause. Voyez « Mon compte »."
    )


class SentOtherwise(Refusal):
    """The client id was used before, with another body."""

    code: ClassVar[str] = "conflict"
    sentence: ClassVar[str] = mark(
        "Ce message était déjà parti, avec d’autres mots. Relisez plus haut, puis renvoyez si besoin."
    )


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a log."""

    conversation: int
    seq: int
    kind: str
    by: int
    at: datetime
    client_id: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Appended:
    """An event in the log; `fresh` unless a replay found it there. A fresh one concerns `members`."""

    event: Event
    fresh: bool
    members: tuple[int, ...]


async def append(conversation_id: int, *, by: int, client_id: str, data: dict[str, Any]) -> Appended:
    """Write a message, in the caller's transaction if there is one. A replay gives back the first event.

    Raises NotFound for somebody who takes no part, SentOtherwise for a client id used with another body,
    SenderAway, and Unreachable for whatever else keeps the two apart.
    """
    async with in_transaction():
        head = await fetch_value(_LOCK, conversation_id, by)
        if head is None:
            raise NotFound
        text = orjson.dumps(data).decode()
        row = await fetch_one(_APPEND, conversation_id, by, client_id, head + 1, text)
        if row is None:
            raise (
                SenderAway if await fetch_value("SELECT away FROM member WHERE id = $1", by) else Unreachable
            )
        if not row["same"]:
            raise SentOtherwise
        said = orjson.loads(row["data"])
        event = Event(conversation_id, row["seq"], "message", by, row["at"], client_id, said)
        return Appended(event, row["fresh"], tuple(row["members"]))


async def head_for(conversation_id: int, member_id: int) -> int:
    """The number of the last event; raises NotFound for somebody who takes no part."""
    head: int | None = await fetch_value(
        """SELECT c.head FROM conversation c JOIN participant p ON p.conversation_id = c.id
           WHERE c.id = $1 AND p.member_id = $2""",
        conversation_id,
        member_id,
    )
    if head is None:
        raise NotFound
    return head


async def after(conversation_id: int, seq: int, limit: int) -> list[Event]:
    """The first `limit` events after number `seq`."""
    return await _read("e.seq > $2 ORDER BY e.seq LIMIT $3", conversation_id, seq, limit)


async def before(conversation_id: int, seq: int, limit: int) -> list[Event]:
    """The last `limit` events before number `seq`, in order."""
    events = await _read("e.seq < $2 ORDER BY e.seq DESC LIMIT $3", conversation_id, seq, limit)
    return events[::-1]


async def suffixes(cursors: Sequence[tuple[int, int]]) -> list[Event]:
    """All events after each (conversation, seq), in order, one look-up for all."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM unnest($1::int[], $2::int[]) AS since (id, seq)
            JOIN event e ON e.conversation_id = since.id AND e.seq > since.seq
            ORDER BY e.conversation_id, e.seq""",  # noqa: S608 — our own column names
        [conversation for conversation, _ in cursors],
        [seq for _, seq in cursors],
    )
    return [_event(row) for row in rows]


async def _read(condition: str, *values: object) -> list[Event]:
    sql = f"SELECT {_COLUMNS} FROM event e WHERE e.conversation_id = $1 AND {condition}"  # noqa: S608
    rows = await fetch(sql, *values)
    return [_event(row) for row in rows]


def _event(row: asyncpg.Record) -> Event:
    return Event(
        conversation=row["conversation_id"],
        seq=row["seq"],
        kind=row["kind"],
        by=row["by_id"],
        at=row["at"],
        client_id=row["client_id"],
        data=orjson.loads(row["data"]),
    )
