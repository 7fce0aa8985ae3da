"""What a line decides: what is heard, held, dropped, and when it ends."""

import asyncio
import json

import pytest
from websockets.frames import Frame as TheirFrame
from websockets.frames import Opcode

from echange.http import Viewer
from echange.live import TOO_SLOW, Frame, Line


class Notebook:
    """A wire that writes down what leaves; `stuck` bytes wait in it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.stuck = 0
        self.closed: tuple[int, str] | None = None

    def waiting(self) -> int:
        return self.stuck

    def put(self, frame: Frame) -> None:
        self.said.append(frame.text)

    async def drained(self) -> None:
        assert self.stuck <= 64 * 1024

    def hang_up(self, code: int, last: Frame) -> None:
        self.closed = code, json.loads(last.text)["code"]

    async def over(self) -> None:
        pass


@pytest.fixture
def wire() -> Notebook:
    return Notebook()


@pytest.fixture
def line(wire: Notebook) -> Line:
    return Line(wire, Viewer(1, "Alice", "alice", True))


@pytest.mark.parametrize("text", ["", "é", "x" * 125, "x" * 126, "é" * 32_767, "x" * 65_535, "😀" * 20_000])
def test_a_frame_is_encoded_as_the_protocol_wants_it(text: str) -> None:
    frame, payload = Frame(text), text.encode()
    assert frame.wire == TheirFrame(Opcode.TEXT, payload).serialize(mask=False)
    assert frame.wire is frame.wire


async def test_a_line_misses_nothing_from_listening_on_and_says_nothing_twice(
    line: Line, wire: Notebook
) -> None:
    line.hear(Frame("trop tôt"), (5, 1))
    line.listen()
    line.hear(Frame("deux"), (5, 2))
    line.hear(Frame("trois"), (5, 3))
    line.hear(Frame("autre"), (6, 1))
    line.hear(Frame("sans numéro"))
    line.murmur(Frame("tout bas"))
    assert wire.said == []
    line.catch_up({5: 2})
    assert wire.said == ["trois", "autre", "sans numéro", "tout bas"]
    line.hear(Frame("deux, en retard"), (5, 2))
    line.hear(Frame("quatre"), (5, 4))
    assert wire.said[4:] == ["quatre"]


async def test_a_line_turned_away_hears_nothing_until_it_listens_again(line: Line, wire: Notebook) -> None:
    line.listen()
    line.turn_away()
    line.hear(Frame("perdu"))
    line.murmur(Frame("perdu aussi"))
    line.catch_up({})
    assert wire.said == []
    line.listen()
    line.catch_up({})
    line.hear(Frame("de retour"))
    assert wire.said == ["de retour"]


async def test_a_line_that_holds_too_much_is_ended(line: Line, wire: Notebook) -> None:
    line.listen()
    for _ in range(10):
        line.hear(Frame("x" * 40_000))
    assert (wire.closed, wire.said) == ((TOO_SLOW, "too_slow"), [])


async def test_a_slow_reader_goes_without_murmurs_before_it_is_closed(line: Line, wire: Notebook) -> None:
    line.listen()
    line.catch_up({})
    wire.stuck = 64 * 1024
    line.murmur(Frame("encore"))
    wire.stuck += 1
    line.murmur(Frame("trop"))
    line.hear(Frame("un message"))
    wire.stuck = 256 * 1024
    line.murmur(Frame("trop"))
    assert (wire.said, wire.closed) == (["encore", "un message"], None)
    line.hear(Frame("un de trop"))
    assert (wire.said, wire.closed) == (["encore", "un message"], (TOO_SLOW, "too_slow"))


async def test_many_murmurs_while_catching_up_are_held_up_to_64_kib(line: Line, wire: Notebook) -> None:
    line.listen()
    for _ in range(100):
        line.murmur(Frame("x" * 1000))
    line.catch_up({})
    assert wire.closed is None
    assert 60 <= len(wire.said) <= 70


async def test_an_ended_line_says_nothing_more(line: Line, wire: Notebook) -> None:
    line.listen()
    line.catch_up({})
    line.end(4001)
    line.end(1012)
    line.say(Frame("à toi"))
    line.hear(Frame("à tous"))
    line.murmur(Frame("tout bas"))
    line.listen()
    line.hear(Frame("encore"))
    line.catch_up({})
    assert (wire.said, wire.closed) == ([], (4001, "signed_out"))


async def test_ending_stops_a_talk_that_waits(line: Line) -> None:
    waits = asyncio.Event()

    async def talk(_: Line) -> None:
        waits.set()
        await asyncio.sleep(60)

    running = asyncio.create_task(line.run(talk))
    await waits.wait()
    line.end(4001)
    async with asyncio.timeout(5):
        await running
    assert not running.cancelled()


async def test_a_talk_may_hang_up_itself_and_return_or_wait(line: Line, wire: Notebook) -> None:
    async def hang_up(one: Line) -> None:
        one.end(1009)

    async def hang_up_and_wait(one: Line) -> None:
        one.end(1009)
        await asyncio.sleep(60)

    another = Line(wire, Viewer(1, "Alice", "alice", True))
    async with asyncio.timeout(5):
        await line.run(hang_up)
        await another.run(hang_up_and_wait)
        await asyncio.sleep(0)


async def test_a_line_ended_before_its_talk_never_begins_it(line: Line) -> None:
    async def talk(_: Line) -> None:
        raise AssertionError

    line.end(4001)
    await line.run(talk)


async def test_a_talk_that_is_cancelled_by_others_stays_cancelled(line: Line) -> None:
    running = asyncio.create_task(line.run(lambda _: asyncio.sleep(60)))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
