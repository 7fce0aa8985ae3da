"""A reader that stops reading, over real TCP: murmurs are dropped, then the socket; nobody else notices."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
import uvloop

from echange.live import Frame, transport
from tests.live.house import DIRECT, PUBLIC, House, heard, open_house, rest
from tests.live.waiting import until

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
Story = Callable[[House], Awaitable[None]]


@pytest.fixture(params=list(LOOPS))
def tell(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Plays a story in a house of its own, on the loop that serves people as on Python's own."""

    async def in_house(story: Story, protocol: str, **options: float) -> None:
        async with open_house(protocol, **options) as house:
            await story(house)

    def play(story: Story, protocol: str = DIRECT, **options: float) -> None:
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.run(in_house(story, protocol, **options))

    return play


async def fill(house: House, member: int, up_to: int) -> int:
    """Send to a member who does not read until this many bytes wait here; how many frames it took."""
    sent = 0
    # What the system itself buffers comes first.
    while house.lines[0]._wire.waiting() <= up_to and house.lines[0]._code is None:
        house.hub.send([member], Frame("x" * 30_000))
        sent += 1
        assert sent < 4000
        await asyncio.sleep(0)
    return sent


@pytest.mark.parametrize("protocol", [DIRECT, PUBLIC], ids=["direct", "public"])
def test_a_slow_reader_is_closed_and_nobody_waits_for_it(tell: Callable[..., None], protocol: str) -> None:
    async def story(house: House) -> None:
        async with house.socket(1, max_queue=1) as slow, house.socket(2) as quick:
            slow.transport.pause_reading()
            sent = await fill(house, 1, 300 * 1024)
            house.hub.send([2], Frame("tout de suite"))
            assert await heard(quick) == "tout de suite"
            slow.transport.resume_reading()
            said, code = await rest(slow)
            assert (json.loads(said[-1]), code) == ({"type": "bye", "code": "too_slow"}, 4008)
            assert 0 < len(said) - 1 < sent

    tell(story, protocol)


def test_murmurs_are_dropped_for_a_slow_reader_and_messages_are_not(tell: Callable[..., None]) -> None:
    async def story(house: House) -> None:
        async with house.socket(1, max_queue=1) as slow, house.socket(2) as quick:
            slow.transport.pause_reading()
            sent = await fill(house, 1, 64 * 1024)
            for number in range(20):
                house.hub.murmur([1, 2], Frame(f"tout bas {number}"))
            house.hub.send([1, 2], Frame("un message"))
            assert [await heard(quick) for _ in range(21)][19:] == ["tout bas 19", "un message"]
            slow.transport.resume_reading()
            assert [len(await heard(slow)) for _ in range(sent)] == [30_000] * sent
            assert await heard(slow) == "un message"
            house.hub.murmur([1], Frame("de nouveau"))
            assert await heard(slow) == "de nouveau"

    tell(story)


@pytest.mark.parametrize("protocol", [DIRECT, PUBLIC], ids=["direct", "public"])
def test_catching_up_in_slices_waits_for_the_reader(tell: Callable[..., None], protocol: str) -> None:
    async def story(house: House) -> None:
        async with house.socket(1, max_queue=1) as slow:
            slow.transport.pause_reading()
            sent = await fill(house, 1, 100 * 1024)
            drained = asyncio.create_task(house.lines[0].drained())
            await asyncio.sleep(0.2)
            assert not drained.done()
            slow.transport.resume_reading()
            for _ in range(sent):
                await heard(slow)
            await asyncio.wait_for(drained, 10)
            assert house.lines[0]._wire.waiting() <= 64 * 1024
            await asyncio.wait_for(house.lines[0].drained(), 10)

    tell(story, protocol)


def test_whoever_never_reads_is_cut_off(tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HANG_UP_SECONDS", 0.2)

    async def story(house: House) -> None:
        async with house.socket(1, max_queue=1) as slow:
            slow.transport.pause_reading()
            await fill(house, 1, 300 * 1024)
            await until(partial(_all_gone, house))
            slow.transport.abort()

    tell(story)


def test_a_dead_peer_with_a_full_buffer_is_cut_off_too(tell: Callable[..., None]) -> None:
    async def story(house: House) -> None:
        async with house.socket(1, max_queue=1) as dead:
            dead.transport.pause_reading()
            await fill(house, 1, 100 * 1024)
            await until(partial(_all_gone, house))
            dead.transport.abort()

    tell(story, ws_ping_interval=0.3, ws_ping_timeout=0.3)


def test_a_stop_does_not_wait_for_a_slow_reader(
    tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "RESTART_SECONDS", 0.2)

    async def story(house: House) -> None:
        async with house.socket(1, max_queue=1) as slow:
            slow.transport.pause_reading()
            await fill(house, 1, 100 * 1024)
            house.server.should_exit = True
            await until(partial(_all_gone, house))
            slow.transport.abort()

    tell(story)


def test_many_small_frames_at_once_are_no_slowness(tell: Callable[..., None]) -> None:
    async def story(house: House) -> None:
        async with house.socket(1) as quick:
            for _ in range(1000):
                house.hub.send([1], Frame("x" * 300))
            assert [len(await heard(quick)) for _ in range(1000)] == [300] * 1000

    tell(story)


def test_what_comes_after_the_end_of_a_connection_goes_nowhere(tell: Callable[..., None]) -> None:
    async def story(house: House) -> None:
        accidents: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: accidents.append(context))
        async with house.socket(1) as gone:
            wire = house.lines[0]._wire
            gone.transport.abort()
            await until(partial(_all_gone, house))
            wire.put(Frame("personne"))
            wire.hang_up(4001, Frame("personne"))
            await wire.drained()
            await asyncio.sleep(0.05)
            assert accidents == []

    tell(story)


def _all_gone(house: House) -> bool:
    return house.hub.count == 0 and not house.server.server_state.connections
