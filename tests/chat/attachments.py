"""What the tests of attachments share."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

from echange.chat import client_id
from echange.media import Store
from tests.media.pictures import encoded, exif_with_position, scene

PHOTO = encoded(scene(900, 600), exif=exif_with_position())


async def choose(
    client: httpx.AsyncClient, talk: int, data: bytes = PHOTO, name: str = "velo.jpg", **words: str
) -> httpx.Response:
    url = f"/api/v1/conversations/{talk}/attachments"
    return await client.post(url, files={"file": (name, data)}, data=words)


async def chosen(
    client: httpx.AsyncClient, talk: int, data: bytes = PHOTO, name: str = "velo.jpg", **words: str
) -> dict[str, Any]:
    answer = await choose(client, talk, data, name, **words)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def send(
    client: httpx.AsyncClient, talk: int, *ids: int, body: str = "", name: str = ""
) -> httpx.Response:
    message = {"client_id": name or client_id(), "body": body, "attachments": list(ids)}
    return await client.post(f"/api/v1/conversations/{talk}/messages", json=message)


def files(app: Starlette) -> list[str]:
    store: Store = app.state.attachments
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


async def left(app: Starlette, count: int) -> None:
    """Only so many files are left: the job has been done."""
    async with asyncio.timeout(10):
        while len(files(app)) != count:  # noqa: ASYNC110 — a file tells nobody that it goes
            await asyncio.sleep(0.05)
