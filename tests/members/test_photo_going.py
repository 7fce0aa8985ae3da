"""The files of a member's photo go once that is certain, and not before."""

import asyncio
from contextlib import suppress
from pathlib import Path

import httpx
from starlette.applications import Starlette

from echange.config import Settings
from echange.database import in_transaction
from echange.members import handlers
from echange.members.models import MemberPhoto
from echange.members.models.portrait import FORGET_PHOTO
from tests.media.pictures import encoded, scene
from tests.members.organisations import Connection
from tests.neighbours import Town

WAITING = "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1"


def files_in(settings: Settings) -> set[Path]:
    return set((settings.data_dir / "media").rglob("*.webp"))


async def put(client: httpx.AsyncClient) -> None:
    sent = {"photo": ("moi.jpg", encoded(scene(400, 300)), "image/jpeg")}
    assert (await client.post("/moi/profil/photo", files=sent)).status_code == 303


async def test_a_photo_that_was_not_taken_away_after_all_loses_no_file(
    alice: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    await put(alice)
    before = files_in(settings)
    with suppress(ZeroDivisionError):
        async with in_transaction():
            await MemberPhoto.remove(town["alice"])
            raise ZeroDivisionError
    await asyncio.sleep(0.3)
    assert files_in(settings) == before
    assert await connection.fetchval(WAITING, FORGET_PHOTO) == 0


async def test_what_is_to_be_deleted_is_written_down_with_the_photo_going(
    orm: None, town: Town, connection: Connection
) -> None:
    # Without a worker: a process that stops here loses nothing.
    await MemberPhoto.create(member_id=town["alice"], name="a" * 32, width=1, height=1, widths=[1])
    await MemberPhoto.remove(town["alice"])
    assert await connection.fetchval(WAITING, FORGET_PHOTO) == 1


async def test_files_are_forgotten_by_a_job_that_may_come_twice(
    alice: httpx.AsyncClient, app: Starlette, settings: Settings, town: Town
) -> None:
    await put(alice)
    photo = await MemberPhoto.get(member_id=town["alice"])
    forget = handlers(app.state.store)[FORGET_PHOTO]
    for _ in range(2):
        await forget({"name": photo.name})
        assert files_in(settings) == set()
