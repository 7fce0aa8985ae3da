"""A hub on a real port, whose sockets say for themselves who they are."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from echange.http import Viewer
from echange.http.refusals import TooMany
from echange.live import Frame, Hub, Line
from tests.live.waiting import until

DIRECT = "echange.live.transport:LineProtocol"
PUBLIC = "websockets-sansio"


@dataclass
class House:
    hub: Hub
    port: int
    server: uvicorn.Server
    lines: list[Line] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """What the sockets have said to us."""

    @asynccontextmanager
    async def socket(self, member: int, session: int = 1, **options: Any) -> AsyncIterator[ClientConnection]:
        known = len(self.lines)
        async with connect(
            f"ws://127.0.0.1:{self.port}/?member={member}&session={session}", compression=None, **options
        ) as one:
            await until(lambda: len(self.lines) > known)
            yield one

    async def talk(self, socket: WebSocket, line: Line) -> None:
        line.listen()
        line.catch_up({})
        self.lines.append(line)
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            self.heard.append(message["text"])
            if message["text"] == "raccroche":
                line.end(1009)
            if message["text"] == "au revoir":
                return line.say(Frame("à bientôt"))
            if message["text"] == "ferme":
                line.say(Frame("je ferme"))
                await socket.close(1000)
            if message["text"] == "attends":
                await asyncio.sleep(60)
        return None

    async def serve(self, socket: WebSocket) -> None:
        member, session = int(socket.query_params["member"]), int(socket.query_params["session"])
        viewer = Viewer(member, "Quelqu’un", "quelquun", True, session_id=session, token_id=session + 1000)
        try:
            await self.hub.serve(socket, viewer, lambda line: self.talk(socket, line))
        except TooMany:
            await socket.close(1008)


@asynccontextmanager
async def open_house(protocol: str = DIRECT, **options: Any) -> AsyncIterator[House]:
    """Served by uvicorn on a free loopback port until the end of the block."""

    async def answer(socket: WebSocket) -> None:
        await house.serve(socket)

    with sockets.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            Starlette(routes=[WebSocketRoute("/", answer)]), lifespan="off", log_level="error",
            access_log=False, ws=protocol, ws_max_size=65_536, ws_per_message_deflate=False,
            timeout_graceful_shutdown=2, **options,
        )  # fmt: skip
        server = uvicorn.Server(config)
        house = House(Hub(), listener.getsockname()[1], server)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        try:
            async with house.hub:
                yield house
        finally:
            server.should_exit = True
            await task


async def heard(socket: ClientConnection) -> str:
    """The next frame."""
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


async def farewell(socket: ClientConnection) -> tuple[str, int | None]:
    """Why a socket was closed: what `bye` says, and the closing code."""
    said, code = await rest(socket)
    return json.loads(said[-1])["code"] if said else "", code
