"""Annonces made quickly, through the API, for tests about something else."""

from typing import Any, TypeAlias

import asyncpg
import httpx

from tests.media.pictures import encoded, scene

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PHOTO = encoded(scene(900, 600))


async def draft(client: httpx.AsyncClient, **changes: Any) -> int:
    """A draft of whoever `client` is."""
    body = {
        "kind": "give",
        "title": "Fauteuil crapaud",
        "body": "Il a du ressort.\n\nÀ venir chercher.",
        "category": "meubles",
        "quartier": "les-larris",
        **changes,
    }
    answer = await client.post("/api/v1/ads", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def published(client: httpx.AsyncClient, **changes: Any) -> int:
    """A published annonce of whoever `client` is."""
    ad_id = await draft(client, **changes)
    answer = await client.post(f"/api/v1/ads/{ad_id}/publication")
    assert answer.status_code == 201, answer.text
    return ad_id


async def photographed(client: httpx.AsyncClient, ad_id: int) -> str:
    """Add a photo to an annonce; its address."""
    answer = await client.post(f"/api/v1/ads/{ad_id}/photos", files={"file": ("a.jpg", PHOTO)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])
