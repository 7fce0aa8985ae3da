"""Rings come late, twice, bare or never: each socket hears every event once, in the order of the numbers."""

import random
from contextlib import AsyncExitStack
from typing import Any, Final

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.chat import Conversation, frames, log, relay
from echange.chat.events import Event
from echange.chat.relay import TOPIC
from echange.database import fetch
from echange.http.dates import now
from echange.live import Hub
from tests.chat.crowd import Raw, arrive, gather_in, seqs
from tests.chat.sockets import Talker, talker
from tests.conftest import Served

WAYS: Final = ("written here", "rung", "rung twice", "rung by its number", "never rung")


# Ten plans by default, a thousand with --long.
@settings(
    max_examples=settings().max_examples // 10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=12), chance=st.randoms())
async def test_whatever_becomes_of_the_rings_of_another_process(
    served: Served, connection: Raw, ways: list[str], chance: random.Random
) -> None:
    alice, bob = await arrive(connection, 2)
    talk = await gather_in(connection, [alice, bob])
    hub, pending = served.app.state.hub, list[str]()
    async with talker(served.url, bob.cookies) as reader:
        await reader.hello(**{f"c{talk}": 0})
        for number, way in enumerate(ways):
            pending += await _write(talk, alice.id, f"message-{number}", way)
            while pending and chance.random() < 0.5:
                hub.heard(pending.pop(chance.randrange(len(pending))))
        chance.shuffle(pending)
        for ring in pending:
            hub.heard(ring)
        # What nothing tells of is found by comparing heads.
        hub.back()
        assert await seqs(reader, len(ways)) == list(range(1, len(ways) + 1))
        await reader.say("nothing-of-ours")
        await reader.hears("refusal")
        assert len([frame for frame in reader.heard if frame["type"] == "event"]) == len(ways)


async def _write(talk: int, by: int, name: str, way: str) -> list[str]:
    """Write as this process does, or as another one does that has these rings on their way."""
    if way == "written here":
        await (await Conversation.get(id=talk)).post(by=by, client_id=name, body="mot")
        return []
    async with log.turn(talk, by=by) as mine:
        written = await mine.append(name, "message", {"body": "mot"})
    ring = [talk, written.event.seq, written.members, written.walls, frames.event(written.event).text]
    whole, bare = (orjson.dumps([TOPIC, each]).decode() for each in (ring, ring[:2]))
    return {"rung": [whole], "rung twice": [whole, whole], "rung by its number": [bare], "never rung": []}[
        way
    ]


@pytest.mark.parametrize("look", [1, 2])
async def test_who_comes_while_a_hole_is_read_misses_nothing(
    served: Served, connection: Raw, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    """Between two looks of a mending Bob comes and has read all there is, then something more is written."""
    alice, bob = await arrive(connection, 2)
    talk = await gather_in(connection, [alice, bob])
    looks = 0

    async def fetch_and_be_overtaken(sql: str, *values: object) -> Any:
        nonlocal looks
        found = await fetch(sql, *values)
        looks += values[0] == talk
        if values[0] == talk and looks == look:
            late.append(await stack.enter_async_context(talker(served.url, bob.cookies)))
            await late[0].hello(**{f"c{talk}": 0})
            await _write(talk, alice.id, "message-2", "never rung")
        return found

    late: list[Talker] = []
    async with AsyncExitStack() as stack, talker(served.url, alice.cookies) as early:
        await early.hello(**{f"c{talk}": 0})
        monkeypatch.setattr(relay, "fetch", fetch_and_be_overtaken)
        (ring,) = await _write(talk, alice.id, "message-1", "rung by its number")
        served.app.state.hub.heard(ring)
        assert await seqs(early, 1) == [1]
        (ring,) = await _write(talk, alice.id, "message-3", "rung")
        served.app.state.hub.heard(ring)
        assert await seqs(early, 3) == [1, 2, 3]
        assert await seqs(late[0], 3) == [1, 2, 3]


async def test_who_comes_before_the_ring_keeps_it_from_nobody(served: Served, connection: Raw) -> None:
    """Alice was here before the conversation was; Bob comes and reads it while its ring is on its way."""
    alice, bob = await arrive(connection, 2)
    async with talker(served.url, alice.cookies) as early:
        await early.hello()
        talk = await gather_in(connection, [alice, bob])
        (ring,) = await _write(talk, bob.id, "message-1", "rung")
        async with talker(served.url, bob.cookies) as late:
            await late.hello(**{f"c{talk}": 0})
            served.app.state.hub.heard(ring)
            assert await seqs(early, 1) == [1]
            (ring,) = await _write(talk, bob.id, "message-2", "rung")
            served.app.state.hub.heard(ring)
            assert await seqs(early, 2) == [1, 2]
            assert await seqs(late, 2) == [1, 2]


async def test_what_came_too_early_is_not_kept_for_nobody(orm: None, connection: Raw) -> None:
    talk = await gather_in(connection, await arrive(connection, 2))
    held = log.Written(Event(talk, 5, "message", 1, now(), "message-5", {"body": "mot"}), True)
    ours = relay.Relay(Hub())
    for tidy in (ours._forget, ours._compare):
        ours._told[talk], ours._early[talk] = 3, {5: held}
        await tidy()
        assert (ours._told, ours._early) == ({}, {})
