"""The chain over all transfers, sealed a moment after they are committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg
import structlog

from echange.database import own_connection

log = structlog.get_logger("echange.ledger")
EVERY_SECONDS: Final = 0.5
AT_ONCE: Final = 2_000
AWAY: Final = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError, asyncpg.InternalClientError)


class Sealer:
    """Seals in the background, whoever wrote: another process, a trigger, somebody at the command line."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For the time of the block."""
        task = asyncio.create_task(_seal_on_and_on(), name="sealing")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _seal_on_and_on() -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            while await seal() == AT_ONCE:
                pass
        except AWAY as error:
            log.warning("transfers_not_sealed", error=repr(error))


async def seal() -> int:
    """Seal what is committed; how many transfers. One call at a time in a process."""
    raw = await own_connection("sealing")
    sealed: int = await raw.fetchval("SELECT seal_transfers($1)", AT_ONCE)
    return sealed
