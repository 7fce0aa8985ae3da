"""Photos and files sent by the page's form, without a script."""

import re
from typing import Any

import httpx
from starlette.applications import Starlette

from echange.chat import client_id
from tests.chat.attachments import PHOTO, chosen, files
from tests.chat.groups import events
from tests.media.documents import PDF
from tests.media.pictures import SVG


async def write(
    client: httpx.AsyncClient, talk: int, sent: list[tuple[str, bytes]], **fields: Any
) -> httpx.Response:
    data = {"client_id": client_id(), "body": "", **fields}
    chosen = [("fichiers", file) for file in sent]
    return await client.post(f"/messages/{talk}/envoi", data=data, files=chosen)


async def test_the_page_s_form_takes_files_without_a_script(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, app: Starlette
) -> None:
    page = (await alice.get(f"/messages/{talk}")).text
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    name = client_id()
    files_sent = [("velo.jpg", PHOTO), ("bail.pdf", PDF)]
    sent = await write(alice, talk, files_sent, alt="Un vélo", client_id=name)
    assert sent.status_code == 303, sent.text
    again = await write(alice, talk, files_sent, alt="Un vélo", client_id=name)
    assert again.status_code == 303, "pressed twice"
    [event] = await events(bob, talk)
    photo, file = event["data"]["attachments"]
    assert (photo["alt"], file["filename"]) == ("Un vélo", "bail.pdf")
    assert len([one for one in files(app) if one.endswith(".file")]) == 1


async def test_a_refused_file_keeps_the_words_and_the_other_files(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    refused = await write(alice, talk, [("bail.pdf", PDF), ("dessin.svg", SVG)], body="Voici le bail")
    assert refused.status_code == 422
    assert "<title>Erreur" in refused.text
    assert "dessin.svg" in refused.text
    assert "ne peut pas être joint" in refused.text
    assert "Voici le bail</textarea>" in refused.text
    kept = re.findall(r'name="pieces" value="(\d+)" checked', refused.text)
    assert len(kept) == 1
    assert await events(bob, talk) == []
    sent = await write(alice, talk, [], body="Voici le bail", pieces=kept)
    assert sent.status_code == 303
    [event] = await events(bob, talk)
    assert [one["filename"] for one in event["data"]["attachments"]] == ["bail.pdf"]
    nothing = await write(alice, talk, [], pieces=kept)
    assert nothing.status_code == 422, "sent already: nothing is left to say"
    seven = await write(alice, talk, [(f"{n}.pdf", PDF) for n in range(7)])
    assert seven.status_code == 422
    assert "Six pièces jointes au plus" in seven.text


async def test_nobody_sends_another_s_file_by_the_form(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    file = await chosen(bob, talk, PDF, "secret.pdf")
    sent = await write(alice, talk, [], body="Bonjour", pieces=[str(file["id"])])
    assert sent.status_code == 303
    [event] = await events(alice, talk)
    assert "attachments" not in event["data"]
    assert (await alice.get(file["url"])).status_code == 404
