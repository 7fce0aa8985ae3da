"""The same request under the same key is carried out once."""

import asyncio
from typing import Any

import asyncpg
import httpx

from tests.failing import failing

SIGNED_IN = {"cookie": "session=alice-key", "origin": "http://127.0.0.1:8000"}


async def write(
    client: httpx.AsyncClient, key: str, title: str, cookie: str = "session=alice-key"
) -> httpx.Response:
    headers = {**SIGNED_IN, "cookie": cookie, "idempotency-key": key}
    return await client.post("/api/v1/notes", json={"title": title}, headers=headers)


async def notes(connection: Any, title: str) -> int:
    count: int = await connection.fetchval("SELECT count(*) FROM quartier WHERE slug = $1", title)
    return count


async def test_a_replay_gets_the_first_answer(
    visitor: httpx.AsyncClient, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    first, again = await write(visitor, "k-1", "pain"), await write(visitor, "k-1", "pain")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert await notes(connection, "pain") == 1


async def test_twenty_at_once_are_one(
    visitor: httpx.AsyncClient, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    answers = await asyncio.gather(*(write(visitor, "k-2", "pain") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await notes(connection, "pain") == 1


async def test_the_same_key_with_another_body_is_refused(visitor: httpx.AsyncClient) -> None:
    await write(visitor, "k-3", "pain")
    answer = await write(visitor, "k-3", "vin")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


async def test_a_refusal_is_not_kept(
    visitor: httpx.AsyncClient, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    assert (await write(visitor, "k-4", "pris")).status_code == 409
    assert await connection.fetchval("SELECT count(*) FROM idempotency_key") == 0
    assert (await write(visitor, "k-4", "vin")).status_code == 201


async def test_two_members_may_use_the_same_key(visitor: httpx.AsyncClient) -> None:
    first = await write(visitor, "k-5", "pain")
    other = await write(visitor, "k-5", "vin", cookie="session=admin-key")
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json() != other.json()


async def test_a_key_that_cannot_be_one_is_refused(visitor: httpx.AsyncClient) -> None:
    for key in ("a" * 201, " "):
        answer = await write(visitor, key, "pain")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_what_a_deadlock_undid_is_done_again(
    visitor: httpx.AsyncClient, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with failing("quartier", "slug = 'pain'", "40P01", times=1):
        assert (await write(visitor, "k-6", "pain")).status_code == 201
    assert await notes(connection, "pain") == 1
