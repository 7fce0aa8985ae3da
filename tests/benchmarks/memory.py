"""What one server process holds at rest in a demo town, after some pages: resident megabytes (10⁶ bytes).

`pss_mb` counts what it shares with other processes in part only, where the system tells (Linux).
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bench import Bench, Line, Skipped
from tests.benchmarks.visitors import one_page
from tests.benchmarks.workshop import PATIENCE, Workshop, free_port

ADS: Final = 1_200
PAGES: Final = ("/", "/annonces", "/experts", "/associations", "/connexion", "/inscription", "/publier")
VISITS: Final = 20
REST_SECONDS: Final = 3.0


async def idle(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    url, port = await workshop.town(ADS), free_port()
    settings = {"ECHANGE_DATABASE_URL": url, "ECHANGE_PORT": str(port), "ECHANGE_RATE_FACTOR": "0"}
    async with workshop.server(port, "/healthz", "-m", "echange.cli", "serve", **settings) as pid:
        for _ in range(VISITS):
            for path in PAGES:
                await one_page(port, path, PATIENCE)
        await asyncio.sleep(REST_SECONDS)
        yield Line(_resident(pid), "MB", 1, also=_proportional(pid))


def _resident(pid: int) -> float:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) * 1024 / 1e6


def _proportional(pid: int) -> dict[str, float]:
    told = Path(f"/proc/{pid}/smaps_rollup")
    if not told.exists():
        return {}
    (line,) = (line for line in told.read_text().splitlines() if line.startswith("Pss:"))
    return {"pss_mb": int(line.split()[1]) * 1024 / 1e6}


bench: Final = Bench("memory", {"idle": idle}, usual=("idle",))
