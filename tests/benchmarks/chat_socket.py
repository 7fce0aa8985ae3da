"""One neighbour's socket, with as little work as possible: the load generator must not be the bottleneck.

Frames go out under an empty mask (RFC 6455 §5.3: any key will do); of what comes in, only the number in the
client id is read, unless a frame looks unlike those of `/live`.
"""

import asyncio
import base64
import os
import struct
from collections.abc import Iterable
from typing import Any, Final, Protocol, cast

import orjson

HOST: Final = "127.0.0.1"
PATIENCE: Final = 20.0
"""Seconds to be welcomed."""
HEAD_END: Final = b"\r\n\r\n"
TEXT: Final = 0x81
CLOSE: Final = 0x88
PING: Final = 0x89
PONG: Final = 0x8A
EVENT: Final = b'{"type":"event"'
ACK: Final = b'{"type":"ack"'
NAME: Final = b'"client_id":"'
# The last twelve of a UUID's thirty-six characters.
DIGITS_FROM: Final = len(NAME) + 24
DIGITS_TO: Final = len(NAME) + 36


class Broken(Exception):
    """Nothing can be measured any more; the message says why."""


class Listener(Protocol):
    """Who hears what comes in."""

    def acked(self, socket: "Socket", number: int) -> None: ...
    def heard(self, socket: "Socket", number: int) -> None: ...
    def broke(self, reason: str) -> None: ...


class Socket(asyncio.Protocol):
    """Opened by `enter`; `got` are the numbers of the messages heard, `answered` of those acknowledged."""

    transport: asyncio.Transport

    def __init__(self, request: bytes, listener: Listener) -> None:
        self.got: list[int] = []
        self.answered: list[int] = []
        self._request = request
        self._listener = listener
        self._rest = b""
        self._upgraded = False
        self._leaving = False
        self._welcomed = asyncio.get_running_loop().create_future()

    @classmethod
    async def enter(cls, port: int, key: str, conversations: Iterable[int], listener: Listener) -> "Socket":
        """Signed in, upgraded and welcomed. Raises Broken."""
        create = asyncio.get_running_loop().create_connection
        _, socket = await create(lambda: cls(_request(port, key), listener), HOST, port)
        hello = {"type": "hello", "cursors": {str(each): 0 for each in conversations}}
        socket.transport.write(socket._request)
        try:
            async with asyncio.timeout(PATIENCE):
                await socket._welcomed
                socket._welcomed = asyncio.get_running_loop().create_future()
                socket.transport.write(masked(orjson.dumps(hello)))
                await socket._welcomed
        except TimeoutError as error:
            raise Broken(f"a socket was not welcomed in {PATIENCE:.0f} s") from error
        return socket

    def leave(self) -> None:
        self._leaving = True
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._leaving:
            self._break(f"a connection was lost: {exc}")

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at = 0 if self._upgraded else self._upgrade(data)
        end = len(data)
        heard = self._listener.heard
        while end - at >= 2:
            length = data[at + 1]
            start = at + 2
            if length >= 126:
                start += 2 if length == 126 else 8
                if start > end:
                    break
                length = int.from_bytes(data[at + 2 : start])
            stop = start + length
            if stop > end:
                break
            name = data.find(NAME, start, stop)
            # The same few frames by the hundred thousand: their beginning tells what they are.
            if name > 0 and data.startswith(EVENT, start):
                heard(self, int(data[name + DIGITS_FROM : name + DIGITS_TO], 16))
            elif name > 0 and data.startswith(ACK, start):
                self._listener.acked(self, int(data[name + DIGITS_FROM : name + DIGITS_TO], 16))
            elif data[at] == TEXT:
                self._read(orjson.loads(data[start:stop]))
            else:
                self._obey(data[at], data[start:stop])
            at = stop
        self._rest = data[at:]

    def _upgrade(self, data: bytes) -> int:
        end = data.find(HEAD_END)
        if end < 0:
            return 0
        if not data.startswith(b"HTTP/1.1 101"):
            self._break(data.split(b"\r\n", 1)[0].decode(errors="replace"))
            return len(data)
        self._upgraded = True
        self._welcomed.set_result(None)
        return end + len(HEAD_END)

    def _read(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "event" if frame["kind"] == "message":
                self._listener.heard(self, number_in(frame["client_id"]))
            case "ack":
                self._listener.acked(self, number_in(frame["client_id"]))
            case "welcome":
                if not self._welcomed.done():
                    self._welcomed.set_result(None)
            case "refusal" | "gap" | "bye":
                self._break(f"a socket was told: {orjson.dumps(frame).decode()}")

    def _obey(self, what: int, payload: bytes) -> None:
        if what == PING:
            self.transport.write(masked(payload, PONG))
        elif what == CLOSE and not self._leaving:
            self._break(f"a socket was closed with {int.from_bytes(payload[:2])}")

    def _break(self, reason: str) -> None:
        if not self._welcomed.done():
            self._welcomed.set_exception(Broken(reason))
        self._listener.broke(reason)


def masked(payload: bytes, what: int = TEXT) -> bytes:
    """A client's frame."""
    size = len(payload)
    if size < 126:
        return struct.pack(">BBI", what, 0x80 | size, 0) + payload
    return struct.pack(">BBHI", what, 0x80 | 126, size, 0) + payload


def number_in(client_id: str) -> int:
    """The number that a client id of ours ends with."""
    return int(client_id[24:], 16)


def _request(port: int, key: str) -> bytes:
    nonce = base64.b64encode(os.urandom(16)).decode()
    lines = (
        "GET /live HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {nonce}",
        "Sec-WebSocket-Version: 13",
        f"Origin: http://{HOST}:{port}",
        f"Cookie: session={key}",
    )
    return "\r\n".join(lines).encode() + HEAD_END
