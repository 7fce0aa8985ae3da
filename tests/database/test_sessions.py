"""Connections go back to the pool as they are: nobody leaves anything in them for who comes next."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest

import echange
from echange.database import execute, fetch_value, in_transaction, open_pools

SOURCE: Final = Path(echange.__file__).parent
# They have a connection of their own.
ALONE: Final = {"database/migrate.py", "live/doorbell/postgres.py"}
LASTING: Final = re.compile(
    r"\bpg_(?:try_)?advisory_lock(?:_shared)?\(|\bset_config\(|\badd_listener\(|\bWITH HOLD\b"
    r"|\bCREATE (?:GLOBAL |LOCAL )?TEMP|[\"'](?:SET (?!LOCAL|TRANSACTION|CONSTRAINTS)\w|PREPARE |LISTEN )"
)


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[None]:
    """A pool of one connection: whoever comes next has the same."""
    async with open_pools(database_url, pool_size=1):
        yield


@pytest.mark.parametrize(
    "sql",
    [
        '"SELECT pg_advisory_lock($1)"',
        '"SET statement_timeout = 0"',
        "'SET search_path TO town'",
        '"CREATE TEMP TABLE counted (id int)"',
    ],
)
def test_what_would_stay_in_a_session_is_seen(sql: str) -> None:
    assert LASTING.search(sql)


def test_what_ends_with_its_transaction_is_not() -> None:
    for sql in (
        '"SET LOCAL enable_nestloop = off"',
        '"SELECT pg_advisory_xact_lock($1)"',
        '"UPDATE a SET b = 1"',
    ):
        assert not LASTING.search(sql)


def test_nobody_leaves_a_lock_a_setting_or_a_table_in_a_session() -> None:
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".sql"} and LASTING.search(path.read_text())
    }
    assert found <= ALONE


async def test_a_setting_and_a_lock_go_with_their_transaction(one: None) -> None:
    async with in_transaction():
        await execute("SET LOCAL statement_timeout = '7s'")
        await execute("SELECT pg_advisory_xact_lock(7)")
    assert await fetch_value("SHOW statement_timeout") == "0"
    assert await fetch_value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


async def test_who_is_cancelled_in_a_transaction_leaves_none_open(one: None) -> None:
    inside = asyncio.Event()

    async def cancelled() -> None:
        async with in_transaction():
            await execute("SELECT pg_advisory_xact_lock(7)")
            inside.set()
            await execute("SELECT pg_sleep(30)")

    task = asyncio.create_task(cancelled())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await fetch_value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


async def failing() -> None:
    async with in_transaction():
        await execute("SELECT 1 / 0")


async def test_who_fails_in_a_transaction_leaves_the_connection_usable(one: None) -> None:
    for _again in range(3):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await failing()
        assert await fetch_value("SELECT 1") == 1
