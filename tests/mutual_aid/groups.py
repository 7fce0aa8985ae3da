"""« Montage », a group of helpers of La Redoute that Alice coordinates, and who speaks for La Redoute."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from echange.members import Organisation
from echange.mutual_aid.models import HelperGroup
from tests.conftest import Doors, let_in
from tests.members.organisations import Home, settle_redoute
from tests.mutual_aid.helps import Connection, somebody
from tests.neighbours import Town
from tests.sweeping import Janitor


@pytest.fixture
async def home(connection: Connection, town: Town) -> Home:
    """La Redoute, of which Alice is one of the people."""
    return await settle_redoute(connection, town, alice="member")


@pytest.fixture
async def keeper(
    app: Starlette, town: Town, janitor: Janitor, home: Home
) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody_:
        await let_in(somebody_, town["redoute"], janitor)
        yield somebody_


async def opened(
    town: Town, home: Home, coordinator: str = "alice", name: str = "Montage", words: str = "Chaque dimanche."
) -> HelperGroup:
    return await HelperGroup.create_for(
        await Organisation.get(id=home.id),
        by=somebody(town, "redoute"),
        name=name,
        words=words,
        coordinator_id=town[coordinator],
    )
