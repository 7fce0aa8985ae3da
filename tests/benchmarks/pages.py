"""`/annonces` signed out: requests/s of one process of ours, beside a bare floor and beside Django.

`floor` is Starlette, asyncpg and our template, nothing else. `django` is the page as one writes it with
Django 5, `django-same-template` is Django with our template and our SQL. All have one process, the same
uvicorn, the same database, 32 visitors on kept-open connections and no compression, and must say the same.
`cpu_ms` and `against_cpu_ms`, the servers' processor time for one answer, suffer less from a busy machine.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.bench import Bench, Line, Skipped, in_turn
from tests.benchmarks.django_libraries import django_libraries
from tests.benchmarks.same_page import PATH
from tests.benchmarks.visitors import one_page, rush_to
from tests.benchmarks.workshop import PATIENCE, CannotHave, Workshop, free_port

CONNECTIONS: Final = 32
ROUNDS: Final = 5
SECONDS: Final = 0.6
WARMING_SECONDS: Final = 0.4
UNIT: Final = "req/s"


@dataclass(frozen=True)
class Rival:
    """Whom we compare with: a module of this folder that serves the page."""

    name: str
    module: str
    is_django: bool = False


RIVALS: Final = (
    Rival("floor", "floor"),
    Rival("django", "django_usual", is_django=True),
    Rival("django-same-template", "django_same_template", is_django=True),
)


async def annonces_10000(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    async for line in _beside_rivals(workshop, 10_000):
        yield line


async def annonces_50000(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    async for line in _beside_rivals(workshop, 50_000):
        yield line


async def annonces_1000000(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    """Against itself in a town a hundred times smaller."""
    small, large = await workshop.town(10_000), await workshop.town(1_000_000)
    async with _ours(workshop, large) as ours, _ours(workshop, small) as theirs:
        value, against = await in_turn(ROUNDS, ours.rate, theirs.rate)
        yield _line(ours, value, "annonces-10000", theirs, against)


async def _beside_rivals(workshop: Workshop, ads: int) -> AsyncIterator[Line | Skipped]:
    url = await workshop.town(ads)
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(_ours(workshop, url))
        others: dict[str, Served] = {}
        for rival in RIVALS:
            try:
                served = await stack.enter_async_context(_theirs(workshop, url, rival))
                await _check_same(ours, served)
                others[rival.name] = served
            except CannotHave as reason:
                yield Skipped(str(reason), rival.name)
        value, *rates = await in_turn(ROUNDS, ours.rate, *(other.rate for other in others.values()))
        for (name, other), rate in zip(others.items(), rates, strict=True):
            yield _line(ours, value, name, other, rate)


@dataclass
class Served:
    """The page at a port, and what its answers took."""

    port: int
    pid: int
    answers: int = 0
    cpu_seconds: float = 0.0

    async def rate(self, seconds: float = SECONDS) -> float:
        """Requests/s of one round."""
        before = _cpu_seconds(self.pid)
        answered = await rush_to(self.port, PATH, connections=CONNECTIONS, seconds=seconds)
        self.answers += answered.answers
        self.cpu_seconds += _cpu_seconds(self.pid) - before
        return answered.answers / answered.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the processor for one answer, 0 where the system does not tell."""
        return 1000 * self.cpu_seconds / self.answers


def _cpu_seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat")
    if not told.exists():
        return 0.0
    user, system = told.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _line(ours: Served, value: float, against: str, theirs: Served, against_value: float) -> Line:
    also = {"cpu_ms": ours.cpu_ms, "against_cpu_ms": theirs.cpu_ms} if ours.cpu_ms else None
    return Line(value, UNIT, ROUNDS, against, against_value, also)


@asynccontextmanager
async def _ours(workshop: Workshop, url: str) -> AsyncIterator[Served]:
    settings = {"ECHANGE_DATABASE_URL": url, "ECHANGE_RATE_FACTOR": "0"}
    async with _served(workshop, "-m", "echange.cli", "serve", **settings) as served:
        yield served


@asynccontextmanager
async def _theirs(workshop: Workshop, url: str, rival: Rival) -> AsyncIterator[Served]:
    environment = {"PYTHONPATH": str(await django_libraries())} if rival.is_django else {}
    words = ("-m", f"tests.benchmarks.{rival.module}")
    async with _served(workshop, *words, ECHANGE_DATABASE_URL=url, **environment) as served:
        yield served


@asynccontextmanager
async def _served(workshop: Workshop, *words: str, **environment: str) -> AsyncIterator[Served]:
    port = free_port()
    async with workshop.server(port, PATH, *words, ECHANGE_PORT=str(port), **environment) as pid:
        await Served(port, pid).rate(WARMING_SECONDS)
        yield Served(port, pid)


async def _check_same(ours: Served, theirs: Served) -> None:
    """Both must say the same, white space apart; asked again, as a minute may have begun between the two."""
    for _ in range(3):
        pages = [await one_page(each.port, PATH, PATIENCE) for each in (ours, theirs)]
        if b"".join(pages[0].split()) == b"".join(pages[1].split()):
            return
    raise CannotHave("its page no longer says the same as ours: bring tests/benchmarks up to date")


bench: Final = Bench(
    "pages",
    {
        "annonces-10000": annonces_10000,
        "annonces-50000": annonces_50000,
        "annonces-1000000": annonces_1000000,
    },
    usual=("annonces-10000", "annonces-50000"),
)
