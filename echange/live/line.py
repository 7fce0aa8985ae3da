"""One socket: what it hears, in order, and how it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

import orjson
from starlette.websockets import WebSocketDisconnect

from echange.http import Viewer
from echange.live.frame import Frame

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

# In bytes that wait for a reader who does not read.
LONGEST_QUEUE: Final = 256 * 1024
DRAINED_BELOW: Final = 64 * 1024
_NOWHERE: Final[Mapping[int, int]] = {}


class Wire(Protocol):
    """How a line's frames leave this process."""

    def waiting(self) -> int:
        """Bytes that the other side has not taken yet."""

    def put(self, frame: Frame) -> None:
        """Send it after what waits; never waits itself, says nothing once the socket is closing."""

    async def drained(self) -> None:
        """Return once at most 64 KiB wait, or the socket is gone."""

    def hang_up(self, code: int, last: Frame) -> None:
        """Send `last`, close with `code`, and let nothing more in."""

    async def over(self) -> None:
        """The talk has ended: finish what `hang_up` began."""


class Line:
    """A member's socket. Nobody ever waits for it: when 256 KiB wait for its reader, it is closed.

    It hears nothing sent to its member before `listen`; from there frames are held until `catch_up` says
    which of them it got another way.
    """

    __slots__ = (
        "_code", "_held", "_holding", "_listening", "_reached", "_task", "_wire",
        "member_id", "session_id", "token_id",
    )  # fmt: skip

    def __init__(self, wire: Wire, viewer: Viewer) -> None:
        self.member_id = viewer.id
        self.session_id = viewer.session_id
        self.token_id = viewer.token_id
        self._wire = wire
        self._held: list[tuple[Frame, Place | None]] | None = None
        self._holding = 0
        self._reached = _NOWHERE
        self._listening = False
        self._task: asyncio.Task[object] | None = None
        self._code: int | None = None

    async def run(self, talk: Callable[["Line"], Awaitable[None]]) -> None:
        """Have `talk` until it returns, the line is ended, or the other side is gone."""
        self._task = asyncio.current_task()
        try:
            if self._code is None:
                await talk(self)
        except WebSocketDisconnect:
            pass
        except asyncio.CancelledError:
            if self._code is None or self._task is None:
                raise
            self._task.uncancel()
        finally:
            self._task = None
            self._listening = False
            self._held = None
            await self._wire.over()

    def say(self, frame: Frame) -> None:
        """An answer to this socket alone."""
        if self._code is not None:
            return
        if self._wire.waiting() + len(frame.wire) > LONGEST_QUEUE:
            self.end(TOO_SLOW)
        else:
            self._wire.put(frame)

    def hear(self, frame: Frame, place: Place | None = None) -> None:
        """Something sent to its member: said, held, or not for it yet."""
        if not self._listening or (place is not None and place[1] <= self._reached.get(place[0], 0)):
            return
        if self._held is None:
            self.say(frame)
        elif self._holding + len(frame.wire) > LONGEST_QUEUE:
            self.end(TOO_SLOW)
        else:
            self._hold(frame, place)

    def murmur(self, frame: Frame) -> None:
        """Something that soon means nothing: whoever reads slowly goes without it."""
        if not self._listening:
            return
        if self._held is not None:
            if self._holding <= DRAINED_BELOW:
                self._hold(frame, None)
        elif self._wire.waiting() <= DRAINED_BELOW:
            self._wire.put(frame)

    def listen(self) -> None:
        """From now on miss nothing, but hold it until `catch_up`."""
        if self._code is not None:
            return
        self._listening = True
        self._held, self._holding, self._reached = [], 0, _NOWHERE

    def catch_up(self, reached: Mapping[int, int]) -> None:
        """Say what was held; but never a numbered frame up to `reached` in its stream."""
        self._reached = dict(reached) if reached else _NOWHERE
        held, self._held = self._held or (), None
        for frame, place in held:
            self.hear(frame, place)

    def turn_away(self) -> None:
        """Stop listening: catching up failed, and will be asked for again."""
        self._listening = False
        self._held = None

    async def drained(self) -> None:
        """Wait until at most 64 KiB are waiting."""
        await self._wire.drained()

    def end(self, code: int) -> None:
        """Say nothing more but `bye`, close with `code`, and stop the talk."""
        if self._code is not None:
            return
        self._code = code
        self._listening = False
        self._held = None
        self._wire.hang_up(code, farewell(code))
        self._stop()

    def _hold(self, frame: Frame, place: Place | None) -> None:
        if self._held is not None:
            self._held.append((frame, place))
            self._holding += len(frame.wire)

    def _stop(self) -> None:
        if self._task is None:
            return
        if self._task is asyncio.current_task():
            # The talk itself hung up: it may still return on its own.
            asyncio.get_running_loop().call_soon(self._stop)
        else:
            self._task.cancel()


def farewell(code: int) -> Frame:
    """The last frame before a socket is closed with `code`."""
    return Frame(orjson.dumps({"type": "bye", "code": _WHY.get(code, "closed")}).decode())
