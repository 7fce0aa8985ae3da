"""Groups over open sockets, and when things happen at once."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx

from echange.chat import Conversation, client_id
from tests.chat.grouping import group as group
from tests.chat.groups import events, place, say
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_removed_ones_socket_hears_that_and_nothing_after(
    alice: httpx.AsyncClient, served: Served, group: int, town: Town
) -> None:
    async with signed_in(served, "bob") as socket:
        await socket.hello(**{f"c{group}": 1})
        await alice.delete(place(group, town["bob"]))
        left = await socket.hears("event")
        assert (left["kind"], left["data"]["member"]) == ("leave", town["bob"])
        await say(alice, group, "Sans Bob")
        await socket.say("send", conversation=group, client_id=client_id(), body="Encore là ?")
        assert (await socket.hears("refusal"))["code"] == "not_member"
        socket.heard.clear()
        await socket.hears_nothing()


async def test_a_newcomer_s_open_socket_hears_from_their_coming_on(
    alice: httpx.AsyncClient, served: Served, group: int, town: Town
) -> None:
    await say(alice, group, "Avant Charlie")
    async with signed_in(served, "charlie") as socket:
        await socket.hello()
        await say(alice, group, "Encore avant")
        await alice.post(place(group, town["charlie"]))
        seq = await say(alice, group, "Bienvenue")
        came, first = await socket.hears("event"), await socket.hears("event")
    assert (came["kind"], came["seq"]) == ("join", seq - 1)
    assert came["data"] == {"member": town["charlie"], "name": "Charlie Nguyen"}
    assert (first["seq"], first["data"]["body"]) == (seq, "Bienvenue")


async def test_the_same_opening_under_one_name_opens_one_group(orm: None, town: Town) -> None:
    alice, bob, charlie = town["alice"], town["bob"], town["charlie"]
    name = client_id()
    groups = await asyncio.gather(
        *(Conversation.open_group([bob, charlie], by=alice, title="Une", name=name) for _ in range(5))
    )
    assert len({one.id for one in groups}) == 1
    other = await Conversation.open_group([alice], by=bob, title="Une", name=name)
    assert other.id != groups[0].id


async def test_the_same_one_added_fifty_times_at_once_has_come_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, town: Town
) -> None:
    await alice.patch(place(group, town["bob"]), json={"role": "owner"})
    answers = await asyncio.gather(
        *((alice if n % 2 else bob).post(place(group, town["charlie"])) for n in range(20))
    )
    assert {one.status_code for one in answers} == {201}
    assert [event["kind"] for event in await events(alice, group)].count("join") == 1


async def test_the_last_two_owners_leaving_at_once_leave_one_behind(
    orm: None, town: Town, connection: Raw
) -> None:
    alice, bob, charlie = town["alice"], town["bob"], town["charlie"]
    group = await Conversation.open_group([bob, charlie], by=alice, title="À trois")
    await group.appoint(bob, "owner", by=alice)
    await asyncio.gather(group.leave(by=alice), group.leave(by=bob))
    left = await connection.fetch(
        "SELECT member_id, role FROM participant WHERE conversation_id = $1", group.id
    )
    assert [tuple(row) for row in left] == [(charlie, "owner")]
    seqs = await connection.fetch("SELECT seq FROM event WHERE conversation_id = $1 ORDER BY seq", group.id)
    assert [row["seq"] for row in seqs] == list(range(1, len(seqs) + 1))


async def test_nothing_of_a_removed_one_is_written_after_their_leave(
    orm: None, town: Town, connection: Raw
) -> None:
    alice, bob = town["alice"], town["bob"]
    group = await Conversation.open_group([bob], by=alice, title="Bavards")

    async def chatter() -> None:
        for number in range(60):
            await group.post(by=bob, client_id=client_id(), body=f"mot {number}")

    async def show_out() -> None:
        await asyncio.sleep(0.03)
        await group.remove(bob, by=alice)

    endings = await asyncio.gather(chatter(), show_out(), return_exceptions=True)
    assert endings[1] is None
    after = await connection.fetchval(
        """SELECT count(*) FROM event WHERE conversation_id = $1 AND by_id = $2
           AND seq > (SELECT seq FROM event WHERE conversation_id = $1 AND kind = 'leave')""",
        group.id,
        bob,
    )
    assert after == 0
