"""A real PostgreSQL, a swept database for each test, and neighbours to sign in."""

import asyncio
import gc
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import hypothesis
import pytest
import structlog
import uvicorn
from playwright.async_api import Browser, BrowserContext, async_playwright
from starlette.applications import Starlette

from echange.config import Settings
from echange.database import open_pools
from echange.database.embedded import EmbeddedPostgres
from echange.database.migrate import migrate
from echange.demo.neighbours import PASSWORD
from echange.members.keys import fresh_key, hash_key
from tests.known import remember
from tests.neighbours import Town, settle_again
from tests.sweeping import Janitor, prepare_sweeping, sweep
from tests.turns import InTurn, put_in_turn
from tests.warm import Warm

TOWN = "town"
CHROMIUM = (
    os.environ.get("ECHANGE_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


# An accident is told in short: drawing every variable of every frame takes seconds.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer(sort_keys=True)]
)

remember(TOWN)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="random kills and ten thousand model runs as well")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile("long", max_examples=10_000, deadline=None)
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")
    gc.disable()


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: the garbage collector need not look at them again and again."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InTurn | None:
    """Our own way of sharing out, unless another was asked for."""
    return InTurn(config, log) if config.getvalue("dist") == "load" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    put_in_turn(items)
    if not config.getoption("--long"):
        for item in items:
            if "long" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="run by --long"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of this test process, holding a migrated town without members."""
    with tempfile.TemporaryDirectory(prefix="echange-tests-") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start_now()
        try:
            asyncio.run(_make_town(server.url))
            yield server.url
        finally:
            server.stop_now()


async def _make_town(url: str) -> None:
    from echange.members import furnish

    # Durability has tests of its own, with servers of their own.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        await administer(url, f"ALTER SYSTEM SET {setting} = off")
    await administer(url, "SELECT pg_reload_conf()")
    await administer(url, f"CREATE DATABASE {TOWN}")
    await migrate(on(url, TOWN))
    await furnish(on(url, TOWN))
    await prepare_sweeping(on(url, TOWN))


@pytest.fixture(scope="session")
def janitor(postgres: str) -> Iterator[Janitor]:
    somebody = Janitor(on(postgres, TOWN))
    try:
        yield somebody
    finally:
        somebody.leave()


@pytest.fixture(scope="session")
async def warm(postgres: str) -> AsyncIterator[Warm]:
    """Connections to the town that tests hand on to each other."""
    connections = Warm(on(postgres, TOWN))
    async with connections.kept():
        yield connections


@pytest.fixture
async def database_url(postgres: str, janitor: Janitor, warm: Warm) -> AsyncIterator[str]:
    """The address of a furnished database without members; what the test wrote is swept away afterwards."""
    try:
        yield on(postgres, TOWN)
    finally:
        idle = await warm.settled()
        await janitor.do(lambda connection: sweep(connection, spared=idle))


@pytest.fixture
async def orm(database_url: str) -> AsyncIterator[None]:
    """The ORM's pool on the fresh database, for tests of verbs without HTTP."""
    async with open_pools(database_url, pool_size=10):
        yield


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of the test's own, to look at rows from outside."""
    raw = await asyncpg.connect(database_url)
    try:
        yield raw
    finally:
        await raw.close()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where templates are kept compiled: once for all tests of all processes."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "compiled"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def usual() -> Settings:
    """Settings without a data folder of their own: reading the environment takes as long as a page."""
    return Settings(rate_factor=0, pool_size=10)


@pytest.fixture
def settings(tmp_path: Path, compiled: Path, usual: Settings) -> Settings:
    (tmp_path / "cache").symlink_to(compiled)
    return usual.model_copy(update={"data_dir": tmp_path})


_environments: dict[str, Any] = {}


@pytest.fixture
async def app(database_url: str, settings: Settings) -> AsyncIterator[Starlette]:
    """The application, started."""
    from echange.app import create_app

    application = create_app(settings, database_url)
    # Templates are read once for all tests of a process with the same settings.
    shown = settings.model_dump_json(exclude={"data_dir"})
    application.state.environments = _environments.setdefault(shown, application.state.environments)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def town(database_url: str, janitor: Janitor) -> Town:
    """Alice, Bob, Charlie, the keeper of La Redoute, the staff: with their skills, without annonces."""
    return await janitor.do(settle_again)


@dataclass
class Doors:
    """Makes browsers without a screen: one client a person."""

    app: Starlette

    @asynccontextmanager
    async def open(self, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        own = {"origin": "http://127.0.0.1:8000", **headers}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers=own
        ) as client:
            yield client


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody signed out."""
    async with Doors(app).open() as somebody:
        yield somebody


def neighbour(handle: str) -> Any:
    """A fixture: this neighbour, signed in."""

    async def signed_in(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[httpx.AsyncClient]:
        async with Doors(app).open() as somebody:
            await let_in(somebody, town[handle], janitor)
            yield somebody

    return pytest.fixture(signed_in)


alice = neighbour("alice")
bob = neighbour("bob")
charlie = neighbour("charlie")
# Who keeps La Redoute, who sits at its desk, and who reads reports there.
keeper = neighbour("redoute")
nadia = neighbour("concierge")
solene = neighbour("moderatrice")
bernard = neighbour("admin")


async def let_in(client: httpx.AsyncClient, member_id: int, janitor: Janitor) -> None:
    """Sign somebody in without the form: a session in the database, its key in their cookies."""
    key = fresh_key()
    await janitor.do(
        lambda connection: connection.execute(
            "INSERT INTO session (member_id, key_hash, device) VALUES ($1, $2, 'Appareil')",
            member_id,
            hash_key(key),
        )
    )
    client.cookies.set("session", key, domain="127.0.0.1", path="/")


async def sign_in(client: httpx.AsyncClient, handle: str) -> None:
    """Sign a neighbour in through the real form."""
    answer = await client.post(
        "/connexion", data={"email": f"{handle}@echange.example", "password": PASSWORD}
    )
    assert answer.status_code == 303, answer.text


@dataclass(frozen=True)
class Served:
    """An application on a real port."""

    app: Starlette
    url: str


@pytest.fixture
async def served(app: Starlette) -> AsyncIterator[Served]:
    """The application behind uvicorn on a free loopback port, for sockets and browsers."""
    async with serving(app) as it:
        yield it


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[Served]:
    """A started application, served for the time of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            app, lifespan="off", log_level="warning", access_log=False,
            ws="echange.live.transport:LineProtocol",
            ws_per_message_deflate=False, ws_max_size=65_536, timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 — uvicorn tells it by a flag only
            await asyncio.sleep(0.01)
        try:
            yield Served(app, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            await task


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for all tests of a process: it takes longer to start than to show a page."""
    if CHROMIUM is None:
        pytest.fail("Chromium manque : apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@pytest.fixture
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """A browser without windows, which knows nobody."""
    try:
        yield chromium
    finally:
        for window in chromium.contexts:
            await window.close()


async def signed_in_context(browser: Browser, served: Served, handle: str, **options: Any) -> BrowserContext:
    """A browser window of a neighbour who has signed in; the form itself has journeys of its own."""
    context = await browser.new_context(base_url=served.url, locale="fr-FR", **options)
    async with httpx.AsyncClient(base_url=served.url, headers={"origin": served.url}) as client:
        await sign_in(client, handle)
        session = client.cookies["session"]
    await context.add_cookies([{"name": "session", "value": session, "url": served.url}])
    return context


def on(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
