"""Asking for work, in the same transaction as the facts it follows from."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson

from echange.database import after_commit, connection
from echange.jobs.bell import ring


async def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    after: timedelta | None = None,
    key: str | None = None,
) -> None:
    """Have the handler `name` called with `payload` (plain JSON), `after` this delay at the earliest.

    Inside a transaction the job is part of it: rolled back with it, started once it is committed.
    While a job with this `key` waits or runs, another one is not added.
    """
    # Imported late: it costs a fifth of a second, and most commands never ask for work.
    from pgqueuer.queries import Queries

    async with connection().acquire_connection() as raw:
        await Queries.from_asyncpg_connection(raw).enqueue(
            name, orjson.dumps(payload), execute_after=after, dedupe_key=key, on_conflict="skip"
        )
    after_commit(ring)


async def enqueue_all(name: str, payloads: Sequence[dict[str, Any]]) -> None:
    """Have the handler `name` called once for each payload, written in one statement."""
    from pgqueuer.queries import Queries

    if not payloads:
        return
    async with connection().acquire_connection() as raw:
        await Queries.from_asyncpg_connection(raw).enqueue(
            [name] * len(payloads), [orjson.dumps(payload) for payload in payloads], [0] * len(payloads)
        )
    after_commit(ring)
