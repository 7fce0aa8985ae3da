"""Whether others see that I am there is mine to say."""

import re

import asyncpg
import httpx

from tests.neighbours import Town

CHECKED = re.compile(r'<input[^>]* name="presence"[^>]* checked')
SHOWS = "SELECT shows_presence FROM member WHERE id = $1"


async def test_alice_is_seen_until_she_says_otherwise_and_may_take_it_back(
    alice: httpx.AsyncClient, town: Town, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    page = (await alice.get("/moi/confidentialite")).text
    assert CHECKED.search(page)
    assert "/moi/confidentialite" in (await alice.get("/moi")).text, "one can get there"
    assert (await alice.post("/moi/confidentialite", data={})).status_code == 303
    assert await connection.fetchval(SHOWS, town["alice"]) is False
    assert not CHECKED.search((await alice.get("/moi/confidentialite")).text)
    await alice.post("/moi/confidentialite", data={"presence": "on"})
    assert await connection.fetchval(SHOWS, town["alice"]) is True
    assert await connection.fetchval(SHOWS, town["bob"]) is True, "only she"


async def test_something_else_than_yes_or_no_is_refused(alice: httpx.AsyncClient) -> None:
    assert (await alice.post("/moi/confidentialite", data={"presence": "peut-être"})).status_code == 422


async def test_somebody_signed_out_is_asked_to_sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/moi/confidentialite")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/connexion")
