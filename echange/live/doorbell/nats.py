"""The doorbell by NATS (core, without JetStream)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg

from echange.live.doorbell.postgres import town_name

# In bytes; a server takes a MiB unless told otherwise.
LONGEST: Final = 256 * 1024
UNREAD: Final = 16 * 1024 * 1024
# In seconds.
PATIENCE: Final = 5
GOODBYE: Final = 0.5


@asynccontextmanager
async def open_wire(url: str, database_url: str, hear: Callable[[bytes], None]) -> AsyncIterator["_Wire"]:
    subject = await town_name(database_url)
    client = Client()
    wire = _Wire(client, subject)

    async def heard(message: Msg) -> None:
        hear(message.data)

    try:
        await client.connect(
            url,
            name="echange",
            error_cb=wire.fail,
            closed_cb=wire.end,
            # Connecting again is the bell's affair: here it would hide that rings are missing.
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            # A forced flush of theirs would not hear that we give up.
            pending_size=0,
        )
        await client.subscribe(subject, cb=heard, pending_bytes_limit=UNREAD)
        yield wire
    finally:
        with suppress(Exception):
            async with asyncio.timeout(GOODBYE):
                await client.close()


class _Wire:
    def __init__(self, client: Client, subject: str) -> None:
        self._client = client
        self._subject = subject
        self._ended = asyncio.Event()
        self._error: Exception | None = None

    async def send(self, payloads: list[bytes]) -> None:
        for payload in payloads:
            await self._client.publish(self._subject, payload)
        await self._client.flush(PATIENCE)

    async def lost(self) -> None:
        await self._ended.wait()
        if self._error:
            raise self._error

    async def fail(self, error: Exception) -> None:
        if self._client.is_connected:
            self._error = error
            self._ended.set()

    async def end(self) -> None:
        self._ended.set()
