"""A job is part of what asked for it."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from echange.database import in_transaction
from echange.jobs import Worker, enqueue
from tests.jobs.workers import Connection, Diary, until, waiting

pytestmark = pytest.mark.usefixtures("orm")
HOUR = timedelta(hours=1)


class ChangedMyMind(Exception):
    """What asked for the job is not done after all."""


async def test_a_job_is_done_with_what_it_was_given(database_url: str, connection: Connection) -> None:
    diary = Diary()
    async with Worker(database_url, {"note": diary}, poll=HOUR):
        await enqueue("note", {"word": "é", "numbers": [1, 2]})
        await until(lambda: bool(diary.done))

    assert diary.done == [{"word": "é", "numbers": [1, 2]}]
    assert await waiting(connection) == 0


async def test_a_job_starts_when_its_transaction_is_committed_and_not_before(
    database_url: str, connection: Connection
) -> None:
    diary = Diary()
    async with Worker(database_url, {"note": diary}, poll=HOUR):
        async with in_transaction():
            await enqueue("note", {"n": 1})
            await enqueue("note", {"n": 2})
            assert await waiting(connection) == 0
            assert not diary.done
        await until(lambda: len(diary.done) == 2)


async def test_a_job_of_a_nested_transaction_waits_for_the_outermost(
    database_url: str, connection: Connection
) -> None:
    diary = Diary()
    async with Worker(database_url, {"note": diary}, poll=HOUR):
        async with in_transaction():
            async with in_transaction():
                await enqueue("note", {})
            assert await waiting(connection) == 0
        await until(lambda: bool(diary.done))


async def test_what_is_rolled_back_asks_for_nothing(database_url: str, connection: Connection) -> None:
    with suppress(ChangedMyMind):
        async with in_transaction():
            await enqueue("note", {})
            raise ChangedMyMind

    assert await waiting(connection) == 0


async def test_a_part_rolled_back_leaves_the_rest(database_url: str, connection: Connection) -> None:
    async with in_transaction():
        await enqueue("note", {"n": 1})
        with suppress(ChangedMyMind):
            async with in_transaction():
                await enqueue("note", {"n": 2})
                raise ChangedMyMind

    assert [row["payload"] for row in await connection.fetch("SELECT payload FROM pgqueuer")] == [b'{"n":1}']


async def test_a_job_for_later_waits(database_url: str, connection: Connection) -> None:
    diary = Diary()
    await enqueue("note", {"when": "later"}, after=HOUR)
    await enqueue("note", {"when": "now"})
    async with Worker(database_url, {"note": diary}):
        await until(lambda: bool(diary.done))

    assert diary.done == [{"when": "now"}]
    assert await waiting(connection) == 1


async def test_a_key_is_asked_for_once_while_it_waits_and_again_when_done(
    database_url: str, connection: Connection
) -> None:
    diary = Diary()
    await asyncio.gather(*(enqueue("note", {"n": n}, key="ad 8") for n in range(5)))
    await enqueue("note", {"n": 9}, key="ad 9")
    assert await waiting(connection) == 2

    async with Worker(database_url, {"note": diary}):
        await until(lambda: len(diary.done) == 2)
        await until(lambda: _nothing_waits(connection))
        await enqueue("note", {"n": 10}, key="ad 8")
        await until(lambda: len(diary.done) == 3)


async def test_a_job_nobody_here_knows_is_left_to_another(database_url: str, connection: Connection) -> None:
    diary = Diary()
    await enqueue("unknown", {})
    await enqueue("note", {})
    async with Worker(database_url, {"note": diary}):
        await until(lambda: bool(diary.done))

    assert await connection.fetchval("SELECT entrypoint FROM pgqueuer") == "unknown"


async def _nothing_waits(connection: Connection) -> bool:
    return not await connection.fetch("SELECT FROM pgqueuer")
