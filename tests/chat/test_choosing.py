"""Who is named on the pages where people are asked into a group."""

import asyncpg
import httpx
import pytest

from tests.chat.grouping import group as group
from tests.chat.groups import say
from tests.neighbours import Town


@pytest.mark.parametrize(
    "reason",
    [
        "UPDATE member SET paused_at = now() WHERE id = $1 AND $2::int > 0",
        "UPDATE member SET confirmed_at = NULL WHERE id = $1 AND $2::int > 0",
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)",
        "INSERT INTO block (member_id, by_id) VALUES ($1, $2)",
    ],
)
async def test_a_number_in_the_address_tells_no_name_of_who_is_not_to_be_met(
    alice: httpx.AsyncClient, group: int, town: Town, reason: str,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:  # fmt: skip
    pages = ("/messages/groupe", f"/messages/{group}/groupe")
    asked = {"membres": [town["charlie"], town["redoute"]]}
    for page in pages:
        shown = (await alice.get(page, params=asked)).text
        assert f'value="{town["charlie"]}" checked' in shown, "whoever may be met stays ticked"
    await connection.execute(reason, town["charlie"], town["alice"])
    for page in pages:
        shown = (await alice.get(page, params=asked)).text
        assert "Charlie Nguyen" not in shown
        assert f'value="{town["redoute"]}" checked' in shown


async def test_nobody_is_proposed_to_themselves_nor_twice(
    alice: httpx.AsyncClient, talk: int, group: int, town: Town
) -> None:
    await say(alice, talk, "Bonjour")
    shown = (await alice.get("/messages/groupe", params={"membres": [town["alice"], town["bob"]]})).text
    assert shown.count(f'name="membres" value="{town["bob"]}"') == 1
    assert f'name="membres" value="{town["alice"]}"' not in shown
    inside = (await alice.get(f"/messages/{group}/groupe", params={"membres": [town["bob"]]})).text
    assert f'name="membres" value="{town["bob"]}"' not in inside, "who is there already"
