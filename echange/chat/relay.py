"""From the log to the sockets of this process, and by the doorbell to those of the others.

Each conversation is told in the order of its numbers, without a hole: what has not come is read from the log.
A ring that is lost is made good by comparing heads.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Set
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import orjson
import structlog

from echange.chat import frames
from echange.chat.events import COLUMNS, Event, event_of
from echange.chat.log import Written
from echange.database import fetch
from echange.database.pulse import AWAY
from echange.live import Frame, Hub

TOPIC: Final = "event"
COMPARE_SECONDS: Final = 3.0
FORGET_EVERY: Final = 20
# Whoever joined this long before the last comparison was in it: a commit may be late.
JOINED_SECONDS: Final = 30
# What is on its way from another process mostly comes by itself.
HOLE_SECONDS: Final = 0.05
MOST_AT_ONCE: Final = 500
_log = structlog.get_logger("echange.chat")
_open: set["Relay"] = set()

_MISSED: Final = """
    SELECT c.id FROM unnest($1::int[], $2::int[]) AS known (id, seq)
    JOIN conversation c ON c.id = known.id AND c.head > known.seq"""
_JOINED: Final = """
    SELECT p.conversation_id, c.head FROM participant p JOIN conversation c ON c.id = p.conversation_id
    WHERE p.joined_at > now() - $2 * interval '1 second' AND p.member_id = ANY($1::int[])"""
_HEARERS: Final = """
    SELECT p.member_id, p.from_seq, c.is_group, c.head FROM participant p
    JOIN conversation c ON c.id = p.conversation_id
    WHERE p.conversation_id = $1 AND p.member_id = ANY($2::int[])"""
_WALLS: Final = """
    SELECT by_id AS one, member_id AS other FROM block
    WHERE by_id = ANY($1::int[]) OR member_id = ANY($1::int[])"""


class Relay:
    """What this process has told of each conversation that somebody here listens to."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._told: dict[int, int] = {}
        self._early: dict[int, dict[int, Written]] = {}
        self._mending: dict[int, asyncio.Task[None]] = {}
        self._met: set[int] = set()
        self._compared_at = time.monotonic()
        hub.on(TOPIC, self._heard)
        hub.on_back(self._compare_soon)
        self._asked = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Compare heads for the time of the block."""
        comparing = asyncio.create_task(self._compare_on_and_on(), name="compare heads")
        _open.add(self)
        try:
            yield
        finally:
            _open.discard(self)
            for task in (comparing, *self._mending.values()):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    @property
    def joined_seconds(self) -> float:
        """Whoever joined longer ago was in a comparison."""
        return JOINED_SECONDS + time.monotonic() - self._compared_at

    def know(self, heads: Mapping[int, int], joined: Set[int]) -> None:
        """Somebody who listens has read these conversations up to here; go on from there.

        Where somebody has `joined` just now they may be here too, and have heard of nothing yet.
        """
        self._met.update(heads)
        for conversation, head in heads.items():
            if conversation in joined and head > 0:
                self._hole(conversation, head)
            else:
                self._told.setdefault(conversation, head)

    def publish(self, written: Written) -> None:
        """An event of this process that is committed now: to the sockets here, and to the other processes."""
        event = written.event
        frame = frames.event(event)
        place = [event.conversation, event.seq]
        # What is too long to be rung is read from the log.
        if not self._hub.ring(TOPIC, [*place, written.members, written.walls, frame.text]):
            self._hub.ring(TOPIC, place)
        self._offer(written, frame)

    def _heard(self, ring: list[Any]) -> None:
        conversation, seq, *told = ring
        if not told:
            self._hole(conversation, seq)
            return
        members, walls, text = told
        if self._hub.hears(members):
            event = Event(**{name: value for name, value in orjson.loads(text).items() if name != "type"})
            self._offer(Written(event, True, tuple(members), tuple(walls)), Frame(text))

    def _offer(self, written: Written, frame: Frame) -> None:
        event = written.event
        told = self._told.get(event.conversation)
        if told is None and not self._hub.hears(written.members):
            return
        if told is not None and event.seq <= told:
            return
        if event.seq != (told or 0) + 1:
            self._early.setdefault(event.conversation, {})[event.seq] = written
            self._hole(event.conversation, event.seq)
            return
        self._tell(written, frame)
        self._tell_early(event.conversation)

    def _tell_early(self, conversation: int) -> None:
        """What had come before its turn, once its turn has come."""
        early = self._early.get(conversation)
        while early:
            told = self._told.get(conversation, 0)
            for seq in [seq for seq in early if seq <= told]:
                del early[seq]
            written = early.pop(told + 1, None)
            if written is None:
                break
            self._tell(written, frames.event(written.event))
        if not early:
            self._early.pop(conversation, None)

    def _tell(self, written: Written, frame: Frame) -> None:
        event = written.event
        self._told[event.conversation] = event.seq
        place = (event.conversation, event.seq)
        if written.walls:
            self._hub.send(set(written.members) - set(written.walls), frame, place)
            self._hub.send(written.walls, frames.event(event.seen_by({event.by})), place)
        else:
            self._hub.send(written.members, frame, place)

    def _hole(self, conversation: int, seq: int) -> None:
        """Something before `seq` (or that itself) has not come: read it, unless it still comes by itself."""
        if conversation in self._mending or self._told.get(conversation, 0) >= seq:
            return
        task = asyncio.create_task(self._mend(conversation), name="mend")
        self._mending[conversation] = task
        task.add_done_callback(lambda _: self._mending.pop(conversation, None))

    async def _mend(self, conversation: int) -> None:
        await asyncio.sleep(HOLE_SECONDS)
        for pause in (0.0, 0.5, 1.0, 2.0):
            await asyncio.sleep(pause)
            with suppress(*AWAY):
                while await self._read_on(conversation):
                    pass
                break
        self._tell_early(conversation)

    async def _read_on(self, conversation: int) -> bool:
        """Tell the next part of the log to those here who may read it; whether there is more."""
        told = self._told.get(conversation)
        if told is None:
            told = await self._begin(conversation)
        rows = await fetch(
            f"""SELECT {COLUMNS} FROM event e WHERE conversation_id = $1 AND seq > $2
                ORDER BY seq LIMIT $3""",  # noqa: S608 — our own column names
            conversation,
            told,
            MOST_AT_ONCE,
        )
        # Who is here is asked after that: whoever comes still later reads these events by themselves.
        hearers = await fetch(_HEARERS, conversation, self._hub.members())
        events = [event_of(row) for row in rows]
        # Who is gone takes no part any more, and still hears that they are.
        gone = {event.seq: event.data["member"] for event in events if event.kind == "leave"}
        if not hearers and not self._hub.hears(gone.values()):
            self._let_go(conversation)
            return False
        walls = await _walls(hearers) if hearers and hearers[0]["is_group"] else {}
        for event in events:
            # Others may have told it while we read.
            if event.seq > self._told.setdefault(conversation, told):
                stay = (row["member_id"] for row in hearers if row["from_seq"] <= event.seq)
                who = (*stay, gone[event.seq]) if event.seq in gone else tuple(stay)
                apart = tuple(walls.get(event.by, set()) & set(who))
                self._tell(Written(event, True, who, apart), frames.event(event))
        self._told.setdefault(conversation, told)
        return len(rows) == MOST_AT_ONCE

    async def _begin(self, conversation: int) -> int:
        """Up to where a conversation of which nothing was told yet need not be."""
        hearers = await fetch(_HEARERS, conversation, self._hub.members())
        first: int = min((row["from_seq"] for row in hearers), default=1)
        head: int = max((row["head"] for row in hearers), default=0)
        return max(first - 1, head - MOST_AT_ONCE)

    def _let_go(self, conversation: int) -> None:
        """Nobody listens to it here, unless somebody came while we looked: `know` counts, then."""
        if conversation not in self._met:
            self._told.pop(conversation, None)
            self._early.pop(conversation, None)

    def _compare_soon(self) -> None:
        self._asked.set()

    async def _compare_on_and_on(self) -> None:
        turns = 0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(COMPARE_SECONDS):
                    await self._asked.wait()
            self._asked.clear()
            turns += 1
            try:
                await self._compare()
                if turns % FORGET_EVERY == 0:
                    await self._forget()
            except AWAY:
                continue
            except Exception:  # noqa: BLE001 — whatever befell one comparison, the next is made
                _log.exception("heads_not_compared")

    async def _compare(self) -> None:
        """Read on wherever the log is further than we are, or where somebody here has joined."""
        started = time.monotonic()
        if here := self._hub.members():
            missed = await fetch(_MISSED, list(self._told), list(self._told.values()))
            joined = await fetch(_JOINED, here, self.joined_seconds)
            behind = {row["id"] for row in missed}
            behind |= {row["conversation_id"] for row in joined if row["conversation_id"] not in self._told}
            for conversation in behind:
                self._hole(conversation, self._told.get(conversation, 0) + 1)
        else:
            self._told.clear()
            self._early.clear()
        self._compared_at = started

    async def _forget(self) -> None:
        """Conversations to which nobody here listens any more."""
        self._met.clear()
        rows = await fetch(
            "SELECT DISTINCT conversation_id FROM participant WHERE member_id = ANY($1::int[])",
            self._hub.members(),
        )
        listened = {row["conversation_id"] for row in rows}
        for conversation in (self._told.keys() | self._early.keys()) - listened:
            self._let_go(conversation)


async def _walls(hearers: Iterable[Any]) -> dict[int, set[int]]:
    """Who is kept from whom, both ways."""
    walls: dict[int, set[int]] = {}
    for row in await fetch(_WALLS, [row["member_id"] for row in hearers]):
        walls.setdefault(row["one"], set()).add(row["other"])
        walls.setdefault(row["other"], set()).add(row["one"])
    return walls


def publish(written: Written) -> None:
    """To every open relay of this process (tests may have several); each rings for the others."""
    for relay in _open:
        relay.publish(written)
