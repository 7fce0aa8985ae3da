"""Sockets of one process, on a real port: who hears what, and how it ends."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from echange import live
from echange.http import Viewer
from echange.http.refusals import TooMany
from echange.live import Hub, Line
from tests.live.waiting import until


@dataclass
class House:
    """A hub whose sockets say for themselves who they are."""

    hub: Hub
    url: str
    lines: list[Line]

    @asynccontextmanager
    async def socket(self, member: int, session: int = 1, **options: Any) -> AsyncIterator[ClientConnection]:
        before = self.hub.count
        async with connect(
            f"{self.url}/?member={member}&session={session}", compression=None, **options
        ) as one:
            await until(lambda: self.hub.count > before and len(self.lines) >= self.hub.count)
            yield one


@pytest.fixture
async def house() -> AsyncIterator[House]:
    hub = Hub()
    lines: list[Line] = []

    async def serve(socket: WebSocket) -> None:
        member, session = int(socket.query_params["member"]), int(socket.query_params["session"])
        viewer = Viewer(member, "Quelqu’un", "quelquun", True, session_id=session)

        async def talk(line: Line) -> None:
            line.listen()
            line.catch_up({})
            lines.append(line)
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass

        try:
            await hub.serve(socket, viewer, talk)
        except TooMany:
            await socket.close(1008)

    app = Starlette(routes=[WebSocketRoute("/", serve)])
    with sockets.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, lifespan="off", log_level="warning", access_log=False, ws="websockets-sansio"
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        try:
            async with hub:
                yield House(hub, f"ws://127.0.0.1:{listener.getsockname()[1]}", lines)
        finally:
            server.should_exit = True
            await task


async def heard(socket: ClientConnection) -> str:
    async with asyncio.timeout(10):
        return str(await socket.recv())


async def rest(socket: ClientConnection) -> tuple[list[str], int | None]:
    """Everything until the end, and the code it closed with."""
    said: list[str] = []
    async with asyncio.timeout(20):
        try:
            while True:
                said.append(str(await socket.recv()))
        except ConnectionClosed:
            return said, socket.close_code


async def test_every_socket_of_a_member_hears_and_nobody_else(house: House) -> None:
    async with house.socket(1) as phone, house.socket(1) as desk, house.socket(2) as other:
        live.send([1], "pour un")
        live.send([2, 3], "pour deux")
        assert [await heard(phone), await heard(desk), await heard(other)] == ["pour un"] * 2 + ["pour deux"]


async def test_an_ended_session_is_silent_from_then_on_and_the_others_go_on(house: House) -> None:
    async with house.socket(1, session=7) as gone, house.socket(1, session=8) as stays:
        house.hub.send([1], "avant")
        assert await heard(gone) == "avant"
        house.hub.end_session(7)
        house.hub.send([1], "après")
        said, code = await rest(gone)
        assert [json.loads(frame) for frame in said] == [{"type": "bye", "code": "signed_out"}]
        assert code == 4001
        assert [await heard(stays), await heard(stays)] == ["avant", "après"]


async def test_ending_a_member_ends_all_their_sockets(house: House) -> None:
    async with house.socket(1) as one, house.socket(1, session=2) as two, house.socket(2) as other:
        house.hub.end_member(1)
        assert [(await rest(one))[1], (await rest(two))[1]] == [4001, 4001]
        house.hub.send([2], "toujours là")
        assert await heard(other) == "toujours là"


async def test_a_slow_reader_is_closed_and_nobody_waits_for_it(house: House) -> None:
    async with house.socket(1, max_queue=1) as slow, house.socket(2) as quick:
        slow.transport.pause_reading()
        frame = "x" * 60_000
        sent = 0
        # What the system itself buffers comes first.
        while house.lines[0]._code is None:
            house.hub.send([1], frame)
            sent += 1
            assert sent < 2000
            await asyncio.sleep(0)
        house.hub.send([2], "tout de suite")
        assert await heard(quick) == "tout de suite"
        slow.transport.resume_reading()
        said, code = await rest(slow)
        assert code == 4008
        assert json.loads(said[-1]) == {"type": "bye", "code": "too_slow"}
        assert len(said) - 1 < sent


async def test_closing_time_says_restart_to_everybody(house: House) -> None:
    async with house.socket(1) as one, house.socket(2) as two:
        await house.hub.__aexit__()
        for socket in (one, two):
            said, code = await rest(socket)
            assert (json.loads(said[-1])["code"], code) == ("restart", 1012)
    assert house.hub.count == 0
    live.send([1], "plus personne")


async def test_an_eleventh_socket_is_refused_until_another_closes(house: House) -> None:
    opened = [house.socket(1) for _ in range(10)]
    for one in opened:
        await one.__aenter__()
    with pytest.raises(Exception, match="403"):
        async with connect(f"{house.url}/?member=1&session=1"):
            pass
    await opened.pop().__aexit__(None, None, None)
    await until(lambda: house.hub.count < 10)
    house.lines.clear()
    async with connect(f"{house.url}/?member=1&session=1"):
        pass
    for one in opened:
        await one.__aexit__(None, None, None)


class Deaf:
    """A socket that nothing is read from: these tests are about what a line decides."""


def line() -> Line:
    return Line(Deaf(), Viewer(1, "Alice", "alice", True))  # type: ignore[arg-type]


def said(one: Line) -> list[str]:
    return list(one._queue)


async def test_a_line_misses_nothing_from_listening_on_and_says_nothing_twice() -> None:
    one = line()
    one.hear("trop tôt", (5, 1))
    one.listen()
    one.hear("deux", (5, 2))
    one.hear("trois", (5, 3))
    one.hear("autre", (6, 1))
    one.hear("sans numéro")
    assert said(one) == []
    one.catch_up({5: 2})
    assert said(one) == ["trois", "autre", "sans numéro"]
    one.hear("deux, en retard", (5, 2))
    one.hear("quatre", (5, 4))
    assert said(one) == ["trois", "autre", "sans numéro", "quatre"]


async def test_a_line_turned_away_hears_nothing_until_it_listens_again() -> None:
    one = line()
    one.listen()
    one.turn_away()
    one.hear("perdu")
    one.catch_up({})
    assert said(one) == []


async def test_a_line_that_holds_too_much_is_ended() -> None:
    one = line()
    one.listen()
    for _ in range(10):
        one.hear("x" * 40_000)
    assert one._code == 4008
    assert said(one) == []
