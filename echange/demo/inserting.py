"""One row at a time, where the database numbers it or notes it as it would any."""

from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def insert(connection: Connection, table: str, **columns: object) -> int:
    """The new row's id."""
    names = ", ".join(columns)
    marks = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    made: int = await connection.fetchval(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id",  # noqa: S608 — our own tables
        *columns.values(),
    )
    return made
