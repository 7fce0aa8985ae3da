"""Mending one's words, taking them back, putting a sign under them, answering them."""

import random
from datetime import datetime
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import client_id
from echange.chat.amending import REACTIONS
from echange.chat.events import Event
from echange.chat.folding import fold
from tests.chat.sockets import Talker, signed_in
from tests.conftest import Served
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Talk:
    """A conversation as a programme uses it."""

    def __init__(self, number: int) -> None:
        self.url = f"/api/v1/conversations/{number}"

    async def say(self, who: httpx.AsyncClient, body: str, **more: object) -> httpx.Response:
        return await who.post(f"{self.url}/messages", json={"client_id": client_id(), "body": body, **more})

    async def said(self, who: httpx.AsyncClient, body: str, **more: object) -> int:
        answer = await self.say(who, body, **more)
        assert answer.status_code == 201, answer.text
        seq: int = answer.json()["seq"]
        return seq

    async def edit(
        self, who: httpx.AsyncClient, seq: int, body: str, name: str | None = None
    ) -> httpx.Response:
        named = {"client_id": name or client_id(), "body": body}
        return await who.patch(f"{self.url}/messages/{seq}", json=named)

    async def delete(self, who: httpx.AsyncClient, seq: int, name: str | None = None) -> httpx.Response:
        return await who.delete(f"{self.url}/messages/{seq}", params={"client_id": name or client_id()})

    async def react(self, who: httpx.AsyncClient, seq: int, emoji: str, on: bool = True) -> httpx.Response:
        return await who.request("PUT" if on else "DELETE", f"{self.url}/messages/{seq}/reactions/{emoji}")

    async def stands(self, who: httpx.AsyncClient, seq: int) -> dict[str, Any]:
        answer = await who.get(f"{self.url}/messages/{seq}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def events(self, who: httpx.AsyncClient) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = (await who.get(f"{self.url}/events")).json()["items"]
        return told


@pytest.fixture
def ours(talk: int) -> Talk:
    """The conversation of Alice and Bob."""
    return Talk(talk)


@pytest.fixture
async def group(alice: httpx.AsyncClient, town: Town) -> Talk:
    """A group of Alice, Bob and Charlie, opened by Alice."""
    people = [town["bob"], town["charlie"]]
    opened = await alice.post("/api/v1/conversations", json={"members": people, "title": "Les voisins du 12"})
    assert opened.status_code == 201, opened.text
    return Talk(opened.json()["id"])


async def test_words_are_mended_for_everybody_and_the_first_ones_stay_in_the_log(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk
) -> None:
    seq = await ours.said(alice, "À jeudi 14 h")
    edited = await ours.edit(alice, seq, "À jeudi 15 h")
    assert (edited.status_code, edited.json()["seq"]) == (200, 2)
    now = await ours.stands(bob, seq)
    assert (now["data"]["body"], now["edited"], now["gone"]) == ("À jeudi 15 h", True, False)
    first, second = await ours.events(bob)
    assert (first["kind"], first["data"]["body"]) == ("message", "À jeudi 14 h")
    assert (second["kind"], second["data"]) == ("edit", {"body": "À jeudi 15 h", "target": 1})


async def test_the_same_act_twice_happens_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk
) -> None:
    seq = await ours.said(alice, "Bonjour")
    name = client_id()
    first, again = [await ours.edit(alice, seq, "Bonsoir", name) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    other = await ours.edit(alice, seq, "Autre chose", name)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    name = client_id()
    first, again = [await ours.delete(alice, seq, name) for _ in range(2)]
    assert (first.status_code, again.json()) == (200, first.json())
    assert len(await ours.events(bob)) == 3


async def test_nobody_else_mends_or_takes_back_a_message(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, ours: Talk
) -> None:
    seq = await ours.said(alice, "Bonjour")
    assert (await ours.edit(bob, seq, "Pris")).status_code == 403
    assert (await ours.delete(bob, seq)).status_code == 403
    for refused in (
        await ours.edit(charlie, seq, "Pris"),
        await ours.delete(charlie, seq),
        await ours.react(charlie, seq, "👍"),
        await charlie.get(f"{ours.url}/messages/{seq}"),
        await ours.edit(alice, 99, "Rien"),
        await ours.delete(alice, 99),
        await ours.react(alice, 99, "👍"),
    ):
        assert refused.status_code == 404, refused.text
    assert (await ours.stands(alice, seq))["data"]["body"] == "Bonjour"


async def test_only_messages_are_mended_not_what_became_of_them(alice: httpx.AsyncClient, ours: Talk) -> None:
    seq = await ours.said(alice, "Bonjour")
    change = (await ours.edit(alice, seq, "Bonsoir")).json()["seq"]
    assert (await ours.edit(alice, change, "Rien")).status_code == 404
    assert (await alice.get(f"{ours.url}/messages/{change}")).status_code == 404
    await ours.delete(alice, seq)
    assert (await ours.edit(alice, seq, "Encore")).status_code == 404
    assert (await ours.delete(alice, seq)).status_code == 404
    assert (await ours.react(alice, seq, "👍")).status_code == 404


async def test_what_was_deleted_stands_nowhere_any_more(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    ours: Talk,
    connection: Connection,
) -> None:
    seq = await ours.said(alice, "Le code est 4021")
    await ours.edit(alice, seq, "Le code est 4022")
    await ours.react(bob, seq, "👍")
    answer = await ours.said(bob, "Merci", reply_to=seq)
    assert (await ours.delete(alice, seq)).status_code == 200
    now = await ours.stands(bob, seq)
    assert (now["gone"], now["data"], now["reactions"]) == (True, {}, {})
    assert (await ours.stands(bob, answer))["data"]["reply_to"] == seq
    for client in (alice, bob):
        assert "Le code" not in (await client.get(f"{ours.url}/events")).text
    assert await connection.fetchval("SELECT count(*) FROM event WHERE data::text LIKE '%code est%'") == 0


async def test_a_sign_is_put_once_and_taken_away_again(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, town: Town
) -> None:
    seq = await ours.said(alice, "C’est fait !")
    for who in (bob, bob, alice):
        assert (await ours.react(who, seq, "🎉")).status_code == 200
    await ours.react(bob, seq, "❤️")
    both = [town["alice"], town["bob"]]
    assert (await ours.stands(alice, seq))["reactions"] == {"🎉": both, "❤️": [town["bob"]]}
    await ours.react(bob, seq, "❤️", on=False)
    await ours.react(bob, seq, "❤️", on=False)
    assert (await ours.stands(alice, seq))["reactions"] == {"🎉": both}


async def test_there_are_six_signs_and_no_other(alice: httpx.AsyncClient, ours: Talk) -> None:
    seq = await ours.said(alice, "Bonjour")
    for emoji in ("💣", "x", "👍👍", "%00"):
        assert (await ours.react(alice, seq, emoji)).status_code == 422, emoji


@pytest.mark.parametrize("body", ["", " \n ", "é" * 4001, "mot\x00", "\u202eretourné"])
async def test_new_words_are_looked_at_like_the_first(
    alice: httpx.AsyncClient, ours: Talk, body: str
) -> None:
    seq = await ours.said(alice, "Bonjour")
    assert (await ours.edit(alice, seq, body)).status_code == 422
    assert (await ours.edit(alice, seq, "Bonsoir", "court")).status_code == 422
    assert (await ours.stands(alice, seq))["edited"] is False


async def test_an_answer_is_to_a_message_that_stands(alice: httpx.AsyncClient, ours: Talk) -> None:
    seq = await ours.said(alice, "Bonjour")
    gone = await ours.said(alice, "Oups")
    await ours.delete(alice, gone)
    assert (await ours.say(alice, "Encore bonjour", reply_to=seq)).status_code == 201
    for nothing in (gone, gone + 1, 99):
        refused = await ours.say(alice, "Encore", reply_to=nothing)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), nothing
    events = await ours.events(alice)
    assert [one["data"].get("reply_to") for one in events if one["kind"] == "message"] == [None, None, seq]


