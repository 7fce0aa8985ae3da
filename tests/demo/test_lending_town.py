"""The demo town lends: calendars that hold together, loans whose past leads to where they are."""

from typing import Any, Final, TypeAlias, cast

import asyncpg
import pytest

from echange import booking
from echange.database import open_pools
from echange.demo import lending_stories as told
from echange.demo import load
from echange.lending.life import Happening, replayed
from tests.demo.test_the_demo_town import check_typography

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SHOWN: Final = {"requested", "approved", "ready", "out", "closed", "cancelled"}


@pytest.fixture
async def small_town(database_url: str) -> None:
    await load(database_url, members=60, ads=40)


async def test_its_calendars_are_as_their_events_say(small_town: None, database_url: str) -> None:
    async with open_pools(database_url, pool_size=2):
        proof = await booking.prove()
    assert proof.ok, proof


async def test_every_loan_is_where_its_past_leads(small_town: None, connection: Raw) -> None:
    rows = await connection.fetch(
        """SELECT l.state, array_agg(e.kind ORDER BY e.at, e.id) AS kinds FROM loan l
           JOIN loan_event e ON e.loan_id = l.id GROUP BY l.id"""
    )
    assert {row["state"] for row in rows} == SHOWN
    for row in rows:
        assert replayed(cast("list[Happening]", row["kinds"])) == row["state"]


async def test_something_is_late_something_waits_and_no_deposit_is_forgotten(
    small_town: None, connection: Raw
) -> None:
    late = await connection.fetchval("SELECT count(*) FROM loan WHERE state = 'out' AND ends_at < now()")
    waiting = await connection.fetchval("SELECT count(*) FROM waiter WHERE ended_at IS NULL")
    left = await connection.fetchval(
        "SELECT count(*) FROM loan WHERE state = 'closed' AND deposit_left(id) <> 0"
    )
    assert late >= 1
    assert waiting == len(told.WAITS)
    assert left == 0


async def test_all_that_was_told_is_there(small_town: None, connection: Raw) -> None:
    async def count(table: str) -> int:
        found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")
        return found

    assert await count("place") == len(told.PLACES)
    assert await count("item") == len(told.THINGS)
    assert await count("unit") == sum(one.units for one in told.THINGS if one.kind != "kit")
    borrowed = await connection.fetchval(
        "SELECT count(*) FROM loan WHERE state IN ('requested', 'approved', 'ready', 'out')"
    )
    assert borrowed == sum(one.events[-1] != "cancelled" for one in told.LOANS)


async def test_nothing_out_or_past_lies_ahead(small_town: None, connection: Raw) -> None:
    ahead = await connection.fetchval(
        """SELECT count(*) FROM booking_allocation WHERE kind = 'back' AND upper(during) > now()
           OR kind = 'out' AND lower(during) > now() OR kind = 'booked' AND lower(during) < now()"""
    )
    assert ahead == 0


def test_its_words_are_well_set() -> None:
    def words(story: Any) -> list[str]:
        return [value for name in story.__slots__ if isinstance(value := getattr(story, name), str)]

    for story in (*told.PLACES, *told.LENDERS, *told.THINGS, *told.LOANS):
        for one in words(story):
            check_typography(one)
