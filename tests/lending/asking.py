"""Asking for a loan of some days through the API, for tests about what comes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from echange.http.dates import today

Client = httpx.AsyncClient


def in_days(days: float, hour: int = 10) -> str:
    """An hour, in UTC, of a day to come on the town's clock, which turns before midnight in UTC."""
    day = today() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC).isoformat()


def window(start: float, end: float) -> dict[str, Any]:
    """From ten o’clock so many days from now until ten o’clock of another day."""
    return {"start": in_days(start), "end": in_days(end)}


async def ask(client: Client, item_id: int, status: int = 201, **body: Any) -> dict[str, Any]:
    """What the API answers, as a rule for the days from the third to the fifth."""
    body = {**window(3, 5), **body}
    answer = await client.post(f"/api/v1/items/{item_id}/reservations", json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told
