"""The log's promises, with real parallel senders on a real database."""

import asyncio

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.chat import Conversation, client_id, log
from echange.chat.refusals import SentOtherwise
from echange.database import in_transaction
from echange.http import NotFound
from tests.neighbours import Town


@pytest.fixture
async def conversation(orm: None, town: Town) -> Conversation:
    return await Conversation.open_direct(between=(town["alice"], town["bob"]))


async def seqs(conversation: Conversation) -> list[int]:
    return [event.seq for event in await log.after(conversation.id, 0, 1000)]


async def test_messages_are_numbered_from_one_without_a_hole(conversation: Conversation, town: Town) -> None:
    for words in ("un", "deux", "trois"):
        await conversation.post(by=town["alice"], client_id=client_id(), body=words)
    events = await log.after(conversation.id, 0, 100)
    assert [(event.seq, event.data["body"]) for event in events] == [(1, "un"), (2, "deux"), (3, "trois")]
    assert await log.head_for(conversation.id, town["bob"]) == 3


async def test_the_same_client_id_again_gives_the_first_answer(
    conversation: Conversation, town: Town
) -> None:
    first = await conversation.post(by=town["alice"], client_id="ma-premiere", body="Bonjour")
    await conversation.post(by=town["bob"], client_id=client_id(), body="Oui ?")
    again = await conversation.post(by=town["alice"], client_id="ma-premiere", body="Bonjour")
    assert (again.seq, again.at) == (first.seq, first.at)
    assert await seqs(conversation) == [1, 2]


async def test_fifty_resends_at_once_store_one_message(conversation: Conversation, town: Town) -> None:
    sent = [conversation.post(by=town["alice"], client_id="une-seule", body="Bonjour") for _ in range(50)]
    assert {event.seq for event in await asyncio.gather(*sent)} == {1}
    assert await seqs(conversation) == [1]


async def test_the_same_client_id_with_other_words_is_refused(conversation: Conversation, town: Town) -> None:
    await conversation.post(by=town["alice"], client_id="ma-premiere", body="Bonjour")
    with pytest.raises(SentOtherwise):
        await conversation.post(by=town["alice"], client_id="ma-premiere", body="Bonsoir")
    assert await seqs(conversation) == [1]


async def test_two_people_may_use_the_same_client_id(conversation: Conversation, town: Town) -> None:
    await conversation.post(by=town["alice"], client_id="ma-premiere", body="Bonjour")
    await conversation.post(by=town["bob"], client_id="ma-premiere", body="Bonsoir")
    assert await seqs(conversation) == [1, 2]


async def test_a_stranger_cannot_write(conversation: Conversation, town: Town) -> None:
    with pytest.raises(NotFound):
        await conversation.post(by=town["charlie"], client_id=client_id(), body="Bonjour")
    assert await seqs(conversation) == []


async def test_what_a_verb_undoes_was_never_written(conversation: Conversation, town: Town) -> None:
    async def write_then_fail() -> None:
        async with in_transaction():
            await conversation.post(by=town["alice"], client_id=client_id(), body="Bonjour")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_then_fail()
    assert await seqs(conversation) == []
    after = await conversation.post(by=town["alice"], client_id=client_id(), body="Bonjour")
    assert after.seq == 1


async def test_the_database_refuses_a_second_event_under_one_number(
    conversation: Conversation, town: Town, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    insert = """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
                VALUES ($1, 1, 'message', $2, $3, '{}')"""
    await connection.execute(insert, conversation.id, town["alice"], client_id())
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute(insert, conversation.id, town["bob"], client_id())


senders = st.lists(
    st.tuples(st.sampled_from(["alice", "bob"]), st.integers(0, 6), st.booleans()), min_size=1, max_size=40
)


# A hundred runs by default: 25 here, for each one writes; ten thousand with --long: 2 500.
@settings(
    max_examples=settings().max_examples // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sends=senders)
async def test_however_many_send_at_once_numbers_are_dense_and_each_message_stands_once(
    orm: None, town: Town, sends: list[tuple[str, int, bool]]
) -> None:
    about = await _fresh(town)

    async def send(who: str, name: int, inside: bool) -> int:
        words = {"by": town[who], "client_id": f"message-{name}", "body": f"mot {name}"}
        if not inside:
            return (await about.post(**words)).seq  # type: ignore[arg-type]
        async with in_transaction():
            return (await about.post(**words)).seq  # type: ignore[arg-type]

    answered = await asyncio.gather(*(send(*one) for one in sends))
    events = await log.after(about.id, 0, 1000)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    by_name = {(event.by, event.client_id): event.seq for event in events}
    assert len(by_name) == len(events) == len({(who, name) for who, name, _ in sends})
    for (who, name, _), seq in zip(sends, answered, strict=True):
        assert by_name[town[who], f"message-{name}"] == seq


_things = iter(range(1, 1_000_000))


async def _fresh(town: Town) -> Conversation:
    return await Conversation.open_about("ad", next(_things), opener=town["alice"], other=town["bob"])
