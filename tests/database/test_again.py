"""Whoever is undone to untie a deadlock begins again, and nobody hears of it."""

import asyncio

import asyncpg
import pytest

from echange.database import execute, fetch_value, in_transaction
from echange.database.again import again


async def test_two_that_wait_for_each_other_both_end_well(orm: None) -> None:
    sites = [await fetch_value("INSERT INTO booking_site DEFAULT VALUES RETURNING id") for _ in range(2)]

    @again
    async def rename(first: int, second: int) -> None:
        async with in_transaction():
            for site in (first, second):
                await execute("UPDATE booking_site SET zone = zone || '+' WHERE id = $1", site)
                await asyncio.sleep(0.05)

    await asyncio.gather(rename(*sites), rename(*reversed(sites)))
    assert await fetch_value("SELECT array_agg(zone) FROM booking_site") == ["Europe/Paris++"] * 2


async def test_inside_a_transaction_it_is_for_who_opened_it_to_begin_again(orm: None) -> None:
    tries = 0

    @again
    async def undone() -> None:
        nonlocal tries
        tries += 1
        raise asyncpg.DeadlockDetectedError

    async def all_of_it() -> None:
        async with in_transaction():
            await undone()

    with pytest.raises(asyncpg.DeadlockDetectedError):
        await all_of_it()
    assert tries == 1


async def test_who_is_undone_every_time_is_told(orm: None) -> None:
    tries = 0

    @again
    async def undone() -> None:
        nonlocal tries
        tries += 1
        raise asyncpg.SerializationError

    with pytest.raises(asyncpg.SerializationError):
        await undone()
    assert tries == 4
