"""All the sockets of a process, by member."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Final, Self

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from echange.http import Viewer
from echange.http.refusals import TooMany
from echange.live.line import RESTART, SIGNED_OUT, Line, Place

SOCKETS_PER_MEMBER: Final = 10
LAST_WORDS_SECONDS: Final = 2.0
_open: set["Hub"] = set()


class Hub:
    """Who is connected, from the application's start to its stop; then every socket is closed with 1012."""

    def __init__(self) -> None:
        self._lines: dict[int, set[Line]] = {}
        self._deserted = asyncio.Event()
        self._deserted.set()

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

    async def serve(self, socket: WebSocket, viewer: Viewer, talk: Callable[[Line], Awaitable[None]]) -> None:
        """Accept a socket and let `talk` have it until one side ends it; TooMany refuses an eleventh."""
        if len(self._lines.get(viewer.id, ())) >= SOCKETS_PER_MEMBER:
            raise TooMany(retry_after=30)
        line = Line(socket, viewer)
        self._lines.setdefault(viewer.id, set()).add(line)
        self._deserted.clear()
        try:
            await socket.accept()
            await line.run(talk)
        finally:
            self._forget(line)

    def send(self, member_ids: Iterable[int], frame: str, place: Place | None = None) -> None:
        """One ready text for every socket of these members; never waits. `place` numbers it in its stream."""
        for member_id in member_ids:
            for line in tuple(self._lines.get(member_id, ())):
                line.hear(frame, place)

    def end_session(self, session_id: int) -> None:
        """Silence the sockets of a session that has ended, and close them with 4001."""
        self._end(line for line in self._all() if line.session_id == session_id)

    def end_token(self, token_id: int) -> None:
        """The same for a personal token that was revoked."""
        self._end(line for line in self._all() if line.token_id == token_id)

    def end_member(self, member_id: int) -> None:
        """The same for all sockets of a member."""
        self._end(tuple(self._lines.get(member_id, ())))

    def _all(self) -> list[Line]:
        return [line for lines in self._lines.values() for line in lines]

    def _end(self, lines: Iterable[Line]) -> None:
        for line in lines:
            line.end(SIGNED_OUT)

    def _forget(self, line: Line) -> None:
        lines = self._lines.get(line.member_id, set())
        lines.discard(line)
        if not lines:
            self._lines.pop(line.member_id, None)
        if not self._lines:
            self._deserted.set()


def hub_of(connection: HTTPConnection) -> Hub:
    """The hub of the running application."""
    hub: Hub = connection.app.state.hub
    return hub


def send(member_ids: Iterable[int], frame: str, place: Place | None = None) -> None:
    """One ready text for the members' sockets in this process, after commit (see database.after_commit)."""
    everyone = tuple(member_ids)
    for hub in _open:
        hub.send(everyone, frame, place)
