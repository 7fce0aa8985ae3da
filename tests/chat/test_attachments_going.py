"""Photos and files go with their message, and when nobody sends them; never before that is certain."""

import asyncio
import os
from contextlib import suppress
from datetime import timedelta
from typing import TypeAlias

import asyncpg
import httpx
from starlette.applications import Starlette

from echange.chat import Conversation, attaching, client_id, uploading
from echange.chat.privacy import belongings
from echange.database import in_transaction
from echange.media import Store
from tests.chat.attachments import chosen, files, left, send
from tests.chat.groups import events
from tests.media.documents import PDF
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_photo_is_described_and_put_aside_until_it_is_sent(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, app: Starlette, talk: int
) -> None:
    photo, other = await chosen(alice, talk), await chosen(alice, talk)
    url = f"/api/v1/conversations/{talk}/attachments/{photo['id']}"
    described = await alice.patch(url, json={"alt": "Un vélo"})
    assert (described.status_code, described.json()["alt"]) == (200, "Un vélo")
    assert (await bob.patch(url, json={"alt": "Rien"})).status_code == 404
    assert (await bob.delete(url)).status_code == 404
    await send(alice, talk, photo["id"])
    assert (await alice.patch(url, json={"alt": "Autre"})).status_code == 404
    assert (await alice.delete(url)).status_code == 404
    spare = f"/api/v1/conversations/{talk}/attachments/{other['id']}"
    assert (await alice.delete(spare)).status_code == 204
    assert (await alice.delete(spare)).status_code == 404
    await left(app, len(photo["widths"]))
    assert photo["url"].rsplit("/", 1)[1] in files(app)[0], "the other one stays"


async def test_a_deleted_message_takes_rows_and_files_with_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, app: Starlette, talk: int, connection: Connection
) -> None:
    photo, file = await chosen(alice, talk), await chosen(alice, talk, PDF, "bail.pdf")
    seq = (await send(alice, talk, photo["id"], file["id"], body="Voici")).json()["seq"]
    assert files(app)
    url = f"/api/v1/conversations/{talk}/messages/{seq}?client_id={client_id()}"
    assert (await alice.delete(url)).status_code == 200
    for one in (photo, file):
        assert (await bob.get(one["url"])).status_code == 404
        assert (await alice.get(one["url"])).status_code == 404
    assert await connection.fetchval("SELECT count(*) FROM attachment") == 0
    assert (await events(bob, talk))[0]["data"] == {"deleted": True}
    await left(app, 0)


async def test_a_deletion_that_is_undone_loses_no_file(
    alice: httpx.AsyncClient, app: Starlette, talk: int, town: Town
) -> None:

    photo = await chosen(alice, talk)
    seq = (await send(alice, talk, photo["id"])).json()["seq"]
    conversation = await Conversation.get(id=talk)
    with suppress(ZeroDivisionError):
        async with in_transaction():
            await conversation.delete_message(seq, by=town["alice"], client_id=client_id())
            raise ZeroDivisionError
    await asyncio.sleep(0.3)
    assert (await alice.get(photo["url"])).status_code == 200


async def test_retention_takes_what_went_with_older_messages(
    alice: httpx.AsyncClient, app: Starlette, talk: int, connection: Connection
) -> None:
    first, second = await chosen(alice, talk, PDF, "un.pdf"), await chosen(alice, talk, PDF, "deux.pdf")
    await send(alice, talk, first["id"])
    await send(alice, talk, second["id"])
    await attaching.remove_before(talk, 2)
    assert (await alice.get(first["url"])).status_code == 404
    assert (await alice.get(second["url"])).status_code == 200
    await left(app, 1)


async def test_what_is_never_sent_is_gone_after_a_day(
    alice: httpx.AsyncClient, app: Starlette, talk: int, connection: Connection
) -> None:
    sent, waiting, fresh = [(await chosen(alice, talk, PDF, f"{n}.pdf")) for n in range(3)]
    await send(alice, talk, sent["id"])
    await connection.execute(
        "UPDATE attachment SET at = now() - interval '25 hours' WHERE id = ANY($1::int[])",
        [sent["id"], waiting["id"]],
    )
    await uploading.forget_unsent()
    codes = [(await alice.get(one["url"])).status_code for one in (sent, waiting, fresh)]
    assert codes == [200, 404, 200]


async def test_a_file_that_no_row_tells_of_is_cleared_away(
    alice: httpx.AsyncClient, app: Starlette, talk: int
) -> None:
    file = await chosen(alice, talk, PDF, "bail.pdf")
    store: Store = app.state.attachments
    for name in ("0" * 32, "1" * 32):
        store.keep_file(name, b"perdu")
    old = [store.file("0" * 32), store.file(file["url"].rsplit("/", 1)[1])]
    for path in old:
        os.utime(path, (0, 0))
    await uploading.forget_strays(store)
    assert files(app) == sorted([store.file("1" * 32).name, old[1].name]), "what is fresh may be on its way"


async def test_somebody_who_leaves_leaves_nothing_unsent(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, app: Starlette, talk: int, town: Town
) -> None:
    sent, unsent = await chosen(alice, talk, PDF, "un.pdf"), await chosen(alice, talk, PDF, "deux.pdf")
    await send(alice, talk, sent["id"])
    await belongings.forget(town["alice"], None)
    assert (await alice.get(unsent["url"])).status_code == 404
    assert (await bob.get(sent["url"])).status_code == 200, "what was received stays"


async def test_strays_are_looked_for_once_a_day_and_what_is_not_sent_every_hour(app: Starlette) -> None:
    regular = uploading.schedules(app.state.attachments)
    periods = {name: period for name, (period, _) in regular.items()}
    assert periods == {
        "chat.clear_attachments": timedelta(hours=1),
        "chat.clear_strays": timedelta(days=1),
    }
    store: Store = app.state.attachments
    store.keep_file("0" * 32, b"perdu")
    os.utime(store.file("0" * 32), (0, 0))
    await regular["chat.clear_attachments"][1]({})
    assert files(app) != []
    await regular["chat.clear_strays"][1]({})
    assert files(app) == []
