"""Group commit: the messages that gather while one commit runs go into the log together, with the next.

One statement a batch, one commit, then every sender is answered. Not for messages that belong to another
verb's transaction: these take a `log.turn`.
"""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg
import orjson
import structlog

from echange.chat.events import Event
from echange.chat.log import ADDED, Written
from echange.chat.refusals import SenderAway, SentOtherwise
from echange.database import own_connection
from echange.http import NotFound, Refusal
from echange.members import Unreachable

MOST_AT_ONCE: Final = 500
_log = structlog.get_logger("echange.chat")

# The locked rows tell who takes part as it is now, however long the lock was waited for; all else is as old
# as the statement. Two who lock several conversations do so in one order. A message that another process has
# just written under the same name violates event_client_once: the batch is then run again.
_WRITE: Final = """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[]) WITH ORDINALITY
            AS t (conversation_id, by_id, client_id, data, n)
    ), locked AS MATERIALIZED (
        SELECT id, head, members, is_group FROM conversation
        WHERE id = ANY($5::int[]) ORDER BY id FOR NO KEY UPDATE
    ), judged AS MATERIALIZED (
        SELECT a.n, a.conversation_id, a.by_id, a.client_id, a.data, l.head, l.members, walled.walls,
               known.seq AS known_seq, known.at AS known_at,
               clock_timestamp() AS at,
               CASE
                   WHEN l.id IS NULL OR NOT a.by_id = ANY(l.members) THEN 'not_member'
                   WHEN known.seq IS NOT NULL AND NOT known.gone AND (
                       known.kind <> 'message' OR known.data - $6::text[] <> a.data::jsonb - $6::text[]
                   ) THEN 'conflict'
                   WHEN known.seq IS NOT NULL THEN 'known'
                   WHEN sender.away THEN 'away'
                   WHEN NOT l.is_group AND (walled.walls IS NOT NULL OR EXISTS (
                       SELECT FROM member other WHERE other.id = ANY(l.members) AND other.away
                   )) THEN 'unavailable'
                   ELSE 'new'
               END AS verdict
        FROM asked a
        LEFT JOIN locked l ON l.id = a.conversation_id
        LEFT JOIN member sender ON sender.id = a.by_id
        LEFT JOIN event known ON known.conversation_id = a.conversation_id
            AND known.by_id = a.by_id AND known.client_id = a.client_id
        CROSS JOIN LATERAL (
            SELECT array_agg(other) AS walls FROM (
                SELECT member_id AS other FROM block WHERE by_id = a.by_id
                UNION SELECT by_id FROM block WHERE member_id = a.by_id
            ) AS apart WHERE other = ANY(l.members)
        ) AS walled
    ), numbered AS MATERIALIZED (
        SELECT n, verdict, conversation_id, by_id, client_id, data, members, walls,
               coalesce(known_at, at) AS at,
               coalesce(known_seq, head + sum((verdict = 'new')::integer)
                   OVER (PARTITION BY conversation_id ORDER BY n)) AS seq
        FROM judged
    ), added AS (
        INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data, at)
        SELECT conversation_id, seq, 'message', by_id, client_id, data::jsonb, at
        FROM numbered WHERE verdict = 'new'
    ), moved AS (
        UPDATE conversation c SET head = top.seq, said_seq = top.seq, last_at = top.at
        FROM (SELECT conversation_id, max(seq) AS seq, max(at) AS at
              FROM numbered WHERE verdict = 'new' GROUP BY 1) AS top
        WHERE c.id = top.conversation_id
    )
    SELECT verdict, members, walls, seq, at FROM numbered ORDER BY n"""
# What another process was in the midst of; a deadlock is with a verb that holds several conversations.
_AGAIN: Final = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)
# What one message of a batch may have about it that the database does not take.
_BAD: Final = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)
_REFUSALS: Final[dict[str, type[Refusal]]] = {
    "not_member": NotFound,
    "conflict": SentOtherwise,
    "away": SenderAway,
    "unavailable": Unreachable,
}


