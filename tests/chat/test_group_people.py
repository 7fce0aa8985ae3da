"""The people of a group: they come, look after it, are shown out and leave."""

from typing import TypeAlias

import asyncpg
import httpx

from echange.chat import client_id
from tests.chat.grouping import group as group
from tests.chat.grouping import roles
from tests.chat.groups import events, place, say
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_newcomers_read_from_their_coming(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town
) -> None:
    await say(alice, group, "Avant Charlie")
    added = await alice.post(place(group, town["charlie"]))
    assert added.status_code == 201
    assert added.json()["role"] == "member"
    await say(alice, group, "Bienvenue")
    seen = await events(charlie, group)
    assert [(event["seq"], event["kind"]) for event in seen] == [(3, "join"), (4, "message")]
    assert seen[0]["data"] == {"member": town["charlie"], "name": "Charlie Nguyen"}
    assert seen[0]["by"] == town["alice"]
    (told,) = (await charlie.get("/api/v1/conversations")).json()["items"]
    assert (told["unread"], told["first_seq"], told["last"]["body"]) == (1, 3, "Bienvenue")
    page = await charlie.get(f"/messages/{group}?avant=3")
    assert "Avant Charlie" not in page.text
    react = {"client_id": client_id(), "body": "non"}
    edit = await charlie.patch(f"/api/v1/conversations/{group}/messages/2", json=react)
    assert edit.status_code in {403, 404, 405}


async def test_only_who_looks_after_a_group_changes_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town
) -> None:
    for answer in (
        await bob.post(place(group, town["charlie"])),
        await bob.delete(place(group, town["alice"])),
        await bob.patch(place(group, town["bob"]), json={"role": "owner"}),
        await bob.patch(f"/api/v1/conversations/{group}", json={"title": "À moi"}),
        await bob.delete(f"/api/v1/conversations/{group}/picture"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    for answer in (
        await charlie.post(place(group, town["charlie"])),
        await charlie.delete(place(group, town["bob"])),
        await charlie.patch(f"/api/v1/conversations/{group}", json={"title": "À moi"}),
        await charlie.get(f"/api/v1/conversations/{group}/members"),
        await charlie.get(f"/api/v1/conversations/{group}"),
        await charlie.put(f"/api/v1/conversations/{group}/mute"),
        await charlie.put(f"/api/v1/conversations/{group}/archive"),
        await alice.post(place(group, 999999)),
        await alice.delete(place(group, town["charlie"])),
        await alice.patch(place(group, town["charlie"]), json={"role": "owner"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await roles(alice, group) == {town["alice"]: "owner", town["bob"]: "member"}
    assert len(await events(alice, group)) == 1


async def test_a_group_carries_nobody_around_a_block_a_pause_or_a_departure(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town,
    connection: Raw,
) -> None:  # fmt: skip
    await charlie.put(f"/api/v1/members/{town['alice']}/block")
    refused = [await alice.post(place(group, town["charlie"]))]
    asked = {"members": [town["bob"], town["charlie"]], "title": "Autre"}
    refused.append(await alice.post("/api/v1/conversations", json=asked))
    await charlie.delete(f"/api/v1/members/{town['alice']}/block")
    await alice.put(f"/api/v1/members/{town['charlie']}/block")
    refused.append(await alice.post(place(group, town["charlie"])))
    await alice.delete(f"/api/v1/members/{town['charlie']}/block")
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    refused.append(await alice.post(place(group, town["charlie"])))
    await connection.execute("UPDATE member SET paused_at = NULL WHERE id = $1", town["charlie"])
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(409, "unavailable")}
    assert len({one.json()["title"] for one in refused}) == 1, "nobody can tell which"
    assert (await alice.get("/api/v1/conversations")).json()["items"][0]["id"] == group
    assert (await alice.post(place(group, town["charlie"]))).status_code == 201


async def test_owners_name_others_and_the_last_one_cannot_step_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, town: Town
) -> None:
    alone = await alice.patch(place(group, town["alice"]), json={"role": "member"})
    assert (alone.status_code, alone.json()["code"]) == (409, "last_owner")
    for _ in range(2):
        named = await alice.patch(place(group, town["bob"]), json={"role": "owner"})
        assert named.json()["role"] == "owner"
    assert (await alice.patch(place(group, town["alice"]), json={"role": "member"})).status_code == 200
    assert await roles(bob, group) == {town["bob"]: "owner", town["alice"]: "member"}
    kinds = [(event["kind"], event["data"].get("role")) for event in await events(bob, group)]
    assert kinds == [("change", None), ("change", "owner"), ("change", "member")]
    wrong = await bob.patch(place(group, town["alice"]), json={"role": "king"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")


async def test_whoever_is_removed_is_out_at_once_and_reads_nothing_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, town: Town
) -> None:
    await say(alice, group, "Avec Bob")
    assert (await alice.delete(place(group, town["bob"]))).status_code == 204
    message = {"client_id": client_id(), "body": "Encore là ?"}
    assert (await bob.post(f"/api/v1/conversations/{group}/messages", json=message)).status_code == 404
    assert (await bob.get(f"/messages/{group}")).status_code == 404
    assert (await bob.get(f"/api/v1/conversations/{group}/events")).status_code == 404
    assert (await bob.get("/api/v1/conversations")).json()["items"] == []
    assert (await bob.get("/api/v1/me")).json()["unread"] == 0
    last = (await events(alice, group))[-1]
    assert (last["kind"], last["data"]["member"], last["by"]) == ("leave", town["bob"], town["alice"])
    assert (await alice.delete(place(group, town["bob"]))).status_code == 404


async def test_who_comes_back_does_not_read_what_was_said_meanwhile(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, town: Town
) -> None:
    await alice.delete(place(group, town["bob"]))
    await say(alice, group, "Entre nous")
    await alice.post(place(group, town["bob"]))
    assert [event["kind"] for event in await events(bob, group)] == ["join"]


async def test_anybody_leaves_and_the_log_says_so(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, group: int, town: Town
) -> None:
    assert (await bob.delete(place(group, town["bob"]))).status_code == 204
    last = (await events(alice, group))[-1]
    assert (last["kind"], last["by"], last["data"]["name"]) == ("leave", town["bob"], "Bob Traoré")
    assert await roles(alice, group) == {town["alice"]: "owner"}
    assert (await bob.delete(place(group, town["bob"]))).status_code == 404


async def test_the_last_owner_hands_over_to_who_has_been_there_longest(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town
) -> None:
    await alice.post(place(group, town["charlie"]))
    await alice.delete(place(group, town["alice"]))
    assert await roles(bob, group) == {town["bob"]: "owner", town["charlie"]: "member"}
    *_, left, handed = await events(charlie, group)
    assert (left["kind"], handed["kind"]) == ("leave", "change")
    assert handed["data"] == {"member": town["bob"], "role": "owner", "name": "Bob Traoré"}
    await bob.delete(place(group, town["bob"]))
    assert await roles(charlie, group) == {town["charlie"]: "owner"}
    assert (await charlie.delete(place(group, town["charlie"]))).status_code == 204


async def test_nobody_who_is_away_takes_over_while_others_are_there(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int, town: Town, connection: Raw
) -> None:
    await alice.post(place(group, town["charlie"]))
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    await alice.delete(place(group, town["alice"]))
    assert (await roles(charlie, group))[town["charlie"]] == "owner"
