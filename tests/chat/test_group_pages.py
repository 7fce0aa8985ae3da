"""Groups by forms alone: opened, filled, named, left."""

import re
from typing import Any

import asyncpg
import httpx

from echange.chat import client_id
from tests.chat.grouping import PICTURE, roles
from tests.chat.grouping import group as group
from tests.chat.groups import events, place, say
from tests.neighbours import Town


async def test_a_group_is_opened_by_a_form(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    await say(alice, talk, "Bonjour")
    assert 'href="/messages/groupe"' in (await alice.get("/messages")).text
    form = (await alice.get("/messages/groupe")).text
    assert "Bob Traoré" in form, "whom one talks with is proposed"
    assert "Charlie Nguyen" not in form
    looked = await alice.get(
        "/messages/groupe", params={"nom": "nguy", "membres": town["bob"], "titre": "Fête"}
    )
    assert "Charlie Nguyen" in looked.text
    assert f'value="{town["bob"]}" checked' in looked.text, "ticks are kept"
    assert 'value="Fête"' in looked.text
    name = re.search(r'name="client_id" value="([^"]+)"', looked.text)
    assert name is not None
    filled = {"client_id": name[1], "membres": [town["bob"], town["charlie"]], "titre": "Fête"}
    sent = await alice.post("/messages/groupe", data=filled)
    again = await alice.post("/messages/groupe", data=filled)
    assert sent.status_code == 303
    assert again.headers["location"] == sent.headers["location"], "sent twice opens one"
    assert "Fête" in (await bob.get("/messages")).text


async def test_a_group_of_nobody_is_refused_with_the_words_kept(alice: httpx.AsyncClient) -> None:
    refused = await alice.post("/messages/groupe", data={"titre": "Fête", "client_id": client_id()})
    assert refused.status_code == 422
    assert "<title>Erreur" in refused.text
    assert 'value="Fête"' in refused.text
    for wrong in (
        {"titre": "x" * 81},
        {"membres": ["x"]},
        {"membres": ["99999999999999"]},
        {"membres": ["-1"]},
    ):
        answer = await alice.post("/messages/groupe", data={"client_id": client_id(), **wrong})
        assert answer.status_code == 422, wrong
    assert (await alice.post("/messages/groupe", data={"membres": ["999999"]})).status_code == 404


async def test_nobody_kept_apart_or_away_is_proposed_or_taken(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:  # fmt: skip
    await say(alice, talk, "Bonjour")
    await bob.put(f"/api/v1/members/{town['alice']}/block")
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    for page in (await alice.get("/messages/groupe"), await alice.get("/messages/groupe?nom=n")):
        assert "Bob Traoré" not in page.text
        assert "Charlie Nguyen" not in page.text
    for one in ("bob", "charlie"):
        refused = await alice.post("/messages/groupe", data={"membres": town[one], "client_id": client_id()})
        assert refused.status_code == 422
        assert "ne peut pas rejoindre de groupe en ce moment" in refused.text


async def test_the_group_s_page_shows_everybody_and_changes_only_for_who_looks_after_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, talk: int
) -> None:
    hers, his = (
        (await alice.get(f"/messages/{group}/groupe")).text,
        (await bob.get(f"/messages/{group}/groupe")).text,
    )
    for page in (hers, his):
        assert "Alice Morel" in page
        assert "Bob Traoré" in page
        assert "s’occupe du groupe" in page
    assert "Faire entrer quelqu’un" in hers
    assert "Faire entrer quelqu’un" not in his
    assert (await charlie.get(f"/messages/{group}/groupe")).status_code == 404
    assert (await alice.get(f"/messages/{talk}/groupe")).status_code == 404


async def test_people_come_and_go_by_forms(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town
) -> None:
    url = f"/messages/{group}"
    nobody = await alice.post(f"{url}/groupe/ajout", data={})
    assert nobody.status_code == 422
    assert "Choisissez au moins une personne" in nobody.text
    looked = await alice.get(f"{url}/groupe", params={"nom": "charlie"})
    assert "Charlie Nguyen" in looked.text
    assert (await alice.post(f"{url}/groupe/ajout", data={"membres": town["charlie"]})).status_code == 303
    assert (await charlie.get(url)).status_code == 200
    named = await alice.post(f"{url}/membres/{town['charlie']}/role", data={"role": "owner"})
    assert named.status_code == 303
    assert (await roles(bob, group))[town["charlie"]] == "owner"
    assert (
        await alice.post(f"{url}/membres/{town['charlie']}/role", data={"role": "king"})
    ).status_code == 422
    assert (await alice.get(f"{url}/membres/{town['bob']}")).status_code == 200
    assert (await alice.get(f"{url}/membres/{town['admin']}")).status_code == 404
    assert (await alice.post(f"{url}/membres/{town['bob']}/retrait")).status_code == 303
    assert (await bob.get(url)).status_code == 404
    assert (await bob.get(f"{url}/groupe")).status_code == 404


async def test_who_does_not_look_after_it_changes_nothing(
    bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town
) -> None:
    url = f"/messages/{group}"
    asked: list[tuple[str, dict[str, Any]]] = [
        (f"{url}/groupe/ajout", {"membres": town["charlie"]}),
        (f"{url}/groupe/nom", {"titre": "À moi"}),
        (f"{url}/groupe/image/retrait", {}),
        (f"{url}/membres/{town['alice']}/role", {"role": "member"}),
        (f"{url}/membres/{town['alice']}/retrait", {}),
    ]
    for address, data in asked:
        assert (await bob.post(address, data=data)).status_code == 403, address
        assert (await charlie.post(address, data=data)).status_code == 404, address
    assert (await bob.get(f"{url}/membres/{town['alice']}")).status_code == 404
    assert (await roles(bob, group)) == {town["alice"]: "owner", town["bob"]: "member"}


async def test_the_last_owner_is_told_why_they_stay_one(
    alice: httpx.AsyncClient, group: int, town: Town
) -> None:
    refused = await alice.post(f"/messages/{group}/membres/{town['alice']}/role", data={"role": "member"})
    assert refused.status_code == 422
    assert "nommez d’abord quelqu’un d’autre" in refused.text


async def test_a_group_is_named_and_pictured_by_forms(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int
) -> None:
    url = f"/messages/{group}/groupe"
    assert (await alice.post(f"{url}/nom", data={"titre": "Fête de juin"})).status_code == 303
    assert "Fête de juin" in (await bob.get("/messages")).text
    too_long = await alice.post(f"{url}/nom", data={"titre": "x" * 81})
    assert too_long.status_code == 422
    assert "x" * 81 in too_long.text
    for files in ({}, {"image": ("a.txt", b"non")}, {"image": ("a.png", b"\x89PNG\r\n\x1a\n")}):
        refused = await alice.post(f"{url}/image", files=files, data={"x": "y"})
        assert refused.status_code == 422, files
        assert 'id="summary"' in refused.text
    assert (await alice.post(f"{url}/image", files={"image": ("a.png", PICTURE)})).status_code == 303
    for path in ("/messages", url):
        assert f'src="/messages/{group}/image-320.webp?v=' in (await bob.get(path)).text
    assert (await alice.post(f"{url}/image/retrait")).status_code == 303
    assert "image-320" not in (await bob.get(url)).text


async def test_leaving_is_asked_once_more_and_then_done(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, town: Town
) -> None:
    url = f"/messages/{group}/groupe/depart"
    assert "prendra la suite" in (await alice.get(url)).text
    assert "prendra la suite" not in (await bob.get(url)).text
    assert (await alice.post(url)).headers["location"] == "/messages"
    assert (await alice.get(url)).status_code == 404
    assert await roles(bob, group) == {town["bob"]: "owner"}
    assert [event["kind"] for event in await events(bob, group)] == ["change", "leave", "change"]


async def test_a_group_is_read_and_written_on_its_page(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town
) -> None:
    await say(bob, group, "Qui apporte la rallonge ?")
    await alice.post(place(group, town["charlie"]))
    page = await alice.get(f"/messages/{group}")
    assert page.status_code == 200
    assert "Qui apporte la rallonge" in page.text
    assert "Fête des voisins" in page.text
    sent = await charlie.post(f"/messages/{group}/envoi", data={"client_id": client_id(), "body": "Moi"})
    assert sent.status_code == 303
    assert "Qui apporte" not in (await charlie.get(f"/messages/{group}")).text
