"""Who is there is told to those who have a conversation with them, and to nobody else."""

import asyncio
from typing import Any, TypeAlias
from uuid import uuid4

import asyncpg
import httpx
import pytest

from echange.chat import Conversation
from echange.members import Block
from tests.chat.sockets import Talker, signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PERIOD = 0.3
# Written, read, and missed twice.
A_WHILE = 5 * PERIOD


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds that a test can wait for. The application comes afterwards: it is asked for through `talk`."""
    monkeypatch.setattr("echange.chat.presence.PERIOD_SECONDS", PERIOD)
    monkeypatch.setattr("echange.chat.presence.READ_AFTER_SECONDS", PERIOD / 3)
    monkeypatch.setattr("echange.chat.presence.GREETED_TOGETHER_SECONDS", 0.05)


@pytest.fixture
async def said(alice: httpx.AsyncClient, talk: int) -> int:
    """The conversation of Alice and Bob, in which she has written."""
    answer = await alice.post(
        f"/api/v1/conversations/{talk}/messages", json={"client_id": "client-0", "body": "Bonjour"}
    )
    assert answer.status_code == 201
    return talk


async def seen(who: Talker) -> tuple[int, bool]:
    """The next thing that somebody hears of another's being there."""
    frame = await who.hears("presence")
    return frame["member"], frame["online"]


async def hears_of_nobody(who: Talker) -> None:
    await asyncio.sleep(A_WHILE)
    await who.say("nothing-of-ours")
    await who.hears("refusal")
    assert presences(who.heard) == []


def presences(heard: list[dict[str, Any]]) -> list[tuple[int, bool]]:
    return [(one["member"], one["online"]) for one in heard if one["type"] == "presence"]


async def test_bob_comes_and_goes_and_alice_sees_it(served: Served, said: int, town: Town) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        async with signed_in(served, "bob") as bob:
            await bob.hello()
            assert await seen(alice) == (town["bob"], True)
        assert await seen(alice) == (town["bob"], False)


async def test_whoever_comes_is_told_who_is_there(served: Served, said: int, town: Town) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        assert await seen(alice) == (town["bob"], True)
        await bob.hello()
        assert await seen(bob) == (town["alice"], True)
        async with signed_in(served, "bob") as phone:
            await phone.hello()
            assert await seen(phone) == (town["alice"], True), "another page of his knows it as well"


async def test_loading_another_page_is_no_absence(
    served: Served, said: int, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        async with signed_in(served, "bob") as bob:
            await bob.hello()
            assert await seen(alice) == (town["bob"], True)
        alice.heard.clear()
        async with signed_in(served, "bob") as again:
            await again.hello()
            await hears_of_nobody(alice)


async def test_a_stranger_hears_of_nobody(served: Served, said: int) -> None:
    async with signed_in(served, "charlie") as charlie, signed_in(served, "alice") as alice:
        await charlie.hello()
        await alice.hello()
        await hears_of_nobody(charlie)


async def test_a_conversation_in_which_nothing_was_said_shows_nobody(served: Served, talk: int) -> None:
    async with signed_in(served, "bob") as bob, signed_in(served, "alice") as alice:
        await bob.hello()
        await alice.hello()
        await hears_of_nobody(bob)


@pytest.mark.parametrize(
    "reason",
    [
        "UPDATE member SET shows_presence = false WHERE id = $1 AND $2::int > 0",
        "UPDATE member SET paused_at = now() WHERE id = $1 AND $2::int > 0",
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)",
        "INSERT INTO block (member_id, by_id) VALUES ($1, $2)",
    ],
)
async def test_whoever_hides_is_not_seen(
    served: Served, said: int, town: Town, connection: Raw, reason: str
) -> None:
    await connection.execute(reason, town["bob"], town["alice"])
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        await hears_of_nobody(alice)


async def test_to_whom_bob_blocks_he_seems_to_leave_and_nothing_more_is_heard(
    served: Served, said: int, town: Town
) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        async with signed_in(served, "bob") as bob:
            await bob.hello()
            assert await seen(alice) == (town["bob"], True)
            await Block.put(town["alice"], by=town["bob"])
            assert await seen(alice) == (town["bob"], False)
            alice.heard.clear()
        await hears_of_nobody(alice)


async def test_who_stops_showing_when_they_are_there_seems_to_leave(
    served: Served, said: int, town: Town, bob: httpx.AsyncClient
) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as sitting:
        await alice.hello()
        await sitting.hello()
        assert await seen(alice) == (town["bob"], True)
        assert (await bob.post("/moi/confidentialite", data={})).status_code == 303
        assert await seen(alice) == (town["bob"], False)


async def test_who_left_the_group_hears_no_more_of_its_people(
    served: Served, alice: httpx.AsyncClient, town: Town
) -> None:
    group = await Conversation.open_group([town["bob"], town["charlie"]], by=town["alice"], title="Fête")
    async with signed_in(served, "charlie") as charlie:
        await charlie.hello()
        async with signed_in(served, "bob") as bob:
            await bob.hello()
            assert await seen(charlie) == (town["bob"], True)
            await group.remove(town["charlie"], by=town["alice"])
            charlie.heard.clear()
        await hears_of_nobody(charlie)


async def test_another_process_counts_as_long_as_it_lives(
    served: Served, said: int, town: Town, connection: Raw
) -> None:
    other = uuid4()
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO server_process (id, seen_at) VALUES ($1, now() + interval '2 seconds')", other
            )
            await connection.execute("INSERT INTO presence VALUES ($1, $2)", other, town["bob"])
        assert await seen(alice) == (town["bob"], True)
        await connection.execute(
            "UPDATE server_process SET seen_at = now() - interval '1 second' WHERE id = $1", other
        )
        assert await seen(alice) == (town["bob"], False), "nobody says good-bye for who dies"


async def test_what_postgresql_forgot_is_written_again(
    served: Served, said: int, town: Town, connection: Raw
) -> None:
    async with signed_in(served, "bob") as bob:
        await bob.hello()
        async with asyncio.timeout(10):
            while not await connection.fetchval("SELECT count(*) FROM presence"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await connection.execute("DELETE FROM server_process")
        async with signed_in(served, "alice") as alice:
            await alice.hello()
            assert await seen(alice) == (town["bob"], True)
    rows = await connection.fetchval("SELECT count(*) FROM server_process")
    assert rows == 1, "one process"


async def test_nobody_there_costs_nothing(served: Served, town: Town, connection: Raw) -> None:
    await asyncio.sleep(A_WHILE)
    assert await connection.fetchval("SELECT count(*) FROM server_process") == 0
