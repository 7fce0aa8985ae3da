"""Bring a database to the present, once, however many processes start together.

Migrations are SQL files run in the order of their names, each in a transaction of its own
(docs/decisions/0002-migrations-in-sql.md).
"""

from pathlib import Path
from typing import Final

import asyncpg

FOLDER: Final = Path(__file__).parent.parent / "migrations"
# Any number of our own; every échange process asks for the same one.
MIGRATION_LOCK: Final = 94_120_033
HISTORY: Final = """
CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())
"""


async def migrate(url: str) -> list[str]:
    """Apply what is missing under a lock; the names of the migrations applied."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await connection.execute(HISTORY)
        done = await _applied(connection)
        missing = [name for name in _written() if name not in done]
        for name in missing:
            await _apply(connection, name)
        return missing
    finally:
        # Closing the connection gives the lock back.
        await connection.close()


async def is_migrated(url: str) -> bool:
    """Whether nothing is missing."""
    connection = await asyncpg.connect(url, timeout=2.5)
    try:
        known = await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL")
        return bool(known) and set(_written()) <= await _applied(connection)
    finally:
        await connection.close()


def _written() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("[0-9]*.sql"))


async def _applied(connection: asyncpg.Connection) -> set[str]:
    return {row["name"] for row in await connection.fetch("SELECT name FROM migration")}


async def _apply(connection: asyncpg.Connection, name: str) -> None:
    async with connection.transaction():
        await connection.execute((FOLDER / f"{name}.sql").read_text())
        await connection.execute("INSERT INTO migration (name) VALUES ($1)", name)
