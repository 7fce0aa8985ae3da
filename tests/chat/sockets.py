"""A neighbour's end of the socket, without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.conftest import Served, sign_in

PATIENCE = 10


class Talker:
    """Sends frames, and waits for the one it expects."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []

    async def say(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; what comes before it is kept in `heard`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.heard.append(frame)
                if frame["type"] == kind:
                    return frame

    async def hello(self, **cursors: int) -> dict[str, Any]:
        """`hello(c12=3)`: conversation 12 was read up to 3."""
        numbers = {name.removeprefix("c"): seq for name, seq in cursors.items()}
        await self.say("hello", cursors=numbers)
        return await self.hears("welcome")

    async def send(self, conversation: int, client_id: str, body: str) -> dict[str, Any]:
        """A message, until it is acknowledged."""
        await self.say("send", conversation=conversation, client_id=client_id, body=body)
        return await self.hears("ack")

    async def heard_so_far(self, *kinds: str) -> list[dict[str, Any]]:
        """All of these kinds that was on its way: a refused frame's answer comes after it."""
        await self.say("nothing-of-ours")
        assert (await self.hears("refusal"))["code"] == "invalid"
        return [frame for frame in self.heard if frame["type"] in kinds]

    async def hears_nothing(self) -> None:
        """No event was on its way."""
        assert await self.heard_so_far("event") == []

    async def closes(self) -> int | None:
        """How the server closed it."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        return self.socket.close_code


async def cookie(url: str, handle: str) -> str:
    """A neighbour's cookies after signing in over the network."""
    async with httpx.AsyncClient(base_url=url, headers={"origin": url}) as client:
        await sign_in(client, handle)
        return "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)


@asynccontextmanager
async def talker(url: str, cookies: str, **options: Any) -> AsyncIterator[Talker]:
    """An open socket of whoever these cookies belong to."""
    headers = {"cookie": cookies, "origin": url, **options.pop("headers", {})}
    origin = headers.pop("origin")
    address = url.replace("http", "ws", 1) + "/live"
    async with connect(
        address, additional_headers=headers, origin=origin, compression=None, **{"max_queue": None, **options}
    ) as socket:
        yield Talker(socket)


@asynccontextmanager
async def signed_in(served: Served, handle: str) -> AsyncIterator[Talker]:
    async with talker(served.url, await cookie(served.url, handle)) as one:
        yield one
