"""From the command to the first page, the environment being ready: seconds until `/` is answered with 200.

`cold` has an empty data folder (the database is made), `warm` is the second start on it; `cold-demo` goes on
until the demo town stands behind the page. The system's file cache is warm in all of them.
"""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bench import Bench, Line, Skipped, in_turn
from tests.benchmarks.visitors import one_page
from tests.benchmarks.workshop import PATIENCE, Workshop, free_port

ROUNDS: Final = 3


async def cold(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    (value,) = await in_turn(ROUNDS, lambda: _start(workshop, workshop.new_folder()))
    yield Line(value, "s", ROUNDS)


async def warm(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    folder = workshop.new_folder()
    await _start(workshop, folder, "--demo")
    (value,) = await in_turn(ROUNDS, lambda: _start(workshop, folder))
    yield Line(value, "s", ROUNDS)


async def cold_demo(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    (value,) = await in_turn(ROUNDS, lambda: _start(workshop, workshop.new_folder(), "--demo"))
    yield Line(value, "s", ROUNDS)


async def _start(workshop: Workshop, data_dir: Path, *words: str) -> float:
    port = free_port()
    settings = {"ECHANGE_DATA_DIR": str(data_dir), "ECHANGE_PORT": str(port)}
    started = time.perf_counter()
    async with workshop.process("-m", "echange.cli", "serve", *words, **settings):
        if "--demo" in words:
            await one_page(port, "/readyz", PATIENCE)
        await one_page(port, "/", PATIENCE)
        return time.perf_counter() - started


bench: Final = Bench(
    "start", {"cold": cold, "warm": warm, "cold-demo": cold_demo}, usual=("cold", "warm", "cold-demo")
)
