"""The log of a conversation: events numbered 1, 2, 3 … without a hole, each client's act once.

Hand-written SQL, no ORM. A number is taken under the lock of the conversation's row, so numbers follow
commits. Ordinary messages are many and go through the writer (writer.py); all else takes a `turn`.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

from echange.chat.events import COLUMNS, Event, Kind, event_of
from echange.chat.refusals import SenderAway, SentOtherwise
from echange.database import execute, fetch, fetch_one, fetch_value, in_transaction
from echange.http import NotFound, Viewer
from echange.members import Unreachable

_LOCK: Final = """
    SELECT head, members, is_group FROM conversation WHERE id = $1 AND $2 = ANY(members) FOR NO KEY UPDATE"""
_SENDER_AWAY: Final = "SELECT away FROM member WHERE id = $1"
# Of those who take part, the writer apart: who is away, and who is kept from the writer by a block.
_APART: Final = """
    SELECT coalesce(array_agg(m.id) FILTER (WHERE m.away), '{}') AS away,
           coalesce(array_agg(m.id) FILTER (WHERE EXISTS (
               SELECT FROM block
               WHERE (by_id = $2 AND member_id = m.id) OR (by_id = m.id AND member_id = $2))), '{}') AS walls
    FROM member m WHERE m.id = ANY($1::int[]) AND m.id <> $2"""
_KNOWN: Final = """
    SELECT e.*, e.data - $4::text[] = $5::jsonb - $4::text[] AND e.kind = $6
                AND e.target IS NOT DISTINCT FROM $7 OR e.gone AS same
    FROM event e WHERE e.conversation_id = $1 AND e.by_id = $2 AND e.client_id = $3"""
# What the house adds to a member's words does not make them other words.
ADDED: Final = ("for", "warn")
_APPEND: Final = f"""
    WITH e AS (
        INSERT INTO event (conversation_id, by_id, client_id, seq, kind, target, data)
        VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb) RETURNING *
    ), moved AS (
        UPDATE conversation SET head = $4,
            said_seq = CASE WHEN $5 = 'message' THEN $4 ELSE said_seq END,
            last_at = CASE WHEN $5 = 'message' THEN e.at ELSE last_at END
        FROM e WHERE id = $1
    )
    SELECT {COLUMNS} FROM e"""  # noqa: S608 — our own column names


@dataclass(frozen=True, slots=True)
class Written:
    """An event in the log. A `fresh` one (no replay) is to be told to `members`, withheld from `walls`."""

    event: Event
    fresh: bool = False
    members: tuple[int, ...] = ()
    walls: tuple[int, ...] = ()


@dataclass(slots=True)
class Turn:
    """A conversation held for one who takes part: what is read now is true until the commit."""

    conversation: int
    by: int
    head: int
    members: tuple[int, ...]
    is_group: bool

    async def known(
        self, client_id: str, kind: Kind, data: Mapping[str, Any], target: int | None = None
    ) -> Event | None:
        """The event that this client id already named; raises SentOtherwise when it was another act."""
        text = orjson.dumps(data).decode()
        row = await fetch_one(_KNOWN, self.conversation, self.by, client_id, list(ADDED), text, kind, target)
        if row is None:
            return None
        if not row["same"]:
            raise SentOtherwise
        return event_of(row)

    async def may_write(self) -> None:
        """Raises SenderAway, and Unreachable where the other of two is away or kept apart."""
        if await fetch_value(_SENDER_AWAY, self.by):
            raise SenderAway
        if not self.is_group:
            apart = await fetch_one(_APART, list(self.members), self.by)
            if apart and (apart["away"] or apart["walls"]):
                raise Unreachable

    async def append(
        self,
        client_id: str,
        kind: Kind,
        data: Mapping[str, Any],
        target: int | None = None,
        *,
        also: Sequence[int] = (),
    ) -> Written:
        """Write the next event. It is told to who takes part now, and to those `also` named."""
        text = orjson.dumps(data).decode()
        row = await fetch_one(
            _APPEND, self.conversation, self.by, client_id, self.head + 1, kind, target, text
        )
        if row is None:
            raise NotFound
        self.head += 1
        members: list[int] = await fetch_value(
            "SELECT members FROM conversation WHERE id = $1", self.conversation
        )
        apart = await fetch_one(_APART, members, self.by) if self.is_group else None
        everyone = tuple(dict.fromkeys([*members, *also]))
        return Written(event_of(row), True, everyone, tuple(apart["walls"]) if apart else ())

    async def fade(self, seq: int) -> None:
        """Empty a message and every edit of it: what was deleted stands nowhere any more."""
        await execute(
            """UPDATE event SET gone = true, data = '{}'
               WHERE conversation_id = $1 AND NOT gone
                 AND (seq = $2 OR (target = $2 AND kind = 'edit'))""",
            self.conversation,
            seq,
        )


@asynccontextmanager
async def turn(conversation_id: int, *, by: int) -> AsyncIterator[Turn]:
    """Hold a conversation, in the caller's transaction if there is one.

    What is read inside is a statement of its own after the lock: it sees what whoever held it before has
    committed. Raises NotFound for who takes no part.
    """
    async with in_transaction():
        row = await fetch_one(_LOCK, conversation_id, by)
        if row is None:
            raise NotFound
        yield Turn(conversation_id, by, row["head"], tuple(row["members"]), row["is_group"])


async def head_for(conversation_id: int, member_id: int) -> int:
    """The number of the last event; raises NotFound for somebody who takes no part."""
    head: int | None = await fetch_value(
        "SELECT head FROM conversation WHERE id = $1 AND $2 = ANY(members)", conversation_id, member_id
    )
    if head is None:
        raise NotFound
    return head


async def first_for(member_id: int, conversations: Sequence[int]) -> dict[int, int]:
    """The number of the first event that the member may read in each: before it is nothing for them."""
    rows = await fetch(
        """SELECT c.id, greatest(c.first_seq, p.from_seq) AS first
           FROM participant p JOIN conversation c ON c.id = p.conversation_id
           WHERE p.member_id = $1 AND c.id = ANY($2::int[])""",
        member_id,
        list(conversations),
    )
    return {row["id"]: row["first"] for row in rows}


async def after(conversation_id: int, seq: int, limit: int, reader: Viewer | None = None) -> list[Event]:
    """The first `limit` events after number `seq` that the reader may see; without a reader, all of them."""
    return await _read("e.seq > $2 ORDER BY e.seq LIMIT $3", conversation_id, seq, limit, reader=reader)


async def before(conversation_id: int, seq: int, limit: int, reader: Viewer | None = None) -> list[Event]:
    """The last `limit` of them before number `seq`, in order."""
    events = await _read(
        "e.seq < $2 ORDER BY e.seq DESC LIMIT $3", conversation_id, seq, limit, reader=reader
    )
    return events[::-1]


async def numbered(conversation_id: int, seqs: Sequence[int], reader: Viewer | None = None) -> list[Event]:
    """Those with these numbers, in order, wherever they stand."""
    if not seqs:
        return []
    return await _read("e.seq = ANY($2::int[]) ORDER BY e.seq", conversation_id, list(seqs), reader=reader)


async def said_before(conversation_id: int, seq: int, limit: int) -> list[Event]:
    """The last `limit` messages before number `seq`, in order, whatever was done to them since."""
    events = await _read(
        "e.seq < $2 AND e.kind = 'message' ORDER BY e.seq DESC LIMIT $3",
        conversation_id,
        seq,
        limit,
        reader=None,
    )
    return events[::-1]


async def suffixes(cursors: Sequence[tuple[int, int]], reader: Viewer) -> list[Event]:
    """All that the reader may see after each (conversation, seq), in order, one look-up for all."""
    rows = await fetch(
        f"""SELECT {COLUMNS}, c.is_group FROM unnest($1::int[], $2::int[]) AS since (id, seq)
            JOIN conversation c ON c.id = since.id
            JOIN participant p ON p.conversation_id = c.id AND p.member_id = $3
            JOIN event e ON e.conversation_id = c.id AND e.seq > since.seq AND e.seq >= p.from_seq
            ORDER BY e.conversation_id, e.seq""",  # noqa: S608 — our own column names
        [conversation for conversation, _ in cursors],
        [seq for _, seq in cursors],
        reader.id,
    )
    return [_shown(event_of(row), row["is_group"], reader) for row in rows]


async def changes_of(conversation_id: int, seqs: Sequence[int], reader: Viewer | None = None) -> list[Event]:
    """Edits, deletions and reactions of these messages, in order."""
    return await _read("e.target = ANY($2::int[]) ORDER BY e.seq", conversation_id, list(seqs), reader=reader)


async def slot_answers(
    conversation_id: int, seqs: Sequence[int], reader: Viewer | None = None
) -> list[Event]:
    """Messages that answer the slots proposed in these, in order."""
    events = await _read(
        """e.seq > $2 AND e.kind = 'message' AND e.data -> 'slot' ? 'agreed'
           AND (e.data ->> 'reply_to')::integer = ANY($3::int[]) ORDER BY e.seq""",
        conversation_id,
        min(seqs),
        list(seqs),
        reader=reader,
    )
    return [event for event in events if "slot" in event.data]


async def _read(condition: str, conversation_id: int, *values: object, reader: Viewer | None) -> list[Event]:
    mine = f"p.conversation_id = c.id AND p.member_id = ${len(values) + 2} AND e.seq >= p.from_seq"
    seen = f"JOIN participant p ON {mine}" if reader else ""
    rows = await fetch(
        f"""SELECT {COLUMNS}, c.is_group FROM event e JOIN conversation c ON c.id = e.conversation_id {seen}
            WHERE e.conversation_id = $1 AND {condition}""",  # noqa: S608 — our own words
        conversation_id,
        *values,
        *((reader.id,) if reader else ()),
    )
    return [_shown(event_of(row), row["is_group"], reader) for row in rows]


def _shown(event: Event, is_group: bool, reader: Viewer | None) -> Event:
    # Between two, what was said before a block stays said; in a group the others go on speaking.
    return event.seen_by(reader.unseen) if reader and is_group else event
