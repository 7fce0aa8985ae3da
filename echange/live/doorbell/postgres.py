"""The doorbell by PostgreSQL's NOTIFY, on a connection of its own and never inside a writing transaction."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

CHANNEL: Final = "echange"
# In bytes: PostgreSQL's payloads are shorter than 8 000.
LONGEST: Final = 7_999
NOTIFY: Final = f"SELECT pg_notify('{CHANNEL}', each) FROM unnest($1::text[]) AS each"  # noqa: S608


@asynccontextmanager
async def open_wire(url: str, hear: Callable[[bytes], None]) -> AsyncIterator["_Wire"]:
    raw = await asyncpg.connect(url, server_settings={"application_name": "echange doorbell"})
    try:
        wire = _Wire(raw)

        def heard(*notification: Any) -> None:  # noqa: ANN401 — connection, process, channel, payload
            hear(notification[-1].encode())

        await raw.add_listener(CHANNEL, heard)
        yield wire
    finally:
        raw.terminate()


async def town_name(url: str) -> str:
    """What sets this town apart from another that uses the same NATS or Redis: its database."""
    raw = await asyncpg.connect(url)
    try:
        name: str = await raw.fetchval(
            "SELECT format('echange.%s.%s', system_identifier, oid) FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        )
    finally:
        raw.terminate()
    return name


class _Wire:
    def __init__(self, raw: asyncpg.Connection) -> None:
        self._raw = raw
        self._ended = asyncio.Event()
        raw.add_termination_listener(lambda _: self._ended.set())

    async def send(self, payloads: list[bytes]) -> None:
        await self._raw.execute(NOTIFY, [payload.decode() for payload in payloads])

    async def lost(self) -> None:
        await self._ended.wait()
