"""Whom one can no longer write to, for whatever reason, looks the same; what was said stays."""

import asyncio
import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import Conversation, client_id
from echange.chat.privacy import belongings
from echange.chat.refusals import SenderAway
from echange.http import NotFound
from echange.members import Block, Unreachable
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SENTENCE = "Cette personne ne peut pas recevoir de message en ce moment."
REASONS = ("blocked", "blocking", "paused", "hidden", "left")


async def part(connection: Raw, town: Town, reason: str) -> None:
    """Alice can no longer write to Bob."""
    if reason in {"blocked", "blocking"}:
        pair = ("bob", "alice") if reason == "blocked" else ("alice", "bob")
        await connection.execute(
            "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town[pair[0]], town[pair[1]]
        )
        return
    columns = {"paused": ["paused_at"], "hidden": ["hidden_at"], "left": ["leaving_at", "left_at"]}[reason]
    changes = ", ".join(f"{column} = now()" for column in columns)
    await connection.execute(f"UPDATE member SET {changes} WHERE id = $1", town["bob"])


@pytest.mark.parametrize("reason", REASONS)
async def test_every_reason_is_refused_in_the_same_words(
    alice: httpx.AsyncClient, talk: int, town: Town, connection: Raw, reason: str
) -> None:
    await alice.post(f"/messages/{talk}/envoi", data={"client_id": "client-1", "body": "Avant"})
    await part(connection, town, reason)
    page = await alice.post(f"/messages/{talk}/envoi", data={"client_id": client_id(), "body": "Après tout"})
    assert page.status_code == 422
    assert SENTENCE in page.text
    message = {"client_id": client_id(), "body": "Après tout"}
    told = await alice.post(f"/api/v1/conversations/{talk}/messages", json=message)
    assert (told.status_code, told.json()["code"], told.json()["title"]) == (409, "unavailable", SENTENCE)
    opened = [
        await alice.post("/api/v1/conversations", json={"members": [town["bob"]]}),
        await alice.post("/messages/nouveau", data={"membre": town["bob"]}),
        await alice.post("/messages/nouveau", data={"membre": 987654}),
    ]
    assert {answer.status_code for answer in opened} == {404}
    assert await connection.fetchval("SELECT count(*) FROM event") == 1


@pytest.mark.parametrize("reason", REASONS)
async def test_what_was_said_stays_readable_without_a_way_to_the_person(
    alice: httpx.AsyncClient, talk: int, town: Town, connection: Raw, reason: str
) -> None:
    await alice.post(f"/messages/{talk}/envoi", data={"client_id": "client-1", "body": "Avant"})
    assert 'href="/membres/bob"' in (await alice.get(f"/messages/{talk}")).text
    await part(connection, town, reason)
    page = (await alice.get(f"/messages/{talk}")).text
    assert "Avant" in page
    assert "/membres/bob" not in page
    assert "Le Plateau" not in page
    assert ("Ne plus éviter cette personne" in page) == (reason == "blocking"), "only who blocks sees it"
    assert ('id="composer"' in page) == (reason != "blocking")
    assert "Bob Traoré" in (await alice.get("/messages")).text
    # Sent again, what was sent before is still the same message.
    again = {"client_id": "client-1", "body": "Avant"}
    assert (await alice.post(f"/api/v1/conversations/{talk}/messages", json=again)).status_code == 201


async def test_a_socket_is_refused_alike_and_hears_nothing_of_it(
    served: Served, talk: int, town: Town, connection: Raw
) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        await Block.put(town["alice"], by=town["bob"])
        await alice.say("send", conversation=talk, client_id="client-1", body="Coucou")
        refused = await alice.hears("refusal")
        assert refused == {
            "type": "refusal", "code": "unavailable", "client_id": "client-1", "conversation": talk,
        }  # fmt: skip
        await bob.hears_nothing()
        await Block.lift(town["alice"], by=town["bob"])
        assert (await alice.send(talk, "client-1", "Coucou"))["seq"] == 1
        assert (await bob.hears("event"))["data"] == {"body": "Coucou"}


async def test_who_is_in_a_pause_does_not_write_and_knows_why(orm: None, town: Town, connection: Raw) -> None:
    conversation = await Conversation.open_direct(between=(town["alice"], town["bob"]))
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    with pytest.raises(SenderAway):
        await conversation.post(by=town["alice"], client_id=client_id(), body="Bonjour")
    with pytest.raises(Unreachable):
        await conversation.post(by=town["bob"], client_id=client_id(), body="Bonjour")


async def test_a_conversation_about_something_is_not_opened_either(orm: None, town: Town) -> None:
    await Block.put(town["bob"], by=town["alice"])
    for opener, other in (("alice", "bob"), ("bob", "alice")):
        with pytest.raises(NotFound):
            await Conversation.open_about("ad", 12, opener=town[opener], other=town[other])


async def test_messages_and_a_block_at_once_never_come_after_it(orm: None, town: Town) -> None:
    conversation = await Conversation.open_direct(between=(town["alice"], town["bob"]))

    async def say(number: int) -> bool:
        try:
            await conversation.post(by=town["bob"], client_id=f"message-{number}", body="Encore")
        except Unreachable:
            return False
        return True

    sent = await asyncio.gather(
        *(say(number) for number in range(10)), Block.put(town["bob"], by=town["alice"])
    )
    assert not await say(11)
    await conversation.refresh_from_db()
    assert conversation.head == sum(one is True for one in sent)


async def test_blocking_from_the_conversation_works_even_when_the_profile_is_hidden(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, talk: int, town: Town, connection: Raw
) -> None:
    await part(connection, town, "blocked")
    assert f'href="/messages/{talk}/blocage"' in (await alice.get(f"/messages/{talk}")).text
    assert "Ne plus avoir affaire à Bob" in (await alice.get(f"/messages/{talk}/blocage")).text
    assert (await charlie.post(f"/messages/{talk}/blocage")).status_code == 404
    done = await alice.post(f"/messages/{talk}/blocage")
    assert (done.status_code, done.headers["location"]) == (303, "/messages")
    assert f"/moi/blocages/{town['bob']}/retrait" in (await alice.get("/messages")).text, (
        "undone from the flash"
    )
    assert await connection.fetchval("SELECT count(*) FROM block") == 2


async def test_writing_from_a_profile_opens_and_says_it_at_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    asked = {"membre": town["bob"], "client_id": "client-1", "body": "Bonjour, mon vélo grince."}
    first = await alice.post("/messages/nouveau", data=asked)
    again = await alice.post("/messages/nouveau", data=asked)
    assert first.headers["location"] == again.headers["location"]
    page = re.sub(r'data-state="[^"]*"', "", (await bob.get(first.headers["location"])).text)
    assert page.count("mon vélo grince") == 2, "once in the list, once in the thread"
    long = await alice.post("/messages/nouveau", data={**asked, "client_id": "client-2", "body": "é" * 4001})
    assert (long.status_code, "é" * 4001 in long.text) == (422, True)


async def test_who_leaves_is_told_what_stays_and_only_their_marks_go(
    orm: None, town: Town, connection: Raw
) -> None:
    assert await belongings.told(town["alice"]) == []
    conversation = await Conversation.open_direct(between=(town["alice"], town["bob"]))
    await conversation.post(by=town["alice"], client_id=client_id(), body="Bonjour")
    (told,) = await belongings.told(town["alice"])
    assert "Ancien membre" in told
    await belongings.forget(town["alice"], None)
    assert await connection.fetchval("SELECT count(*) FROM event") == 1
    assert await connection.fetchval("SELECT max(read_seq) FROM participant") == 0
