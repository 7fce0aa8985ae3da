"""The same hand, asked for and given through programs with personal tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from echange.http.dates import today
from echange.members.keys import fresh_key, hash_key
from echange.mutual_aid.telling import match
from tests.mutual_aid.helps import days
from tests.neighbours import Town
from tests.sweeping import Connection

API = "/api/v1"
TITLE = "Déplacer une armoire"


@asynccontextmanager
async def program(app: Starlette, connection: Connection, member_id: int) -> AsyncIterator[httpx.AsyncClient]:
    """A program of somebody's: a token, neither cookies nor origin."""
    token = fresh_key()
    await connection.execute(
        "INSERT INTO personal_token (label, key_hash, member_id) VALUES ('essai', $1, $2)",
        hash_key(token),
        member_id,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://127.0.0.1:8000",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client


async def test_two_programs_lead_a_help_to_thanks(app: Starlette, town: Town, connection: Connection) -> None:
    async with program(app, connection, town["alice"]) as alice, program(app, connection, town["bob"]) as bob:
        aid = await ask(alice)
        await match(aid)
        fitting = (await bob.get(f"{API}/helps/matches")).json()["items"]
        assert [one["help"]["id"] for one in fitting] == [aid]
        exchange = await propose(bob, aid)
        await say(alice, exchange, "acceptance", "accepted")
        await say(bob, exchange, "declaration", "declared", {"minutes": 90})
        assert (await say(alice, exchange, "confirmation", "settled"))["settled_minutes"] == 90
        await say(alice, exchange, "thanks", "settled", {"text": "Et le parquet est intact !"})

        assert await hours(alice) == (30, [(-90, "exchange", TITLE), (120, "welcome", "")])
        assert await hours(bob) == (210, [(90, "exchange", TITLE), (120, "welcome", "")])
        thanked = (await alice.get(f"{API}/members/{town['bob']}/thanks")).json()["items"]
        assert [(one["words"], one["year"], one["field"]) for one in thanked] == [
            ("Et le parquet est intact !", today().year, "Bricolage et travaux")
        ]
    proof = (await httpx_of(app).get(f"{API}/ledger/proof")).json()
    assert (proof["ok"], proof["sum_minutes"]) == (True, 0)


async def ask(alice: httpx.AsyncClient) -> int:
    start, end = days(3), days(3.1)
    answer = await alice.post(
        f"{API}/helps",
        json={
            "kind": "ask",
            "title": TITLE,
            "minutes": 90,
            "quartier": "les-larris",
            "skills": ["Montage de meubles"],
            "slots": [{"start": start.isoformat(), "end": end.isoformat()}],
        },
        headers={"idempotency-key": "armoire-1"},
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def propose(bob: httpx.AsyncClient, aid: int) -> int:
    answer = await bob.post(f"{API}/helps/{aid}/proposals", json={"words": "J’ai des sangles."})
    assert (answer.status_code, answer.json()["state"]) == (201, "proposed"), answer.text
    return int(answer.json()["id"])


async def say(
    client: httpx.AsyncClient, exchange: int, verb: str, state: str, body: dict[str, object] | None = None
) -> dict[str, object]:
    """One of the calls that the exchange itself names as next."""
    seen = (await client.get(f"{API}/exchanges/{exchange}")).json()
    assert verb in seen["next"]
    answer = await client.post(f"{API}/exchanges/{exchange}/{verb}", json=body or {})
    assert answer.is_success, answer.text
    told: dict[str, object] = answer.json()
    assert told["state"] == state
    return told


async def hours(client: httpx.AsyncClient) -> tuple[int, list[tuple[int, str, str]]]:
    account = (await client.get(f"{API}/ledger/account")).json()
    entries = (await client.get(f"{API}/ledger/entries")).json()["items"]
    me = (await client.get(f"{API}/me")).json()
    assert me["balance_minutes"] == account["balance_minutes"]
    return account["balance_minutes"], [(one["minutes"], one["kind"], one["reason"]) for one in entries]


def httpx_of(app: Starlette) -> httpx.AsyncClient:
    """Somebody without any token."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize("path", ["exchanges/1", "ledger/account", "helps/matches"])
async def test_without_a_token_nothing_is_told(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{API}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
