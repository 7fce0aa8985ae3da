"""Messages on `/live`: the whole product beside a bare reference (chat_reference.py), both in one process.

Everybody has a session, a cookie and an exact origin, each message an id of its own. A figure is told once
each message was acknowledged and came once to everybody else; otherwise there is `error` and no figure.
`load_cpu` is the load generator's share of one processor: near 1, it is the generator that was measured.
`cpu_us` and `against_cpu_us` are the microseconds that the server processes' processors worked for one
message or delivery (Linux): a busy machine changes them less.

- `light-p50`, `light-p99`: ms from a neighbour's sending to the other's hearing, at a few messages a second;
  over the messages of all rounds. Above 1, the ratio says that ours takes longer.
- `pairs50`: 50 pairs, all write; messages/s acknowledged and delivered.
- `room200`: 4 of 200 write; deliveries/s to the others.
- `idle1000`: KB (10³ bytes) by which the server grows for each socket after hello. Theirs is a bare Starlette
  socket, what the stack itself takes: the ratio, above 1, says how much échange adds to it.
- `pairs50-two-processes`: two processes, one PostgreSQL, the two of each pair apart, against one process.
"""

import asyncio
import pickle
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final
from weakref import WeakKeyDictionary

from tests.benchmarks.bench import Bench, Line, Skipped, Wrong
from tests.benchmarks.chat_order import Idle, Light, Order, Room, Round, Rush, Target, Told
from tests.benchmarks.chat_town import settle
from tests.benchmarks.workshop import Workshop, free_port

ROUNDS: Final = 3
LIGHT: Final = Light(per_second=50, seconds=1.2)
LIGHT_PAIRS: Final = 10
PAIRS: Final = 50
PAIRS_RUSH: Final = Rush(window=8, warming_seconds=0.2, seconds=0.8)
ROOM_RUSH: Final = Rush(window=16, warming_seconds=0.2, seconds=0.8)
ROOM: Final = 200
ROOM_WRITERS: Final = 4
IDLE: Final = Idle(warming=100, rest_seconds=0.5)
IDLE_SOCKETS: Final = 1_000
REFERENCE: Final = "reference"
LAST_BEGINNING: Final = 38.0

_light_rounds: Final[WeakKeyDictionary[Workshop, list[list[Round]]]] = WeakKeyDictionary()


