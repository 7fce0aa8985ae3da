"""Who is there just now, told to those who have a conversation with them. Nothing of it lasts.

Every ten seconds each process writes whom it hears, and a moment later reads whom any process hears. Who is
missing twice has gone: to load another page, or a server that starts anew, is no absence.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import uuid4

import structlog

from echange.chat import frames
from echange.database import execute, fetch
from echange.database.pulse import AWAY
from echange.live import Hub

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
        self._told: dict[int, set[int]] = {}
        self._greeted: set[int] = set()
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

    def greet(self, member_id: int) -> None:
        """A page of theirs has said hello: it is told who is there, with all others that come just now."""
        self._greeted.add(member_id)
        self._somebody_greeted.set()

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
        here = self._hub.members()
        if not here:
            self._there, self._missing, self._told = set(), set(), {}
            return
        rows = await fetch(_THERE, SILENT_PERIODS * PERIOD_SECONDS)
        seen = {row["member_id"] for row in rows}
        came, gone = seen - self._there, self._missing - seen
        self._missing = self._there - seen - gone
        self._there = (self._there | seen) - gone
        await self._part(here)
        if gone:
            await self._tell_gone(gone)
        if came:
            await self._tell_there(came, here)

    async def _answer(self) -> None:
        greeted, self._greeted = self._greeted, set()
        if greeted and self._there:
            await self._tell_there(self._there, greeted)

    async def _tell_there(self, about: Iterable[int], told: Iterable[int]) -> None:
        for row in await fetch(_MET, list(about), list(told)):
            self._told.setdefault(row["about"], set()).update(row["told"])
            self._hub.murmur(row["told"], frames.presence(row["about"], True))
            # Many may come at once; others want their turn in between.
            await asyncio.sleep(0)

    async def _tell_gone(self, gone: Iterable[int]) -> None:
        """Only whoever was told that they came, and has still a conversation with them."""
        told = {member_id: self._told.pop(member_id) for member_id in gone if member_id in self._told}
        if not told:
            return
        for row in await fetch(_MET, list(told), list(set().union(*told.values()))):
            still = told[row["about"]].intersection(row["told"])
            self._hub.murmur(still, frames.presence(row["about"], False))
            await asyncio.sleep(0)

    async def _part(self, here: list[int]) -> None:
        """To whom one blocks, one leaves; and of those who went nothing is known."""
        for row in await fetch(_FRESH_WALLS, 3 * PERIOD_SECONDS, here):
            for about, told in ((row["one"], row["other"]), (row["other"], row["one"])):
                if told in self._told.get(about, ()):
                    self._told[about].discard(told)
                    self._hub.murmur([told], frames.presence(about, False))
        for about, told in list(self._told.items()):
            told.intersection_update(here)
            if not told:
                del self._told[about]