@dataclass(slots=True)
class Message:
    """Words on their way into the log."""

    conversation: int
    by: int
    client_id: str
    data: dict[str, Any]
    text: str
    """The data in JSON."""
    written: "asyncio.Future[Written]" = field(repr=False)

    @property
    def name(self) -> tuple[int, int, str]:
        return self.conversation, self.by, self.client_id


class Writer:
    """The one of a process through which messages enter the log, in the order in which they came.

    `tell` hears of each fresh one after its commit, whether or not its sender still waits.
    """

    def __init__(self, tell: Callable[[Written], None]) -> None:
        self._tell = tell
        self._waiting: deque[Message] = deque()
        self._working: asyncio.Task[None] | None = None

    def submit(
        self, conversation: int, *, by: int, client_id: str, data: dict[str, Any]
    ) -> "asyncio.Future[Written]":
        """A message for the next batch. The future is done after the commit.

        It raises NotFound for who takes no part, SentOtherwise for a client id used with other words,
        SenderAway, Unreachable, and whatever befell the database.
        """
        written: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        try:
            text = orjson.dumps(data).decode()
        except orjson.JSONEncodeError as error:
            written.set_exception(error)
            return written
        self._waiting.append(Message(conversation, by, client_id, data, text, written))
        if self._working is None or self._working.done():
            # In a context of its own: a transaction of whoever comes first is not this task's.
            self._working = asyncio.create_task(self._work(), context=contextvars.Context())
        return written

    async def _work(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            try:
                await self._write(batch)
            except asyncio.CancelledError:
                _give_up(batch, ConnectionRefusedError())
                raise
            except Exception as error:  # noqa: BLE001 — whatever befell one batch, the next is written
                _give_up(batch, error)

    def _next_batch(self) -> list[Message]:
        """What waits, each message once: its resend comes after, as the replay that it is."""
        batch: list[Message] = []
        later: list[Message] = []
        names: set[tuple[int, int, str]] = set()
        while self._waiting and len(batch) < MOST_AT_ONCE:
            message = self._waiting.popleft()
            (later if message.name in names else batch).append(message)
            names.add(message.name)
        self._waiting.extendleft(reversed(later))
        return batch

    async def _write(self, batch: Sequence[Message]) -> None:
        try:
            await self._run(batch)
        except _AGAIN:
            await self._write_again(batch)
        except _BAD:
            await self._write_one_by_one(batch)

    async def _write_again(self, batch: Sequence[Message]) -> None:
        try:
            await self._run(batch)
        except (*_AGAIN, *_BAD):
            await self._write_one_by_one(batch)

    async def _write_one_by_one(self, batch: Sequence[Message]) -> None:
        for message in batch:
            try:
                await self._write_alone(message)
            except (*_AGAIN, *_BAD) as error:
                _log.warning(
                    "message_not_written", conversation=message.conversation, error=type(error).__name__
                )
                _give_up([message], error)

    async def _write_alone(self, message: Message) -> None:
        try:
            await self._run([message])
        except _AGAIN:
            await self._run([message])

    async def _run(self, batch: Sequence[Message]) -> None:
        raw = await own_connection("messages")
        rows = await raw.fetch(
            _WRITE,
            [message.conversation for message in batch],
            [message.by for message in batch],
            [message.client_id for message in batch],
            [message.text for message in batch],
            list({message.conversation for message in batch}),
            list(ADDED),
        )
        for message, row in zip(batch, rows, strict=True):
            self._answer(message, row)

    def _answer(self, message: Message, row: asyncpg.Record) -> None:
        refusal = _REFUSALS.get(row["verdict"])
        if refusal is not None:
            _give_up([message], refusal())
            return
        at: datetime = row["at"]
        event = Event(
            message.conversation, row["seq"], "message", message.by, at, message.client_id, message.data
        )
        written = Written(event)
        if row["verdict"] == "new":
            written = Written(event, True, tuple(row["members"]), tuple(row["walls"] or ()))
            self._tell(written)
        if not message.written.done():
            message.written.set_result(written)


def _give_up(batch: Sequence[Message], error: Exception) -> None:
    for message in batch:
        if not message.written.done():
            message.written.set_exception(error)
