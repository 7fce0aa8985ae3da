"""A town with something to see in it, served once for all who only look at it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from echange.app import create_app
from echange.config import Settings
from echange.database.migrate import migrate
from echange.demo import load
from echange.members import furnish
from tests.conftest import Doors, Served, administer, on, serving, sign_in
from tests.house.crawling import Walk, walk

DATABASE = "lively"


@dataclass
class Lively:
    """The town, and what its people find by following links: each walks once."""

    served: Served
    _walks: dict[str, Walk] = field(default_factory=dict)

    async def walked(self, handle: str = "") -> Walk:
        """Everywhere that somebody can go from the front page; without a handle: somebody signed out."""
        if handle not in self._walks:
            async with Doors(self.served.app).open() as somebody:
                if handle:
                    await sign_in(somebody, handle)
                self._walks[handle] = await walk(self.served.app, somebody)
        return self._walks[handle]


@asynccontextmanager
async def lively_town(postgres: str, settings: Settings) -> AsyncIterator[Lively]:
    """In a database of its own, which nobody sweeps; no other application may run meanwhile."""
    url = on(postgres, DATABASE)
    await administer(postgres, f"CREATE DATABASE {DATABASE}")
    try:
        await migrate(url)
        await furnish(url)
        await load(url, members=40, ads=120)
        app = create_app(settings, url)
        async with app.router.lifespan_context(app), serving(app) as served:
            yield Lively(served)
    finally:
        await administer(postgres, f"DROP DATABASE {DATABASE} WITH (FORCE)")
