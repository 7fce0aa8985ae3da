"""La Redoute."""

import pytest

from tests.members.organisations import Connection, Home, settle_redoute
from tests.neighbours import Town


@pytest.fixture
async def redoute(connection: Connection, town: Town) -> Home:
    return await settle_redoute(connection, town)
