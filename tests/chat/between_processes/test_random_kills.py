"""Whatever is killed, and whenever: no acked message is lost, none stands twice, all end with one order."""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
import pytest
from websockets.exceptions import WebSocketException

from tests.chat.crowd import Person, arrive, gather_in
from tests.chat.processes import Processes
from tests.chat.sockets import Talker, talker
from tests.starting.commands import eventually

SENDERS = 200
TOGETHER = 4
PATIENCE_SECONDS = 180
SILENT_SECONDS = 8


@dataclass
class Sender:
    """Writes its messages, comes back after every fall, and follows the conversation by its numbers."""

    person: Person
    talk: int
    names: list[str]
    due: int
    acked: dict[str, int] = field(default_factory=dict)
    heard: list[tuple[int, int, str]] = field(default_factory=list)

    async def write_it_all(self, processes: Processes) -> None:
        while not self.done:
            with suppress(OSError, WebSocketException, TimeoutError):
                url = random.choice(processes.urls)
                async with talker(url, self.person.cookies, open_timeout=10) as socket:
                    await self._talk(socket)
            await asyncio.sleep(random.uniform(0.05, 0.3))

    @property
    def done(self) -> bool:
        return len(self.acked) == len(self.names) and len(self.heard) == self.due

    async def _talk(self, socket: Talker) -> None:
        await socket.say("hello", cursors={self.talk: len(self.heard)})
        for name in self.names:
            if name not in self.acked:
                await self._send(socket, name)
        while not self.done:
            async with asyncio.timeout(SILENT_SECONDS):
                frame = orjson.loads(await socket.socket.recv())
            await self._take(socket, frame)

    async def _take(self, socket: Talker, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "welcome":
                assert frame["heads"][str(self.talk)] >= max([len(self.heard), *self.acked.values()]), frame
            case "event":
                assert frame["seq"] == len(self.heard) + 1, frame
                self.heard.append((frame["seq"], frame["by"], frame["client_id"]))
            case "ack":
                assert self.acked.setdefault(frame["client_id"], frame["seq"]) == frame["seq"], frame
            case "refusal":
                assert frame["code"] == "unavailable", frame
                await asyncio.sleep(frame.get("retry_ms", 1000) / 1000)
                if "client_id" not in frame:
                    # Hello itself was refused.
                    raise TimeoutError
                await self._send(socket, frame["client_id"])

    async def _send(self, socket: Talker, name: str) -> None:
        await socket.say("send", conversation=self.talk, client_id=name, body=name)


async def test_postgresql_and_a_server_are_killed_under_two_hundred_senders(processes: Processes) -> None:
    await _kill_under(processes, ["postgresql", "1"], each=3, chance=random.Random(44))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
async def test_random_things_are_killed_at_random_moments(processes: Processes, seed: int) -> None:
    chance = random.Random(seed)
    victims = chance.choices(["postgresql", "0", "1"], k=chance.randint(2, 5))
    await _kill_under(processes, victims, each=12, chance=chance)


async def _kill_under(processes: Processes, victims: list[str], *, each: int, chance: random.Random) -> None:
    """Have two hundred people write, kill these victims while they do, and compare what everybody has."""
    senders = await _gather(processes, each)
    total = SENDERS * each
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        for sender in senders:
            group.create_task(sender.write_it_all(processes))
        moments = sorted(chance.sample(range(total * 9 // 10), len(victims)))
        for moment, victim in zip(moments, victims, strict=True):
            while sum(len(sender.acked) for sender in senders) < moment:  # noqa: ASYNC110 — they count
                await asyncio.sleep(0.005)
            await _kill(processes, victim)
    await _compare(processes, senders, each)
    assert eventually(lambda: all(serving.get("/readyz") == 200 for serving in processes.serving))


async def _gather(processes: Processes, each: int) -> list[Sender]:
    raw = await asyncpg.connect(processes.database_url)
    try:
        people = await arrive(raw, SENDERS)
        names = [f"message-{number:02}" for number in range(each)]
        senders = []
        for start in range(0, SENDERS, TOGETHER):
            some = people[start : start + TOGETHER]
            talk = await gather_in(raw, some, group=True)
            senders += [Sender(person, talk, names, each * TOGETHER) for person in some]
        return senders
    finally:
        await raw.close()


async def _kill(processes: Processes, victim: str) -> None:
    """Kill it, and have it back: all others go on meanwhile."""
    if victim == "postgresql":
        await asyncio.to_thread(processes.kill_postgres)
    else:
        processes.kill(int(victim))
        await asyncio.to_thread(processes.serve_again, int(victim))


async def _compare(processes: Processes, senders: list[Sender], each: int) -> None:
    raw = await asyncpg.connect(processes.database_url)
    try:
        rows = await raw.fetch(
            """SELECT conversation_id, seq, by_id, client_id FROM event
               WHERE conversation_id = ANY($1::int[]) ORDER BY conversation_id, seq""",
            [sender.talk for sender in senders],
        )
    finally:
        await raw.close()
    logs: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for row in rows:
        logs[row["conversation_id"]].append((row["seq"], row["by_id"], row["client_id"]))
    for log in logs.values():
        assert [seq for seq, _, _ in log] == list(range(1, each * TOGETHER + 1))
    for sender in senders:
        log = logs[sender.talk]
        assert sender.heard == log
        assert {name: seq for seq, by, name in log if by == sender.person.id} == sender.acked