async def test_an_answer_sent_again_is_the_first_one_even_when_its_question_is_gone(
    alice: httpx.AsyncClient, ours: Talk
) -> None:
    seq = await ours.said(alice, "Bonjour")
    sent = {"client_id": client_id(), "body": "Encore", "reply_to": seq}
    first = await alice.post(f"{ours.url}/messages", json=sent)
    await ours.delete(alice, seq)
    again = await alice.post(f"{ours.url}/messages", json=sent)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_nobody_acts_on_what_was_said_before_they_came(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    opened = await alice.post("/api/v1/conversations", json={"members": [town["bob"]], "title": "À deux"})
    group = Talk(opened.json()["id"])
    seq = await group.said(alice, "Avant Charlie")
    added = await alice.post(f"{group.url}/members/{town['charlie']}")
    assert added.status_code in {200, 201, 204}, added.text
    assert (await charlie.get(f"{group.url}/messages/{seq}")).status_code == 404
    assert (await group.react(charlie, seq, "👍")).status_code == 404
    assert (await group.say(charlie, "Bonjour", reply_to=seq)).status_code == 422
    assert (await group.say(charlie, "Bonjour")).status_code == 201


async def test_in_a_group_nobody_acts_on_what_is_kept_from_them(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: Talk, town: Town
) -> None:
    seq = await group.said(bob, "Bonjour à tous")
    await group.react(bob, seq, "🎉")
    assert (await charlie.post("/membres/bob/blocage")).status_code == 303
    kept = await group.stands(charlie, seq)
    assert (kept["gone"], kept["data"], kept["reactions"]) == (True, {}, {})
    assert (await group.react(charlie, seq, "👍")).status_code == 404
    assert (await group.say(charlie, "Oui", reply_to=seq)).status_code == 422
    mine = await group.said(charlie, "Bonjour")
    assert (await group.react(alice, mine, "👍")).status_code == 200
    assert (await group.react(bob, mine, "👍")).status_code == 404
    assert (await group.stands(charlie, mine))["reactions"] == {"👍": [town["alice"]]}


async def test_between_two_kept_apart_only_taking_back_is_left(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk
) -> None:
    mine = await ours.said(alice, "Bonjour Bob")
    theirs = await ours.said(bob, "Bonjour Alice")
    assert (await bob.post("/membres/alice/blocage")).status_code == 303
    for refused in (await ours.edit(alice, mine, "Bonsoir"), await ours.react(alice, theirs, "👍")):
        assert (refused.status_code, refused.json()["code"]) == (409, "unavailable")
    assert (await ours.delete(alice, mine)).status_code == 200


async def test_the_socket_does_the_same_and_says_why_not(served: Served, talk: int, town: Town) -> None:
    thumb = {"emoji": "👍", "on": True}
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await bob.hello()
        await alice.send(talk, "client-1", "À jeudi 14 h")
        await bob.hears("event")
        for act, told in (
            ({"type": "edit", "body": "À jeudi 15 h"}, ("edit", {"body": "À jeudi 15 h", "target": 1})),
            ({"type": "react", **thumb}, ("reaction", {**thumb, "target": 1})),
            ({"type": "delete"}, ("delete", {"target": 1})),
        ):
            name = client_id()
            await alice.say(**asked(act, talk, 1, name))
            ack = await alice.hears("ack")
            event = await bob.hears("event")
            assert (ack["client_id"], ack["seq"]) == (name, event["seq"])
            assert (event["kind"], event["data"]) == told
        await bob.send(talk, "client-2", "Merci")
        for act, target, code in (
            ({"type": "edit", "body": "Pris"}, 5, "unavailable"),
            ({"type": "delete"}, 1, "not_member"),
            ({"type": "react", "emoji": "💣", "on": True}, 5, "invalid"),
            ({"type": "edit", "body": ""}, 5, "invalid"),
        ):
            await alice.say(**asked(act, talk, target, client_id()))
            assert (await alice.hears("refusal"))["code"] == code


def asked(act: dict[str, Any], talk: int, target: int, name: str) -> dict[str, Any]:
    frame = {**act, "conversation": talk, "target": target, "client_id": name}
    return {"kind": frame.pop("type"), **frame}


@pytest.mark.parametrize("seed", range(3))
async def test_who_listened_all_along_and_who_reads_it_now_know_the_same(
    served: Served, alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int, seed: int
) -> None:
    chance = random.Random(seed)
    async with signed_in(served, "bob") as listener:
        await listener.hello()
        for _act in range(40):
            await act_at_random(chance, chance.choice((alice, bob)), ours)
        head = (await bob.get(f"{ours.url}/events")).json()["head"]
        told = await heard_until(listener, head)
    read = [event_of(one) for one in (await bob.get(f"{ours.url}/events")).json()["items"]]
    assert fold(told) == fold(read)
    cut = chance.randrange(head)
    mixed = [*(one for one in told if one.seq <= cut), *(one for one in read if one.seq > cut)]
    assert fold(mixed) == fold(read)
    for entry in fold(read):
        if entry.kind == "message":
            now = await ours.stands(alice, entry.seq)
            stands = (entry.data, entry.edited, entry.reactions)
            assert (now["data"], now["edited"], now["reactions"]) == stands


async def act_at_random(chance: random.Random, who: httpx.AsyncClient, ours: Talk) -> None:
    """Something that somebody may or may not do."""
    target = chance.randint(1, 20)
    match chance.choice(("say", "say", "answer", "edit", "edit", "delete", "react", "react", "unreact")):
        case "say":
            await ours.say(who, chance.choice(("Bonjour", "Oui", "Jeudi ?")))
        case "answer":
            await ours.say(who, "Oui", reply_to=target)
        case "edit":
            await ours.edit(who, target, chance.choice(("Bonsoir", "Non", "Vendredi ?")))
        case "delete":
            await ours.delete(who, target)
        case sign:
            await ours.react(who, target, chance.choice(REACTIONS), on=sign == "react")


async def heard_until(listener: Talker, head: int) -> list[Event]:
    """What a socket was told, up to this number."""
    listener.heard.clear()
    while (
        not (events := [one for one in listener.heard if one["type"] == "event"]) or events[-1]["seq"] < head
    ):
        await listener.hears("event")
    assert [one["seq"] for one in events] == list(range(1, head + 1))
    return [event_of(one) for one in events]


def event_of(told: dict[str, Any]) -> Event:
    fields = {name: value for name, value in told.items() if name != "type"}
    return Event(**{**fields, "at": datetime.fromisoformat(told["at"])})
