"""No figure is told of a server that loses or doubles messages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import orjson
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.benchmarks.chat_crowd import Crowd
from tests.benchmarks.chat_load import measured
from tests.benchmarks.chat_order import Light, Order, Room, Round, Rush, Target
from tests.benchmarks.chat_socket import HOST, Broken, Socket

RUSH = Rush(window=2, warming_seconds=0.01, seconds=0.05)
LIGHT = Light(per_second=100, seconds=0.05)
ROOM = Room(conversation=7, people=(0, 1, 2), writers=(0, 1))
Fate = Callable[[str, int], int]
"""How often a frame goes out, by its type and the number of its message."""


async def test_an_honest_server_gets_a_rate() -> None:
    told = await measured_at(once, RUSH)
    assert told.messages > 0
    assert told.rate == told.messages / told.seconds


async def test_an_honest_server_gets_a_latency_for_each_hearing() -> None:
    told = await measured_at(once, LIGHT)
    assert len(told.latencies) == 5
    assert all(each > 0 for each in told.latencies)


@pytest.mark.parametrize(
    ("kind", "times", "said"),
    [
        ("event", 0, "1 not delivered"),
        ("event", 2, "1 delivered twice"),
        ("ack", 0, "1 not acknowledged"),
        ("ack", 2, "1 acknowledged twice"),
    ],
)
async def test_a_server_that_loses_or_doubles_gets_none(kind: str, times: int, said: str) -> None:
    def fate(what: str, number: int) -> int:
        return times if (what, number) == (kind, 3) else once(what, number)

    with pytest.raises(Broken, match=said):
        await measured_at(fate, LIGHT, patience=1.0)


async def test_a_server_that_refuses_a_message_gets_none() -> None:
    with pytest.raises(Broken, match="unavailable"):
        await measured_at(lambda what, number: 1 if what == "refusal" else 0, LIGHT)


async def test_a_server_that_hangs_up_gets_none() -> None:
    with pytest.raises(Broken, match="closed with 1011"):
        await measured_at(failing, LIGHT)


async def test_somebody_refused_at_the_door_is_told_so() -> None:
    with pytest.raises(Broken, match="401"):
        await measured_at(once, LIGHT, key="a stranger's")


async def test_frames_cut_anywhere_are_read_whole() -> None:
    event = {"type": "event", "kind": "message", "client_id": f"018fffff-ffff-7abc-8def-{5:012x}"}
    long: dict[str, Any] = {**event, "data": {"body": "é" * 100}}
    unlike_ours = {"kind": "message", "client_id": f"018fffff-ffff-7abc-8def-{6:012x}", "type": "event"}
    frames = b"".join(map(server_frame, [event, unlike_ours, long]))
    for cut in range(1, len(frames)):
        numbers: list[int] = []
        socket = welcomed(numbers)
        socket.data_received(frames[:cut])
        socket.data_received(frames[cut:])
        assert numbers == [5, 6, 5]


async def measured_at(
    fate: Fate, pace: Rush | Light, *, key: str = "a neighbour's", patience: float = 10.0
) -> Round:
    async with town(fate) as port:
        order = Order((Target((port,), (), (key,) * 3, (ROOM,)),), pace)
        crowd = Crowd(order, order.targets[0], patience=patience)
        try:
            await crowd.enter(ROOM.people)
            return await measured(crowd, pace)
        finally:
            crowd.leave()


def once(what: str, number: int) -> int:
    return 0 if what == "refusal" else 1


def failing(what: str, number: int) -> int:
    raise RuntimeError


@asynccontextmanager
async def town(fate: Fate) -> AsyncIterator[int]:
    """A server of one room, as honest as `fate` lets it be."""
    inside: set[ServerConnection] = set()

    async def talk(socket: ServerConnection) -> None:
        inside.add(socket)
        with suppress(ConnectionClosed):
            await listen(socket)

    async def listen(socket: ServerConnection) -> None:
        async for text in socket:
            frame = orjson.loads(text)
            if frame["type"] == "hello":
                await socket.send('{"type":"welcome"}')
                continue
            named = {"client_id": frame["client_id"]}
            number = int(frame["client_id"][24:], 16)
            for told in ({"type": "refusal", "code": "unavailable", **named}, {"type": "ack", **named}):
                await say(socket, told, fate(told["type"], number))
            for one in inside:
                # Whoever wrote hears of it too, as on their other devices.
                await say(one, {"type": "event", "kind": "message", **named}, fate("event", number))

    async def door(socket: ServerConnection, request: Any) -> Any:
        known = "session=a neighbour's" in request.headers["cookie"]
        return None if known else socket.respond(401, "signed_out")

    async with serve(talk, HOST, 0, process_request=door) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def say(socket: ServerConnection, told: dict[str, Any], times: int) -> None:
    for _ in range(times):
        await socket.send(orjson.dumps(told).decode())


def welcomed(numbers: list[int]) -> Socket:
    class Listener:
        def acked(self, socket: Socket, number: int) -> None: ...
        def broke(self, reason: str) -> None: ...
        def heard(self, socket: Socket, number: int) -> None:
            numbers.append(number)

    socket = Socket(b"", Listener())
    socket.connection_made(cast("asyncio.Transport", None))
    socket.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    return socket


def server_frame(told: dict[str, Any]) -> bytes:
    text = orjson.dumps(told)
    size = bytes((len(text),)) if len(text) < 126 else b"\x7e" + len(text).to_bytes(2)
    return b"\x81" + size + text