async def light_p50(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    yield await _light(workshop, 0.5)


async def light_p99(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    yield await _light(workshop, 0.99)


async def pairs50(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    ours, theirs = await _beside_reference(workshop, _pairs(PAIRS), PAIRS_RUSH)
    yield _rate(ours, "msg/s", REFERENCE, theirs)


async def room200(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    ours, theirs = await _beside_reference(workshop, [range(ROOM)], ROOM_RUSH)
    yield _rate(ours, "deliveries/s", REFERENCE, theirs, each=ROOM - 1)


async def idle1000(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    # One round: rounds differ by a thousandth, and each needs servers of its own.
    rounds = await _beside_reference(workshop, _pairs((IDLE.warming + IDLE_SOCKETS) // 2), IDLE)
    ours, theirs = (taken.socket_bytes / 1000 for (taken,) in rounds)
    yield Line(ours, "KB", 1, REFERENCE, theirs)


async def pairs50_two_processes(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    url = await workshop.town(0)
    async with _ours(workshop, url) as one, _ours(workshop, url) as other:
        both = Target(one.ports + other.ports, one.pids + other.pids)
        two, alone = await _measured(workshop, url, (both, one), _pairs(PAIRS), PAIRS_RUSH)
        yield _rate(two, "msg/s", "pairs50", alone)


async def _light(workshop: Workshop, part: float) -> Line:
    if workshop not in _light_rounds:
        _light_rounds[workshop] = await _beside_reference(workshop, _pairs(LIGHT_PAIRS), LIGHT)
    rounds = _light_rounds[workshop]
    ours, theirs = (_part([each for one in taken for each in one.latencies], part) * 1000 for taken in rounds)
    return Line(ours, "ms", ROUNDS, REFERENCE, theirs, also={"load_cpu": _load_cpu(rounds[0])})


def _part(values: Sequence[float], part: float) -> float:
    return statistics.quantiles(values, n=1000, method="inclusive")[round(part * 1000) - 1]


def _rate(ours: Sequence[Round], unit: str, against: str, theirs: Sequence[Round], each: int = 1) -> Line:
    value, against_value = (each * statistics.median(one.rate for one in taken) for taken in (ours, theirs))
    also = {"load_cpu": _load_cpu(ours), "against_load_cpu": _load_cpu(theirs)}
    if _cpu_us(ours):
        also |= {"cpu_us": _cpu_us(ours) / each, "against_cpu_us": _cpu_us(theirs) / each}
    return Line(value, unit, ROUNDS, against, against_value, also)


def _load_cpu(rounds: Sequence[Round]) -> float:
    return sum(one.load_cpu_seconds for one in rounds) / sum(one.seconds for one in rounds)


def _cpu_us(rounds: Sequence[Round]) -> float:
    return 1e6 * sum(one.server_cpu_seconds for one in rounds) / sum(one.messages for one in rounds)


def _pairs(count: int) -> list[Sequence[int]]:
    return [(2 * pair, 2 * pair + 1) for pair in range(count)]


async def _beside_reference(
    workshop: Workshop, groups: Sequence[Sequence[int]], pace: Rush | Light | Idle
) -> list[list[Round]]:
    url = await workshop.town(0)
    async with _ours(workshop, url) as ours, _reference(workshop, url) as theirs:
        return await _measured(workshop, url, (ours, theirs), groups, pace)


@asynccontextmanager
async def _ours(workshop: Workshop, url: str) -> AsyncIterator[Target]:
    async with _served(workshop, "-m", "echange.cli", "serve", url=url) as target:
        yield target


@asynccontextmanager
async def _reference(workshop: Workshop, url: str) -> AsyncIterator[Target]:
    async with _served(workshop, "-m", "tests.benchmarks.chat_reference", url=url) as target:
        yield target


@asynccontextmanager
async def _served(workshop: Workshop, *words: str, url: str) -> AsyncIterator[Target]:
    port = free_port()
    settings = {"ECHANGE_DATABASE_URL": url, "ECHANGE_PORT": str(port), "ECHANGE_RATE_FACTOR": "0"}
    async with workshop.server(port, "/healthz", *words, **settings) as pid:
        yield Target((port,), (pid,))


async def _measured(
    workshop: Workshop,
    url: str,
    targets: tuple[Target, ...],
    groups: Sequence[Sequence[int]],
    pace: Rush | Light | Idle,
) -> list[list[Round]]:
    """The rounds of each target. Raises Wrong."""
    peopled = tuple([await _peopled(target, url, groups) for target in targets])
    told = await _generated(workshop, Order(peopled, pace, ROUNDS))
    if told.wrong:
        raise Wrong(told.wrong)
    return told.rounds


async def _peopled(target: Target, url: str, groups: Sequence[Sequence[int]]) -> Target:
    neighbours = await settle(url, groups)
    rooms = tuple(
        Room(conversation, tuple(group), tuple(group[:ROOM_WRITERS]))
        for conversation, group in zip(neighbours.conversations, groups, strict=True)
    )
    return replace(target, keys=neighbours.keys, rooms=rooms)


async def _generated(workshop: Workshop, order: Order) -> Told:
    folder = workshop.new_folder()
    question, answer = folder / "order", folder / "told"
    question.write_bytes(pickle.dumps(order))
    words = ("-m", "tests.benchmarks.chat_load", str(question), str(answer))
    async with workshop.process(*words) as process:
        await process.wait()
    told = pickle.loads(await asyncio.to_thread(answer.read_bytes)) if answer.exists() else None
    if not isinstance(told, Told):
        raise Wrong(f"the load generator ended with {process.returncode}")
    return told


bench: Final = Bench(
    "chat",
    {
        "light-p50": light_p50,
        "light-p99": light_p99,
        "pairs50": pairs50,
        "room200": room200,
        "idle1000": idle1000,
        "pairs50-two-processes": pairs50_two_processes,
    },
    usual=("light-p50", "light-p99", "pairs50", "room200", "idle1000", "pairs50-two-processes"),
    last_beginning=LAST_BEGINNING,
)
