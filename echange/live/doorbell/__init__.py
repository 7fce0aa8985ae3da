"""Short texts between the processes of a town. They may be lost: what must not be lies in a log elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from echange.live.doorbell import postgres
from echange.live.doorbell.bell import Bell, OpenWire

__all__ = ["Doorbell", "hung_doorbell"]


class Doorbell(Protocol):
    """What one process rings, every other one hears, in the order it was rung."""

    largest: int
    """How many bytes of UTF-8 one text may have."""

    def ring(self, text: str) -> bool:
        """Tell the other processes; never waits, is lost while there is no connection.

        False, and nobody is told, above `largest`. Raises ValueError for what UTF-8 or PostgreSQL cannot
        carry (NUL).
        """


@asynccontextmanager
async def hung_doorbell(
    url: str | None, database_url: str, heard: Callable[[str], None], back: Callable[[], None]
) -> AsyncIterator[Doorbell]:
    """A doorbell for the time of the block: PostgreSQL's NOTIFY, else the NATS or Redis at `url`.

    `heard` gets each text of the others; `back` is called when rings may have been missed and pass again.
    A server that is away is waited for behind the scenes. Raises ValueError for an address of another kind.
    """
    bell = Bell(*_wire(url, database_url), heard, back)
    async with bell.hung():
        yield bell


def _wire(url: str | None, database_url: str) -> tuple[OpenWire, int]:
    if url is None:
        return partial(postgres.open_wire, database_url), postgres.LONGEST
    match urlsplit(url).scheme:
        case "nats":
            from echange.live.doorbell import nats

            return partial(nats.open_wire, url, database_url), nats.LONGEST
        case "redis" | "rediss":
            from echange.live.doorbell import redis

            return partial(redis.open_wire, url, database_url), redis.LONGEST
        case other:
            raise ValueError(f"La sonnette ne connaît pas « {other}:// » : nats://, redis:// ou rediss://.")
