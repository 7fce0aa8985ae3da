"""Workers for tests: what they were asked to do, and waiting for it without a clock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PATIENCE_SECONDS = 20


class Diary:
    """A handler that notes what it was given, and may fail first."""

    def __init__(self, *failures: Exception) -> None:
        self.done: list[dict[str, Any]] = []
        self.calls = 0
        self._failures = list(failures)

    async def __call__(self, payload: dict[str, Any]) -> None:
        self.calls += 1
        if self._failures:
            raise self._failures.pop(0)
        self.done.append(payload)


async def until(condition: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    """Wait for something that must happen."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await _holds(condition):  # noqa: ASYNC110 — it happens in PostgreSQL.
            await asyncio.sleep(0.02)


async def _holds(condition: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> bool:
    held = condition()
    return held if isinstance(held, bool) else await held


async def waiting(connection: Connection, status: str = "queued") -> int:
    """How many jobs are in this state."""
    count: int = await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE status::text = $1", status)
    return count


async def make_due(connection: Connection) -> None:
    """The pause before the next try is over."""
    await connection.execute(
        "UPDATE pgqueuer SET execute_after = now() - interval '1 second' WHERE status = 'queued'"
    )
