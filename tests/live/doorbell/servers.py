"""The three servers a doorbell may have, real ones."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from tests.live.doorbell.cable import Ends


class Server(Protocol):
    """Where doorbells meet."""

    def addresses(self, port: int | None = None, database_url: str | None = None) -> tuple[str | None, str]:
        """What `hung_doorbell` is given: straight, or through a port of this machine; or for another town."""

    async def reach(self) -> Ends:
        """A connection to it, for a cable."""

    async def calls(self) -> int:
        """How many times it was told to pass something on."""


class PostgreSQL:
    def __init__(self, database_url: str) -> None:
        self._url = database_url

    def addresses(self, port: int | None = None, database_url: str | None = None) -> tuple[str | None, str]:
        parts = urlsplit(database_url or self._url)
        if port is None:
            return None, parts.geturl()
        return None, parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}", query="").geturl()

    async def reach(self) -> Ends:
        folder = parse_qs(urlsplit(self._url).query)["host"][0]
        return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")

    async def calls(self) -> int:
        # Each transaction that notifies takes a number.
        raw = await asyncpg.connect(self._url)
        try:
            return int(await raw.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
        finally:
            await raw.close()


class Started:
    """A server in a process of its own, on free ports of this machine."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.database_url = database_url
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self.kill()

    def start(self) -> None:
        """Start it, again on the same port; it answers on return."""
        program, *words = self.command()
        if shutil.which(program) is None:
            pytest.fail(f"{program} manque : apt-get install {program}")
        self._process = subprocess.Popen(
            [program, *words], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < until, f"{program} does not answer"
                time.sleep(0.01)
            else:
                return

    def kill(self) -> None:
        """End it without a farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def command(self) -> list[str]:
        raise NotImplementedError

    async def reach(self) -> Ends:
        return await asyncio.open_connection("127.0.0.1", self.port)


class Nats(Started):
    def __init__(self, folder: Path, database_url: str) -> None:
        super().__init__(folder, database_url)
        self._watched = free_port()

    def command(self) -> list[str]:
        return ["nats-server", "-a", "127.0.0.1", "-p", str(self.port), "-m", str(self._watched)]

    def addresses(self, port: int | None = None, database_url: str | None = None) -> tuple[str | None, str]:
        return f"nats://127.0.0.1:{port or self.port}", database_url or self.database_url

    async def calls(self) -> int:
        async with httpx.AsyncClient() as client:
            return int((await client.get(f"http://127.0.0.1:{self._watched}/varz")).json()["in_msgs"])


class RedisServer(Started):
    def command(self) -> list[str]:
        return ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]

    def addresses(self, port: int | None = None, database_url: str | None = None) -> tuple[str | None, str]:
        return f"redis://127.0.0.1:{port or self.port}", database_url or self.database_url

    async def calls(self) -> int:
        async with Redis(port=self.port) as client:
            counted = await client.info("commandstats")
            return int(counted.get("cmdstat_publish", {}).get("calls", 0))


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
