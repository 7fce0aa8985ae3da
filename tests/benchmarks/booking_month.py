"""A month of a pool of 50, with 10 000 loans behind it and many ahead: `booking.days`, against nothing."""

import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from echange import booking
from echange.booking import Opening, Period, Rules
from echange.database import execute, open_pools
from echange.database.embedded import embedded_postgres
from echange.database.migrate import migrate
from tests.benchmarks.bench import Line, Skipped, Wrong
from tests.benchmarks.workshop import Workshop

UNITS: Final = 50
PAST: Final = 10_000
AHEAD: Final = 100
OUT: Final = 8
ASKED: Final = 60
DAY: Final = timedelta(days=1)
# Five days a week, with a break at noon.
WEEK: Final = [
    Opening(day, opens * 60, closes * 60) for day in range(1, 6) for opens, closes in ((9, 12), (14, 18))
]


async def month(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    """From asking to the last day, for one unit and for ten."""
    async with embedded_postgres(workshop.new_folder()) as server:
        await migrate(server.url)
        async with open_pools(server.url, pool_size=4):
            model = await _busy_pool()
            for quantity in (1, 10):
                taken = sorted([await _asked(model, quantity) for _ in range(ASKED)][ASKED // 4 :])
                middle = taken[len(taken) // 2]
                yield Line(middle, "ms", len(taken), also={"quantity": quantity, "p99": taken[-1]})


async def _busy_pool() -> int:
    site = await booking.make_site()
    model, units = await booking.make_model(site, Rules(after=60), UNITS)
    await execute(
        """INSERT INTO booking_allocation (booking_id, model_id, unit_id, kind, during, pinned)
           SELECT nextval('booking_number'), $1, unit, 'back', tstzrange(start, start + interval '30 h'), true
           FROM unnest($2::int[]) AS unit, generate_series(2, $3::int + 1) AS n,
               LATERAL (SELECT now() - n * interval '2 days' - unit * interval '1 minute' AS start) began""",
        model,
        units,
        PAST // UNITS,
    )
    await _promise(model)
    await booking.set_openings(site, WEEK)
    await execute("ANALYZE")
    return model


async def _promise(model: int) -> None:
    """Loans of the next weeks by the quarter of an hour, and some that are out."""
    chance = random.Random(6)
    now = datetime.now(UTC)
    for _ in range(OUT):
        booked = await booking.take({model: 1}, Period(now, now + chance.randint(1, 9) * DAY))
        await booking.hand_out(booked.id, booked.units[model], now)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(AHEAD):
        start = midnight + chance.randint(1, 35) * DAY + timedelta(minutes=15 * chance.randint(32, 70))
        with suppress(booking.NotFree):
            await booking.take(
                {model: chance.randint(1, 6)}, Period(start, start + chance.randint(1, 5) * DAY)
            )


async def _asked(model: int, quantity: int) -> float:
    first = datetime.now(UTC).date().replace(day=1) + 31 * DAY
    started = time.perf_counter()
    days = await booking.days({model: quantity}, first, first + 30 * DAY)
    spent = 1000 * (time.perf_counter() - started)
    if len(days) != 31 or not any(day.free for day in days):
        raise Wrong(f"this is no month: {days}")
    return spent
