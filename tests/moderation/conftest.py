"""Alice gives something away."""

import httpx
import pytest

from tests.ads.annonces import published


@pytest.fixture
async def ad(alice: httpx.AsyncClient) -> int:
    """A gift of Alice's."""
    return await published(alice, title="Fauteuil crapaud")
