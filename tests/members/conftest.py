"""La Redoute, who keeps it, and the desk."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from tests.conftest import Doors, sign_in
from tests.members.organisations import Connection, Home, settle_redoute
from tests.neighbours import Town


@pytest.fixture
async def redoute(connection: Connection, town: Town) -> Home:
    return await settle_redoute(connection, town)


@pytest.fixture
async def keeper(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "redoute")
        yield somebody


@pytest.fixture
async def nadia(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """The concierge."""
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "concierge")
        yield somebody
