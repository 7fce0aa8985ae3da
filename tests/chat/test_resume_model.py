"""Whoever comes back has exactly what was missing: the same by the socket, over HTTP and in a plain model."""

from typing import Any, Final

import httpx
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from echange.chat import Conversation
from echange.chat.amending import REACTIONS
from echange.chat.events import Event
from tests.chat.crowd import Person, Raw, arrive, events, gather_in, page, seqs, waits_for_a_lock
from tests.chat.histories import History
from tests.chat.sockets import Talker, talker
from tests.conftest import Served

Step = tuple[str, int, int]
ACTS: Final = ("says", "says", "says", "answers", "edits", "edits", "takes back", "reacts")
STEPS: Final = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=12
)


# What chance may not come upon: said, mended twice, reacted to and answered, then taken back.
MENDED_AND_GONE: Final[list[Step]] = [
    ("says", 0, 0), ("says", 1, 1), ("edits", 0, 2), ("reacts", 2, 0), ("answers", 1, 0), ("edits", 0, 3),
    ("takes back", 0, 0), ("says", 2, 4),
]  # fmt: skip


# Six histories by default, six hundred with --long: each is read again from each of its numbers.
@settings(
    max_examples=settings().max_examples // 16,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=MENDED_AND_GONE, reader=1, apart=False)
@example(steps=MENDED_AND_GONE, reader=1, apart=True)
@given(steps=STEPS, reader=st.integers(0, 2), apart=st.booleans())
async def test_from_any_number_on_exactly_the_missing_suffix_comes(
    served: Served, connection: Raw, steps: list[Step], reader: int, apart: bool
) -> None:
    people = await arrive(connection, 3)
    talk = await gather_in(connection, people, group=True)
    history = await _live_through(steps, talk, people)
    other = people[(reader + 1) % 3]
    if apart:
        block = "INSERT INTO block (by_id, member_id) VALUES ($1, $2)"
        await connection.execute(block, people[reader].id, other.id)
    expected = [_told(event.seen_by({other.id} if apart else set())) for event in history.log]
    async with talker(served.url, people[reader].cookies) as one, page(served.url, people[reader]) as own:
        for cursor in range(len(expected) + 2):
            assert await _resumed(one, talk, cursor) == expected[cursor:]
            assert await _read(own, talk, cursor) == expected[cursor:]


async def test_five_hundred_missing_come_in_all_and_of_more_the_numbers_are_told(
    served: Served, connection: Raw
) -> None:
    alice, bob = await arrive(connection, 2)
    talks = [await gather_in(connection, [alice, bob]) for _ in range(3)]
    for talk in talks:
        await _have_said(connection, talk, alice, 300)
    async with talker(served.url, bob.cookies) as one:
        await one.say("hello", cursors={talks[0]: 0, talks[1]: 99, talks[2]: 100})
        gap = await one.hears("gap")
        assert gap == {"type": "gap", "conversation": talks[1], "from": 100, "head": 300}
        heard = [(event["conversation"], event["seq"]) for event in await events(one, 500)]
        await _no_more(one, 500)
    assert heard == [(talks[0], seq) for seq in range(1, 301)] + [(talks[2], seq) for seq in range(101, 301)]


async def test_what_the_welcome_has_counted_is_not_told_again(served: Served, connection: Raw) -> None:
    """A page that shows a badge only names no number, and counts on from the welcome."""
    alice, bob = await arrive(connection, 2)
    talk = await gather_in(connection, [alice, bob])
    async with talker(served.url, alice.cookies) as writer, talker(served.url, bob.cookies) as reader:
        async with connection.transaction():
            await connection.execute("LOCK TABLE participant IN ACCESS EXCLUSIVE MODE")
            await reader.say("hello", cursors={})
            await waits_for_a_lock(connection, "%FROM participant p JOIN conversation c%")
            await writer.send(talk, "message-1", "pendant")
        welcome = await reader.hears("welcome")
        assert (welcome["heads"], welcome["unread"]) == ({str(talk): 1}, {str(talk): 1})
        await writer.send(talk, "message-2", "après")
        assert await seqs(reader, 1) == [2]
        await _no_more(reader, 1)


async def _live_through(steps: list[Step], talk: int, people: list[Person]) -> History:
    """Do these steps, in the house and in the model."""
    history, conversation = History(), await Conversation.get(id=talk)
    for act, who, number in steps:
        by = people[who].id
        mine = [seq for seq in history.standing() if history.log[seq - 1].by == by]
        standing = mine if act in ("edits", "takes back") else history.standing()
        if standing or act == "says":
            target = standing[number % len(standing)] if standing else 0
            await _act(act, conversation, history, by, target, number)
    return history


async def _act(
    act: str, conversation: Conversation, history: History, by: int, target: int, number: int
) -> None:
    name, body = f"client-{len(history.log) + 1}", f"mot {number}"
    match act:
        case "says":
            await conversation.post(by=by, client_id=name, body=body)
            history.append("message", by, {"body": body})
        case "answers":
            await conversation.post(by=by, client_id=name, body=body, reply_to=target)
            history.append("message", by, {"body": body, "reply_to": target})
        case "edits":
            await conversation.edit(target, by=by, client_id=name, body=body)
            history.append("edit", by, {"body": body}, target)
        case "takes back":
            await conversation.delete_message(target, by=by, client_id=name)
            history.append("delete", by, {}, target)
        case "reacts":
            emoji, on = REACTIONS[number % 6], number % 2 == 0
            await conversation.react(target, by=by, client_id=name, emoji=emoji, on=on)
            history.append("reaction", by, {"emoji": emoji, "on": on}, target)


def _told(event: Event) -> dict[str, Any]:
    """What is told of an event of the model; its moment is the house's own."""
    return {
        "seq": event.seq, "kind": event.kind, "by": event.by, "client_id": event.client_id, "data": event.data
    }  # fmt: skip


def _same(told: dict[str, Any], talk: int) -> dict[str, Any]:
    assert told["conversation"] == talk
    return {name: told[name] for name in ("seq", "kind", "by", "client_id", "data")}


async def _resumed(one: Talker, talk: int, cursor: int) -> list[dict[str, Any]]:
    one.heard.clear()
    await one.say("hello", cursors={talk: cursor})
    await one.say("nothing-of-ours")
    await one.hears("refusal")
    return [_same(frame, talk) for frame in one.heard if frame["type"] == "event"]


async def _read(own: httpx.AsyncClient, talk: int, cursor: int) -> list[dict[str, Any]]:
    answer = await own.get(f"/api/v1/conversations/{talk}/events", params={"after": cursor})
    return [_same(told, talk) for told in answer.json()["items"]]


async def _no_more(one: Talker, many: int) -> None:
    await one.say("nothing-of-ours")
    await one.hears("refusal")
    assert len([frame for frame in one.heard if frame["type"] == "event"]) == many


async def _have_said(raw: Raw, talk: int, by: Person, many: int) -> None:
    await raw.execute(
        """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
           SELECT $1, n, 'message', $2, 'ancien-' || n, '{"body": "mot"}' FROM generate_series(1, $3) n""",
        talk,
        by.id,
        many,
    )
    await raw.execute("UPDATE conversation SET head = $2, said_seq = $2 WHERE id = $1", talk, many)
