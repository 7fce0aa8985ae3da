"""« Fête des voisins »: a group to come to and to leave, and who is in it."""

import httpx
import pytest

from tests.chat.groups import opened
from tests.media.pictures import encoded, scene
from tests.neighbours import Town

PICTURE = encoded(scene(400, 300), "PNG")


@pytest.fixture
async def group(alice: httpx.AsyncClient, town: Town) -> int:
    """« Fête des voisins »: Alice, who looks after it, and Bob."""
    return await opened(alice, [town["bob"]], "Fête des voisins")


async def roles(client: httpx.AsyncClient, group: int) -> dict[int, str]:
    items = (await client.get(f"/api/v1/conversations/{group}/members")).json()["items"]
    return {one["id"]: one["role"] for one in items}
