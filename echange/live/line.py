"""One socket: what it hears, in order, and how it ends."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from echange.http import Viewer

Place = tuple[int, int]
"""Where a numbered frame stands: its stream, and its number there (dense, from 1)."""

RESTART: Final = 1012
TOO_LARGE: Final = 1009
SIGNED_OUT: Final = 4001
TOO_SLOW: Final = 4008
_WHY: Final = {
    RESTART: "restart",
    TOO_LARGE: "too_large",
    SIGNED_OUT: "signed_out",
    TOO_SLOW: "too_slow",
}

LONGEST_QUEUE: Final = 256 * 1024
DRAINED_BELOW: Final = 64 * 1024
HANG_UP_SECONDS: Final = 5.0


class Line:
    """A member's socket. Nobody ever waits for it: frames queue up to 256 Ki characters, then it is closed.

    It hears nothing sent to its member before `listen`; from there frames are held until `catch_up` says
    which of them it got another way.
    """

    def __init__(self, socket: WebSocket, viewer: Viewer) -> None:
        self.member_id = viewer.id
        self.session_id = viewer.session_id
        self.token_id = viewer.token_id
        self._socket = socket
        self._queue: deque[str] = deque()
        self._waiting = 0
        self._held: list[tuple[str, Place | None]] | None = None
        self._holding = 0
        self._reached: dict[int, int] = {}
        self._listening = False
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._code: int | None = None

    async def run(self, talk: Callable[["Line"], Awaitable[None]]) -> None:
        """Serve the socket until `talk` returns, the line is ended, or the other side is gone."""
        self._tasks = [asyncio.create_task(_until_gone(work)) for work in (talk(self), self._write())]
        if self._code is not None:
            self._stop()
        try:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._listening = False
            self._stop()
        endings = await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._code is not None:
            await self._hang_up(self._code)
        for ending in endings:
            if isinstance(ending, Exception):
                raise ending

    def say(self, frame: str) -> None:
        """An answer to this socket alone."""
        if self._code is not None:
            return
        self._queue.append(frame)
        self._waiting += len(frame)
        if self._waiting > LONGEST_QUEUE:
            self.end(TOO_SLOW)
        self._filled.set()

    def hear(self, frame: str, place: Place | None = None) -> None:
        """Something sent to its member: said, held, or not for it yet."""
        if not self._listening or self._got(place):
            return
        if self._held is None:
            self.say(frame)
            return
        self._held.append((frame, place))
        self._holding += len(frame)
        if self._holding > LONGEST_QUEUE:
            self.end(TOO_SLOW)

    def listen(self) -> None:
        """From now on miss nothing, but hold it until `catch_up`."""
        self._listening = True
        self._held, self._holding, self._reached = [], 0, {}

    def catch_up(self, reached: Mapping[int, int]) -> None:
        """Say what was held; but never a numbered frame up to `reached` in its stream."""
        self._reached = dict(reached)
        held, self._held = self._held or [], None
        for frame, place in held:
            self.hear(frame, place)

    def turn_away(self) -> None:
        """Stop listening: catching up failed, and will be asked for again."""
        self._listening = False
        self._held = None

    async def drained(self) -> None:
        """Wait until at most 64 Ki characters are waiting."""
        while self._waiting > DRAINED_BELOW:
            self._emptied.clear()
            await self._emptied.wait()

    def end(self, code: int) -> None:
        """Say nothing more but `bye`, and close with `code`."""
        if self._code is not None:
            return
        self._code = code
        self._listening = False
        self._queue.clear()
        self._stop()

    def _got(self, place: Place | None) -> bool:
        return place is not None and place[1] <= self._reached.get(place[0], 0)

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _write(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._queue:
                frame = self._queue.popleft()
                await self._socket.send_text(frame)
                self._waiting -= len(frame)
                if self._waiting <= DRAINED_BELOW:
                    self._emptied.set()

    async def _hang_up(self, code: int) -> None:
        bye = orjson.dumps({"type": "bye", "code": _WHY.get(code, "closed")}).decode()
        # The other side may be stuck or gone: our own end is what counts.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(HANG_UP_SECONDS):
                await self._socket.send_text(bye)
                await self._socket.close(code)


async def _until_gone(work: Awaitable[None]) -> None:
    with suppress(WebSocketDisconnect):
        await work
