"""What somebody is told is heard by their open pages, once it is committed, in their language."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange import notifications
from echange.database import in_transaction
from tests.chat.sockets import Talker, signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def tell_alice(town: Town) -> None:
    await notifications.tell(town["alice"], "answer", link="/messages/12", name="Bob", title="Fauteuil")


async def hears_of_no_notice(who: Talker) -> None:
    await who.say("nothing-of-ours")
    await who.hears("refusal")
    assert [frame for frame in who.heard if frame["type"] == "notice"] == []


async def test_alice_hears_it_on_each_of_her_pages_and_bob_does_not(served: Served, town: Town) -> None:
    async with (
        signed_in(served, "alice") as desk,
        signed_in(served, "alice") as phone,
        signed_in(served, "bob") as bob,
    ):
        for one in (desk, phone, bob):
            await one.hello()
        await tell_alice(town)
        heard = [await one.hears("notice") for one in (desk, phone)]
        await hears_of_no_notice(bob)
    assert heard[0] == heard[1]
    assert heard[0]["title"] == "Bob a répondu à votre annonce «\u00a0Fauteuil\u00a0»"
    assert heard[0]["link"] == "/messages/12"


async def test_all_are_told_each_their_own(served: Served, town: Town) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        everyone = [town["alice"], town["bob"]]
        await notifications.tell_all(everyone, "answer", link="/annonces/1", name="Charlie")
        ids = {(await one.hears("notice"))["id"] for one in (alice, bob)}
    assert len(ids) == 2


async def test_nothing_is_heard_before_the_commit_nor_of_what_was_undone(served: Served, town: Town) -> None:
    async def tell_then_fail() -> None:
        async with in_transaction():
            await tell_alice(town)
            raise ZeroDivisionError

    async with signed_in(served, "alice") as alice:
        await alice.hello()
        with pytest.raises(ZeroDivisionError):
            await tell_then_fail()
        async with in_transaction():
            await tell_alice(town)
            await hears_of_no_notice(alice)
        await alice.hears("notice")


async def test_it_is_said_in_the_language_of_its_reader(served: Served, town: Town, connection: Raw) -> None:
    await connection.execute("UPDATE member SET locale = 'en' WHERE id = $1", town["alice"])
    async with signed_in(served, "alice") as alice:
        await alice.hello()
        await notifications.tell(town["alice"], "a_kind_that_is_no_more", link="/")
        assert (await alice.hears("notice"))["title"] == "There’s something new for you"


async def test_a_page_asks_for_the_line_of_its_own_notice_only(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    town: Town,
    connection: Raw,
) -> None:
    await tell_alice(town)
    number = await connection.fetchval("SELECT id FROM notice")
    line = await alice.get(f"/avis/{number}/ligne")
    assert line.status_code == 200
    assert "Bob a répondu" in line.text
    assert f'action="/avis/{number}/lecture"' in line.text
    assert (await bob.get(f"/avis/{number}/ligne")).status_code == 404
    assert await connection.fetchval("SELECT read_at FROM notice") is None, "looking is not reading"
