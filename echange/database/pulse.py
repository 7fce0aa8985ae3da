"""Whether PostgreSQL still answers: when it falls silent, nobody is left waiting for it."""

import asyncio
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeAlias

import asyncpg
import structlog

# A pause and two questions without answer: less than the three seconds that visitors are promised.
PAUSE_SECONDS: Final = 0.4
PATIENCE_SECONDS: Final = 0.7
# A question given up this much later than planned says that this process was held up, not PostgreSQL.
LATE_SECONDS: Final = 0.3
SILENT: Final = "PostgreSQL does not answer"
AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

log = structlog.get_logger("echange.database")

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Pulse:
    """Asks PostgreSQL twice a second. A server that hangs keeps connections open: only asking tells.

    While it is silent, every connection made by `connect` is cut and none is made: who waits hears at once.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._silent = False
        self._own: Raw | None = None
        self._given: weakref.WeakSet[Raw] = weakref.WeakSet()
        self._making: weakref.WeakSet[asyncio.Future[Raw]] = weakref.WeakSet()

    async def connect(self, *places: Any, **options: Any) -> Raw:  # noqa: ANN401 — asyncpg's own
        """What a pool makes its connections with. Raises ConnectionRefusedError while there is no answer."""
        if self._silent:
            raise ConnectionRefusedError(SILENT)
        making = asyncio.ensure_future(asyncpg.connect(*places, **options))
        self._making.add(making)
        try:
            raw: Raw = await making
        except asyncio.CancelledError:
            making.add_done_callback(_discard)
            if self._silent:
                raise ConnectionRefusedError(SILENT) from None
            raise
        self._given.add(raw)
        return raw

    @asynccontextmanager
    async def felt(self) -> AsyncIterator[None]:
        """Ask for the time of the block."""
        asking = asyncio.create_task(self._ask_on_and_on(), name="pulse")
        try:
            yield
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking
            self._hang_up()

    async def _ask_on_and_on(self) -> None:
        while True:
            # Twice, the second time anew: one connection may be stuck where others are well.
            if not await self._answers() and not await self._answers():
                self._cut()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _answers(self) -> bool:
        """False only for silence: a refusal is an answer too, and the pool is given the same one."""
        started = time.monotonic()
        try:
            await self._ask()
        except TimeoutError:
            self._hang_up()
            return time.monotonic() - started > PATIENCE_SECONDS + LATE_SECONDS
        except AWAY:
            self._hang_up()
        self._silent = False
        return True

    async def _ask(self) -> None:
        # Not asyncpg's own time limits: it would first tell a silent server that it gives up.
        async with asyncio.timeout(PATIENCE_SECONDS):
            if self._own is None:
                self._own = await asyncpg.connect(self._url)
            await self._own.execute("SELECT")

    def _hang_up(self) -> None:
        if self._own is not None:
            self._own.terminate()
        self._own = None

    def _cut(self) -> None:
        if not self._silent:
            log.warning("database_silent")
        self._silent = True
        for making in list(self._making):
            making.cancel()
        for raw in list(self._given):
            raw.terminate()


def _discard(made: "asyncio.Future[Raw]") -> None:
    # It may have been ready in the very moment that nobody wanted it any more.
    if not made.cancelled() and made.exception() is None:
        made.result().terminate()
