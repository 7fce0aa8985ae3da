"""The doorbell carries news, not the truth: whatever of it is lost, everybody converges."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from echange.chat import relay
from echange.config import Settings
from tests.chat.crowd import Raw, arrive, events, gather_in, page, seqs
from tests.chat.processes import Processes
from tests.chat.sockets import Talker, talker
from tests.conftest import Served


@dataclass
class Deaf:
    """A third process of the town, ours: what it rings nobody hears, and it hears nobody."""

    url: str
    other: str


@pytest.fixture
def database_url(processes: Processes) -> str:
    return processes.database_url


@pytest.fixture
def settings(tmp_path: Path, compiled: Path, unused_tcp_port: int) -> Settings:
    (tmp_path / "cache").symlink_to(compiled)
    dead = f"nats://127.0.0.1:{unused_tcp_port}"
    return Settings(data_dir=tmp_path, rate_factor=0, pool_size=10, doorbell_url=dead)


@pytest.fixture
def deaf(served: Served, processes: Processes) -> Deaf:
    return Deaf(served.url, processes.urls[0])


async def test_listeners_whose_connections_are_killed_hear_everything_all_the_same(
    processes: Processes, raw: Raw
) -> None:
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    here, there = processes.urls
    async with talker(here, alice.cookies) as writer, talker(there, bob.cookies) as reader:
        await reader.hello(**{f"c{talk}": 0})
        for turn in range(3):
            killed = await raw.fetch(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name = 'echange doorbell'"""
            )
            assert len(killed) == 2 or turn
            for number in range(5):
                await writer.send(talk, f"message-{turn}-{number}", "mot")
        heard = await seqs(reader, 15)
    assert heard == list(range(1, 16))


async def test_without_any_ring_messages_cross_both_ways(deaf: Deaf, raw: Raw) -> None:
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    async with talker(deaf.url, alice.cookies) as here, talker(deaf.other, bob.cookies) as there:
        for each in (here, there):
            await each.hello(**{f"c{talk}": 0})
        await here.send(talk, "message-1", "d’ici")
        await there.send(talk, "message-2", "de là")
        heard = [await seqs(who, 2) for who in (here, there)]
    assert heard == [[1, 2], [1, 2]]


async def test_without_any_ring_a_new_conversation_is_heard_of(deaf: Deaf, raw: Raw) -> None:
    alice, bob, charlie = await arrive(raw, 3)
    async with talker(deaf.other, bob.cookies) as late, talker(deaf.other, charlie.cookies) as soon:
        await late.hello()
        await soon.hello()
        async with page(deaf.url, alice) as own, talker(deaf.url, alice.cookies) as writer:
            silent, spoken = [await _open(own, [one.id]) for one in (bob, charlie)]
            await writer.send(spoken, "message-1", "Bonjour")
            assert await _place_heard(soon) == (spoken, 1)
            # Opened a while ago when the first word is said.
            await raw.execute("UPDATE participant SET joined_at = joined_at - interval '1 minute'")
            await writer.send(silent, "message-1", "Bonjour")
            assert await _place_heard(late) == (silent, 1)


async def test_without_any_ring_a_newcomer_hears_from_their_coming_on(deaf: Deaf, raw: Raw) -> None:
    alice, bob, charlie = await arrive(raw, 3)
    talk = await gather_in(raw, [alice, charlie], group=True)
    async with (
        talker(deaf.other, bob.cookies) as newcomer,
        talker(deaf.other, charlie.cookies) as one_of_them,
        talker(deaf.url, alice.cookies) as writer,
        page(deaf.url, alice) as own,
    ):
        await newcomer.hello()
        await one_of_them.hello(**{f"c{talk}": 0})
        await writer.send(talk, "message-1", "sans Bob")
        answer = await own.post(f"/api/v1/conversations/{talk}/members/{bob.id}")
        assert answer.status_code == 201, answer.text
        await writer.send(talk, "message-2", "avec Bob")
        assert await seqs(newcomer, 2) == [2, 3]
        assert await seqs(one_of_them, 3) == [1, 2, 3]


async def test_what_was_opened_while_nothing_could_be_compared_is_heard_of_later(
    deaf: Deaf, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when PostgreSQL was out of reach of one process only, for longer than a late commit may take."""
    monkeypatch.setattr(relay, "JOINED_SECONDS", 0.5)
    alice, bob = await arrive(raw, 2)
    async with (
        talker(deaf.url, bob.cookies) as reader,
        talker(deaf.other, alice.cookies) as writer,
        page(deaf.other, alice) as own,
    ):
        await reader.hello()
        with monkeypatch.context() as away:
            away.setattr(relay, "fetch", _unreachable)
            talk = await _open(own, [bob.id])
            await writer.send(talk, "message-1", "Bonjour")
            await asyncio.sleep(relay.COMPARE_SECONDS + 1)
            assert [frame for frame in reader.heard if frame["type"] == "event"] == []
        assert await _place_heard(reader) == (talk, 1)


async def _unreachable(*_: object) -> None:
    raise ConnectionRefusedError


async def _open(own: httpx.AsyncClient, members: list[int]) -> int:
    answer = await own.post("/api/v1/conversations", json={"members": members})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def _place_heard(who: Talker) -> tuple[int, int]:
    (event,) = await events(who, 1)
    return event["conversation"], event["seq"]
