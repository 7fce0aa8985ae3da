"""The queue as a worker sees it: pick, report, plan. PgQueuer's queries, without its manager.

Its manager learns of new jobs by LISTEN only, probes that with NOTIFY, and ends when PostgreSQL goes away.
"""

import asyncio
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg

if TYPE_CHECKING:
    from pgqueuer.models import Job, TracebackRecord

# What asyncpg raises while PostgreSQL is gone, stopping or starting; InternalClientError is its confusion
# when a statement meets the very moment the connection is lost.
AWAY: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
HISTORY_KEPT: Final = timedelta(days=30)
PLAN_AGAIN_SECONDS: Final = 60.0
PUT_BACK_SECONDS: Final = 1.0
PAUSE_WHILE_AWAY_SECONDS: Final = 0.5
LONGEST_REASON: Final = 500
QUEUE: Final = "pgqueuer.queries"
FIRST_PAGES_SECONDS: Final = 0.5


@asynccontextmanager
async def open_desk(
    url: str, names: list[str], every: Mapping[str, timedelta], stale: timedelta
) -> AsyncIterator["Desk"]:
    """A desk with two connections of its own, opened when needed: PostgreSQL may be away at the start."""
    if QUEUE not in sys.modules:
        # A fifth of a second, and even a thread would take it from whoever asks for the first pages.
        await asyncio.sleep(FIRST_PAGES_SECONDS)
        await asyncio.to_thread(__import__, QUEUE)
    async with asyncpg.create_pool(url, min_size=0, max_size=2, timeout=2.5, command_timeout=10) as pool:
        yield Desk(pool, names, every, stale)


class Desk:
    """Where a worker takes jobs and says what became of them."""

    def __init__(
        self, pool: asyncpg.Pool, names: list[str], every: Mapping[str, timedelta], stale: timedelta
    ) -> None:
        from pgqueuer.queries import EntrypointExecutionParameter, Queries
        from pgqueuer.types import QueueEntrypoint, QueueManagerId

        self._pool = pool
        self._queries = Queries.from_asyncpg_pool(pool)
        self._me = QueueManagerId(uuid.uuid4())
        self._names = {QueueEntrypoint(name): EntrypointExecutionParameter(0) for name in names}
        self._every = every
        self._stale = stale
        self._planned_at = self._purged_at = -float("inf")

    async def pick(self, at_most: int) -> "list[Job]":
        """Jobs whose time has come, and those whose worker was killed; they are ours now."""
        return await self._queries.dequeue(
            batch_size=at_most,
            entrypoints=self._names,
            queue_manager_id=self._me,
            global_concurrency_limit=None,
            heartbeat_timeout=self._stale,
        )

    async def sign_of_life(self, jobs: Sequence[int]) -> None:
        """We still work at these: nobody else may take them."""
        if jobs:
            await self._pool.execute("UPDATE pgqueuer SET heartbeat = now() WHERE id = ANY($1)", jobs)

    async def done(self, job: "Job") -> None:
        """Forget a job that is done, however long PostgreSQL is away meanwhile: it must not be done again."""
        await _when_back(lambda: self._queries.log_jobs([(job, "successful", None)]))
        self._plan_again(job)

    async def failed(self, job: "Job", error: Exception, pause: timedelta | None) -> None:
        """Try again after the pause; without one, keep the job as failed."""
        reason = _reason(job, error)
        if pause is None:
            await _when_back(lambda: self._queries.log_jobs([(job, "failed", reason)]))
        else:
            await _when_back(lambda: self._queries.retry_job(job, pause, reason))
        self._plan_again(job)

    async def put_back(self, job: "Job") -> None:
        """We stop before it is done: another may start it at once, or else once our silence is noticed."""
        async with asyncio.timeout(PUT_BACK_SECONDS):
            await self._queries.retry_job(job, timedelta(), None)

    async def plan(self) -> None:
        """See to it that each regular job waits for its next turn, and that old history goes."""
        now = time.monotonic()
        if self._every and now - self._planned_at >= PLAN_AGAIN_SECONDS:
            await self._plan()
            self._planned_at = now
        if now - self._purged_at >= timedelta(days=1).total_seconds():
            await self._purge()
            self._purged_at = now

    def _plan_again(self, job: "Job") -> None:
        if job.entrypoint in self._every:
            self._planned_at = -float("inf")

    async def _plan(self) -> None:
        names = list(self._every)
        await self._queries.enqueue(
            names,
            [b"{}" for _ in names],
            [0 for _ in names],
            execute_after=[_until_next(self._every[name]) for name in names],
            dedupe_key=[f"every {name}" for name in names],
            on_conflict="skip",
        )

    async def _purge(self) -> None:
        await self._pool.execute(
            "DELETE FROM pgqueuer_log WHERE created < now() - $1::interval", HISTORY_KEPT
        )
        await self._pool.execute(
            "DELETE FROM pgqueuer WHERE status = 'failed' AND updated < now() - $1::interval", HISTORY_KEPT
        )


def _until_next(period: timedelta) -> timedelta:
    """Time to the next multiple of the period since 1970, in UTC: a daily job runs in the French night."""
    seconds = period.total_seconds()
    left = seconds - time.time() % seconds
    # A turn that ended a moment before its hour, by another clock than the database's, is not taken twice.
    return timedelta(seconds=left if left > seconds / 100 else left + seconds)


def _reason(job: "Job", error: Exception) -> "TracebackRecord":
    """Why it failed, short: a whole traceback may hold what people wrote. PostgreSQL's jsonb refuses NUL."""
    from pgqueuer.models import TracebackRecord

    return TracebackRecord(
        job_id=job.id,
        timestamp=datetime.now(UTC),
        exception_type=type(error).__name__,
        exception_message=str(error).replace("\0", "")[:LONGEST_REASON],
        traceback="",
        additional_context=None,
    )


async def _when_back(write: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await write()
        except AWAY:
            await asyncio.sleep(PAUSE_WHILE_AWAY_SECONDS)
