"""Alice and Bob have a conversation; Charlie has none."""

import httpx
import pytest

from tests.neighbours import Town


@pytest.fixture
async def talk(alice: httpx.AsyncClient, town: Town) -> int:
    """The conversation of Alice and Bob, with nothing said yet."""
    answer = await alice.post("/api/v1/conversations", json={"members": [town["bob"]]})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number
