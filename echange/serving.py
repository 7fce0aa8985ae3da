"""From settings to an open town: the port, PostgreSQL, the migrations, then the pages; and back."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import asyncpg
import uvicorn
from starlette.applications import Starlette

from echange.config import Settings
from echange.importing import undisturbed
from echange.port import address_of, listening
from echange.running import CannotStart, Running, check_free, own_database

# In seconds: jobs, sockets and PostgreSQL need some of the five that a stop may take.
LAST_REQUESTS: Final = 2
# In bytes; a longer one is refused before it is gathered.
LONGEST_FRAME: Final = 64 * 1024
NOT_OPEN: Final = "échange n’a pas pu ouvrir : la cause est écrite plus haut."


async def serve(settings: Settings, *, demo: bool, opened: Callable[[str], None]) -> None:
    """Serve until a stop signal; `opened` hears our address once a first page can be asked for.

    Raises CannotStart or DatabaseUnfit, both with a line to show.
    """
    check_free(settings.data_dir)
    with listening(settings) as listener, stop_signals() as stop:
        async with own_database(settings, meanwhile=import_the_rest) as (url, postgres):
            if stop.is_set():
                return
            app = await prepare(settings, url)
            app.state.town_loaded = not demo or await is_inhabited(url)
            address = address_of(settings, listener)
            cluster = str(postgres.cluster) if postgres else None

            async def open_town() -> None:
                if not app.state.town_loaded:
                    await load_demo(url)
                    app.state.town_loaded = True
                opened(address)

            with Running(address, url, [os.getpid()], str(settings.data_dir.resolve()), cluster).noted():
                await answer(app, listener, stop, open_town)


async def answer(
    app: Starlette, listener: socket.socket, stop: asyncio.Event, opened: Callable[[], Awaitable[None]]
) -> None:
    """Answer on this socket until `stop`; `opened` is awaited once a first page can be asked for.

    Raises CannotStart, and what `opened` raises.
    """
    server = _Server(app)
    stopping = asyncio.create_task(_stop_when(stop, server))
    opening = asyncio.create_task(_open(server, opened))
    opening.add_done_callback(server.close_if_failed)
    await server.serve(sockets=[listener])
    await _end(stopping, opening)
    if not server.started:
        raise CannotStart(NOT_OPEN)


@contextlib.contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that is set when we are asked to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    try:
        yield stop
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)


def import_the_rest() -> None:
    """Import what serving takes; done while something else is waited for."""
    with undisturbed():
        import echange.app
        import echange.database.migrate  # noqa: F401 — imported here while PostgreSQL starts beside


async def prepare(settings: Settings, url: str) -> Starlette:
    """Bring the database to the present; the application on it. Several processes may do so at once."""
    from echange import logs
    from echange.app import create_app
    from echange.database.migrate import migrate
    from echange.members import furnish

    logs.configure()
    await migrate(url)
    await furnish(url)
    return create_app(settings, url)


async def is_inhabited(url: str) -> bool:
    """Whether anybody lives in this town."""
    raw = await asyncpg.connect(url)
    try:
        return bool(await raw.fetchval("SELECT EXISTS (SELECT FROM member)"))
    finally:
        await raw.close()


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: it would raise the signal again before PostgreSQL is stopped."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="echange.live.transport:LineProtocol",
                ws_per_message_deflate=False,
                ws_max_size=LONGEST_FRAME,
                # A dead peer is closed 45 seconds after its last word.
                ws_ping_interval=25,
                ws_ping_timeout=20,
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


async def _open(server: _Server, opened: Callable[[], Awaitable[None]]) -> None:
    await server.open.wait()
    if server.started:
        await opened()


async def load_demo(url: str) -> None:
    """Move the invented neighbours in. Raises CannotStart."""
    # In a process of its own: making a town takes memory and time that visitors would feel here.
    loading = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "echange.cli", "demo", env={**os.environ, "ECHANGE_DATABASE_URL": url}
    )
    try:
        if await loading.wait() != 0 and not await is_inhabited(url):
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
