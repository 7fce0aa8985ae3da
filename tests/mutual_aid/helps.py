"""Helps made quickly, through the API and through verbs, for tests about something else."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

import asyncpg
import httpx

from echange.http import Viewer
from echange.http.dates import now
from echange.mutual_aid import Help
from echange.mutual_aid.details import Details
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


def somebody(town: Town, handle: str, *roles: str) -> Viewer:
    return Viewer(id=town[handle], name=handle, handle=handle, confirmed=True, roles=frozenset(roles))


async def told(client: httpx.AsyncClient, **changes: Any) -> int:
    """A help of whoever `client` is."""
    body = {
        "kind": "ask",
        "title": "Déplacer une armoire",
        "minutes": 90,
        "quartier": "les-larris",
        **changes,
    }
    answer = await client.post("/api/v1/helps", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def asked(town: Town, handle: str = "alice", kind: str = "ask", **changes: Any) -> Help:
    """The same by its verb."""
    details = {"title": "Déplacer une armoire", "minutes": 90, "quartier": "les-larris", **changes}
    return await Help.publish(kind, Details(**details), by=somebody(town, handle))


async def proposed(client: httpx.AsyncClient, help_id: int, **changes: Any) -> int:
    """An exchange proposed about it."""
    answer = await client.post(
        f"/api/v1/helps/{help_id}/proposals", json={"words": "Je viens volontiers.", **changes}
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def days(number: float) -> datetime:
    """So many days from now."""
    return now() + timedelta(days=number)


async def state_of(aid: Help) -> str:
    return (await Help.get(id=aid.id)).state


async def notices(connection: Connection, kind: str) -> list[int]:
    rows = await connection.fetch("SELECT member_id FROM notice WHERE kind = $1 ORDER BY id", kind)
    return [row["member_id"] for row in rows]
