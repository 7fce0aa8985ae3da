"""Photos and files in messages: chosen, sent, handed to those who read the message."""

import asyncio
import resource
from io import BytesIO
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from echange.chat import client_id, uploading
from tests.chat.attachments import choose, chosen, files, send
from tests.chat.groups import events, opened, place
from tests.chat.sockets import signed_in
from tests.conftest import Served, sign_in
from tests.media.documents import PDF, office
from tests.media.pictures import SCRIPT, SVG, png_claiming
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_photo_is_chosen_sent_without_words_and_seen_by_the_other(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    photo = await chosen(alice, talk, alt="Un vélo rouge")
    assert (photo["kind"], photo["width"], photo["height"]) == ("photo", 900, 600)
    assert photo["alt"] == "Un vélo rouge"
    assert photo["filename"] == "photo.webp", "what a camera calls it is nobody's business"
    sent = await send(alice, talk, photo["id"])
    assert sent.status_code == 201, sent.text
    [event] = await events(bob, talk)
    [told] = event["data"]["attachments"]
    assert told == {
        name: photo[name] for name in ("id", "kind", "filename", "url", "width", "height", "widths", "alt")
    }
    for width in told["widths"]:
        seen = await bob.get(f"{told['url']}-{width}.webp")
        assert seen.headers["content-type"] == "image/webp"
        picture = Image.open(BytesIO(seen.content))
        assert picture.width == width
        assert not picture.getexif()
    page = (await bob.get(f"/messages/{talk}")).text
    assert f'src="{told["url"]}-640.webp"' in page
    assert 'alt="Un vélo rouge"' in page
    assert "Pièce jointe" in (await bob.get("/messages")).text
    assert (await bob.get(f"{told['url']}-641.webp")).status_code == 404


async def test_a_file_is_handed_out_to_be_kept_and_never_to_be_run(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    file = await chosen(alice, talk, PDF, "Réunion d’été.pdf")
    await send(alice, talk, file["id"], body="Voici")
    answer = await bob.get(file["url"])
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="R_union d__t_.pdf"; '
        "filename*=UTF-8''R%C3%A9union%20d%E2%80%99%C3%A9t%C3%A9.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    page = (await bob.get(f"/messages/{talk}")).text
    assert "Réunion d’été" in page
    assert f'href="{file["url"]}" download' in page
    assert (await bob.get(f"{file['url']}-320.webp")).status_code == 404


async def test_a_stranger_gets_nothing_and_what_is_not_sent_is_its_sender_s_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, client: httpx.AsyncClient,
    talk: int, town: Town,
) -> None:  # fmt: skip
    file = await chosen(alice, talk, PDF, "bail.pdf")
    assert (await alice.get(file["url"])).status_code == 200
    assert (await bob.get(file["url"])).status_code == 404, "not sent yet"
    await send(alice, talk, file["id"])
    assert (await bob.get(file["url"])).status_code == 200
    assert (await charlie.get(file["url"])).status_code == 404
    assert (await client.get(file["url"])).headers["location"].startswith("/connexion")
    other = await opened(charlie, [town["alice"]])
    moved = file["url"].replace(f"/messages/{talk}/", f"/messages/{other}/")
    assert (await charlie.get(moved)).status_code == 404, "another conversation of theirs"
    assert (await choose(charlie, talk)).status_code == 404
    assert (await choose(client, talk)).status_code == 401


async def test_in_a_group_newcomers_leavers_and_those_kept_apart_get_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town["bob"]], "Fête")
    first = await chosen(alice, group, PDF, "avant.pdf")
    await send(alice, group, first["id"])
    await alice.put(place(group, town["charlie"]), json={})
    await alice.post(f"/api/v1/conversations/{group}/members/{town['charlie']}", json={})
    second = await chosen(alice, group, PDF, "apres.pdf")
    await send(alice, group, second["id"])
    assert (await charlie.get(first["url"])).status_code == 404, "said before they came"
    assert (await charlie.get(second["url"])).status_code == 200
    await bob.put(f"/api/v1/members/{town['alice']}/block")
    assert (await bob.get(second["url"])).status_code == 404
    assert (await alice.get(second["url"])).status_code == 200
    await alice.delete(place(group, town["charlie"]))
    assert (await charlie.get(second["url"])).status_code == 404


async def test_only_one_s_own_of_this_conversation_not_sent_yet_can_be_sent(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    elsewhere = await opened(alice, [town["charlie"]])
    sent = await chosen(alice, talk)
    await send(alice, talk, sent["id"])
    wrong = [
        (await chosen(bob, talk))["id"],
        (await chosen(alice, elsewhere))["id"],
        sent["id"],
        987654,
    ]
    own = (await chosen(alice, talk))["id"]
    for one in wrong:
        refused = await send(alice, talk, own, one)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), one
    assert len(await events(bob, talk)) == 1, "nothing was written"
    assert (await send(alice, talk, own)).status_code == 201, "and nothing was lost"


async def test_six_go_with_a_message_and_not_seven(alice: httpx.AsyncClient, talk: int) -> None:
    ids = [(await chosen(alice, talk, PDF, f"{n}.pdf"))["id"] for n in range(7)]
    assert (await send(alice, talk, *ids)).status_code == 422
    assert (await send(alice, talk, *ids[:6])).status_code == 201
    assert (await send(alice, talk)).json()["errors"] == {"body": ["Remplissez ce champ."]}


