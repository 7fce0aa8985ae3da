"""The picture of a group."""

import asyncio

import httpx
from starlette.applications import Starlette

from tests.chat.grouping import PICTURE
from tests.chat.grouping import group as group
from tests.chat.groups import events


async def test_a_group_has_a_picture_that_only_its_people_see(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int,
    app: Starlette,
) -> None:  # fmt: skip
    put = f"/api/v1/conversations/{group}/picture"
    refused = await alice.put(put, files={"file": ("image.svg", b"<svg/>")})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    told = await alice.put(put, files={"file": ("image.png", PICTURE)})
    assert told.status_code == 200, told.text
    address = told.json()["picture"]
    seen = await bob.get(address)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/webp")
    assert "private" in seen.headers["cache-control"]
    assert (await charlie.get(address)).status_code == 404
    assert (await bob.put(put, files={"file": ("image.png", PICTURE)})).status_code == 403
    again = await alice.put(put, files={"file": ("image.png", PICTURE)})
    assert again.json()["picture"] != address
    assert (await alice.delete(put)).status_code == 204
    async with asyncio.timeout(10):
        while list(app.state.store.folder.rglob("*.webp")):  # noqa: ASYNC110 — a file tells nobody that it goes
            await asyncio.sleep(0.02)
    assert (await bob.get(address)).status_code == 404
    changes = [event["data"] for event in await events(bob, group) if "picture" in event["data"]]
    assert changes == [{"picture": True}, {"picture": True}, {"picture": False}]
