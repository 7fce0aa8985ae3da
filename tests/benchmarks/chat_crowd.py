"""Everybody who writes to one target, and the proof that nothing was lost or doubled."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import orjson

from tests.benchmarks.chat_order import Order, Room, Target
from tests.benchmarks.chat_socket import Broken, Socket, masked

PATIENCE: Final = 15.0
"""Seconds in which all that was sent must be acknowledged and delivered."""
DOUBLES_SECONDS: Final = 0.05
AT_ONCE: Final = 32
BODY: Final = "Bonjour ! La tente est-elle encore libre samedi ? Je passerais la chercher vers 18 heures."


@dataclass(eq=False, slots=True)
class Writer:
    """Somebody who writes in a room, and their frame around the number of a message."""

    socket: Socket
    room: Room
    before: bytes
    after: bytes


class Crowd:
    """The people's sockets at one target; each person takes part in one room.

    Messages are numbered in the order they are sent. `settled` counts those acknowledged and heard by
    everybody else in their room; `keep_on` sends another one for each of them.
    """

    def __init__(self, order: Order, target: Target, patience: float = PATIENCE) -> None:
        self.sockets: dict[int, Socket] = {}
        self.writers: list[Writer] = []
        self.settled = 0
        self.keep_on = False
        self.heard_at: dict[int, float] | None = None
        self.order = order
        self.target = target
        self._patience = patience
        self._by: list[Writer] = []
        self._due: list[int] = []
        self._proven = 0
        self._why: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def enter(self, people: Iterable[int]) -> None:
        """These people come in. Raises Broken."""
        room_of = {person: room for room in self.target.rooms for person in room.people}
        places = asyncio.Semaphore(AT_ONCE)

        async def enter(person: int) -> None:
            port = self.target.ports[person % len(self.target.ports)]
            async with places:
                cursors = [room_of[person].conversation]
                socket = await Socket.enter(port, self.target.keys[person], cursors, self)
            self.sockets[person] = socket
            if person in room_of[person].writers:
                self.writers.append(_writer(socket, room_of[person]))

        await asyncio.gather(*map(enter, people))

    def leave(self) -> None:
        for socket in self.sockets.values():
            socket.leave()

    def send(self, writer: Writer) -> int:
        """One more message; its number."""
        number = len(self._by)
        self._by.append(writer)
        # The acknowledgement, and everybody else's hearing of it.
        self._due.append(len(writer.room.people))
        writer.socket.transport.write(b"%b%012x%b" % (writer.before, number, writer.after))
        return number

    def acked(self, socket: Socket, number: int) -> None:
        socket.answered.append(number)
        self._due[number] = due = self._due[number] - 1
        if not due:
            self._settle(number)

    def heard(self, socket: Socket, number: int) -> None:
        if self._by[number].socket is socket:
            return
        socket.got.append(number)
        if self.heard_at is not None:
            self.heard_at[number] = time.perf_counter()
        self._due[number] = due = self._due[number] - 1
        if not due:
            self._settle(number)

    def broke(self, reason: str) -> None:
        if not self._why.done():
            self._why.set_result(reason)

    def _settle(self, number: int) -> None:
        self.settled += 1
        if self.keep_on:
            self.send(self._by[number])

    async def let_pass(self, seconds: float) -> None:
        """Raises Broken if a socket breaks meanwhile."""
        await asyncio.wait((self._why,), timeout=seconds)
        if self._why.done():
            raise Broken(self._why.result())

    async def prove(self) -> None:
        """Wait for what is on its way; Broken unless each message was acknowledged once and heard once."""
        end = time.perf_counter() + self._patience
        while self.settled < len(self._by) and time.perf_counter() < end:
            await self.let_pass(0.01)
        await self.let_pass(DOUBLES_SECONDS)
        sent: dict[int, list[tuple[int, Writer]]] = {room.conversation: [] for room in self.target.rooms}
        for number in range(self._proven, len(self._by)):
            sent[self._by[number].room.conversation].append((number, self._by[number]))
        for room in self.target.rooms:
            self._compare(room, sent[room.conversation])
        for socket in self.sockets.values():
            socket.got.clear()
            socket.answered.clear()
        self._proven = len(self._by)

    def _compare(self, room: Room, sent: list[tuple[int, Writer]]) -> None:
        for person in room.people:
            socket = self.sockets[person]
            _compare("acknowledged", [number for number, by in sent if by.socket is socket], socket.answered)
            _compare("delivered", [number for number, by in sent if by.socket is not socket], socket.got)


def _writer(socket: Socket, room: Room) -> Writer:
    name = f"{_client_id_but_its_end()}{'0' * 12}"
    frame = {"type": "send", "conversation": room.conversation, "client_id": name, "body": BODY}
    before, after = masked(orjson.dumps(frame)).split(b"0" * 12)
    return Writer(socket, room, before, after)


def _client_id_but_its_end() -> str:
    """A UUIDv7 (RFC 9562) of this moment, without the last twelve digits."""
    millis = f"{time.time_ns() // 1_000_000:012x}"
    return f"{millis[:8]}-{millis[8:]}-7abc-8def-"


def _compare(what: str, sent: list[int], came: list[int]) -> None:
    if came == sent or sorted(came) == sent:
        return
    once = set(came)
    raise Broken(
        f"of {len(sent)} messages, {len(set(sent) - once)} not {what}, "
        f"{len(came) - len(once)} {what} twice, {len(once - set(sent))} {what} but never sent"
    )