async def test_the_same_message_again_is_the_first_one(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    photo, other = await chosen(alice, talk), await chosen(alice, talk)
    name = client_id()
    first = await send(alice, talk, photo["id"], body="Voici", name=name)
    again = await send(alice, talk, photo["id"], body="Voici", name=name)
    assert (again.status_code, again.json()) == (201, first.json())
    for ids in ([other["id"]], [photo["id"], other["id"]], []):
        conflict = await send(alice, talk, *ids, body="Voici", name=name)
        assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict"), ids
    seq = first.json()["seq"]
    url = f"/api/v1/conversations/{talk}/messages/{seq}?client_id={client_id()}"
    assert (await alice.delete(url)).status_code == 200
    late = await send(alice, talk, photo["id"], body="Voici", name=name)
    assert late.json() == first.json(), "deleted since"
    assert len(await events(bob, talk)) == 2


async def test_sent_many_times_at_once_it_is_written_once(alice: httpx.AsyncClient, talk: int) -> None:
    photo, name = await chosen(alice, talk), client_id()
    answers = await asyncio.gather(*(send(alice, talk, photo["id"], name=name) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["seq"] for answer in answers}) == 1


async def test_two_messages_cannot_share_a_photo(alice: httpx.AsyncClient, talk: int) -> None:
    photo = await chosen(alice, talk)
    answers = await asyncio.gather(*(send(alice, talk, photo["id"]) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    assert len(await events(alice, talk)) == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SVG, "a.svg"),
        (SVG, "a.png"),
        (SCRIPT, "a.html"),
        (SCRIPT, "a.pdf"),
        (office("application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx"),
        (png_claiming(20_000, 20_000), "bombe.png"),
        (b"\xff\xd8\xff" + bytes(300), "cassee.jpg"),
        (b"", "vide.txt"),
        (b"PK\x03\x04", "a.zip"),
    ],
    ids=["svg", "svg as png", "page", "page as pdf", "macros", "bomb", "broken", "empty", "archive"],
)
async def test_what_would_hurt_is_refused_and_leaves_nothing(
    alice: httpx.AsyncClient, app: Starlette, talk: int, connection: Connection, data: bytes, name: str
) -> None:
    refused = await choose(alice, talk, data, name)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert refused.json()["errors"]["file"]
    assert files(app) == []
    assert await connection.fetchval("SELECT count(*) FROM attachment") == 0


async def test_a_request_without_a_file_or_with_too_long_words_is_refused(
    alice: httpx.AsyncClient, talk: int
) -> None:
    url = f"/api/v1/conversations/{talk}/attachments"
    assert "file" in (await alice.post(url, data={"file": "mots"})).json()["errors"]
    long = await choose(alice, talk, alt="x" * 201)
    assert (long.status_code, list(long.json()["errors"])) == (422, ["alt"])


async def test_a_day_holds_two_hundred_megabytes(
    alice: httpx.AsyncClient, app: Starlette, talk: int, connection: Connection
) -> None:
    file = await chosen(alice, talk, PDF, "un.pdf")
    await connection.execute("UPDATE attachment SET bytes = $1", uploading.MOST_BYTES_A_DAY - 2 * len(PDF))
    answers = await asyncio.gather(*(choose(alice, talk, PDF, "x.pdf") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"too_much_today"}
    assert len(files(app)) == 3
    await connection.execute("UPDATE attachment SET at = now() - interval '2 days' WHERE id = $1", file["id"])
    assert (await choose(alice, talk, PDF, "x.pdf")).status_code == 201


async def test_a_full_disk_is_said_and_leaves_neither_row_nor_file(
    alice: httpx.AsyncClient, app: Starlette, talk: int, connection: Connection
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        refused = await choose(alice, talk, b"a" * 5000, "long.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
    assert "plus de place" in refused.json()["title"]
    assert files(app) == []
    assert await connection.fetchval("SELECT count(*) FROM attachment") == 0


async def test_it_goes_by_socket_too(served: Served, town: Town) -> None:
    async with (
        httpx.AsyncClient(base_url=served.url, headers={"origin": served.url}) as alice,
        signed_in(served, "alice") as hers,
        signed_in(served, "bob") as his,
    ):
        await sign_in(alice, "alice")
        talk = await opened(alice, [town["bob"]])
        photo = await chosen(alice, talk)
        await hers.hello()
        await his.hello()
        frame = {"conversation": talk, "client_id": client_id(), "body": ""}
        await hers.say("send", **frame, attachments=[photo["id"]])
        assert (await hers.hears("ack"))["seq"] == 1
        heard = await his.hears("event")
        assert heard["data"]["attachments"][0]["url"] == photo["url"]
        await hers.say("send", **{**frame, "client_id": client_id()}, attachments=[photo["id"]])
        assert (await hers.hears("refusal"))["code"] == "invalid"


async def test_the_api_tells_of_it(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    paths = document["paths"]
    upload = paths["/api/v1/conversations/{id}/attachments"]["post"]
    assert "multipart/form-data" in upload["requestBody"]["content"]
    assert set(paths["/api/v1/conversations/{id}/attachments/{attachment}"]) == {"patch", "delete"}
    assert "/api/v1/conversations/{id}/slots" in paths
