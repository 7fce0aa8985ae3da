"""What is announced is committed; what is undone is never announced."""

import asyncio
from contextlib import suppress

from echange.database import after_commit, execute, fetch_value, in_transaction, open_pools
from echange.database.migrate import is_migrated, migrate
from tests.conftest import administer, on


class Change(Exception):
    """Somebody changed their mind."""


async def test_an_announcement_waits_for_the_outermost_commit(orm: None) -> None:
    said: list[str] = []
    async with in_transaction():
        async with in_transaction():
            after_commit(lambda: said.append("inner"))
        assert said == []
    assert said == ["inner"]


async def test_nothing_is_announced_when_all_is_undone(orm: None) -> None:
    said: list[str] = []
    with suppress(Change):
        async with in_transaction():
            after_commit(lambda: said.append("never"))
            raise Change
    assert said == []


async def test_an_undone_savepoint_takes_its_announcements_with_it(orm: None) -> None:
    said: list[str] = []
    async with in_transaction():
        after_commit(lambda: said.append("kept"))
        with suppress(Change):
            async with in_transaction():
                await execute("INSERT INTO quartier (slug, name, position) VALUES ('x', 'x', 1)")
                after_commit(lambda: said.append("never"))
                raise Change
    assert said == ["kept"]
    assert await fetch_value("SELECT count(*) FROM quartier WHERE slug = 'x'") == 0


async def test_outside_of_a_transaction_it_is_said_at_once(orm: None) -> None:
    said: list[str] = []
    after_commit(lambda: said.append("now"))
    assert said == ["now"]


async def test_whenever_somebody_stops_waiting_for_a_transaction_its_connection_is_given_back(
    database_url: str,
) -> None:
    async def work() -> None:
        async with in_transaction():
            await execute("SELECT 1")

    async with open_pools(database_url, pool_size=1):
        for turns in range(40):
            working = asyncio.create_task(work())
            for _ in range(turns):
                await asyncio.sleep(0)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            async with asyncio.timeout(10):
                await work()


async def test_five_servers_starting_together_migrate_once(postgres: str) -> None:
    await administer(postgres, "DROP DATABASE IF EXISTS migrated_together WITH (FORCE)")
    await administer(postgres, "CREATE DATABASE migrated_together")
    url = on(postgres, "migrated_together")
    assert not await is_migrated(url)
    applied = await asyncio.gather(*(migrate(url) for _ in range(5)))
    assert sorted(len(names) > 0 for names in applied) == [False, False, False, False, True]
    assert await is_migrated(url)
