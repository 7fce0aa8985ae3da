"""Who writes is heard of by those whom their words would reach, for a moment."""

from typing import TypeAlias

import asyncpg
import pytest

from echange.chat import Conversation
from tests.chat.sockets import Talker, signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def hears_of_no_writing(who: Talker) -> None:
    await who.say("nothing-of-ours")
    await who.hears("refusal")
    assert [frame for frame in who.heard if frame["type"] == "typing"] == []


async def test_bob_hears_that_alice_writes_and_she_does_not_hear_herself(
    served: Served, talk: int, town: Town
) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        await alice.say("typing", conversation=talk)
        assert await bob.hears("typing") == {"type": "typing", "conversation": talk, "by": town["alice"]}
        await hears_of_no_writing(alice)


async def test_nothing_of_it_is_in_the_log(served: Served, talk: int, connection: Raw) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        await alice.say("typing", conversation=talk)
        await bob.hears("typing")
    assert await connection.fetchval("SELECT count(*) FROM event") == 0


async def test_a_stranger_is_refused_and_heard_by_nobody(served: Served, talk: int) -> None:
    async with signed_in(served, "charlie") as charlie, signed_in(served, "bob") as bob:
        await charlie.hello()
        await bob.hello()
        await charlie.say("typing", conversation=talk)
        assert (await charlie.hears("refusal"))["code"] == "not_member"
        await hears_of_no_writing(bob)


@pytest.mark.parametrize(
    "reason",
    [
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)",
        "INSERT INTO block (member_id, by_id) VALUES ($1, $2)",
        "UPDATE member SET paused_at = now() WHERE id = $1 AND $2::int > 0",
        "UPDATE member SET shows_presence = false WHERE id = $2 AND $1::int > 0",
        "UPDATE member SET paused_at = now() WHERE id = $2 AND $1::int > 0",
    ],
)
async def test_of_who_hides_or_may_not_be_met_it_is_not_heard_and_nobody_is_told(
    served: Served, talk: int, town: Town, connection: Raw, reason: str
) -> None:
    await connection.execute(reason, town["bob"], town["alice"])
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        await alice.say("typing", conversation=talk)
        await alice.say("nothing-of-ours")
        assert (await alice.hears("refusal"))["code"] == "invalid", "no word of why"
        await hears_of_no_writing(bob)


async def test_in_a_group_all_hear_it_but_whom_a_block_keeps_apart(
    served: Served, town: Town, connection: Raw
) -> None:
    group = await Conversation.open_group([town["bob"], town["charlie"]], by=town["alice"], title="Fête")
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["charlie"], town["alice"]
    )
    async with (
        signed_in(served, "alice") as alice,
        signed_in(served, "bob") as bob,
        signed_in(served, "charlie") as charlie,
    ):
        for one in (alice, bob, charlie):
            await one.hello()
        await alice.say("typing", conversation=group.id)
        assert (await bob.hears("typing"))["by"] == town["alice"]
        await hears_of_no_writing(charlie)


async def test_it_may_be_said_every_three_seconds(
    served: Served, talk: int, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from echange.http.rates import Limiter

    served.app.state.limiter = Limiter(1)
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await bob.hello()
        for _ in range(2):
            await alice.say("typing", conversation=talk)
        refusal = await alice.hears("refusal")
        assert (refusal["code"], refusal["conversation"]) == ("rate", talk)
        assert 0 < refusal["retry_ms"] <= 3000
        await bob.hears("typing")
        bob.heard.clear()
        await hears_of_no_writing(bob)
