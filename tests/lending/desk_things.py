"""Loans at the desk, made through the API, for tests about what happens to them there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from echange.database import execute, fetch
from echange.lending import Item

Client = httpx.AsyncClient
API = "/api/v1"


def window(start: timedelta, end: timedelta) -> dict[str, str]:
    """From so long after now until so long after now."""
    at = datetime.now(UTC).replace(microsecond=0)
    return {"start": (at + start).isoformat(), "end": (at + end).isoformat()}


async def asked(
    client: Client, item: Item, *, start: float = 0.1, end: float = 48, **body: Any
) -> dict[str, Any]:
    """A loan that begins and ends so many hours from now."""
    body = {**window(timedelta(hours=start), timedelta(hours=end)), **body}
    answer = await client.post(f"{API}/items/{item.id}/reservations", json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def act(client: Client, loan_id: int, verb: str, status: int = 200, **body: Any) -> dict[str, Any]:
    """What the API says to this verb."""
    answer = await client.post(f"{API}/reservations/{loan_id}/{verb}", json=body)
    assert answer.status_code == status, (verb, answer.text)
    told: dict[str, Any] = answer.json()
    return told


async def out(borrower: Client, desk: Client, item: Item, **body: Any) -> dict[str, Any]:
    """A loan that was handed over."""
    it = await asked(borrower, item, **body)
    return await act(desk, it["id"], "handover")


async def long_ago(loan_id: int, hours: float) -> None:
    """Everything about a loan happened so many hours earlier."""
    gap = timedelta(hours=hours)
    await execute(
        """UPDATE loan SET starts_at = starts_at - $2::interval, ends_at = ends_at - $2::interval,
               out_at = out_at - $2::interval WHERE id = $1""",
        loan_id,
        gap,
    )
    await execute(
        """UPDATE booking_allocation a SET
               during = tstzrange(lower(during) - $2::interval, upper(during) - $2::interval),
               padded = tstzrange(lower(padded) - $2::interval, upper(padded) - $2::interval)
           FROM loan n WHERE n.id = $1 AND a.booking_id = n.booking_id""",
        loan_id,
        gap,
    )
    await execute(
        """UPDATE booking_holding h SET since = since - $2::interval FROM loan n
           WHERE n.id = $1 AND h.booking_id = n.booking_id""",
        loan_id,
        gap,
    )
    await execute("UPDATE condition_report SET at = at - $2::interval WHERE loan_id = $1", loan_id, gap)


async def kinds_told(member_id: int) -> list[str]:
    """What a neighbour was told, in order."""
    rows = await fetch("SELECT kind FROM notice WHERE member_id = $1 ORDER BY id", member_id)
    return [row["kind"] for row in rows]


async def incidents_of(client: Client, loan_id: int) -> list[dict[str, Any]]:
    """As this client sees them."""
    answer = await client.get(f"{API}/reservations/{loan_id}/incidents")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
