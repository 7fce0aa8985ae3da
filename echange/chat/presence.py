"""Who is there just now, told to those who have a conversation with them. Nothing of it lasts.

Every ten seconds each process writes whom it hears, and a moment later reads whom any process hears. Who is
missing twice has gone: to load another page, or a server that starts anew, is no absence. A socket hears once
that somebody is there, and once that they have gone; what could not be told is told in the next round.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import uuid4

import structlog
from asyncpg import Record

from echange.chat import frames
from echange.database import execute, fetch
from echange.database.pulse import AWAY
from echange.live import Hub, Line

PERIOD_SECONDS: Final = 10.0
READ_AFTER_SECONDS: Final = 1.0
# And two looks find nobody of a process that died: half a minute in all.
SILENT_PERIODS: Final = 2
GREETED_TOGETHER_SECONDS: Final = 0.3
_log = structlog.get_logger("echange.chat")

_THERE: Final = """
    SELECT DISTINCT p.member_id FROM presence p
    JOIN server_process s ON s.id = p.process_id AND s.seen_at > now() - $1 * interval '1 second'
    JOIN member m ON m.id = p.member_id AND m.shows_presence AND NOT m.away"""
_MET: Final = """
    SELECT about.member_id AS about, array_agg(DISTINCT told.member_id) AS told
    FROM participant about
    JOIN conversation c ON c.id = about.conversation_id AND c.head > 0
    JOIN participant told ON told.conversation_id = c.id AND told.member_id <> about.member_id
    WHERE about.member_id = ANY($1::int[]) AND told.member_id = ANY($2::int[]) AND NOT EXISTS (
        SELECT FROM block
        WHERE (by_id = about.member_id AND member_id = told.member_id)
            OR (by_id = told.member_id AND member_id = about.member_id))
    GROUP BY 1"""
_FRESH_WALLS: Final = """
    SELECT by_id AS one, member_id AS other FROM block
    WHERE at > now() - $1 * interval '1 second' AND (by_id = ANY($2::int[]) OR member_id = ANY($2::int[]))"""


class Presence:
    """What this process knows of who is there, and whom here it has told."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._id = uuid4()
        self._written: set[int] = set()
        self._there: set[int] = set()
        self._missing: set[int] = set()
        self._told: dict[int, set[Line]] = {}
        self._lines: set[Line] = set()
        self._greeted: set[Line] = set()
        self._somebody_greeted = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write, read and tell for the time of the block."""
        rounds = asyncio.create_task(self._go_round_and_round(), name="presence")
        try:
            yield
        finally:
            rounds.cancel()
            with suppress(asyncio.CancelledError):
                await rounds
            if self._written:
                with suppress(*AWAY):
                    await execute("DELETE FROM server_process WHERE id = $1", self._id)

    def greet(self, line: Line) -> None:
        """A page has said hello: it is told who is there, with all others that come just now."""
        self._lines.add(line)
        self._greeted.add(line)
        self._somebody_greeted.set()

    def leave(self, line: Line) -> None:
        """It is told nothing more."""
        self._lines.discard(line)
        self._greeted.discard(line)

    async def _go_round_and_round(self) -> None:
        while True:
            # All processes by one clock: what they write is there when they read.
            await self._attend(PERIOD_SECONDS - time.time() % PERIOD_SECONDS)
            await self._once(self._write)
            await self._attend(READ_AFTER_SECONDS)
            await self._once(self._look)

    async def _attend(self, seconds: float) -> None:
        """Answer those who come, for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._somebody_greeted.wait()
                    await asyncio.sleep(GREETED_TOGETHER_SECONDS)
                self._somebody_greeted.clear()
                await self._once(self._answer)

    async def _once(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except AWAY:
            return
        except Exception:  # noqa: BLE001 — whatever befell one round, the next is made
            _log.exception("presence_round_failed")

    async def _write(self) -> None:
        """Whom this process hears, as far as it has changed."""
        here = set(self._hub.members())
        if not here and not self._written:
            return
        if not await execute("UPDATE server_process SET seen_at = now() WHERE id = $1", self._id):
            # The first time, or taken for dead, or PostgreSQL has forgotten.
            await execute("INSERT INTO server_process (id) VALUES ($1)", self._id)
            self._written = set()
        if left := self._written - here:
            await execute(
                "DELETE FROM presence WHERE process_id = $1 AND member_id = ANY($2::int[])",
                self._id,
                list(left),
            )
        if came := here - self._written:
            await execute(
                """INSERT INTO presence (process_id, member_id) SELECT $1, unnest($2::int[])
                   ON CONFLICT (process_id, member_id) DO NOTHING""",
                self._id,
                list(came),
            )
        self._written = here
        await execute(
            "DELETE FROM server_process WHERE seen_at < now() - $1 * interval '6 seconds'", PERIOD_SECONDS
        )

    async def _look(self) -> None:
        """Who is there anywhere, and who was not before or is no more."""
        if not self._hub.members():
            self._there, self._missing, self._told = set(), set(), {}
            return
        # Whoever came since hears of those who were there; then, with all others, of those who came.
        await self._answer()
        rows = await fetch(_THERE, SILENT_PERIODS * PERIOD_SECONDS)
        seen = {row["member_id"] for row in rows}
        await self._part()
        await self._tell_gone(self._missing - seen)
        self._there -= self._missing - seen
        self._missing = self._there - seen
        await self._tell_there(seen - self._there, self._lines - self._greeted)
        self._there |= seen

    async def _answer(self) -> None:
        greeted = frozenset(self._greeted)
        await self._tell_there(self._there, greeted)
        self._greeted -= greeted

    async def _tell_there(self, about: Iterable[int], lines: Iterable[Line]) -> None:
        """To those of these sockets that do not know it yet."""
        of_member = _by_member(lines)
        for row in await _met(about, of_member):
            told, frame = self._told.setdefault(row["about"], set()), frames.presence(row["about"], True)
            hearing = {line for one in row["told"] for line in of_member[one] if line in self._lines} - told
            told |= hearing
            for line in hearing:
                line.murmur(frame)
            # Many may come at once; others want their turn in between.
            await asyncio.sleep(0)

    async def _tell_gone(self, gone: Iterable[int]) -> None:
        """Only whoever was told that they came, and has still a conversation with them."""
        told = {one: {line.member_id for line in self._told.get(one, ())} for one in gone}
        for row in await _met(told, set().union(*told.values())):
            self._hush(row["about"], row["told"])
            await asyncio.sleep(0)
        for one in told:
            self._told.pop(one, None)

    async def _part(self) -> None:
        """To whom one blocks, one leaves; and sockets that left are forgotten."""
        for row in await fetch(_FRESH_WALLS, 3 * PERIOD_SECONDS, self._hub.members()):
            self._hush(row["one"], [row["other"]])
            self._hush(row["other"], [row["one"]])
        for told in self._told.values():
            told.intersection_update(self._lines)

    def _hush(self, about: int, member_ids: Container[int]) -> None:
        """To those of these members who were told that somebody is there, they are no more."""
        told, frame = self._told.get(about, set()), frames.presence(about, False)
        hearing = {line for line in told if line.member_id in member_ids}
        told -= hearing
        for line in hearing:
            line.murmur(frame)


async def _met(about: Iterable[int], told: Iterable[int]) -> Sequence[Record]:
    """Which of these others have a conversation with whom."""
    pair = list(about), list(told)
    return await fetch(_MET, *pair) if all(pair) else ()


def _by_member(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.member_id].append(line)
    return found
