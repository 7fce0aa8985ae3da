"""Where a bench works: a folder, processes and towns of its own, all gone when it ends."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from echange.database.embedded import embedded_postgres
from tests.benchmarks import keeper
from tests.benchmarks.visitors import CannotHave, one_page

__all__ = ["PATIENCE", "CannotHave", "Workshop", "free_port"]

ROOT: Final = Path(__file__).parents[2]
ADS_FOR_EACH_MEMBER: Final = 50
FEWEST_MEMBERS: Final = 300
PATIENCE: Final = 30.0
"""Seconds for a server to answer first, and to end."""
TOWN_PATIENCE: Final = 900.0
"""Seconds for the largest town to be made."""


class Workshop:
    """Folders, servers and towns for the time of a bench."""

    def __init__(self, folder: Path, stack: AsyncExitStack, kept: "_Keeper") -> None:
        self.folder: Final = folder
        self._stack = stack
        self._keeper = kept
        self._postgres: str | None = None
        self._towns: dict[int, str] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator[Self]:
        """A fresh one; whatever it started is ended, even if we are killed."""
        with (
            tempfile.TemporaryDirectory(prefix="echange-bench-", ignore_cleanup_errors=True) as folder,
            _Keeper() as kept,
        ):
            kept.note("folder", folder)
            async with AsyncExitStack() as stack:
                yield cls(Path(folder), stack, kept)

    def new_folder(self) -> Path:
        """Another empty folder below ours."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    async def town(self, ads: int) -> str:
        """The database address of a demo town with so many annonces, made when it is first asked for."""
        if ads not in self._towns:
            self._towns[ads] = await self._make_town(ads)
        return self._towns[ads]

    async def _make_town(self, ads: int) -> str:
        if self._postgres is None:
            server = await self._stack.enter_async_context(embedded_postgres(self.folder / "database"))
            self._postgres = server.url
        name = f"town_{ads}"
        url = urlunsplit(urlsplit(self._postgres)._replace(path=f"/{name}"))
        await _execute(self._postgres, f"CREATE DATABASE {name}")
        members = max(FEWEST_MEMBERS, ads // ADS_FOR_EACH_MEMBER)
        words = ("-m", "echange.cli", "demo", "--members", str(members), "--ads", str(ads))
        async with self.process(*words, ECHANGE_DATABASE_URL=url) as demo:
            try:
                async with asyncio.timeout(TOWN_PATIENCE):
                    made = await demo.wait() == 0
            except TimeoutError:
                made = False
            if not made:
                raise CannotHave(f"the demo town with {ads} annonces could not be made")
        # Nothing is left to tidy up behind our back while we measure.
        await _execute(url, "VACUUM (ANALYZE)")
        await _execute(url, "CHECKPOINT")
        return url

    @asynccontextmanager
    async def server(self, port: int, path: str, *words: str, **environment: str) -> AsyncIterator[int]:
        """A server of our Python, once it answers this path; its process. Raises CannotHave."""
        async with self.process(*words, **environment) as process:
            answering = asyncio.create_task(one_page(port, path, PATIENCE))
            ending = asyncio.create_task(process.wait())
            try:
                await asyncio.wait((answering, ending), return_when=asyncio.FIRST_COMPLETED)
                if not answering.done():
                    raise CannotHave(f"{' '.join(words)} ended with {process.returncode} before it answered")
                await answering
            finally:
                answering.cancel()
                ending.cancel()
            yield process.pid

    @asynccontextmanager
    async def process(self, *words: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Our Python with these words, for the time of the block; its settings are only those given."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("ECHANGE_")}
        data_dir = environment.get("ECHANGE_DATA_DIR") or str(self.new_folder())
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            env={**own, "ECHANGE_DATA_DIR": data_dir, **environment},
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        self._keeper.note("process", str(process.pid))
        try:
            yield process
        finally:
            await _end(process)
            self._keeper.note("ended", str(process.pid))


class _Keeper:
    """The sidecar that tidies up when we are killed (see keeper.py)."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, keeper.__file__], stdin=subprocess.PIPE, text=True, start_new_session=True
        )
        return self

    def note(self, what: str, which: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{what} {which}\n")
        self._process.stdin.flush()

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
