"""The bare reference for messages: Starlette, asyncpg and one table. Its port is ECHANGE_PORT.

It knows the frames of `/live` and nothing else: no session, no membership, no block, no unread marks, no
replay, no other process. It shares with échange what makes messages fast: one statement and one commit for
all that gathered during the last one, acknowledgements after the commit, one ready frame for all receivers,
each written to its transport at once, no compression.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from echange.config import Settings

LONGEST_FRAME: Final = 64 * 1024
TABLE: Final = """
    CREATE SCHEMA IF NOT EXISTS bare;
    CREATE TABLE IF NOT EXISTS bare.message (
        conversation integer, seq integer, by integer, client_id text, body text, at timestamptz,
        PRIMARY KEY (conversation, seq)
    )"""
INSERT: Final = """
    INSERT INTO bare.message
    SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])"""

settings = Settings()
Row = tuple[int, int, int, str, str, datetime]


class Log:
    """One writer: what gathers during a commit goes into the next."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection
        self._heads: defaultdict[int, int] = defaultdict(int)
        self._rooms: defaultdict[int, set[asyncio.Transport]] = defaultdict(set)
        self._waiting: list[tuple[asyncio.Transport, Row]] = []
        self._filled = asyncio.Event()

    def join(self, conversation: int, transport: asyncio.Transport) -> None:
        self._rooms[conversation].add(transport)

    def leave(self, conversation: int, transport: asyncio.Transport) -> None:
        self._rooms[conversation].discard(transport)

    def post(self, by: int, frame: dict[str, Any], transport: asyncio.Transport) -> None:
        conversation = frame["conversation"]
        seq = self._heads[conversation] = self._heads[conversation] + 1
        row = (conversation, seq, by, frame["client_id"], frame["body"], datetime.now(UTC))
        self._waiting.append((transport, row))
        self._filled.set()

    async def write(self) -> None:
        insert = await self._connection.prepare(INSERT)
        while True:
            await self._filled.wait()
            self._filled.clear()
            batch, self._waiting = self._waiting, []
            await insert.fetch(*zip(*(row for _, row in batch), strict=True))
            for transport, row in batch:
                self._tell(transport, *row)

    def _tell(
        self,
        sender: asyncio.Transport,
        conversation: int,
        seq: int,
        by: int,
        name: str,
        body: str,
        at: datetime,
    ) -> None:
        place = {"conversation": conversation, "seq": seq, "at": at, "client_id": name}
        sender.write(framed({"type": "ack", **place}))
        event = framed({"type": "event", **place, "kind": "message", "by": by, "data": {"body": body}})
        for transport in self._rooms[conversation]:
            transport.write(event)


def framed(told: dict[str, Any]) -> bytes:
    """A server's text frame (RFC 6455 §5.2), shorter than 64 KiB."""
    text = orjson.dumps(told)
    size = bytes((len(text),)) if len(text) < 126 else b"\x7e" + len(text).to_bytes(2)
    return b"\x81" + size + text


async def talk(socket: WebSocket) -> None:
    """GET /live"""
    await socket.accept()
    log: Log = socket.app.state.log
    transport: asyncio.Transport = socket.scope["transport"]
    by = next(socket.app.state.numbers)
    joined: list[int] = []
    try:
        while True:
            frame = orjson.loads(await socket.receive_text())
            if frame["type"] == "send":
                log.post(by, frame, transport)
            else:
                joined = [int(each) for each in frame["cursors"]]
                for conversation in joined:
                    log.join(conversation, transport)
                await socket.send_text('{"type":"welcome","heads":{}}')
    except WebSocketDisconnect:
        for conversation in joined:
            log.leave(conversation, transport)


async def healthz(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(TABLE)
    app.state.log = Log(connection)
    app.state.numbers = itertools.count(1)
    writing = asyncio.create_task(app.state.log.write())
    yield
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    await connection.close()


class Bare:
    """The application, with uvicorn's transport where a fan-out finds it: one write for a receiver."""

    def __init__(self) -> None:
        routes = [Route("/healthz", healthz), WebSocketRoute("/live", talk)]
        self._app = Starlette(routes=routes, lifespan=lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope["transport"] = send.__self__.transport  # type: ignore[attr-defined]
        await self._app(scope, receive, send)


def main() -> None:
    uvicorn.run(
        Bare(),
        port=settings.port,
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=LONGEST_FRAME,
        lifespan="on",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
