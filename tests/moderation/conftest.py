"""Alice gives something away; Solène and Bernard read reports."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from tests.ads.annonces import published
from tests.conftest import Doors, sign_in
from tests.neighbours import Town


@pytest.fixture
async def ad(alice: httpx.AsyncClient) -> int:
    """A gift of Alice's."""
    return await published(alice, title="Fauteuil crapaud")


@pytest.fixture
async def solene(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "moderatrice")
        yield somebody


@pytest.fixture
async def bernard(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "admin")
        yield somebody
