"""Nothing is acknowledged, told or rung before its commit, nor when the commit fails."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from echange.chat import Conversation, client_id
from echange.database import in_transaction
from echange.live.doorbell.postgres import CHANNEL
from tests.chat.crowd import Raw, acks, waits_for_a_lock
from tests.chat.sockets import Talker, signed_in
from tests.conftest import Served
from tests.neighbours import Town

# Whatever is done before a commit can be the last thing: this is done by the commit itself.
LATE = """
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION late()"""


@asynccontextmanager
async def at_commit(raw: Raw, what: str) -> AsyncIterator[None]:
    """For the time of the block, commits that add events do this last."""
    await raw.execute(LATE.format(what=what))
    try:
        yield
    finally:
        await raw.execute("DROP TRIGGER late ON event; DROP FUNCTION late")


@asynccontextmanager
async def both(served: Served) -> AsyncIterator[tuple[Talker, Talker]]:
    """Alice and Bob, who follow what is said."""
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        yield alice, bob


async def heard_nothing_of_it(*people: Talker) -> None:
    """Neither an ack nor an event has come, though the sockets answer."""
    for who in people:
        assert await who.heard_so_far("ack", "event") == []


async def test_while_the_conversation_is_held_by_another_there_is_no_ack(
    served: Served, talk: int, connection: Raw
) -> None:
    async with both(served) as (alice, bob):
        async with connection.transaction():
            await connection.execute("SELECT FROM conversation WHERE id = $1 FOR UPDATE", talk)
            await alice.say("send", conversation=talk, client_id="client-1", body="Bonjour")
            await waits_for_a_lock(connection, "%WITH asked%")
            await heard_nothing_of_it(alice, bob)
        assert (await alice.hears("ack"))["seq"] == 1
        assert (await bob.hears("event"))["seq"] == 1


async def test_while_the_commit_itself_waits_there_is_no_ack(
    served: Served, talk: int, connection: Raw
) -> None:
    async with both(served) as (alice, bob), at_commit(connection, "PERFORM pg_advisory_xact_lock(44)"):
        await connection.execute("SELECT pg_advisory_lock(44)")
        await alice.say("send", conversation=talk, client_id="client-1", body="Bonjour")
        await waits_for_a_lock(connection, "%WITH asked%")
        await heard_nothing_of_it(alice, bob)
        await connection.execute("SELECT pg_advisory_unlock(44)")
        assert (await alice.hears("ack"))["seq"] == 1
        assert (await bob.hears("event"))["seq"] == 1


async def test_a_commit_that_fails_is_refused_and_told_to_nobody(
    served: Served, talk: int, connection: Raw
) -> None:
    async with both(served) as (alice, bob):
        async with at_commit(connection, "RAISE EXCEPTION 'non'"):
            await alice.say("send", conversation=talk, client_id="client-1", body="Bonjour")
            assert (await alice.hears("refusal"))["client_id"] == "client-1"
            await heard_nothing_of_it(alice, bob)
        assert (await alice.send(talk, "client-1", "Bonjour"))["seq"] == 1


async def test_whose_connection_dies_before_the_commit_is_refused_and_may_try_again(
    served: Served, talk: int, connection: Raw
) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        async with connection.transaction():
            await connection.execute("SELECT FROM conversation WHERE id = $1 FOR UPDATE", talk)
            await alice.say("send", conversation=talk, client_id="client-1", body="Bonjour")
            await waits_for_a_lock(connection, "%WITH asked%")
            await connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE query LIKE '%WITH asked%' AND wait_event_type = 'Lock'"""
            )
            refusal = await alice.hears("refusal")
            assert (refusal["code"], refusal["client_id"]) == ("unavailable", "client-1")
            assert refusal["retry_ms"] > 0
        assert "ack" not in {frame["type"] for frame in alice.heard}
        assert (await alice.send(talk, "client-1", "Bonjour"))["seq"] == 1


async def test_what_is_undone_rings_nowhere(served: Served, talk: int, town: Town, connection: Raw) -> None:
    conversation = await Conversation.get(id=talk)
    rung: list[str] = []
    await connection.add_listener(CHANNEL, lambda *notification: rung.append(notification[-1]))

    async def write(body: str, *, fails: bool = False) -> None:
        async with in_transaction():
            await conversation.post(by=town["alice"], client_id=client_id(), body=body)
            # Whatever would be rung at once is rung by then.
            await asyncio.sleep(0.1)
            assert body not in "".join(rung)
            if fails:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write("jamais-dit", fails=True)
    await write("bien-dit")
    async with asyncio.timeout(10):
        while "bien-dit" not in "".join(rung):  # noqa: ASYNC110 — what is waited for knows no event
            await asyncio.sleep(0.01)
    assert "jamais-dit" not in "".join(rung)
    assert await connection.fetchval("SELECT count(*) FROM event") == 1


async def test_the_next_frame_is_not_read_while_thirty_two_messages_wait(
    served: Served, talk: int, connection: Raw
) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        async with connection.transaction():
            await connection.execute("SELECT FROM conversation WHERE id = $1 FOR UPDATE", talk)
            await _send_many(alice, talk, range(32))
            await waits_for_a_lock(connection, "%WITH asked%")
            await heard_nothing_of_it(alice)
            alice.heard.clear()
            await _send_many(alice, talk, [32])
            await alice.say("nothing-of-ours")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    alice.heard.append(json.loads(await alice.socket.recv()))
        await alice.hears("refusal")
        # What waited behind is answered after the first of those before it.
        assert "ack" in {frame["type"] for frame in alice.heard}
        assert list(await acks(alice, 33)) == [f"message-{number:02}" for number in range(33)]


async def _send_many(who: Talker, talk: int, numbers: Iterable[int]) -> None:
    for number in numbers:
        await who.say("send", conversation=talk, client_id=f"message-{number:02}", body="mot")
