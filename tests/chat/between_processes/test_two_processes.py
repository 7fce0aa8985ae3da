"""Two processes of one town: one log, one order, each message once."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from tests.chat.crowd import Person, Raw, acks, arrive, events, gather_in, seqs, waits_for_a_lock
from tests.chat.processes import Processes
from tests.chat.sockets import Talker, talker

PIPELINED = 32


async def test_the_same_client_id_fifty_times_over_two_processes_is_one_message(
    processes: Processes, raw: Raw
) -> None:
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    here, there = processes.urls
    async with talker(here, alice.cookies) as desk, talker(there, alice.cookies) as phone:
        # Both have looked for it and found nothing when one of them writes.
        async with raw.transaction():
            await raw.execute("SELECT FROM conversation WHERE id = $1 FOR UPDATE", talk)
            for _ in range(25):
                for device in (desk, phone):
                    await device.say("send", conversation=talk, client_id="une-seule", body="Bonjour")
            await waits_for_a_lock(raw, "%WITH asked%", 2)
        answers = [await device.hears("ack") for _ in range(25) for device in (desk, phone)]
        assert {(ack["seq"], ack["at"]) for ack in answers} == {(1, answers[0]["at"])}
        for device in (desk, phone):
            await device.say("send", conversation=talk, client_id="une-seule", body="Bonsoir")
            assert (await device.hears("refusal"))["code"] == "conflict"
    rows = await raw.fetch("SELECT seq, data FROM event WHERE conversation_id = $1", talk)
    assert [(row["seq"], row["data"]) for row in rows] == [(1, '{"body": "Bonjour"}')]


async def test_all_hear_one_order_and_each_sender_s_own(processes: Processes, raw: Raw) -> None:
    people = await arrive(raw, 6)
    talk = await gather_in(raw, people, group=True)
    async with AsyncExitStack() as stack:
        sockets = await _enter(stack, processes, people, talk)
        for number in range(PIPELINED):
            for socket in sockets:
                await socket.say("send", conversation=talk, client_id=f"message-{number:02}", body="mot")
        many = PIPELINED * len(people)
        heard = await asyncio.gather(*(events(socket, many) for socket in sockets))
        acked = await asyncio.gather(*(acks(socket, PIPELINED) for socket in sockets))
    places = [(event["seq"], event["by"], event["client_id"]) for event in heard[0]]
    assert [seq for seq, _, _ in places] == list(range(1, many + 1))
    for each in heard:
        assert [(event["seq"], event["by"], event["client_id"]) for event in each] == places
    for person, own in zip(people, acked, strict=True):
        named = [name for _, by, name in places if by == person.id]
        assert named == [f"message-{number:02}" for number in range(PIPELINED)]
        assert own == {name: seq for seq, by, name in places if by == person.id}


# In bytes: around what one ring carries, and the longest body there is.
BODIES = ("é" * 3999 + "x", "é" * 4000, "😀" * 4000, "\U0010ffff" * 4000, '"\\' * 2000, "fin")


async def test_long_bodies_cross_whole_and_in_order(processes: Processes, raw: Raw) -> None:
    assert [len(body.encode()) for body in BODIES[:3]] == [7_999, 8_000, 16_000]
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    here, there = processes.urls
    async with talker(here, alice.cookies) as writer, talker(there, bob.cookies) as reader:
        await reader.hello(**{f"c{talk}": 0})
        for number, body in enumerate(BODIES):
            await writer.send(talk, f"message-{number}", body)
        heard = await events(reader, len(BODIES))
    assert [event["seq"] for event in heard] == list(range(1, len(BODIES) + 1))
    assert [event["data"] for event in heard] == [{"body": body} for body in BODIES]


async def test_what_is_said_between_listening_and_reading_the_log_is_heard_once(
    processes: Processes, raw: Raw
) -> None:
    """Who takes part cannot be read for a while, so that a welcome waits; messages go on meanwhile."""
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    here, there = processes.urls
    async with talker(here, alice.cookies) as writer, talker(there, bob.cookies) as reader:
        await writer.send(talk, "message-1", "avant")
        async with raw.transaction():
            await raw.execute("LOCK TABLE participant IN ACCESS EXCLUSIVE MODE")
            await reader.say("hello", cursors={talk: 0})
            await waits_for_a_lock(raw, "%FROM participant p JOIN conversation c%")
            await writer.send(talk, "message-2", "pendant")
            await writer.send(talk, "message-3", "encore")
        await writer.send(talk, "message-4", "après")
        assert await seqs(reader, 4) == [1, 2, 3, 4]


async def test_what_is_said_while_a_long_suffix_leaves_is_heard_once_and_after_it(
    processes: Processes, raw: Raw
) -> None:
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    await _have_said(raw, talk, alice, 500, "😀" * 4000)
    here, there = processes.urls
    async with (
        talker(here, alice.cookies) as writer,
        # Reads nothing by itself: the server waits for it in the midst of eight megabytes.
        talker(there, bob.cookies, max_queue=1) as reader,
    ):
        await reader.say("hello", cursors={talk: 0})
        await reader.hears("welcome")
        for number in range(5):
            await writer.send(talk, f"message-{number}", "pendant")
        assert await seqs(reader, 505) == list(range(1, 506))


async def _enter(
    stack: AsyncExitStack, processes: Processes, people: Sequence[Person], talk: int
) -> list[Talker]:
    """A socket for each, at one process and the other in turn."""
    sockets = []
    for number, person in enumerate(people):
        url = processes.urls[number % 2]
        sockets.append(await stack.enter_async_context(talker(url, person.cookies)))
        await sockets[-1].hello(**{f"c{talk}": 0})
    return sockets


async def _have_said(raw: Raw, talk: int, by: Person, many: int, body: str) -> None:
    await raw.execute(
        """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
           SELECT $1, n, 'message', $2, 'ancien-' || n, jsonb_build_object('body', $4::text)
           FROM generate_series(1, $3) n""",
        talk,
        by.id,
        many,
        body,
    )
    await raw.execute("UPDATE conversation SET head = $2, said_seq = $2 WHERE id = $1", talk, many)
