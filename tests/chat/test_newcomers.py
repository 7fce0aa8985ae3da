"""Somebody nobody vouches for yet turns to twenty people a day, and sends two links at once."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import Conversation, client_id
from echange.chat.newcomers import PEOPLE_A_DAY, TooManyPeople
from tests.chat.groups import opened, place, say
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
THREE = "Voyez https://un.example, https://deux.example et www.trois.example"
TWO = "Voyez https://un.example et www.deux.example"


@pytest.fixture
async def crowd(connection: Raw, town: Town) -> list[int]:
    """Thirty neighbours whom Alice never met; and Alice is new here herself."""
    await connection.execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["alice"])
    rows = await connection.fetch(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at)
           SELECT 'voisin-' || n, 'Voisin ' || n, 'voisin ' || n, 'voisin' || n || '@voisins.example', now()
           FROM generate_series(1, 30) AS n RETURNING id"""
    )
    return [row["id"] for row in rows]


async def open_many(client: httpx.AsyncClient, members: list[int]) -> list[int]:
    """Asks for a conversation with each; gives the statuses."""
    return [
        (await client.post("/api/v1/conversations", json={"members": [one]})).status_code for one in members
    ]


async def test_the_twenty_first_person_of_a_day_is_for_tomorrow(
    alice: httpx.AsyncClient, crowd: list[int], connection: Raw
) -> None:
    assert set(await open_many(alice, crowd[:PEOPLE_A_DAY])) == {201}
    refused = await alice.post("/api/v1/conversations", json={"members": [crowd[PEOPLE_A_DAY]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_people")
    assert "Reprenez demain" in refused.json()["title"]
    assert set(await open_many(alice, crowd[:3])) == {201}, "those one knows already are no new ones"
    await connection.execute("UPDATE conversation SET created_at = created_at - interval '25 hours'")
    assert await open_many(alice, crowd[PEOPLE_A_DAY : PEOPLE_A_DAY + 2]) == [201, 201]


async def test_the_page_keeps_the_words_for_tomorrow(alice: httpx.AsyncClient, crowd: list[int]) -> None:
    await open_many(alice, crowd[:PEOPLE_A_DAY])
    words = {"membre": crowd[-1], "client_id": client_id(), "body": "Bonjour, auriez-vous une échelle ?"}
    page = await alice.post("/messages/nouveau", data=words)
    assert page.status_code == 422
    assert "<title>Erreur" in page.text
    assert "Reprenez demain" in page.text
    assert "auriez-vous une échelle" in page.text
    assert f'name="membre" value="{crowd[-1]}"' in page.text


async def test_whom_others_vouch_for_is_held_up_by_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, crowd: list[int], talk: int
) -> None:
    assert set(await open_many(bob, crowd)) == {201}
    await say(bob, talk, THREE)


async def test_being_written_to_counts_for_nothing(
    alice: httpx.AsyncClient, crowd: list[int], town: Town, orm: None
) -> None:
    for one in crowd[:25]:
        await Conversation.open_direct(between=(one, town["alice"]))
    assert await open_many(alice, crowd[25:26]) == [201]


async def test_a_group_counts_once_for_each_of_its_people(
    alice: httpx.AsyncClient, crowd: list[int], town: Town
) -> None:
    group = await opened(alice, crowd[:18], "Tous ensemble")
    assert (await alice.post(place(group, crowd[18]))).status_code == 201
    asked = {"members": crowd[20:22], "title": "À trois"}
    refused = await alice.post("/api/v1/conversations", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_people")
    assert (await alice.post(place(group, crowd[19]))).status_code == 201
    refused = await alice.post(place(group, crowd[20]))
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_people")
    form = {"membres": [str(one) for one in crowd[22:24]], "titre": "Encore"}
    page = await alice.post("/messages/groupe", data=form)
    assert (page.status_code, "Reprenez demain" in page.text, 'value="Encore"' in page.text) == (
        422,
        True,
        True,
    )
    assert len((await alice.get("/api/v1/conversations")).json()["items"]) == 1, (
        "nothing is left of what was refused"
    )


async def test_who_was_put_out_again_has_been_turned_to_all_the_same(
    alice: httpx.AsyncClient, crowd: list[int], connection: Raw
) -> None:
    group = await opened(alice, crowd[:17], "Tous ensemble")
    assert (await alice.post(place(group, crowd[17]))).status_code == 201
    for one in crowd[:18]:
        assert (await alice.delete(place(group, one))).status_code == 204
    assert await open_many(alice, crowd[18:21]) == [201, 201, 409]
    refused = await alice.post("/api/v1/conversations", json={"members": crowd[20:22], "title": "Encore"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_people")
    await connection.execute("UPDATE conversation SET created_at = created_at - interval '25 hours'")
    assert await open_many(alice, crowd[20:22]) == [201, 201], "to put somebody out is to turn to nobody"


async def test_who_looks_after_a_group_of_others_counts_whom_they_take_in(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, crowd: list[int], town: Town
) -> None:
    group = await opened(bob, [town["alice"], *crowd[25:]], "Chez Bob")
    assert (await bob.patch(place(group, town["alice"]), json={"role": "owner"})).status_code == 200
    codes = [(await alice.post(place(group, one))).status_code for one in crowd[: PEOPLE_A_DAY + 1]]
    assert codes == [*[201] * PEOPLE_A_DAY, 409]
    assert (await alice.delete(place(group, crowd[0]))).status_code == 204
    assert (await alice.post(place(group, crowd[PEOPLE_A_DAY]))).status_code == 409


async def test_whom_another_takes_in_does_not_count_for_who_opened_the_group(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, crowd: list[int], town: Town
) -> None:
    group = await opened(alice, [town["bob"], crowd[0]], "À deux")
    assert (await alice.patch(place(group, town["bob"]), json={"role": "owner"})).status_code == 200
    for one in crowd[1:12]:
        assert (await bob.post(place(group, one))).status_code == 201
    for one in crowd[1:4]:
        assert (await bob.delete(place(group, one))).status_code == 204
    assert await open_many(alice, crowd[12:]) == [201] * 18


async def test_many_at_once_are_no_more_than_twenty(
    alice: httpx.AsyncClient, crowd: list[int], town: Town, orm: None
) -> None:
    async def open_one(member: int) -> bool:
        try:
            await Conversation.open_direct(between=(town["alice"], member))
        except TooManyPeople:
            return False
        return True

    results = await asyncio.gather(*(open_one(one) for one in crowd))
    assert sum(results) == PEOPLE_A_DAY


async def test_two_links_at_once_and_no_third(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, crowd: list[int], talk: int, town: Town
) -> None:
    seq = await say(alice, talk, TWO)
    message = {"client_id": client_id(), "body": THREE}
    refused = await alice.post(f"/api/v1/conversations/{talk}/messages", json=message)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_links")
    change = await alice.patch(f"/api/v1/conversations/{talk}/messages/{seq}", json=message)
    assert (change.status_code, change.json()["code"]) == (409, "too_many_links")
    await say(bob, talk, THREE)


async def test_the_page_keeps_words_with_too_many_links(
    alice: httpx.AsyncClient, crowd: list[int], talk: int, town: Town
) -> None:
    words = {"client_id": client_id(), "body": THREE}
    first = {**words, "membre": town["bob"]}
    seq = await say(alice, talk, "Bonjour")
    for path, form in (
        (f"/messages/{talk}/envoi", words),
        ("/messages/nouveau", first),
        (f"/messages/{talk}/m/{seq}/modification", words),
    ):
        page = await alice.post(path, data=form)
        assert page.status_code == 422, path
        assert "deux liens par message" in page.text, path
        assert "www.trois.example" in page.text, path


async def test_a_socket_is_told_why(
    served: Served, alice: httpx.AsyncClient, talk: int, crowd: list[int]
) -> None:
    async with signed_in(served, "alice") as socket:
        await socket.hello()
        await socket.say("send", conversation=talk, client_id="client-1", body=THREE)
        refused = await socket.hears("refusal")
        assert (refused["code"], refused["client_id"]) == ("too_many_links", "client-1")
        assert (await socket.send(talk, "client-1", TWO))["seq"] == 1
