"""PostgreSQL is killed while minutes move: nothing is lost, nothing half done, nothing done twice."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
import pytest

from echange import ledger
from echange.database import fetch, in_transaction, open_pools
from echange.database.embedded import EmbeddedPostgres
from echange.database.migrate import migrate
from tests.conftest import on
from tests.ledger.accounts import opened

WRITERS = 32
# Moved and answered before each kill.
BETWEEN = 100
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One that may be killed, and that waits for its disk."""
    postgres = EmbeddedPostgres(tmp_path_factory.mktemp("killed"))
    postgres.start_now()
    yield postgres
    postgres.stop_now()


@pytest.fixture
async def url(server: EmbeddedPostgres, request: pytest.FixtureRequest) -> str:
    """A database of the test's own."""
    name = f"books_{abs(hash(request.node.name))}"
    raw = await asyncpg.connect(server.url)
    assert await raw.fetchval("SHOW fsync") == await raw.fetchval("SHOW synchronous_commit") == "on"
    await raw.execute(f"CREATE DATABASE {name}")
    await raw.close()
    await migrate(on(server.url, name))
    return on(server.url, name)


@dataclass
class Books:
    """What was asked, and what was answered: legs and the transfer's number by key."""

    asked: dict[str, dict[int, int]] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, accounts: list[int], writer: int) -> None:
        """Move and move; of what fails, every other one is said again until it is answered."""
        chance = random.Random(writer)
        for turn in range(1_000_000):
            giver, taker = chance.sample(accounts, 2)
            key, legs = f"{writer} {turn}", {giver: -5, taker: 5}
            self.asked[key] = legs
            while key not in self.answered:
                with suppress(*AWAY):
                    self.answered[key] = await self._move(key, legs, held=turn % 3 == 0)
                    self.heard.set()
                if turn % 2:
                    break
                await asyncio.sleep(0.02)

    async def _move(self, key: str, legs: dict[int, int], held: bool) -> int:
        if not held:
            return (await ledger.move("gift", legs, key=key)).id
        async with in_transaction():
            await ledger.hold(*legs)
            moved = await ledger.move("gift", legs, key=key)
        return moved.id

    async def go_on(self, many: int) -> None:
        """Return once so many more are answered."""
        wanted = len(self.answered) + many
        while len(self.answered) < wanted:
            await self.heard.wait()
            self.heard.clear()


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def server_alone(postgres: EmbeddedPostgres) -> list[int]:
    return [postgres.pid] if postgres.pid else []


async def all_at_once(postgres: EmbeddedPostgres) -> list[int]:
    return [*await server_alone(postgres), *await processes(postgres)]


async def one_who_writes(postgres: EmbeddedPostgres) -> list[int]:
    return (await processes(postgres, "WHERE query LIKE '%move_minutes%' AND pid <> pg_backend_pid()"))[:1]


async def processes(postgres: EmbeddedPostgres, which: str = "") -> list[int]:
    raw = await asyncpg.connect(postgres.url)
    try:
        return [row["pid"] for row in await raw.fetch(f"SELECT pid FROM pg_stat_activity {which}")]
    finally:
        raw.terminate()


async def test_whenever_postgresql_is_killed_what_was_answered_is_there_and_nothing_twice(
    server: EmbeddedPostgres, url: str
) -> None:
    raw = await asyncpg.connect(url)
    accounts = await opened(raw, 12, floor=None, ceiling=None)
    await raw.close()
    books = Books()
    async with open_pools(url, pool_size=WRITERS), ledger.Sealer().running():
        writers = [asyncio.create_task(books.write(accounts, n)) for n in range(WRITERS)]
        async with asyncio.timeout(120):
            for victims in (server_alone, all_at_once, one_who_writes):
                await books.go_on(BETWEEN)
                kill(await victims(server))
            await books.go_on(BETWEEN)
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        await check(books, accounts)


async def check(books: Books, accounts: list[int]) -> None:
    rows = await fetch(
        """SELECT t.key, t.id, jsonb_object_agg(e.account_id, e.minutes)::text AS legs
           FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id GROUP BY t.id"""
    )
    there = {row["key"]: row["id"] for row in rows}
    assert len(there) == len(rows)
    assert books.answered.items() <= there.items()
    assert there.keys() <= books.asked.keys()
    held = dict.fromkeys(accounts, 0)
    for key in there:
        for account, minutes in books.asked[key].items():
            held[account] += minutes
    assert {one: (await ledger.account(one)).balance for one in accounts} == held
    async with asyncio.timeout(30):
        while (proof := await ledger.prove()).sealed < len(there):  # noqa: ASYNC110 — rows tell nobody
            await asyncio.sleep(0.05)
    assert proof.ok, proof
    assert (proof.transfers, proof.sum_minutes) == (len(there), 0)


async def test_said_again_after_a_kill_what_was_undone_moves_and_what_was_done_stays(
    server: EmbeddedPostgres, url: str
) -> None:
    raw = await asyncpg.connect(url)
    one, other = await opened(raw, 2)
    move = "SELECT move_minutes('gift', $3, $1, $2, '', NULL, NULL)"
    await raw.execute(move, [one, other], [-5, 5], "answered to nobody")
    await raw.execute("BEGIN")
    await raw.execute(move, [one, other], [-7, 7], "in the midst of it")
    kill(await all_at_once(server))
    raw.terminate()
    async with open_pools(url, pool_size=2):
        assert not (await said_until_answered("answered to nobody", {one: -5, other: 5})).fresh
        assert (await said_until_answered("in the midst of it", {one: -7, other: 7})).fresh
        assert (await ledger.account(other)).balance == 12
        assert (await ledger.prove()).ok


async def said_until_answered(key: str, legs: dict[int, int]) -> ledger.Moved:
    async with asyncio.timeout(60):
        while True:
            with suppress(*AWAY):
                return await ledger.move("gift", legs, key=key)
            await asyncio.sleep(0.02)
