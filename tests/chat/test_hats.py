"""Writing for an organisation: said on every message, and never by surprise."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import client_id
from tests.chat.sockets import cookie, talker
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
NAME = "Les Fêtes de la Redoute"


@pytest.fixture
async def feasts(town: Town, connection: Raw) -> int:
    """Alice manages an association; she wears no hat yet."""
    number: int = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('fetes', $1, 'fetes') RETURNING id", NAME
    )
    await connection.execute(
        "INSERT INTO membership (role, member_id, organisation_id) VALUES ('manager', $1, $2)",
        town["alice"], number,
    )  # fmt: skip
    return number


async def wear(connection: Raw, town: Town, hat: int | None) -> None:
    await connection.execute("UPDATE session SET acting_for_id = $2 WHERE member_id = $1", town["alice"], hat)


async def test_a_message_says_for_whom_it_was_written(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town, connection: Raw, feasts: int
) -> None:
    await wear(connection, town, feasts)
    mine = (await alice.get(f"/messages/{talk}")).text
    assert f"Vous écrivez au nom de {NAME}" in mine
    form = {"client_id": "client-1", "body": "Bonjour", "pour": feasts}
    assert (await alice.post(f"/messages/{talk}/envoi", data=form)).status_code == 303
    (event,) = (await bob.get(f"/api/v1/conversations/{talk}/events")).json()["items"]
    assert event["data"] == {"body": "Bonjour", "for": {"id": feasts, "name": NAME}}
    assert f"Alice Morel, pour {NAME}" in (await bob.get(f"/messages/{talk}")).text
    assert f"Vous, pour {NAME}" in (await alice.get(f"/messages/{talk}")).text
    await wear(connection, town, None)
    sent = {"client_id": "client-2", "body": "Et moi, Alice"}
    assert (await alice.post(f"/api/v1/conversations/{talk}/messages", json=sent)).status_code == 201
    last = (await bob.get(f"/api/v1/conversations/{talk}/events?after=1")).json()["items"][0]
    assert last["data"] == {"body": "Et moi, Alice"}


async def test_sent_again_under_another_hat_it_is_the_same_message(
    alice: httpx.AsyncClient, talk: int, town: Town, connection: Raw, feasts: int
) -> None:
    url, message = f"/api/v1/conversations/{talk}/messages", {"client_id": "client-1", "body": "Bonjour"}
    await wear(connection, town, feasts)
    first = await alice.post(url, json=message)
    await wear(connection, town, None)
    assert (await alice.post(url, json=message)).json() == first.json()
    other = await alice.post(url, json={**message, "body": "Bonsoir"})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


async def test_nothing_goes_out_under_a_name_the_page_did_not_show(
    alice: httpx.AsyncClient, talk: int, town: Town, connection: Raw, feasts: int
) -> None:
    await wear(connection, town, feasts)
    form = {"client_id": client_id(), "body": "Entre nous", "pour": 0}
    refused = await alice.post(f"/messages/{talk}/envoi", data=form)
    assert (refused.status_code, "vous avez changé de nom" in refused.text) == (422, True)
    assert "Entre nous</textarea>" in refused.text
    message = {"client_id": client_id(), "body": "Entre nous", "for": 0}
    told = await alice.post(f"/api/v1/conversations/{talk}/messages", json=message)
    assert (told.status_code, told.json()["code"]) == (409, "hat_changed")
    assert await connection.fetchval("SELECT count(*) FROM event") == 0


async def test_who_only_belongs_to_it_does_not_speak_for_it(
    alice: httpx.AsyncClient, talk: int, town: Town, connection: Raw, feasts: int
) -> None:
    await connection.execute("UPDATE membership SET role = 'member'")
    await wear(connection, town, feasts)
    message = {"client_id": client_id(), "body": "Bonjour", "for": 0}
    assert (await alice.post(f"/api/v1/conversations/{talk}/messages", json=message)).status_code == 201
    assert await connection.fetchval("SELECT data ->> 'for' FROM event") is None


async def test_a_socket_speaks_under_the_hat_of_the_moment(
    served: Served, talk: int, town: Town, connection: Raw, feasts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echange.chat.live.IDENTIFIED_FOR_SECONDS", 0)
    async with talker(served.url, await cookie(served.url, "alice")) as alice:
        await alice.hello()
        await alice.send(talk, "client-1", "Moi")
        await wear(connection, town, feasts)
        await alice.send(talk, "client-2", "Nous")
        await alice.say("send", conversation=talk, client_id="client-3", body="Moi encore", **{"for": 0})
        assert (await alice.hears("refusal"))["code"] == "hat_changed"
    said = await connection.fetch("SELECT data -> 'for' ->> 'id' FROM event ORDER BY seq")
    assert [row[0] for row in said] == [None, str(feasts)]
