"""Messages as programs send and read them."""

import asyncio
from typing import Any

import asyncpg
import httpx

from echange.chat import Conversation, client_id
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.neighbours import Town


async def write(
    client: httpx.AsyncClient, talk: int, body: str, name: str = "", **headers: str
) -> httpx.Response:
    message = {"client_id": name or client_id(), "body": body}
    return await client.post(f"/api/v1/conversations/{talk}/messages", json=message, headers=headers)


async def test_a_message_is_created_once_and_read_from_the_log(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    sent = await write(alice, talk, "Bonjour", "client-1")
    assert sent.status_code == 201
    assert set(sent.json()) == {"conversation", "seq", "at"}
    again = await write(alice, talk, "Bonjour", "client-1")
    assert again.json() == sent.json()
    events = (await bob.get(f"/api/v1/conversations/{talk}/events?after=0")).json()
    assert events == {
        "items": [
            {
                "conversation": talk,
                "seq": 1,
                "kind": "message",
                "by": town["alice"],
                "at": sent.json()["at"],
                "client_id": "client-1",
                "data": {"body": "Bonjour"},
            }
        ],
        "head": 1,
    }
    conflict = await write(alice, talk, "Bonsoir", "client-1")
    assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict")


async def test_events_come_in_slices(alice: httpx.AsyncClient, talk: int) -> None:
    for number in range(1, 6):
        await write(alice, talk, f"mot {number}")
    slice_ = (await alice.get(f"/api/v1/conversations/{talk}/events?after=1&limit=2")).json()
    assert [event["seq"] for event in slice_["items"]] == [2, 3]
    assert slice_["head"] == 5


async def test_conversations_say_who_what_and_how_much_is_unread(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    await write(alice, talk, "un")
    await write(alice, talk, "deux")
    (one,) = (await bob.get("/api/v1/conversations")).json()["items"]
    assert one["members"] == [{"id": town["alice"], "name": "Alice Morel"}]
    assert (one["head"], one["read_seq"], one["unread"]) == (2, 0, 2)
    assert one["last"] == {"by": town["alice"], "body": "deux"}
    (mine,) = (await alice.get("/api/v1/conversations")).json()["items"]
    assert mine["unread"] == 0


async def test_a_stranger_gets_404_everywhere(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, talk: int
) -> None:
    await write(alice, talk, "Entre nous")
    answers = [
        await write(charlie, talk, "Coucou"),
        await charlie.get(f"/api/v1/conversations/{talk}/events"),
        await charlie.put(f"/api/v1/conversations/{talk}/read", json={"seq": 1}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
    assert (await charlie.get("/api/v1/conversations")).json()["items"] == []


async def test_somebody_signed_out_gets_401(client: httpx.AsyncClient, talk: int) -> None:
    assert (await write(client, talk, "Coucou")).status_code == 401
    assert (await client.get(f"/api/v1/conversations/{talk}/events")).status_code == 401


WRONG_MESSAGES: list[Any] = [
    {}, {"client_id": "client-1"}, {"client_id": "client-1", "body": ""}, {"client_id": "x", "body": "mot"},
    {"client_id": "client-1", "body": 3}, {"client_id": ["client-1"], "body": "mot"}, [], "mot", None,
    {"client_id": "client-1", "body": "x" * 4001}, {"client_id": "c" * 65, "body": "mot"},
]  # fmt: skip
WRONG_OPENINGS: list[Any] = [
    {}, {"members": []}, {"members": list(range(1, 202))}, {"members": [1, 2], "title": "x" * 81},
    {"members": ["x"]}, {"about": {"kind": "ad"}},
    {"about": {"kind": "ad", "id": "x"}}, {"about": 3},
]  # fmt: skip


async def test_a_wrong_message_or_opening_is_refused(alice: httpx.AsyncClient, talk: int) -> None:
    asked = [(f"/api/v1/conversations/{talk}/messages", body) for body in WRONG_MESSAGES]
    asked += [("/api/v1/conversations", body) for body in WRONG_OPENINGS]
    for url, body in asked:
        answer = await alice.post(url, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body


async def test_nobody_opens_a_conversation_about_nothing(alice: httpx.AsyncClient) -> None:
    for about in ({"kind": "ad", "id": 999999}, {"kind": "nothing", "id": 1}):
        assert (await alice.post("/api/v1/conversations", json={"about": about})).status_code == 404
    assert (await alice.post("/api/v1/conversations", json={"members": [999999]})).status_code == 404


async def test_opening_twice_at_once_opens_one(
    orm: None, town: Town, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    pair = (town["alice"], town["bob"])
    opened = await asyncio.gather(
        *(Conversation.open_direct(between=pair if n % 2 else pair[::-1]) for n in range(10))
    )
    assert len({one.id for one in opened}) == 1
    assert await connection.fetchval("SELECT count(*) FROM participant") == 2


async def test_a_message_under_an_idempotency_key_is_told_after_its_commit(
    served: Served, talk: int, alice: httpx.AsyncClient
) -> None:
    async with signed_in(served, "bob") as bob:
        await bob.hello()
        first = await write(alice, talk, "Bonjour", "client-1", **{"idempotency-key": "une-fois"})
        replay = await write(alice, talk, "Bonjour", "client-1", **{"idempotency-key": "une-fois"})
        other = await write(alice, talk, "Bonsoir", "client-1", **{"idempotency-key": "une-fois"})
        assert first.status_code == replay.status_code == 201
        assert first.json() == replay.json()
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
        assert (await bob.hears("event"))["seq"] == 1
        bob.heard.clear()
        await bob.hears_nothing()
