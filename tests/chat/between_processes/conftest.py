"""One town served by two processes, for all stories of this folder: each brings people of its own."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from tests.chat.crowd import Raw
from tests.chat.processes import Processes, serving_together


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    with serving_together(tmp_path_factory.mktemp("processes"), 2) as both:
        yield both


@pytest.fixture
async def raw(processes: Processes) -> AsyncIterator[Raw]:
    """A connection to their database."""
    connection = await asyncpg.connect(processes.database_url)
    try:
        yield connection
    finally:
        await connection.close()
