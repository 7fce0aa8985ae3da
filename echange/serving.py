"""From settings to an open town: the port, PostgreSQL, the migrations, then the pages; and back."""

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Final

import asyncpg
import uvicorn
from starlette.applications import Starlette

from echange.config import Settings
from echange.running import CannotStart, Running, check_writable, find_running, own_database

# In seconds: jobs, sockets and PostgreSQL need some of the five that a stop may take.
LAST_REQUESTS: Final = 2
BACKLOG: Final = 2048
# In bytes; a longer one is refused before it is gathered.
LONGEST_FRAME: Final = 64 * 1024
EVERY_ADDRESS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104


async def serve(settings: Settings, *, demo: bool, opened: Callable[[str], None]) -> None:
    """Serve until a stop signal; `opened` hears our address once a first page can be asked for.

    Raises CannotStart or DatabaseUnfit, both with a line to show.
    """
    check_writable(settings.data_dir)
    if running := find_running(settings.data_dir):
        raise CannotStart(f"échange est déjà ouvert avec ces données : {running.base_url}")
    with _listening(settings) as listener, _stop_signals() as stop:
        async with own_database(settings, meanwhile=_import_the_rest) as (url, postgres):
            if stop.is_set():
                return
            app = await _prepare(settings, url)
            app.state.town_loaded = not demo or await _is_inhabited(url)
            address = settings.base_url or _address(settings.host, listener)
            cluster = str(postgres.cluster) if postgres else None
            with Running(address, url, [os.getpid()], str(settings.data_dir.resolve()), cluster).noted():
                server = _Server(app)
                stopping = asyncio.create_task(_stop_when(stop, server))
                opening = asyncio.create_task(_open(server, app, lambda: opened(address)))
                opening.add_done_callback(server.close_if_failed)
                await server.serve(sockets=[listener])
                await _end(stopping, opening)
                if not server.started:
                    raise CannotStart("échange n’a pas pu ouvrir : la cause est écrite plus haut.")


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    # Taken before anything slow: a busy port is said at once, and the first visitor waits instead of failing.
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotStart(_why_not(settings, error)) from error
    with listener:
        yield listener


def _why_not(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Le port {settings.port} est déjà pris : choisissez-en un autre avec ECHANGE_PORT."
    if error.errno == errno.EACCES:
        return f"Le port {settings.port} est réservé : choisissez-en un au-dessus de 1023 avec ECHANGE_PORT."
    return f"Impossible d’ouvrir à l’adresse {settings.host} ({error.strerror}) : voyez ECHANGE_HOST."


@contextlib.contextmanager
def _stop_signals() -> Iterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    try:
        yield stop
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)


def _import_the_rest() -> None:
    # A hundred thousand objects arrive and none is garbage: looking for it meanwhile is a tenth of the start.
    gc.disable()
    try:
        import echange.app
        import echange.database.migrate  # noqa: F401 — imported here while PostgreSQL starts beside
    finally:
        gc.freeze()
        gc.enable()


async def _prepare(settings: Settings, url: str) -> Starlette:
    from echange import logs
    from echange.app import create_app
    from echange.database.migrate import migrate
    from echange.members import furnish

    logs.configure()
    await migrate(url)
    await furnish(url)
    return create_app(settings, url)


async def _is_inhabited(url: str) -> bool:
    raw = await asyncpg.connect(url)
    try:
        return bool(await raw.fetchval("SELECT EXISTS (SELECT FROM member)"))
    finally:
        await raw.close()


def _address(host: str, listener: socket.socket) -> str:
    shown = "127.0.0.1" if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: it would raise the signal again before PostgreSQL is stopped."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                ws_max_size=LONGEST_FRAME,
                lifespan="on",
                access_log=False,
                server_header=False,
                # Only behind a proxy of ours does somebody else know the visitor's address; https means one.
                proxy_headers=app.state.settings.https,
                log_config=None,
                timeout_graceful_shutdown=LAST_REQUESTS,
            )
        )
        self.open = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:
            self.should_exit = True
        self.open.set()

    def close_if_failed(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _open(server: _Server, app: Starlette, opened: Callable[[], None]) -> None:
    await server.open.wait()
    if not server.started:
        return
    if not app.state.town_loaded:
        await _load_demo(app.state.database_url)
        app.state.town_loaded = True
    opened()


async def _load_demo(url: str) -> None:
    # In a process of its own: making a town takes memory and time that visitors would feel here.
    loading = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "echange.cli", "demo", env={**os.environ, "ECHANGE_DATABASE_URL": url}
    )
    try:
        if await loading.wait() != 0 and not await _is_inhabited(url):
            raise CannotStart("La ville d’essai n’a pas pu être peuplée : la cause est écrite plus haut.")
    finally:
        if loading.returncode is None:
            loading.kill()
            await loading.wait()


async def _stop_when(stop: asyncio.Event, server: _Server) -> None:
    await stop.wait()
    server.should_exit = True


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
