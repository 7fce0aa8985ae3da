"""The short way from a line to its TCP connection, through the server's own protocol object.

uvicorn's public `send` costs a coroutine and a frame made anew for each receiver. Its protocol is known to
us (`ws=`, see serving.py) and puts itself into the scope; where it is not there, or its inside has changed,
`queued.py` does the same by the public way.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from echange.live.frame import Frame
from echange.live.line import DRAINED_BELOW, RESTART, TOO_LARGE, Line, farewell

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent

EXTENSION: Final = "echange.line"
HANG_UP_SECONDS: Final = 5.0
# A stop must be over in five seconds, with the requests, the jobs and PostgreSQL.
RESTART_SECONDS: Final = 1.0
# What tells who somebody is, and is read again while they talk.
KEPT_HEADERS: Final = frozenset({b"authorization", b"cookie", b"host", b"origin"})
OPEN: Final = State.OPEN
NEEDED: Final = ("close_sent", "close_timer", "conn", "loop", "queue", "read_paused", "transport", "writable")


class LineProtocol(WebSocketsSansIOProtocol):
    """A WebSocket of uvicorn that a `Line` can write to directly, and that is light while nothing is said."""

    def __init__(self, *values: Any, **options: Any) -> None:  # noqa: ANN401 — uvicorn's, handed on
        super().__init__(*values, **options)
        self._house = self.app
        self.app = self._through
        self._line: Line | None = None
        self._stay: Callable[[], Awaitable[None]] | None = None
        self._patience = HANG_UP_SECONDS
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self.queue = _Inbox()  # type: ignore[assignment]
        self.writable = _Gate()  # type: ignore[assignment]

    async def _through(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"][EXTENSION] = self
        try:
            await self._house(scope, receive, send)
            if self.initial_response is not None:
                # Refused at the door, as it should be: else uvicorn takes it for an accident, and says so.
                self.handshake_complete = True
        finally:
            stay, self._stay = self._stay, None
            if stay is not None:
                await stay()

    def stay(self, line: Line, talk: Callable[[], Awaitable[None]]) -> None:
        """Once the application has returned, have `talk`: all of its layers need not stand by meanwhile.

        What only the handshake needed goes as well.
        """
        self._line = line
        self._stay = talk
        self.request = self.response = None  # type: ignore[assignment]
        headers = self.scope["headers"]
        if isinstance(headers, list):
            headers[:] = [pair for pair in headers if pair[0] in KEPT_HEADERS]

    def fits(self) -> bool:
        """Whether uvicorn and websockets still look as we know them."""
        return (
            all(hasattr(self, name) for name in NEEDED)
            and hasattr(self.conn, "state")
            and hasattr(self.transport, "get_write_buffer_size")
            and isinstance(self.queue, _Inbox)
        )

    def put(self, frame: Frame) -> None:
        """Whole frames only, and none after the close frame.

        What comes in one turn of the loop leaves in one write: the system call is the dearest part.
        """
        if self.conn.state is not OPEN:
            return
        wire = frame.wire
        self._gathered.append(wire)
        self._gathered_bytes += len(wire)
        if self._gathered_bytes > DRAINED_BELOW:
            self._write_gathered()
        elif len(self._gathered) == 1:
            self.loop.call_soon(self._write_gathered)

    def waiting(self) -> int:
        return self.transport.get_write_buffer_size() + self._gathered_bytes

    async def drained(self) -> None:
        self._write_gathered()
        # Above 64 KiB (asyncio's high-water mark) the transport has paused us, and resumes us well below.
        if self.transport.get_write_buffer_size() > DRAINED_BELOW:
            await self.writable.wait()

    def hang_up(self, code: int, last: Frame) -> None:
        """As uvicorn closes a socket, but now, whatever waits; who does not answer is cut off after 5 s."""
        self.queue.clear()  # type: ignore[attr-defined]
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        if self.conn.state is not OPEN or self.transport.is_closing():
            return
        self.put(last)
        self._write_gathered()
        self.conn.send_close(code)
        self._write_and_part()

    async def over(self) -> None:
        self._write_gathered()

    async def send(self, message: "ASGISendEvent") -> None:
        """What goes the public way comes after what was said before."""
        self._write_gathered()
        await super().send(message)

    def shutdown(self) -> None:
        """The server stops: say so first."""
        if self._line is None or self.close_sent:
            super().shutdown()
        else:
            self._patience = RESTART_SECONDS
            self._line.end(RESTART)

    def handle_parser_exception(self) -> None:
        """Close whoever breaks the protocol (1009: too large a frame), and let run dry what they still send.

        A connection closed over unread bytes is reset, and the reason would be lost (RFC 1122, 4.2.2.13).
        """
        if self.close_sent:
            return
        code = self.conn.close_sent.code if self.conn.close_sent else 1002
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        if self._line is not None and code == TOO_LARGE:
            self._gathered.append(farewell(code).wire)
        self._write_gathered()
        self._write_and_part()
        self.transport.write_eof()

    def keepalive_timeout(self) -> None:
        """No pong: closed; and at once where nobody even takes what was sent."""
        stuck = self.waiting() > 0
        super().keepalive_timeout()
        if stuck:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._line = None

    def _write_gathered(self) -> None:
        """The one place that writes past uvicorn."""
        gathered, self._gathered, self._gathered_bytes = self._gathered, [], 0
        if gathered and not self.transport.is_closing():
            self.transport.write(gathered[0] if len(gathered) == 1 else b"".join(gathered))

    def _write_and_part(self) -> None:
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self._patience, self.transport.abort)


def direct(scope: Scope) -> LineProtocol | None:
    """The protocol object of this socket, if it is ours and as we know it."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, LineProtocol) and found.fits() else None


class _Inbox:
    """What uvicorn asks of an asyncio.Queue, for one reader, in a tenth of its three kilobytes."""

    __slots__ = ("_events", "_reader")

    def __init__(self) -> None:
        self._events: list[ASGIReceiveEvent] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, event: "ASGIReceiveEvent") -> None:
        self._events.append(event)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> "ASGIReceiveEvent":
        while not self._events:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        self._reader = None
        return self._events.pop(0)

    def empty(self) -> bool:
        return not self._events

    def clear(self) -> None:
        self._events.clear()


class _Gate:
    """What uvicorn asks of an asyncio.Event, without a deque while nobody waits."""

    __slots__ = ("_opening", "_shut")

    def __init__(self) -> None:
        self._shut = False
        self._opening: asyncio.Future[None] | None = None

    def clear(self) -> None:
        self._shut = True

    def set(self) -> None:
        self._shut = False
        if self._opening is not None and not self._opening.done():
            self._opening.set_result(None)
        self._opening = None

    async def wait(self) -> bool:
        while self._shut:
            if self._opening is None:
                self._opening = asyncio.get_running_loop().create_future()
            # Shielded: several may wait for the one opening.
            await asyncio.shield(self._opening)
        return True
