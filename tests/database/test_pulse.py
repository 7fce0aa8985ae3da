"""A PostgreSQL that hangs: nobody waits for it, and it is used again as soon as it answers."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from echange.database import fetch_value, open_pools
from echange.database.embedded import EmbeddedPostgres
from echange.http.errors import refusal_for


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    postgres = await EmbeddedPostgres.start(tmp_path)
    try:
        yield postgres
    finally:
        await postgres.stop()


@contextmanager
def hanging(server: EmbeddedPostgres) -> Iterator[None]:
    """The whole family of processes stops where it is; their sockets stay open."""
    assert server.pid is not None
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    family = [server.pid, *map(int, children)]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


async def _status_of(question: str) -> int:
    try:
        await fetch_value(question)
    except Exception as error:
        return refusal_for(error).status
    return 200


async def test_those_who_wait_and_those_who_come_are_told_at_once(server: EmbeddedPostgres) -> None:
    async with open_pools(server.url, pool_size=3):
        asked = [asyncio.create_task(_status_of("SELECT pg_sleep(60)")) for _ in range(2)]
        asleep = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'"
        while await fetch_value(asleep) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        with hanging(server):
            # More than the pool holds: some wait for a connection, some for one to be made.
            asked += [asyncio.create_task(_status_of("SELECT 1")) for _ in range(8)]
            assert set(await asyncio.gather(*asked)) == {503}
            assert await _status_of("SELECT 1") == 503
        while await _status_of("SELECT 1") == 503:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await fetch_value("SELECT 2") == 2


async def test_a_slow_answer_is_no_silence(server: EmbeddedPostgres) -> None:
    async with open_pools(server.url, pool_size=3):
        assert await _status_of("SELECT pg_sleep(2.5)") == 200
