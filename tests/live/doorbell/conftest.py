"""Each test is run with the three doorbells."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.live.doorbell.cable import Cable
from tests.live.doorbell.ears import Ear, listening
from tests.live.doorbell.servers import Nats, PostgreSQL, RedisServer, Server, free_port


@pytest.fixture(params=["postgresql", "nats", "redis"])
def server(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Server]:
    if request.param == "postgresql":
        yield PostgreSQL(database_url)
        return
    one = (Nats if request.param == "nats" else RedisServer)(tmp_path, database_url)
    with one.running():
        yield one


@pytest.fixture
async def alice(server: Server) -> AsyncIterator[Ear]:
    async with listening(*server.addresses()) as ear:
        yield ear


@pytest.fixture
async def bob(server: Server) -> AsyncIterator[Ear]:
    async with listening(*server.addresses()) as ear:
        yield ear


@pytest.fixture
async def cable(server: Server) -> AsyncIterator[Cable]:
    """A line to the server, mended by the test."""
    line = Cable(free_port(), server.reach)
    try:
        yield line
    finally:
        await line.cut()
