"""Messages over /live: acks after commit, catching up, and who is refused."""

from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest
from websockets.exceptions import InvalidStatus

from echange.chat import Conversation
from echange.database import in_transaction
from echange.demo.neighbours import PASSWORD
from tests.chat.sockets import cookie, signed_in, talker
from tests.conftest import Served
from tests.live.waiting import until
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_alice_writes_and_bob_hears_it_at_once(served: Served, talk: int, town: Town) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        ack = await alice.send(talk, "client-1", "Bonjour Bob")
        event = await bob.hears("event")
    assert (ack["client_id"], ack["conversation"], ack["seq"]) == ("client-1", talk, 1)
    assert event == {
        "type": "event", "conversation": talk, "seq": 1, "kind": "message", "by": town["alice"],
        "at": ack["at"], "client_id": "client-1", "data": {"body": "Bonjour Bob"},
    }  # fmt: skip


async def test_an_ack_means_that_the_row_is_there(served: Served, talk: int, connection: Connection) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        for number in range(5):
            ack = await alice.send(talk, f"client-{number}", "Bonjour")
            assert ack["seq"] == await connection.fetchval("SELECT max(seq) FROM event")


async def test_a_resend_gets_the_first_ack_and_is_told_to_nobody(
    served: Served, talk: int, connection: Connection
) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await bob.hello()
        first = await alice.send(talk, "client-1", "Bonjour")
        await bob.hears("event")
        bob.heard.clear()
        assert await alice.send(talk, "client-1", "Bonjour") == first
        await bob.hears_nothing()
    assert await connection.fetchval("SELECT count(*) FROM event") == 1


