"""What a process tells the others: murmurs, sign-outs, anything by topic; and who signed out unheard."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from echange.live import Frame, Hub
from tests.live.house import House, farewell, heard, open_house
from tests.live.waiting import until


@dataclass
class Bell:
    """A doorbell between two hubs of this process."""

    heard: Callable[[str], None]
    largest: int = 300
    rung: list[str] = field(default_factory=list)

    def ring(self, text: str) -> bool:
        if len(text.encode()) > self.largest:
            return False
        self.rung.append(text)
        asyncio.get_running_loop().call_soon(self.heard, text)
        return True


@asynccontextmanager
async def two_houses() -> AsyncIterator[tuple[House, House]]:
    async with open_house() as here, open_house() as there:
        here.hub.hang(Bell(there.hub.heard))
        there.hub.hang(Bell(here.hub.heard))
        yield here, there


async def test_a_murmur_is_told_in_every_process_once() -> None:
    async with two_houses() as (here, there), here.socket(1) as desk, there.socket(1) as phone:
        here.hub.tell([1, 2], Frame("écrit…"))
        there.hub.tell([1], Frame("fini"))
        assert [await heard(desk) for _ in range(2)] == ["écrit…", "fini"]
        assert {await heard(phone), await heard(phone)} == {"écrit…", "fini"}


async def test_a_murmur_to_many_goes_in_several_rings() -> None:
    async with two_houses() as (here, there), there.socket(999) as one:
        here.hub.tell(range(1000), Frame("é" * 50))
        assert await heard(one) == "é" * 50
        here.hub.tell([999], Frame("x" * 400))
        here.hub.tell([999], Frame("court"))
        assert await heard(one) == "court"


@pytest.mark.parametrize("kind", ["session", "token", "member"])
async def test_signing_out_ends_sockets_in_every_process(kind: str) -> None:
    async with (
        two_houses() as (here, there),
        there.socket(1, session=7) as gone,
        there.socket(2, session=8) as stays,
    ):
        match kind:
            case "session":
                here.hub.end_session(7)
            case "token":
                here.hub.end_token(1007)
            case "member":
                here.hub.end_member(1)
        assert await farewell(gone) == ("signed_out", 4001)
        there.hub.send([2], Frame("toujours là"))
        assert await heard(stays) == "toujours là"


async def test_a_ring_nobody_understands_does_not_silence_the_next() -> None:
    async with Hub() as hub:
        told: list[object] = []
        hub.on("heads", told.append)
        hub.on("fails", lambda payload: payload["absent"])
        for ring in ("", "garbage", "[]", '["heads"]', '["unknown", 1]', '["fails", {}]', '["say", 3]'):
            hub.heard(ring)
        hub.heard('["end", ["planet", 3]]')
        hub.heard('["heads", {"12": 44}]')
        assert told == [{"12": 44}]


async def test_a_ring_reaches_the_others_and_not_oneself() -> None:
    async with Hub() as here, Hub() as there:
        told: list[tuple[str, object]] = []
        here.on("heads", lambda payload: told.append(("here", payload)))
        there.on("heads", lambda payload: told.append(("there", payload)))
        here.hang(Bell(there.heard))
        here.ring("heads", {"12": 44})
        await until(lambda: bool(told))
        assert told == [("there", {"12": 44})]
        here.hang(None)
        here.ring("heads", {"12": 45})
        await asyncio.sleep(0)
        assert len(told) == 1


async def test_who_rings_learns_whether_it_fitted() -> None:
    async with Hub() as hub:
        assert hub.ring("heads", "x" * 10_000), "nobody else is there to hear it"
        bell = Bell(hub.heard, largest=20)
        hub.hang(bell)
        assert hub.ring("heads", "é" * 4)
        assert not hub.ring("heads", "é" * 5)
        assert bell.rung == ['["heads","éééé"]']


async def test_who_waits_for_the_listener_is_told_that_it_is_back() -> None:
    async with Hub() as hub:
        told: list[str] = []
        hub.on_back(lambda: told.append("un"))
        hub.on_back(lambda: told.append("deux"))
        hub.back()
        assert told == ["un", "deux"]


async def test_sockets_whose_session_has_ended_unheard_are_closed_soon() -> None:
    over: set[int] = set()
    asked: list[tuple[list[int], list[int]]] = []

    async def ended(sessions: list[int], tokens: list[int]) -> tuple[set[int], set[int]]:
        asked.append((sorted(sessions), sorted(tokens)))
        if len(asked) == 2:
            raise ConnectionRefusedError
        return over & set(sessions), over & set(tokens)

    async with open_house() as house, house.hub.sweep(ended):
        await asyncio.sleep(1)
        assert asked == []
        async with house.socket(1, session=7) as one, house.socket(1, session=8) as two:
            await until(lambda: len(asked) == 1)
            assert asked[0] == ([7, 8], [1007, 1008])
            over |= {7, 1008}
            assert await farewell(one) == ("signed_out", 4001)
            assert await farewell(two) == ("signed_out", 4001)
            assert len(asked) == 3
