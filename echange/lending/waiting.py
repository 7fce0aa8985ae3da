"""Who waits for a thing that is taken."""

from collections.abc import Iterable

from echange.booking import Period
from echange.database import fetch_value


async def somebody_waits(item_id: int, period: Period) -> bool:
    """Whether somebody stands in line for it in this time."""
    waits: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM waiter WHERE item_id = $1 AND ended_at IS NULL
                          AND starts_at < $3 AND ends_at > $2)""",
        item_id,
        period.start,
        period.end,
    )
    return waits


async def freed(item_ids: Iterable[int]) -> None:
    """Something of these became free, in the caller's transaction: the first of the line may have it."""
    # The line makes loans, and loans free things.
    from echange.lending.offering import offer

    await offer(list(item_ids))
