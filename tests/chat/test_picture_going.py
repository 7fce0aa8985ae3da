"""The files of a group's picture go once that is certain, and not before."""

import asyncio
from contextlib import suppress

import httpx
from starlette.applications import Starlette

from echange.chat import picturing
from echange.chat.grouping import held
from echange.database import in_transaction
from echange.media import Store
from tests.chat.grouping import PICTURE
from tests.chat.grouping import group as group
from tests.neighbours import Town


async def test_a_picture_that_was_not_dropped_after_all_loses_no_file(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, app: Starlette, town: Town
) -> None:
    put = f"/api/v1/conversations/{group}/picture"
    told = await alice.put(put, files={"file": ("image.png", PICTURE)})
    with suppress(ZeroDivisionError):
        async with in_transaction(), held(group, by=town["alice"]):
            assert await picturing.forget(group)
            raise ZeroDivisionError
    await asyncio.sleep(0.3)
    assert (await bob.get(told.json()["picture"])).status_code == 200


async def test_files_are_forgotten_by_a_job_that_may_come_twice(
    alice: httpx.AsyncClient, group: int, app: Starlette
) -> None:
    await alice.put(f"/api/v1/conversations/{group}/picture", files={"file": ("image.png", PICTURE)})
    store: Store = app.state.store
    (name,) = {path.name[:32] for path in store.folder.rglob("*.webp")}
    forget = picturing.handlers(store)[picturing.FORGET_PICTURE]
    for _ in range(2):
        await forget({"name": name})
        assert list(store.folder.rglob("*.webp")) == []
