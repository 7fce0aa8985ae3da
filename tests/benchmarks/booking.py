"""Bookings a second that 32 clients make, and not one overlap.

`hot-slot`: all want the same next slot of one room, `booking.take` in one process with the pool of the app,
beside a plain INSERT that all do into a table with the same constraint, over as many connections.
`hot-pool`: windows of any length anywhere in a month, of one pool of 50. `spread`: of any of 200 pools.
`month-pool50`: the calendar of such a pool, with 10 000 loans behind it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from echange import booking
from echange.booking import NotFree, Period
from echange.database import fetch_value, open_pools
from echange.database.embedded import embedded_postgres
from echange.database.migrate import migrate
from tests.benchmarks import booking_month
from tests.benchmarks.bench import Bench, Line, Skipped, Wrong, in_turn
from tests.benchmarks.workshop import Workshop

CLIENTS: Final = 32
SECONDS: Final = 3
ROUNDS: Final = 3
SLOT: Final = timedelta(minutes=10)
POOLS: Final = 200
UNITS: Final = 50

# Asks for the slot or window that bears this number; whether it was got.
Ask = Callable[[int], Awaitable[bool]]


async def hot_slot(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    async with _town(workshop) as url, _plainly(url) as plain:
        ours, theirs = _Slots(await _room()), _Slots(plain)
        await ours.filled_for(1)
        await theirs.filled_for(1)
        value, against = await in_turn(
            ROUNDS, lambda: ours.filled_for(SECONDS), lambda: theirs.filled_for(SECONDS)
        )
        yield Line(value, "bookings/s", ROUNDS, "plain INSERT", against, await _counted())


async def hot_pool(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    async with _town(workshop):
        site = await booking.make_site()
        model, _units = await booking.make_model(site, units=UNITS)
        yield await _measured(lambda chance: (model, _window(chance)))


async def spread(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    async with _town(workshop):
        site = await booking.make_site()
        models = [(await booking.make_model(site, units=4))[0] for _ in range(POOLS)]
        yield await _measured(lambda chance: (chance.choice(models), _window(chance)))


@asynccontextmanager
async def _town(workshop: Workshop) -> AsyncIterator[str]:
    async with embedded_postgres(workshop.new_folder() / "booking") as server:
        raw = await asyncpg.connect(server.url)
        await raw.execute("CREATE DATABASE ours")
        await raw.close()
        url = urlunsplit(urlsplit(server.url)._replace(path="/ours"))
        await migrate(url)
        async with open_pools(url, pool_size=CLIENTS):
            yield url


class _Slots:
    """One slot after the other: everybody asks for the next one until somebody has it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._next = 0

    async def filled_for(self, seconds: float) -> float:
        """Slots a second that somebody got."""
        until = time.perf_counter() + seconds
        started, first = time.perf_counter(), self._next
        got = sum(await asyncio.gather(*(self._client(until) for _ in range(CLIENTS))))
        if got != self._next - first:
            raise Wrong(f"{got} were told yes for {self._next - first} slots")
        return got / (time.perf_counter() - started)

    async def _client(self, until: float) -> int:
        got = 0
        while time.perf_counter() < until:
            slot = self._next
            got += await self._ask(slot)
            self._next = max(self._next, slot + 1)
        return got


async def _room() -> Ask:
    model, _unit = await booking.make_model(await booking.make_site(), named=True)
    begin = datetime.now(UTC) + timedelta(days=1)

    async def ask(slot: int) -> bool:
        start = begin + slot * SLOT
        try:
            await booking.take({model: 1}, Period(start, start + SLOT))
        except NotFree:
            return False
        return True

    return ask


@asynccontextmanager
async def _plainly(url: str) -> AsyncIterator[Ask]:
    async with asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS) as pool:
        await pool.execute(
            """CREATE TABLE plain (
                   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                   unit_id integer NOT NULL,
                   during tstzrange NOT NULL,
                   EXCLUDE USING gist (unit_id WITH =, during WITH &&))"""
        )
        begin = datetime.now(UTC) + timedelta(days=1)

        async def ask(slot: int) -> bool:
            start = begin + slot * SLOT
            told = await pool.execute(
                "INSERT INTO plain (unit_id, during) VALUES (1, tstzrange($1, $2)) ON CONFLICT DO NOTHING",
                start,
                start + SLOT,
            )
            return bool(told.endswith(" 1"))

        yield ask


def _window(chance: random.Random) -> Period:
    start = datetime.now(UTC) + timedelta(days=1, hours=chance.randrange(30 * 24))
    return Period(start, start + timedelta(hours=chance.randrange(1, 73)))


async def _measured(choose: Callable[[random.Random], tuple[int, Period]]) -> Line:
    """Asked without end: the fuller, the more are refused, which is counted apart."""
    chance = random.Random(6)
    until = time.perf_counter() + SECONDS * ROUNDS
    asked = made = 0

    async def client() -> None:
        nonlocal asked, made
        while time.perf_counter() < until:
            model, window = choose(chance)
            asked += 1
            try:
                await booking.take({model: 1}, window)
            except NotFree:
                continue
            made += 1

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    seconds = SECONDS * ROUNDS
    return Line(asked / seconds, "answers/s", 1, also={"made": made, **await _counted()})


async def _counted() -> dict[str, float]:
    """How many there are; raises Wrong when any two overlap."""
    n, overlapping = (
        await fetch_value("SELECT count(*) FROM booking_allocation"),
        await fetch_value(
            """SELECT count(*) FROM booking_allocation a JOIN booking_allocation b
               ON a.id < b.id AND a.unit_id = b.unit_id AND a.padded && b.padded"""
        ),
    )
    if overlapping:
        raise Wrong(f"{overlapping} overlap")
    return {"bookings": n}


bench: Final = Bench(
    "booking",
    {
        "month-pool50": booking_month.month,
        "hot-slot": hot_slot,
        "hot-pool": hot_pool,
        "spread": spread,
    },
    usual=("month-pool50", "hot-slot", "hot-pool", "spread"),
)
