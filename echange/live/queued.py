"""The public way out of a line: any ASGI server, test clients, a uvicorn that we do not know."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from echange.live.frame import Frame
from echange.live.line import DRAINED_BELOW

HANG_UP_SECONDS: Final = 5.0


class Queued:
    """Frames wait in a queue of ours; a task takes them to the server as long as there are any."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._queue: deque[Frame] = deque()
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None
        self._last: tuple[int, Frame] | None = None

    def waiting(self) -> int:
        return self._waiting

    def put(self, frame: Frame) -> None:
        if self._last is not None:
            return
        self._queue.append(frame)
        self._waiting += len(frame.wire)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())

    async def drained(self) -> None:
        while self._waiting > DRAINED_BELOW and self._writer is not None and not self._writer.done():
            await asyncio.wait({self._writer})

    def hang_up(self, code: int, last: Frame) -> None:
        self._queue.clear()
        self._last = code, last

    async def over(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
            with suppress(asyncio.CancelledError):
                await self._writer
        if self._last is not None:
            await self._part(*self._last)

    async def _write(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            while self._queue:
                frame = self._queue.popleft()
                await self._socket.send_text(frame.text)
                self._waiting -= len(frame.wire)

    async def _part(self, code: int, last: Frame) -> None:
        # The other side may be stuck or gone: our own end is what counts.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(HANG_UP_SECONDS):
                await self._socket.send_text(last.text)
                await self._socket.close(code)
