"""Whatever is killed, and whenever, no acknowledged message is lost and none stands twice."""

import asyncio
import contextlib
import json
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from echange.demo.neighbours import ALICE
from tests.neighbours import settle_at
from tests.starting.commands import Echange, Serving

ROUNDS = 4
MESSAGES = 40
PATIENCE_SECONDS = 20


@pytest.fixture
def echange(tmp_path: Path) -> Iterator[Echange]:
    own = Echange(tmp_path / "var", {"ECHANGE_RATE_FACTOR": "0"})
    yield own
    for serving in own.started:
        serving.end()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
async def test_random_kills_lose_no_acked_message(echange: Echange, seed: int) -> None:
    chance = random.Random(seed)
    serving = echange.serve()
    town = await settle_at(_database_of(echange))
    own = {"authorization": f"Bearer {echange('token', ALICE.email).stdout.strip()}"}
    async with httpx.AsyncClient(base_url=serving.url, headers=own) as alice:
        opened = await alice.post("/api/v1/conversations", json={"members": [town["bob"]]})
    talk = opened.json()["id"]
    acked: dict[str, int] = {}
    sent: list[str] = []
    for turn in range(ROUNDS):
        names = [f"message-{turn}-{number}" for number in range(MESSAGES)]
        sent += names
        sending = asyncio.create_task(_send(serving.url, own, talk, names, acked))
        await asyncio.sleep(chance.uniform(0.02, 0.5))
        serving = await _kill_something(echange, serving, chance)
        await sending
        await _is_back(serving.url)
        before = dict(acked)
        await _send(serving.url, own, talk, sent, acked)
        assert {name: acked[name] for name in before} == before
    events = await _log(serving.url, own, talk)
    assert [event["seq"] for event in events] == list(range(1, len(sent) + 1))
    assert {event["client_id"]: event["seq"] for event in events} == acked


async def _send(url: str, own: dict[str, str], talk: int, names: list[str], acked: dict[str, int]) -> None:
    """Post each message; what was acknowledged is noted with its number."""
    async with httpx.AsyncClient(base_url=url, headers=own, timeout=10) as alice:
        for name in names:
            with contextlib.suppress(httpx.TransportError):
                answer = await alice.post(
                    f"/api/v1/conversations/{talk}/messages", json={"client_id": name, "body": name}
                )
                assert answer.status_code in {201, 503}, answer.text
                if answer.status_code == 201:
                    acked[name] = answer.json()["seq"]


async def _log(url: str, own: dict[str, str], talk: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with httpx.AsyncClient(base_url=url, headers=own) as alice:
        while True:
            place = {"after": len(events), "limit": 100}
            answer = await alice.get(f"/api/v1/conversations/{talk}/events", params=place)
            events += answer.json()["items"]
            if len(events) >= answer.json()["head"]:
                return events


async def _kill_something(echange: Echange, serving: Serving, chance: random.Random) -> Serving:
    if chance.random() < 0.5:
        os.kill(echange.postgres_pid(), signal.SIGKILL)
        return serving
    serving.process.kill()
    serving.process.wait()
    return await asyncio.to_thread(echange.serve)


async def _is_back(url: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(base_url=url) as visitor:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await visitor.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)


def _database_of(echange: Echange) -> str:
    url: str = json.loads(echange("doctor", "--json").stdout)["database_url"]
    return url
