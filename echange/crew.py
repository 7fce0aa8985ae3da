"""A town served by several processes: started together, replaced when they die, gone when we are."""

import asyncio
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Final, Self

import orjson
import structlog

from echange import logs
from echange.config import Settings
from echange.crew_member import Orders
from echange.port import SharedPort, address_of, shared_port
from echange.running import CannotStart, Running, check_free, own_database
from echange.serving import NOT_OPEN, is_inhabited, load_demo, stop_signals

# In seconds. A stop may take five: PostgreSQL is stopped after the last process.
PATIENCE: Final = 4.0
SHORTEST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 5.0
# Our own PostgreSQL takes 97; a few stay free for commands beside.
CONNECTIONS: Final = 90
BESIDE_THE_POOL: Final = 7
SMALLEST_POOL: Final = 2

log = structlog.get_logger("echange.crew")


async def serve(settings: Settings, workers: int, *, demo: bool, opened: Callable[[str], None]) -> None:
    """Serve with so many processes until a stop signal; `opened` hears our address once all are ready.

    Raises CannotStart or DatabaseUnfit, both with a line to show.
    """
    check_free(settings.data_dir)
    settings = _with_connections_for(workers, settings)
    # Made now: several at once would each make one.
    settings.secret()
    with shared_port(settings, workers) as port, stop_signals() as stop:
        async with own_database(settings, meanwhile=logs.configure) as (url, postgres):
            if stop.is_set():
                return
            address = address_of(settings, port.holder)
            cluster = str(postgres.cluster) if postgres else None
            with Running(address, url, [], str(settings.data_dir.resolve()), cluster).noted() as note:
                orders = Orders(settings.model_dump(mode="json"), url, town_loaded=not demo)
                crew = Crew(workers, port, orders, note)

                async def open_town() -> None:
                    if demo and not await is_inhabited(url):
                        await load_demo(url)
                    crew.tell_loaded()
                    opened(address)

                await crew.work(stop, open_town)


def _with_connections_for(workers: int, settings: Settings) -> Settings:
    if settings.database_url:
        return settings
    most = CONNECTIONS // (BESIDE_THE_POOL + SMALLEST_POOL)
    if workers > most:
        raise CannotStart(
            f"{workers} processus demandent un PostgreSQL à vous (ECHANGE_DATABASE_URL) : "
            f"celui d’échange en sert {most} au plus (ECHANGE_WORKERS)."
        )
    fair = CONNECTIONS // workers - BESIDE_THE_POOL
    return settings.model_copy(update={"pool_size": min(settings.pool_size, fair)})


class Crew:
    """The processes at work; `note` hears which of them serve."""

    def __init__(
        self, size: int, port: SharedPort, orders: Orders, note: Callable[[list[int]], None]
    ) -> None:
        self._size = size
        self._port = port
        self._orders = orders
        self._note = note
        self._members: list[Member] = []
        self._opened = asyncio.Event()

    async def work(self, stop: asyncio.Event, opened: Callable[[], Awaitable[None]]) -> None:
        """Keep everybody at work until `stop`; `opened` is awaited once all are ready.

        Raises CannotStart when one ends before that, and what `opened` raises.
        """
        places = [self._fill_place() for _ in range(self._size)]
        tasks = [asyncio.ensure_future(each) for each in (stop.wait(), self._open(opened), *places)]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if not stop.is_set():
            for task in ended:
                task.result()

    def tell_loaded(self) -> None:
        """Have everybody know that the demo town is there."""
        self._orders = replace(self._orders, town_loaded=True)
        for member in self._members:
            member.tell_loaded()

    async def _open(self, opened: Callable[[], Awaitable[None]]) -> None:
        await self._opened.wait()
        await opened()
        await asyncio.Event().wait()

    async def _fill_place(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            since = time.monotonic()
            code = await self._one_life()
            if not self._opened.is_set():
                raise CannotStart(NOT_OPEN)
            lasted = time.monotonic() - since > 2 * LONGEST_PAUSE
            pause = SHORTEST_PAUSE if lasted else min(2 * pause, LONGEST_PAUSE)
            log.warning("process_ended", code=code, again_in=pause)
            await asyncio.sleep(pause)

    async def _one_life(self) -> int:
        """Start a process and see it end; its exit code."""
        member = await Member.start(self._port, self._orders)
        self._members.append(member)
        try:
            if await member.is_ready():
                self._tell_who_serves()
            return await member.process.wait()
        finally:
            self._members.remove(member)
            self._tell_who_serves()
            await member.dismiss()

    def _tell_who_serves(self) -> None:
        serving = [member.process.pid for member in self._members if member.serves]
        self._note(serving)
        if len(serving) == self._size:
            self._opened.set()


@dataclass(eq=False)
class Member:
    """A process of the crew, as seen by the one that started it."""

    process: asyncio.subprocess.Process
    ear: socket.socket
    serves: bool = False

    @classmethod
    async def start(cls, port: SharedPort, orders: Orders) -> Self:
        """Start a process on a share of the port."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs, port.share() as listener:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "echange.crew_member"),
                    stdin=theirs.fileno(),
                    pass_fds=[listener.fileno()],
                    # Ctrl-C in the terminal is for us: they end when we have told them.
                    start_new_session=True,
                )
                told = orjson.dumps(asdict(replace(orders, listener=listener.fileno())))
            with suppress(ConnectionError):
                await asyncio.get_running_loop().sock_sendall(ours, told + b"\n")
        except BaseException:
            ours.close()
            raise
        return cls(process, ours)

    async def is_ready(self) -> bool:
        """Wait until it serves; False when it ended before."""
        with suppress(ConnectionError):
            self.serves = bool(await asyncio.get_running_loop().sock_recv(self.ear, 1))
        return self.serves

    def tell_loaded(self) -> None:
        """Have it know that the demo town is there."""
        with suppress(OSError):
            self.ear.send(b"loaded\n")

    async def dismiss(self) -> None:
        """Have it stop, and see it gone."""
        self.ear.close()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
