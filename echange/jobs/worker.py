"""Does the work that waits, a few jobs at a time, for as long as the server runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import asyncpg
import orjson

from echange.jobs.bell import hung_bell
from echange.jobs.desk import AWAY, PAUSE_WHILE_AWAY_SECONDS, Desk, open_desk
from echange.jobs.retries import pause_before_next_try

if TYPE_CHECKING:
    from pgqueuer.models import Job

Handler = Callable[[dict[str, Any]], Awaitable[None]]

# How long running jobs may take to finish once we are asked to stop; the server is out in five seconds.
GRACE_SECONDS: Final = 3.0

log = logging.getLogger(__name__)


class Worker:
    """Calls the handlers of jobs; `every` names those that are also called regularly.

    `poll`: how long a job asked for by another process waits at most. `stale`: a picked job whose worker gave
    no sign of life for this long is taken by another.
    """

    def __init__(
        self,
        url: str,
        handlers: Mapping[str, Handler],
        every: Mapping[str, timedelta] | None = None,
        *,
        at_once: int = 4,
        poll: timedelta = timedelta(seconds=2),
        stale: timedelta = timedelta(seconds=30),
    ) -> None:
        self._url = url
        self._handlers = dict(handlers)
        self._every = dict(every or {})
        self._at_once = at_once
        self._poll = poll
        self._stale = stale
        self._running: set[asyncio.Task[None]] = set()
        self._ours: set[int] = set()
        self._finished: set[int] = set()
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._away = False

    async def __aenter__(self) -> Self:
        """Work in the background for the time of the block."""
        self._background = asyncio.create_task(self.run(), name="jobs")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self._background

    async def run(self) -> None:
        """Work until `stop`; waits for PostgreSQL when it is away."""
        self._ended.clear()
        try:
            async with open_desk(self._url, list(self._handlers), self._every, self._stale) as desk:
                await self._work(desk)
        except Exception:
            log.exception("the worker has ended, jobs wait until the next start")
            raise
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Take no new job, give running ones three seconds, put the others back. Returns when all is done."""
        self._stopping.set()
        await self._ended.wait()

    async def _work(self, desk: Desk) -> None:
        with hung_bell() as bell:
            background = [
                asyncio.create_task(self._keep_alive(desk)),
                asyncio.create_task(self._ring_at_stop(bell)),
            ]
            try:
                while not self._stopping.is_set():
                    bell.clear()
                    pause = await self._take(desk, bell)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(bell.wait(), pause)
                await self._finish()
            finally:
                for task in [*background, *self._running]:
                    task.cancel()
                await asyncio.gather(*background, *self._running, return_exceptions=True)

    async def _take(self, desk: Desk, bell: asyncio.Event) -> float:
        """Start as many jobs as there are free hands; how many seconds to wait before the next look."""
        try:
            await desk.plan()
            while free := self._at_once - len(self._running):
                self._ours -= self._finished
                self._finished.clear()
                jobs = await desk.pick(free)
                for job in jobs:
                    # After an absence of PostgreSQL we may be given back what we never stopped doing.
                    if job.id not in self._ours:
                        self._start(desk, job, bell)
                if len(jobs) < free:
                    break
        except (*AWAY, asyncpg.PostgresError) as error:
            self._tell_away(error)
            return PAUSE_WHILE_AWAY_SECONDS
        if self._away:
            log.warning("the queue of jobs is back")
        self._away = False
        return self._poll.total_seconds()

    def _tell_away(self, error: Exception) -> None:
        if not self._away:
            log.warning("the queue of jobs cannot be read, asking again until it is back: %r", error)
        self._away = True

    def _start(self, desk: Desk, job: "Job", bell: asyncio.Event) -> None:
        task = asyncio.create_task(self._perform(desk, job), name=f"job {job.entrypoint} {job.id}")
        self._running.add(task)
        self._ours.add(job.id)

        def free_a_hand(_: asyncio.Task[None]) -> None:
            self._running.discard(task)
            bell.set()

        task.add_done_callback(free_a_hand)

    async def _perform(self, desk: Desk, job: "Job") -> None:
        try:
            await self._handlers[job.entrypoint](orjson.loads(job.payload or b"{}"))
        except asyncio.CancelledError:
            await desk.put_back(job)
            raise
        except Exception as error:  # Whatever a handler raises, the job is tried again.
            # Given back before it is written: picked again at once, it must be started again.
            self._ours.discard(job.id)
            pause = pause_before_next_try(job.attempts, error)
            if pause is None:
                log.exception("job %s %s has failed for good", job.entrypoint, job.id)
            else:
                log.warning("job %s %s failed, again in %s: %r", job.entrypoint, job.id, pause, error)
            await desk.failed(job, error, pause)
        else:
            await desk.done(job)
            # Still ours for a look that is under way: it may have been picked just before.
            self._finished.add(job.id)

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)

    async def _keep_alive(self, desk: Desk) -> None:
        while True:
            await asyncio.sleep(self._stale.total_seconds() / 4)
            with suppress(*AWAY, asyncpg.PostgresError):
                await desk.sign_of_life(list(self._ours))

    async def _ring_at_stop(self, bell: asyncio.Event) -> None:
        await self._stopping.wait()
        bell.set()
