"""PostgreSQL: pools, transactions, hand-written SQL beside the ORM's."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import tortoise.models
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.connection import get_connections

from echange.database.pulse import Pulse, Raw
from echange.database.transactions import after_commit, in_transaction

__all__ = [
    "after_commit",
    "connection",
    "execute",
    "fetch",
    "fetch_one",
    "fetch_value",
    "in_transaction",
    "open_pools",
    "own_connection",
    "tortoise_config",
]

# Tortoise reads the source of every model again to find `#:` comments; we write none, and it is a quarter of
# all that is imported.
tortoise.models._get_comments = lambda cls: {}

MODEL_MODULES: Final = (
    "echange.http.idempotency",
    "echange.members.models",
    "echange.notifications.models",
    "echange.chat.models",
    "echange.places.models",
    "echange.ads.models",
    "echange.exchanges.models",
    "echange.mutual_aid.models",
    "echange.lending.models",
    "echange.moderation.models",
    "echange.town.models",
)


def tortoise_config(url: str, pool_size: int = 20) -> dict[str, Any]:
    """The ORM's configuration for a server; one app label, one history of migrations."""
    return {
        "connections": {
            "default": {"engine": "tortoise.backends.asyncpg", "credentials": _credentials(url, pool_size)}
        },
        "apps": {
            "echange": {
                "models": list(MODEL_MODULES),
                "default_connection": "default",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _credentials(url: str, pool_size: int) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "host": query.get("host") or parts.hostname or "localhost",
        "port": parts.port or int(query.get("port", "5432")),
        "user": unquote(parts.username or query.get("user", "") or "postgres"),
        "password": unquote(parts.password or "") or query.get("password"),
        "database": unquote(parts.path.lstrip("/")) or "echange",
        "minsize": min(2, pool_size),
        "maxsize": pool_size,
        "timeout": 2.5,
        "command_timeout": 30,
        **({"ssl": query["sslmode"]} if "sslmode" in query else {}),
    }


class _Own:
    """Connections kept for one purpose each, beside the pool: nobody who waits for that holds them up."""

    def __init__(self, url: str, pulse: Pulse) -> None:
        self._url = url
        self._pulse = pulse
        self._kept: dict[str, Raw] = {}

    async def get(self, purpose: str) -> Raw:
        raw = self._kept.get(purpose)
        if raw is None or raw.is_closed():
            raw = self._kept[purpose] = await self._pulse.connect(self._url, timeout=2.5, command_timeout=30)
        return raw

    def close(self) -> None:
        for raw in self._kept.values():
            raw.terminate()


_opened: list[_Own] = []


async def own_connection(purpose: str) -> Raw:
    """The open pools' connection for this purpose, made anew when it was lost. One use at a time.

    Raises ConnectionRefusedError where no pool is open.
    """
    if not _opened:
        raise ConnectionRefusedError
    return await _opened[-1].get(purpose)


@asynccontextmanager
async def open_pools(url: str, pool_size: int = 20) -> AsyncIterator[None]:
    """The ORM's pool for the time of the block, seen from every task (sockets and jobs included)."""
    pulse = Pulse(url)
    config = tortoise_config(url, pool_size)
    credentials = config["connections"]["default"]["credentials"]
    credentials |= {"connect": pulse.connect, "reset": _as_it_is}
    await Tortoise.init(config=config, _enable_global_fallback=True)
    own = _Own(url, pulse)
    _opened.append(own)
    try:
        async with pulse.felt():
            yield
    finally:
        _opened.remove(own)
        own.close()
        await Tortoise.close_connections()


async def _as_it_is(raw: Raw) -> None:
    """asyncpg asks PostgreSQL to forget the session's state each time a connection goes back to the pool.

    We leave none: locks, settings and cursors end with their transaction, which asyncpg still rolls back if
    it is open, and who listens has a connection of their own. It would be a second question behind every
    query.
    """


def connection() -> AsyncpgDBClient:
    """The ORM's connection: inside a transaction, that transaction's."""
    return cast("AsyncpgDBClient", get_connections().get("default"))


async def fetch(sql: str, *values: object) -> Sequence[asyncpg.Record]:
    """Rows of hand-written SQL."""
    async with connection().acquire_connection() as raw:
        rows: Sequence[asyncpg.Record] = await raw.fetch(sql, *values)
        return rows


async def fetch_one(sql: str, *values: object) -> asyncpg.Record | None:
    """The first row, or None."""
    async with connection().acquire_connection() as raw:
        return await raw.fetchrow(sql, *values)


async def fetch_value(sql: str, *values: object) -> Any:  # noqa: ANN401 — as many types as columns
    """The first column of the first row, or None."""
    async with connection().acquire_connection() as raw:
        return await raw.fetchval(sql, *values)


async def execute(sql: str, *values: object) -> int:
    """Run a statement; how many rows it touched."""
    async with connection().acquire_connection() as raw:
        status: str = await raw.execute(sql, *values)
        return int(status.rsplit(" ", 1)[-1]) if status[-1:].isdigit() else 0