async def test_the_same_client_id_with_other_words_is_a_conflict(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.send(talk, "client-1", "Bonjour")
        await alice.say("send", conversation=talk, client_id="client-1", body="Bonsoir")
        refusal = await alice.hears("refusal")
    assert refusal == {"type": "refusal", "code": "conflict", "client_id": "client-1", "conversation": talk}


async def test_a_stranger_neither_writes_nor_reads_nor_hears(served: Served, talk: int) -> None:
    async with signed_in(served, "charlie") as charlie, signed_in(served, "alice") as alice:
        welcome = await charlie.hello(**{f"c{talk}": 0})
        assert str(talk) not in welcome["heads"]
        assert (await charlie.hears("refusal"))["code"] == "not_member"
        await charlie.say("send", conversation=talk, client_id="client-1", body="Bonjour")
        assert (await charlie.hears("refusal"))["code"] == "not_member"
        await charlie.say("read", conversation=talk, seq=1)
        assert (await charlie.hears("refusal"))["code"] == "not_member"
        await alice.send(talk, "client-1", "Bonjour")
        await charlie.hears_nothing()


async def test_who_is_taken_out_of_a_conversation_hears_no_more(
    served: Served, talk: int, town: Town, connection: Connection
) -> None:
    async with signed_in(served, "bob") as bob, signed_in(served, "alice") as alice:
        await bob.hello()
        await connection.execute("DELETE FROM participant WHERE member_id = $1", town["bob"])
        await alice.send(talk, "client-1", "Bonjour")
        await bob.hears_nothing()


async def test_a_socket_needs_a_session_and_our_own_origin(served: Served, town: Town) -> None:
    async def status(cookies: str, origin: str | None) -> int:
        with pytest.raises(InvalidStatus) as refused:
            async with talker(served.url, cookies, headers={"origin": origin}):
                pass
        return refused.value.response.status_code

    alice = await cookie(served.url, "alice")
    assert await status("", served.url) == 401
    assert await status("session=nothing-of-ours", served.url) == 401
    assert await status(alice, "http://elsewhere.example") == 403
    assert await status(alice, served.url + ".elsewhere.example") == 403
    assert await status(alice, "null") == 403
    assert await status(alice, None) == 403


async def test_a_personal_token_needs_no_origin(served: Served, talk: int) -> None:
    from echange.members import issue_token

    token = await issue_token("bob@echange.example")
    headers: dict[str, Any] = {"origin": None, "authorization": f"Bearer {token}"}
    async with talker(served.url, "", headers=headers) as bob:
        await bob.hello()
        assert (await bob.send(talk, "client-1", "Bonjour"))["seq"] == 1
    with pytest.raises(InvalidStatus) as refused:
        async with talker(served.url, "", headers={"origin": None, "authorization": "Bearer faux"}):
            pass
    assert refused.value.response.status_code == 401


async def test_signing_out_silences_the_socket(served: Served, talk: int, connection: Connection) -> None:
    bobs = await cookie(served.url, "bob")
    async with talker(served.url, bobs) as bob, signed_in(served, "alice") as alice:
        await bob.hello()
        headers = {"cookie": bobs, "origin": served.url}
        async with httpx.AsyncClient(base_url=served.url, headers=headers) as page:
            assert (await page.post("/deconnexion")).status_code == 303
        await alice.send(talk, "client-1", "Tu es là ?")
        assert (await bob.hears("bye"))["code"] == "signed_out"
        assert await bob.closes() == 4001
    assert [frame for frame in bob.heard if frame["type"] == "event"] == []


async def test_changing_the_password_silences_the_other_devices(
    served: Served, talk: int, connection: Connection
) -> None:
    elsewhere, here = await cookie(served.url, "bob"), await cookie(served.url, "bob")
    async with talker(served.url, elsewhere) as lost, talker(served.url, here) as kept:
        await lost.hello()
        await kept.hello()
        headers = {"cookie": here, "origin": served.url}
        async with httpx.AsyncClient(base_url=served.url, headers=headers) as page:
            words = {"current": PASSWORD, "password": "tournesol lampe canal"}
            assert (await page.post("/moi/mot-de-passe", data=words)).status_code == 303
        assert await lost.closes() == 4001
        await kept.send(talk, "client-1", "Toujours là.")


async def test_a_session_that_ended_elsewhere_ends_at_its_next_frame(
    served: Served, talk: int, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echange.chat.live.IDENTIFIED_FOR_SECONDS", 0)
    async with signed_in(served, "bob") as bob:
        await bob.hello()
        await connection.execute("DELETE FROM session")
        await bob.say("send", conversation=talk, client_id="client-1", body="Bonjour")
        assert await bob.closes() == 4001
    assert await connection.fetchval("SELECT count(*) FROM event") == 0


GARBAGE = (
    "", "[]", "nonsense", '"hello"', "{}", '{"type": 3}', '{"type": ["hello"]}', '{"type": "edit"}',
    '{"type": "hello", "cursors": 3}', '{"type": "hello", "cursors": {"x": 1}}',
    '{"type": "hello", "cursors": {"1": -1}}', '{"type": "hello", "cursors": {"1": "2"}}',
    '{"type": "send"}', '{"type": "send", "conversation": 1, "client_id": "court", "body": "x"}',
    '{"type": "send", "conversation": 1, "client_id": "client-1", "body": "  "}',
    '{"type": "send", "conversation": 1, "client_id": "client-1", "body": ["x"]}',
    '{"type": "send", "conversation": 99999999999, "client_id": "client-1", "body": "x"}',
    '{"type": "send", "conversation": 1, "client_id": "client-1", "body": "\\u0000"}',
    '{"type": "send", "conversation": 1, "client_id": "client-1", "body": "' + "x" * 4001 + '"}',
    '{"type": "read", "conversation": 1, "seq": 1.5}', "[" * 30000,
)  # fmt: skip


async def test_garbage_is_refused_and_the_socket_stays(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice:
        for frame in GARBAGE:
            await alice.socket.send(frame)
            assert (await alice.hears("refusal"))["code"] == "invalid", frame
        assert (await alice.send(talk, "client-1", "Bonjour"))["seq"] == 1


async def test_bytes_are_no_frame_of_ours(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.socket.send(b'{"type": "hello"}')
        assert (await alice.hears("refusal"))["code"] == "invalid"


async def test_a_frame_over_64_kib_closes_the_socket(served: Served, town: Town) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.socket.send("é" * 40_000)
        assert await alice.closes() == 1009


async def test_a_member_has_ten_sockets(served: Served, town: Town) -> None:
    alices = await cookie(served.url, "alice")
    opened = [talker(served.url, alices) for _ in range(10)]
    sockets = [await one.__aenter__() for one in opened]
    with pytest.raises(InvalidStatus) as refused:
        async with talker(served.url, alices):
            pass
    assert refused.value.response.status_code == 429
    await opened.pop().__aexit__(None, None, None)
    sockets.pop()
    await until(lambda: served.app.state.hub.count < 10)
    async with talker(served.url, alices) as another:
        await another.hello()
    for one in opened:
        await one.__aexit__(None, None, None)


async def test_hello_brings_exactly_what_is_missing(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice:
        for number in range(1, 6):
            await alice.send(talk, f"client-{number}", f"mot {number}")
    async with signed_in(served, "bob") as bob:
        for cursor in range(6):
            bob.heard.clear()
            welcome = await bob.hello(**{f"c{talk}": cursor})
            assert welcome["heads"] == {str(talk): 5}
            assert welcome["unread"] == {str(talk): 5}
            await bob.say("nothing-of-ours")
            await bob.hears("refusal")
            events = [frame for frame in bob.heard if frame["type"] == "event"]
            assert [event["seq"] for event in events] == list(range(cursor + 1, 6))


async def test_a_cursor_beyond_the_end_brings_nothing(served: Served, talk: int) -> None:
    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 7})
        await bob.hears_nothing()


async def test_more_than_five_hundred_missing_are_to_be_read_over_http(
    served: Served, talk: int, town: Town, connection: Connection
) -> None:
    await connection.execute(
        """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
           SELECT $1, n, 'message', $2, 'client-' || n, '{"body": "mot"}' FROM generate_series(1, 501) n""",
        talk,
        town["alice"],
    )
    await connection.execute("UPDATE conversation SET head = 501 WHERE id = $1", talk)
    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 0})
        assert await bob.hears("gap") == {"type": "gap", "conversation": talk, "from": 1, "head": 501}
        await bob.hello(**{f"c{talk}": 1})
        seqs = [(await bob.hears("event"))["seq"] for _ in range(500)]
    assert seqs == list(range(2, 502))


async def test_what_is_committed_while_catching_up_is_heard_once(
    served: Served, talk: int, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between listening and reading the log, between reading it and flushing: nothing lost, nothing twice."""
    from echange.chat import log, reading

    async def write(words: str) -> None:
        conversation = await Conversation.get(id=talk)
        await conversation.post(by=town["alice"], client_id=f"client-{words}", body=words)

    read_standings, read_suffixes = reading.standings, log.suffixes

    async def standings(*values: Any) -> Any:
        await write("avant-les-numeros")
        found = await read_standings(*values)
        await write("apres-les-numeros")
        return found

    async def suffixes(*values: Any) -> Any:
        found = await read_suffixes(*values)
        await write("apres-la-lecture")
        return found

    monkeypatch.setattr(reading, "standings", standings)
    monkeypatch.setattr(log, "suffixes", suffixes)
    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 0})
        seqs = [(await bob.hears("event"))["seq"] for _ in range(3)]
        bob.heard.clear()
        await bob.hears_nothing()
    assert seqs == [1, 2, 3]


async def test_reading_follows_me_to_my_other_sockets(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice:
        await alice.send(talk, "client-1", "Bonjour")
    async with signed_in(served, "bob") as phone, signed_in(served, "bob") as desk:
        await phone.hello()
        assert (await desk.hello())["unread"] == {str(talk): 1}
        await phone.say("read", conversation=talk, seq=1)
        assert await desk.hears("read") == {"type": "read", "conversation": talk, "seq": 1}
        assert (await desk.hello())["unread"] == {}


async def test_both_ends_hear_the_same_order_from_many_senders(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        for number in range(30):
            await alice.say("send", conversation=talk, client_id=f"de-alice-{number}", body="a")
            await bob.say("send", conversation=talk, client_id=f"de-bob-{number}", body="b")
        heard = [[(await who.hears("event"))["seq"] for _ in range(60)] for who in (alice, bob)]
    assert heard == [list(range(1, 61))] * 2


async def test_nothing_is_told_before_the_commit_nor_of_what_was_undone(
    served: Served, talk: int, town: Town
) -> None:
    conversation = await Conversation.get(id=talk)

    async def write_then_fail() -> None:
        async with in_transaction():
            await conversation.post(by=town["alice"], client_id="client-1", body="non, rien")
            raise ZeroDivisionError

    async with signed_in(served, "bob") as bob:
        await bob.hello(**{f"c{talk}": 0})
        with pytest.raises(ZeroDivisionError):
            await write_then_fail()
        async with in_transaction():
            await conversation.post(by=town["alice"], client_id="client-2", body="Bonjour")
            await bob.hears_nothing()
        assert (await bob.hears("event"))["data"] == {"body": "Bonjour"}
