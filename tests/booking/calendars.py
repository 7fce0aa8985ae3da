"""Models with units to book, and a look at their rows from outside."""

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import asyncpg

from echange import booking
from echange.booking import Period, Rules
from echange.database import execute, in_transaction

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def soon(hours: float = 0, lasts: float = 1) -> Period:
    """A period some hours after tomorrow at ten."""
    start = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + DAY + hours * HOUR
    return Period(start, start + lasts * HOUR)


async def pool(units: int, rules: Rules | None = None) -> tuple[int, list[int]]:
    """A model of so many units at a site that is always open; and the ids of these."""
    return await booking.make_model(await booking.make_site(), rules or Rules(), units)


async def room(rules: Rules | None = None) -> tuple[int, int]:
    """A model with a name, and its unit."""
    model, [unit] = await booking.make_model(await booking.make_site(), rules or Rules(), named=True)
    return model, unit


async def make_late(raw: Raw, booking_id: int) -> None:
    """What is out under this number was due an hour ago."""
    await raw.execute(
        """UPDATE booking_allocation
           SET during = tstzrange(now() - interval '9 hours', now() - interval '1 hour')
           WHERE booking_id = $1 AND kind = 'out'""",
        booking_id,
    )


async def forget_all() -> None:
    """All calendars, past the triggers that keep their history."""
    async with in_transaction():
        await execute("SET LOCAL session_replication_role = replica")
        for table in ("event", "holding", "allocation", "unit", "model", "closure", "opening", "site"):
            await execute(f"DELETE FROM booking_{table}")
