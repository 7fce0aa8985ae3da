"""The staff and the keeper of La Redoute, beside Alice, Bob and Charlie."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from tests.conftest import Doors, let_in
from tests.members.organisations import Home, settle_redoute
from tests.neighbours import Town
from tests.sweeping import Connection, Janitor


@pytest.fixture
async def redoute(connection: Connection, town: Town) -> Home:
    return await settle_redoute(connection, town)


@pytest.fixture
async def keeper(
    app: Starlette, town: Town, janitor: Janitor, redoute: Home
) -> AsyncIterator[httpx.AsyncClient]:
    """Who speaks for La Redoute, its hat on."""
    async with Doors(app).open() as somebody:
        await let_in(somebody, town["redoute"], janitor)
        answer = await somebody.post("/moi/casquette", data={"organisation": redoute.id})
        assert answer.status_code == 303
        yield somebody


@pytest.fixture
async def nadia(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[httpx.AsyncClient]:
    """The concierge."""
    async with Doors(app).open() as somebody:
        await let_in(somebody, town["concierge"], janitor)
        yield somebody


@pytest.fixture
async def moderator(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await let_in(somebody, town["moderatrice"], janitor)
        yield somebody


@pytest.fixture
async def boss(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[httpx.AsyncClient]:
    """The administration."""
    async with Doors(app).open() as somebody:
        await let_in(somebody, town["admin"], janitor)
        yield somebody
