"""The doorbell by Redis's publish and subscribe (Valkey speaks the same)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from echange.live.doorbell.postgres import town_name

# In bytes.
LONGEST: Final = 256 * 1024
# In seconds.
PATIENCE: Final = 2


@asynccontextmanager
async def open_wire(url: str, database_url: str, hear: Callable[[bytes], None]) -> AsyncIterator["_Wire"]:
    channel = await town_name(database_url)
    # A connection made again in silence would hide that rings are missing.
    redis = Redis.from_url(
        url, protocol=2, retry=Retry(NoBackoff(), 0), socket_connect_timeout=PATIENCE, client_name="echange"
    )
    heard = redis.pubsub()
    try:
        await heard.subscribe(channel)
        # Redis says that we hear; what is published before is not for us.
        await heard.get_message(timeout=PATIENCE)
        yield _Wire(redis, heard, channel, hear)
    finally:
        await heard.aclose()  # type: ignore[no-untyped-call]
        await redis.aclose()


class _Wire:
    def __init__(self, redis: Redis, heard: PubSub, channel: str, hear: Callable[[bytes], None]) -> None:
        self._redis = redis
        self._heard = heard
        self._channel = channel
        self._hear = hear

    async def send(self, payloads: list[bytes]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for payload in payloads:
            pipeline.publish(self._channel, payload)
        await pipeline.execute()

    async def lost(self) -> None:
        async for message in self._heard.listen():
            if message["type"] == "message":
                self._hear(message["data"])
