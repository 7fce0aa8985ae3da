"""Groups: opened, named, written in by all, and how many they hold."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import Conversation
from echange.chat.grouping import NotToBeAdded
from echange.chat.newcomers import TooManyPeople
from tests.chat.grouping import group as group
from tests.chat.grouping import roles
from tests.chat.groups import events, opened, place, say
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_title_or_a_third_person_makes_a_group(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    two = await opened(alice, [town["bob"]], "Nous deux")
    three = await opened(alice, [town["bob"], town["charlie"]])
    direct = await opened(alice, [town["bob"]])
    told = {one["id"]: one for one in (await bob.get("/api/v1/conversations")).json()["items"]}
    assert (told[two]["group"], told[two]["title"], told[two]["role"]) == (True, "Nous deux", "member")
    assert (told[three]["group"], told[three]["title"]) == (True, "Alice et Charlie")
    assert {one["id"] for one in told[three]["members"]} == {town["alice"], town["charlie"]}
    assert direct not in told, "nothing was said in it yet"
    assert await opened(alice, [town["bob"]]) == direct
    assert await opened(alice, [town["bob"]], "Nous deux") != two, "groups are as many as one opens"
    assert await roles(bob, three) == {
        town["alice"]: "owner", town["bob"]: "member", town["charlie"]: "member",
    }  # fmt: skip


async def test_a_group_of_oneself_of_too_many_or_of_nobody_known_is_refused(
    alice: httpx.AsyncClient, town: Town
) -> None:
    asked = {"members": [town["alice"]], "title": "Moi"}
    assert (await alice.post("/api/v1/conversations", json=asked)).status_code == 422
    asked = {"members": [town["bob"], 999999], "title": "Nous"}
    assert (await alice.post("/api/v1/conversations", json=asked)).status_code == 404
    asked = {"members": [*range(1, 201), town["bob"]], "title": "Trop"}
    assert (await alice.post("/api/v1/conversations", json=asked)).status_code == 422


async def test_all_in_a_group_write_and_read_in_one_order(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Compost")
    for client in (alice, bob, charlie):
        await say(client, group, "mot")
    first = await events(alice, group)
    assert [event["seq"] for event in first] == [1, 2, 3, 4]
    assert first[0]["kind"] == "change"
    assert first[0]["data"] == {"title": "Compost", "opened": True}
    assert await events(bob, group) == await events(charlie, group) == first


async def test_a_conversation_of_two_stays_one_of_two(
    alice: httpx.AsyncClient, talk: int, town: Town
) -> None:
    for answer in (
        await alice.post(place(talk, town["charlie"])),
        await alice.delete(place(talk, town["alice"])),
        await alice.delete(place(talk, town["bob"])),
        await alice.patch(f"/api/v1/conversations/{talk}", json={"title": "Nous"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_a_group")


async def test_a_group_is_renamed_and_all_read_it_in_the_log(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int
) -> None:
    told = await alice.patch(f"/api/v1/conversations/{group}", json={"title": "Fête de juin"})
    assert told.json()["title"] == "Fête de juin"
    await alice.patch(f"/api/v1/conversations/{group}", json={"title": "Fête de juin"})
    renamed = (await events(bob, group))[1:]
    assert [event["data"] for event in renamed] == [{"title": "Fête de juin"}]
    for title in ("x" * 81, "mot\x00", 3, None):
        wrong = await alice.patch(f"/api/v1/conversations/{group}", json={"title": title})
        assert wrong.status_code == 422, title
    unnamed = await alice.patch(f"/api/v1/conversations/{group}", json={"title": ""})
    assert unnamed.json()["title"] == "Bob"


async def test_who_is_in_pause_opens_and_fills_no_group_but_may_leave(
    alice: httpx.AsyncClient, group: int, town: Town, connection: Raw
) -> None:
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    asked = {"members": [town["bob"]], "title": "Autre"}
    opening = await alice.post("/api/v1/conversations", json=asked)
    adding = await alice.post(place(group, town["charlie"]))
    assert opening.json()["code"] == adding.json()["code"] == "away"
    assert (await alice.delete(place(group, town["alice"]))).status_code == 204


async def test_a_group_holds_two_hundred_and_not_one_more(orm: None, town: Town, connection: Raw) -> None:
    ids = await a_crowd(connection, 200)
    group = await Conversation.open_group(ids[:199], by=town["alice"], title="Comité")
    with pytest.raises(Exception, match="group_full"):
        await group.add(ids[199], by=town["alice"])
    await group.remove(ids[0], by=town["alice"])
    await group.add(ids[199], by=town["alice"])
    assert (
        await connection.fetchval("SELECT cardinality(members) FROM conversation WHERE id = $1", group.id)
        == 200
    )


async def test_newcomers_ask_twenty_people_a_day_and_no_more(orm: None, town: Town, connection: Raw) -> None:
    await connection.execute("DELETE FROM verification WHERE member_id = $1", town["alice"])
    ids = await a_crowd(connection, 21)
    with pytest.raises(TooManyPeople):
        await Conversation.open_group(ids, by=town["alice"], title="Foule")
    group = await Conversation.open_group(ids[:20], by=town["alice"], title="Foule")
    with pytest.raises(TooManyPeople):
        await group.add(ids[20], by=town["alice"])
    assert await connection.fetchval("SELECT count(*) FROM event WHERE kind = 'join'") == 0


async def a_crowd(connection: Raw, n: int) -> list[int]:
    rows = await connection.fetch(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at)
           SELECT 'foule' || n, 'Foule', 'foule', 'foule' || n || '@exemple.fr', now()
           FROM generate_series(1, $1) n RETURNING id""",
        n,
    )
    return [row["id"] for row in rows]


async def test_a_refusal_names_who_cannot_be_added_to_those_who_talk_with_them(
    orm: None, town: Town, connection: Raw
) -> None:
    await Conversation.open_direct(between=(town["alice"], town["charlie"]))
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    with pytest.raises(NotToBeAdded) as refused:
        await Conversation.open_group([town["bob"], town["charlie"]], by=town["alice"])
    assert "Charlie Nguyen" in refused.value.title
    with pytest.raises(NotToBeAdded) as refused:
        await Conversation.open_group([town["bob"], town["charlie"]], by=town["redoute"])
    assert "Charlie" not in refused.value.title
    assert await connection.fetchval("SELECT count(*) FROM conversation WHERE is_group") == 0
