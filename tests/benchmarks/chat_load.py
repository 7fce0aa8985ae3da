"""The load generator, a process of its own.

`python -m tests.benchmarks.chat_load ORDER TOLD`: two files, an Order and a place for what is told, pickled.
"""

import asyncio
import gc
import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import uvloop

from tests.benchmarks.chat_crowd import Crowd
from tests.benchmarks.chat_order import Idle, Light, Order, Round, Rush, Target, Told
from tests.benchmarks.chat_socket import Broken

BREATH_SECONDS: Final = 0.004


def main() -> None:
    order, told = map(Path, sys.argv[1:])
    answer = Told()
    try:
        uvloop.run(_obey(pickle.loads(order.read_bytes()), answer))
    except Broken as reason:
        answer.wrong = str(reason)
    except Exception as error:
        answer.wrong = f"the load generator failed: {error!r}"
    told.write_bytes(pickle.dumps(answer))


async def _obey(order: Order, told: Told) -> None:
    pace = order.pace
    crowds = [Crowd(order, target) for target in order.targets]
    try:
        if isinstance(pace, Idle):
            told.rounds = [[await _idle(crowd, pace)] for crowd in crowds]
            return
        for crowd in crowds:
            await crowd.enter(range(len(crowd.target.keys)))
        # Nothing here makes rings of references: looking for them would only add to latencies.
        gc.disable()
        told.rounds = [[] for _ in crowds]
        for _ in range(order.rounds):
            for taken, crowd in zip(told.rounds, crowds, strict=True):
                taken.append(await measured(crowd, pace))
    finally:
        for crowd in crowds:
            crowd.leave()


async def measured(crowd: Crowd, pace: Rush | Light) -> Round:
    """One round of a crowd. Raises Broken."""
    return await (_rush(crowd, pace) if isinstance(pace, Rush) else _light(crowd, pace))


async def _rush(crowd: Crowd, pace: Rush) -> Round:
    crowd.keep_on = True
    breathing = asyncio.create_task(_breathe(crowd))
    try:
        for _ in range(pace.window):
            for writer in crowd.writers:
                crowd.send(writer)
        await crowd.let_pass(pace.warming_seconds)
        before = _look(crowd)
        await crowd.let_pass(pace.seconds)
        after = _look(crowd)
    finally:
        crowd.keep_on = False
        await breathing
    await crowd.prove()
    return _between(before, after)


async def _breathe(crowd: Crowd) -> None:
    # Reading each frame as it comes costs as much as a server's writing it: let some gather.
    while crowd.keep_on:
        time.sleep(BREATH_SECONDS)  # noqa: ASYNC251 — nothing else may run meanwhile
        await asyncio.sleep(0)


async def _light(crowd: Crowd, pace: Light) -> Round:
    heard_at = crowd.heard_at = {}
    sent_at: dict[int, float] = {}
    before = _look(crowd)
    for turn in range(round(pace.per_second * pace.seconds)):
        await crowd.let_pass(before.clock + turn / pace.per_second - time.perf_counter())
        now = time.perf_counter()
        sent_at[crowd.send(crowd.writers[turn % len(crowd.writers)])] = now
    after = _look(crowd)
    await crowd.prove()
    latencies = [at - sent_at[number] for number, at in heard_at.items()]
    return replace(_between(before, after), latencies=tuple(latencies))


async def _idle(crowd: Crowd, pace: Idle) -> Round:
    """By how much the server grows for each socket after the first ones, which warm up what is shared."""
    people = range(len(crowd.target.keys))
    await crowd.enter(people[: pace.warming])
    await crowd.let_pass(pace.rest_seconds)
    before = _resident_bytes(crowd.target)
    await crowd.enter(people[pace.warming :])
    await crowd.let_pass(pace.rest_seconds)
    grown = _resident_bytes(crowd.target) - before
    return Round(0, pace.rest_seconds, socket_bytes=grown / (len(people) - pace.warming))


@dataclass(frozen=True)
class Look:
    """How far everything is at a moment."""

    settled: int
    clock: float
    load_cpu: float
    server_cpu: float


def _look(crowd: Crowd) -> Look:
    servers = sum(map(_cpu_seconds, crowd.target.pids))
    return Look(crowd.settled, time.perf_counter(), time.process_time(), servers)


def _between(before: Look, after: Look) -> Round:
    return Round(
        messages=after.settled - before.settled,
        seconds=after.clock - before.clock,
        load_cpu_seconds=after.load_cpu - before.load_cpu,
        server_cpu_seconds=after.server_cpu - before.server_cpu,
    )


def _cpu_seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat")
    if not told.exists():
        return 0.0
    user, system = told.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(target: Target) -> int:
    command = ["ps", "-o", "rss=", "-p", ",".join(map(str, target.pids))]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return 1024 * sum(map(int, told.stdout.split()))


if __name__ == "__main__":
    main()
