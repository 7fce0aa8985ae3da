"""All the sockets of a process, by member."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final, Self

import structlog
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from echange.http import Viewer
from echange.http.refusals import TooMany
from echange.live.frame import Frame
from echange.live.line import RESTART, SIGNED_OUT, Line, Place
from echange.live.queued import Queued
from echange.live.rings import Rings
from echange.live.transport import direct

log: Final = structlog.get_logger("echange.live")

SOCKETS_PER_MEMBER: Final = 10
LAST_WORDS_SECONDS: Final = 2.0
# Whoever signed out hears nothing a second later, even when no ring told us.
SWEEP_SECONDS: Final = 0.7

Talk = Callable[[Line], Awaitable[None]]
Ended = Callable[[list[int], list[int]], Awaitable[tuple[set[int], set[int]]]]
"""Of these sessions and these personal tokens, those that have ended."""

_open: set["Hub"] = set()


class Hub(Rings):
    """Who is connected, from the application's start to its stop; then every socket is closed with 1012."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._deserted = asyncio.Event()
        self._deserted.set()
        self.on("say", lambda said: self.murmur(said[0], Frame(said[1])))
        self.on("end", lambda ended: self._end(*ended))

    async def __aenter__(self) -> Self:
        _open.add(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        _open.discard(self)
        for line in self._all():
            line.end(RESTART)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_SECONDS):
                await self._deserted.wait()

    @property
    def count(self) -> int:
        """Sockets open now."""
        return sum(map(len, self._lines.values()))

    def members(self) -> list[int]:
        """Who has a socket open here."""
        return list(self._lines)

    def hears(self, member_ids: Iterable[int]) -> bool:
        """Whether one of these members has."""
        return any(member_id in self._lines for member_id in member_ids)

    async def serve(self, socket: WebSocket, viewer: Viewer, talk: Talk) -> None:
        """Accept a socket and let `talk` have it until one side ends it; TooMany refuses an eleventh.

        With our own server this returns once the socket is accepted, and the talk goes on alone: whatever
        belongs to its end belongs into `talk`.
        """
        if len(self._lines.get(viewer.id, ())) >= SOCKETS_PER_MEMBER:
            raise TooMany(retry_after=30)
        protocol = direct(socket.scope)
        line = Line(protocol or Queued(socket), viewer)
        self._remember(line)
        try:
            await socket.accept()
        except BaseException:
            self._forget(line)
            raise
        if protocol:
            protocol.stay(line, partial(self._hold, line, talk))
        else:
            await self._hold(line, talk)

    def send(self, member_ids: Iterable[int], frame: Frame, place: Place | None = None) -> None:
        """For every socket of these members here; never waits. `place` numbers it in its stream."""
        for member_id in member_ids:
            for line in self._lines.get(member_id, ()):
                line.hear(frame, place)

    def murmur(self, member_ids: Iterable[int], frame: Frame) -> None:
        """The same for what soon means nothing: whoever reads slowly goes without it."""
        for member_id in member_ids:
            for line in self._lines.get(member_id, ()):
                line.murmur(frame)

    def tell(self, member_ids: Iterable[int], frame: Frame) -> None:
        """A murmur in every process."""
        everyone = list(member_ids)
        self.murmur(everyone, frame)
        self._ring_say(everyone, frame.text)

    def end_session(self, session_id: int) -> None:
        """In every process, silence the sockets of a session that has ended, and close them with 4001."""
        self._end_everywhere("session", session_id)

    def end_token(self, token_id: int) -> None:
        """The same for a personal token that was revoked."""
        self._end_everywhere("token", token_id)

    def end_member(self, member_id: int) -> None:
        """The same for all sockets of a member."""
        self._end_everywhere("member", member_id)

    @asynccontextmanager
    async def sweep(self, ended: Ended) -> AsyncIterator[None]:
        """For the time of the block, keep asking whose session or token has ended, and end their sockets."""
        sweeping = asyncio.create_task(self._sweep_on(ended))
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping

    async def _hold(self, line: Line, talk: Talk) -> None:
        try:
            await line.run(talk)
        finally:
            self._forget(line)

    def _ring_say(self, member_ids: Sequence[int], text: str) -> None:
        if not self.ring("say", [member_ids, text]) and len(member_ids) > 1:
            half = len(member_ids) // 2
            self._ring_say(member_ids[:half], text)
            self._ring_say(member_ids[half:], text)

    def _end_everywhere(self, kind: str, number: int) -> None:
        self._end(kind, number)
        self.ring("end", [kind, number])

    def _end(self, kind: str, number: int) -> None:
        match kind:
            case "session":
                self._sign_out(line for line in self._all() if line.session_id == number)
            case "token":
                self._sign_out(line for line in self._all() if line.token_id == number)
            case "member":
                self._sign_out(self._lines.get(number, ()))

    def _sign_out(self, lines: Iterable[Line]) -> None:
        for line in lines:
            line.end(SIGNED_OUT)

    async def _sweep_on(self, ended: Ended) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._sweep_once(ended)
            except Exception as error:  # noqa: BLE001 — the database is away: the next round asks again
                log.warning("sweep_failed", error=type(error).__name__)

    async def _sweep_once(self, ended: Ended) -> None:
        lines = self._all()
        if not lines:
            return
        sessions, tokens = await ended(
            list({line.session_id for line in lines if line.session_id is not None}),
            list({line.token_id for line in lines if line.token_id is not None}),
        )
        self._sign_out(line for line in lines if line.session_id in sessions or line.token_id in tokens)

    def _all(self) -> list[Line]:
        return [line for lines in self._lines.values() for line in lines]

    def _remember(self, line: Line) -> None:
        self._lines[line.member_id] = (*self._lines.get(line.member_id, ()), line)
        self._deserted.clear()

    def _forget(self, line: Line) -> None:
        rest = tuple(one for one in self._lines.get(line.member_id, ()) if one is not line)
        if rest:
            self._lines[line.member_id] = rest
        else:
            self._lines.pop(line.member_id, None)
        if not self._lines:
            self._deserted.set()


def hub_of(connection: HTTPConnection) -> Hub:
    """The hub of the running application."""
    hub: Hub = connection.app.state.hub
    return hub


def tell(member_ids: Iterable[int], frame: Frame) -> None:
    """`Hub.tell`: a murmur in every process, after commit (see database.after_commit)."""
    everyone = tuple(member_ids)
    for hub in _open:
        hub.tell(everyone, frame)
