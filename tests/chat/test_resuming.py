"""The server goes and comes back; whoever was connected goes on from their numbers."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from echange.chat import writer
from tests.chat.sockets import Talker, cookie, signed_in, talker
from tests.conftest import Served, sign_in
from tests.neighbours import settle_at
from tests.starting.commands import Echange


@pytest.fixture
def echange(tmp_path: Path) -> Iterator[Echange]:
    """A town with a PostgreSQL of its own, as durable as people's."""
    own = Echange(tmp_path / "var", {"ECHANGE_RATE_FACTOR": "0"})
    yield own
    for serving in own.started:
        serving.end()


async def test_killed_amid_a_conversation_the_server_keeps_every_acked_message_once(echange: Echange) -> None:
    serving = echange.serve()
    town = await settle_at(json.loads(echange("doctor", "--json").stdout)["database_url"])
    talk = await _open_talk(serving.url, town["bob"])
    cookies = await cookie(serving.url, "alice")
    bobs = await cookie(serving.url, "bob")
    async with talker(serving.url, cookies) as alice, talker(serving.url, bobs) as bob:
        await bob.hello(**{f"c{talk}": 0})
        for number in range(60):
            await alice.say("send", conversation=talk, client_id=f"message-{number}", body=f"mot {number}")
        acked = [await alice.hears("ack") for _ in range(20)]
        os.kill(serving.process.pid, signal.SIGKILL)
        acked += await _rest(alice, "ack")
        heard = await _rest(bob, "event")
    reached = max((event["seq"] for event in heard), default=0)

    serving = echange.serve()
    async with talker(serving.url, cookies) as alice, talker(serving.url, bobs) as bob:
        await bob.hello(**{f"c{talk}": reached})
        for ack in acked:
            number = int(ack["client_id"].removeprefix("message-"))
            again = await alice.send(talk, ack["client_id"], f"mot {number}")
            assert (again["seq"], again["at"]) == (ack["seq"], ack["at"])
        for number in range(60):
            await alice.send(talk, f"message-{number}", f"mot {number}")
        missed = [await bob.hears("event") for _ in range(60 - reached)]
        serving.process.terminate()
        assert await bob.closes() == 1012
    seqs = [event["seq"] for event in heard + missed]
    assert seqs == list(range(1, 61))
    assert [event["data"]["body"] for event in heard + missed] == [f"mot {number}" for number in range(60)]


async def _open_talk(url: str, other: int) -> int:
    async with httpx.AsyncClient(base_url=url, headers={"origin": url}) as alice:
        await sign_in(alice, "alice")
        answer = await alice.post("/api/v1/conversations", json={"members": [other]})
        number: int = answer.json()["id"]
        return number


async def _rest(one: Talker, kind: str) -> list[dict[str, Any]]:
    """What still came before the end, with what was heard on the way."""
    before = len(one.heard) if kind == "ack" else 0
    with contextlib.suppress(ConnectionClosed):
        while True:
            await one.hears(kind)
    return [frame for frame in one.heard[before:] if frame["type"] == kind]


async def test_while_the_database_is_away_the_socket_stays_and_says_so(
    served: Served, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_purpose: str) -> None:
        raise ConnectionRefusedError

    async with signed_in(served, "alice") as alice:
        monkeypatch.setattr(writer, "own_connection", away)
        await alice.say("send", conversation=talk, client_id="client-1", body="Bonjour")
        refusal = await alice.hears("refusal")
        assert (refusal["code"], refusal["client_id"]) == ("unavailable", "client-1")
        assert refusal["retry_ms"] > 0
        monkeypatch.undo()
        assert (await alice.send(talk, "client-1", "Bonjour"))["seq"] == 1


async def test_too_many_messages_at_once_are_refused_with_a_time_to_wait(served: Served, talk: int) -> None:
    served.app.state.limiter._factor = 1
    async with signed_in(served, "alice") as alice:
        for number in range(25):
            await alice.say("send", conversation=talk, client_id=f"client-{number}", body="mot")
        refusal = await alice.hears("refusal")
        assert refusal["code"] == "rate"
        assert 0 < refusal["retry_ms"] <= 200
        await asyncio.sleep(refusal["retry_ms"] / 1000)
        await alice.send(talk, refusal["client_id"], "mot")
