"""What a test leaves behind is gone before the next one, in whatever order they run."""

from typing import Any

import asyncpg

from tests.neighbours import settle_again
from tests.sweeping import Janitor, sweep
from tests.warm import Warm

FURNISHED = ("migration", "quartier", "skill")


async def test_whatever_a_test_changed_is_put_back(database_url: str, janitor: Janitor, warm: Warm) -> None:
    before = await _furnished(database_url)
    raw = await asyncpg.connect(database_url)
    await raw.execute("DELETE FROM migration")
    await raw.execute("UPDATE quartier SET name = name || ' (neuf)', confirmed = true")
    await raw.execute("INSERT INTO skill (key, name, field) SELECT 'x', 'x', field FROM skill LIMIT 1")
    await raw.close()
    await _swept(janitor, warm)
    assert await _furnished(database_url) == before


async def test_neighbours_leave_and_come_back_the_same(
    database_url: str, janitor: Janitor, warm: Warm
) -> None:
    first = await janitor.do(settle_again)
    rows = await _rows(database_url, "member")
    await _swept(janitor, warm)
    assert await _rows(database_url, "member") == []
    assert await janitor.do(settle_again) == first
    assert await _rows(database_url, "member") == rows


async def _swept(janitor: Janitor, warm: Warm) -> None:
    idle = await warm.settled()
    await janitor.do(lambda connection: sweep(connection, spared=idle))


async def _furnished(url: str) -> list[Any]:
    return [await _rows(url, table) for table in FURNISHED]


async def _rows(url: str, table: str) -> list[Any]:
    raw = await asyncpg.connect(url)
    try:
        return sorted(tuple(row.values()) for row in await raw.fetch(f"SELECT * FROM {table}"))
    finally:
        await raw.close()
