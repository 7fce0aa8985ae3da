"""One message that cannot be written never takes those beside it with it; nor does a deadlock."""

from typing import Any

import asyncpg
import pytest

from echange.chat import Conversation
from echange.chat.log import Written
from echange.chat.writer import Writer
from tests.chat.crowd import Raw, waits_for_a_lock
from tests.neighbours import Town

BAD: dict[str, dict[str, Any]] = {
    "a NUL": {"data": {"body": "a\0b"}},
    "half a surrogate pair": {"data": {"body": "a\ud800b"}},
    "half a surrogate pair in its name": {"client_id": "client-\ud800"},
    "a NUL in its name": {"client_id": "client-\0"},
    "too long a name": {"client_id": "x" * 65},
    "no JSON": {"data": {"body": object()}},
    "no conversation": {"conversation": 2**31},
    "nobody": {"by": 2**31},
}


@pytest.mark.parametrize("bad", BAD)
async def test_the_others_of_the_batch_are_written(orm: None, town: Town, connection: Raw, bad: str) -> None:
    about = await Conversation.open_direct(between=(town["alice"], town["bob"]))
    told: list[Written] = []
    writer = Writer(told.append)

    def submit(number: int, **other: Any) -> Any:
        message = {"conversation": about.id, "by": town["alice"], "client_id": f"message-{number}"}
        return writer.submit(**{**message, "data": {"body": f"mot {number}"}, **other})

    sent = [submit(1), submit(2, **BAD[bad]), submit(3), submit(4)]
    with pytest.raises(Exception):  # noqa: B017, PT011 — whatever it is called, its sender hears it
        await sent[1]
    assert [(await one).event.seq for one in (sent[0], sent[2], sent[3])] == [1, 2, 3]
    assert [written.event.client_id for written in told] == ["message-1", "message-3", "message-4"]
    assert [row["seq"] for row in await connection.fetch("SELECT seq FROM event ORDER BY seq")] == [1, 2, 3]
    assert (await submit(5)).event.seq == 4


async def test_a_deadlock_with_a_verb_that_holds_two_conversations_is_noticed_by_nobody(
    orm: None, town: Town, connection: Raw
) -> None:
    talks = [
        (await Conversation.open_direct(between=(town["alice"], town[other]))).id
        for other in ("bob", "charlie")
    ]
    writer, hold = Writer(lambda _: None), "SELECT FROM conversation WHERE id = $1 FOR NO KEY UPDATE"
    async with connection.transaction():
        # The messages' side is to find out first.
        await connection.execute("SET LOCAL deadlock_timeout = '1 min'")
        await connection.execute(hold, talks[1])
        sent = [
            writer.submit(talk, by=town["alice"], client_id="message-1", data={"body": "mot"})
            for talk in talks
        ]
        await waits_for_a_lock(connection, "%WITH asked%")
        await connection.execute(hold, talks[0])
    assert [(await one).event.seq for one in sent] == [1, 1]


async def test_a_deadlock_of_one_message_beside_a_bad_one_gives_up_nobody(
    orm: None, town: Town, connection: Raw
) -> None:
    talk = (await Conversation.open_direct(between=(town["alice"], town["bob"]))).id
    writer = Writer(lambda _: None)
    async with connection.transaction():
        await connection.execute("SET LOCAL deadlock_timeout = '1 min'")
        await connection.execute("SELECT FROM member WHERE id = $1 FOR UPDATE", town["alice"])
        sent = [
            writer.submit(talk, by=town["alice"], client_id=f"message-{number}", data={"body": body})
            for number, body in enumerate(("a\0b", "un", "deux"))
        ]
        await waits_for_a_lock(connection, "%WITH asked%")
        await connection.execute("SELECT FROM conversation WHERE id = $1 FOR NO KEY UPDATE", talk)
    with pytest.raises(asyncpg.DataError):
        await sent[0]
    assert [(await one).event.seq for one in sent[1:]] == [1, 2]
