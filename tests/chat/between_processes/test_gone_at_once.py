"""Who is out of a conversation, apart from somebody or signed out hears nothing more, in every process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from echange.members.keys import fresh_key, hash_key
from tests.chat.crowd import Person, Raw, arrive, events, gather_in, page, seqs, token_of
from tests.chat.processes import Processes
from tests.chat.sockets import Talker, talker


async def test_who_is_removed_hears_that_and_nothing_after_it(processes: Processes, raw: Raw) -> None:
    async with _group(processes, raw) as group:
        talk = group.talk
        async with page(processes.urls[0], group.alice) as alices_page:
            answer = await alices_page.delete(f"/api/v1/conversations/{talk}/members/{group.bob.id}")
        assert answer.status_code == 204
        await group.writer.send(talk, "message-1", "entre nous")
        assert await seqs(group.witness, 2) == [1, 2]
        for device in group.bobs:
            assert [event["kind"] for event in await device.heard_so_far("event")] == ["leave"]
            await device.say("send", conversation=talk, client_id="message-2", body="Et moi ?")
            assert (await device.hears("refusal"))["code"] == "not_member"
            await device.say("typing", conversation=talk)
            assert (await device.hears("refusal"))["code"] == "not_member"
            await device.say("hello", cursors={talk: 0})
            assert (await device.hears("refusal"))["code"] == "not_member"
    assert await raw.fetchval("SELECT head FROM conversation WHERE id = $1", talk) == 2


async def test_after_a_block_neither_writes_to_the_other_from_any_process(
    processes: Processes, raw: Raw
) -> None:
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    here, there = processes.urls
    async with (
        talker(here, alice.cookies) as alices_desk,
        talker(there, alice.cookies) as alices_phone,
        talker(there, bob.cookies) as bobs,
        page(here, bob) as bobs_page,
    ):
        for each in (alices_desk, alices_phone, bobs):
            await each.hello(**{f"c{talk}": 0})
        await _block(raw, bobs_page, alice)
        for device in (alices_desk, alices_phone, bobs):
            await device.say("send", conversation=talk, client_id="message-1", body="Bonjour")
            assert (await device.hears("refusal"))["code"] == "unavailable"
            await device.say("typing", conversation=talk)
        for device in (alices_desk, alices_phone, bobs):
            assert await device.heard_so_far("event") == []
            assert "typing" not in {frame["type"] for frame in device.heard}


async def test_in_a_group_words_are_withheld_from_whom_a_block_keeps_apart(
    processes: Processes, raw: Raw
) -> None:
    async with _group(processes, raw) as group:
        async with page(processes.urls[1], group.bob) as bobs_page:
            await _block(raw, bobs_page, group.alice)
        await group.writer.send(group.talk, "message-1", "Bonjour à tous")
        assert [event["data"] for event in await events(group.witness, 1)] == [{"body": "Bonjour à tous"}]
        for device in group.bobs:
            assert [event["data"] for event in await events(device, 1)] == [{"deleted": True}]


@pytest.mark.parametrize("how", ["signed out", "ended from another device", "revoked", "erased"])
async def test_who_is_signed_out_is_silent_in_every_process(processes: Processes, raw: Raw, how: str) -> None:
    alice, bob = await arrive(raw, 2)
    talk = await gather_in(raw, [alice, bob])
    here, there = processes.urls
    token = await token_of(raw, bob) if how == "revoked" else None
    async with (
        _device(here, bob, token) as desk,
        _device(there, bob, token) as phone,
        talker(here, alice.cookies) as writer,
    ):
        for each in (desk, phone):
            await each.hello(**{f"c{talk}": 0})
        await _sign_out(raw, here, bob, how)
        for device in (desk, phone):
            assert (await device.hears("bye"))["code"] == "signed_out"
            assert await device.closes() == 4001
        await writer.send(talk, "message-1", "Tu es là ?")
        for device in (desk, phone):
            assert [frame for frame in device.heard if frame["type"] == "event"] == []
    with pytest.raises(InvalidStatus) as refused:
        async with _device(there, bob, token):
            pass
    assert refused.value.response.status_code == 401


@dataclass(frozen=True)
class Group:
    """Alice writes in one process, Bob listens in both, Charlie in the other."""

    talk: int
    alice: Person
    bob: Person
    writer: Talker
    bobs: tuple[Talker, Talker]
    witness: Talker


@asynccontextmanager
async def _group(processes: Processes, raw: Raw) -> AsyncIterator[Group]:
    alice, bob, charlie = await arrive(raw, 3)
    talk = await gather_in(raw, [alice, bob, charlie], group=True)
    here, there = processes.urls
    async with (
        talker(here, alice.cookies) as writer,
        talker(here, bob.cookies) as desk,
        talker(there, bob.cookies) as phone,
        talker(there, charlie.cookies) as witness,
    ):
        for each in (desk, phone, witness):
            await each.hello(**{f"c{talk}": 0})
        yield Group(talk, alice, bob, writer, (desk, phone), witness)


@asynccontextmanager
async def _device(url: str, person: Person, token: str | None) -> AsyncIterator[Talker]:
    """A socket of somebody's session, or of their personal token."""
    headers = {"origin": None, "authorization": f"Bearer {token}"} if token else {}
    async with talker(url, "" if token else person.cookies, headers=headers) as one:
        yield one


async def _block(raw: Raw, own: httpx.AsyncClient, person: Person) -> None:
    handle = await raw.fetchval("SELECT handle FROM member WHERE id = $1", person.id)
    answer = await own.post(f"/membres/{handle}/blocage")
    assert answer.status_code == 303, answer.text


async def _sign_out(raw: Raw, url: str, person: Person, how: str) -> None:
    async with page(url, person) as own:
        if how == "signed out":
            assert (await own.post("/deconnexion")).status_code == 303
        elif how == "revoked":
            token = await raw.fetchval("SELECT id FROM personal_token WHERE member_id = $1", person.id)
            assert (await own.post(f"/moi/jetons/{token}/retrait")).status_code == 303
        elif how == "erased":
            await raw.execute("DELETE FROM session WHERE member_id = $1", person.id)
        else:
            await _end_from_another_device(raw, url, person)


async def _end_from_another_device(raw: Raw, url: str, person: Person) -> None:
    ended = await raw.fetchval("SELECT id FROM session WHERE member_id = $1", person.id)
    key = fresh_key()
    await raw.execute("INSERT INTO session (member_id, key_hash) VALUES ($1, $2)", person.id, hash_key(key))
    async with page(url, Person(person.id, f"session={key}")) as other:
        assert (await other.post(f"/moi/sessions/{ended}/fin")).status_code == 303
