"""Groups: opened, filled, handed over, left, and what newcomers and strangers see of them."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from echange.chat import Conversation, client_id
from echange.chat.grouping import NotToBeAdded
from echange.chat.newcomers import TooManyPeople
from tests.chat.groups import events, opened, place, say
from tests.chat.sockets import signed_in
from tests.conftest import Doors, Served, let_in
from tests.neighbours import Town
from tests.sweeping import Janitor

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def redoute(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await let_in(somebody, town["redoute"], janitor)
        yield somebody


@pytest.fixture
async def group(alice: httpx.AsyncClient, town: Town) -> int:
    """« Fête des voisins »: Alice, who looks after it, and Bob."""
    return await opened(alice, [town["bob"]], "Fête des voisins")


async def roles(client: httpx.AsyncClient, group: int) -> dict[int, str]:
    items = (await client.get(f"/api/v1/conversations/{group}/members")).json()["items"]
    return {one["id"]: one["role"] for one in items}


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


async def test_who_is_in_pause_opens_and_fills_no_group_but_may_leave(
    alice: httpx.AsyncClient, group: int, town: Town, connection: Raw
) -> None:
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    asked = {"members": [town["bob"]], "title": "Autre"}
    opening = await alice.post("/api/v1/conversations", json=asked)
    adding = await alice.post(place(group, town["charlie"]))
    assert opening.json()["code"] == adding.json()["code"] == "away"
    assert (await alice.delete(place(group, town["alice"]))).status_code == 204


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


async def test_the_same_opening_under_one_name_opens_one_group(orm: None, town: Town) -> None:
    alice, bob, charlie = town["alice"], town["bob"], town["charlie"]
    name = client_id()
    groups = await asyncio.gather(
        *(Conversation.open_group([bob, charlie], by=alice, title="Une", name=name) for _ in range(5))
    )
    assert len({one.id for one in groups}) == 1
    other = await Conversation.open_group([alice], by=bob, title="Une", name=name)
    assert other.id != groups[0].id


async def test_a_group_holds_two_hundred_and_not_one_more(orm: None, town: Town, connection: Raw) -> None:
    crowd = await connection.fetch(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at)
           SELECT 'foule' || n, 'Foule', 'foule', 'foule' || n || '@exemple.fr', now()
           FROM generate_series(1, 200) n RETURNING id"""
    )
    ids = [row["id"] for row in crowd]
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
    crowd = await connection.fetch(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at)
           SELECT 'foule' || n, 'Foule', 'foule', 'foule' || n || '@exemple.fr', now()
           FROM generate_series(1, 21) n RETURNING id"""
    )
    ids = [row["id"] for row in crowd]
    with pytest.raises(TooManyPeople):
        await Conversation.open_group(ids, by=town["alice"], title="Foule")
    group = await Conversation.open_group(ids[:20], by=town["alice"], title="Foule")
    with pytest.raises(TooManyPeople):
        await group.add(ids[20], by=town["alice"])
    assert await connection.fetchval("SELECT count(*) FROM event WHERE kind = 'join'") == 0


async def test_a_refusal_names_who_cannot_be_added(orm: None, town: Town, connection: Raw) -> None:
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    with pytest.raises(NotToBeAdded) as refused:
        await Conversation.open_group([town["bob"], town["charlie"]], by=town["alice"])
    assert "Charlie Nguyen" in refused.value.title
    assert await connection.fetchval("SELECT count(*) FROM conversation") == 0


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()


async def test_a_group_has_a_picture_that_only_its_people_see(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, group: int,
    app: Starlette,
) -> None:  # fmt: skip
    put = f"/api/v1/conversations/{group}/picture"
    refused = await alice.put(put, files={"file": ("image.svg", b"<svg/>")})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    told = await alice.put(put, files={"file": ("image.png", picture())})
    assert told.status_code == 200, told.text
    address = told.json()["picture"]
    seen = await bob.get(address)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/webp")
    assert "private" in seen.headers["cache-control"]
    assert (await charlie.get(address)).status_code == 404
    assert (await bob.put(put, files={"file": ("image.png", picture())})).status_code == 403
    again = await alice.put(put, files={"file": ("image.png", picture())})
    assert again.json()["picture"] != address
    assert (await alice.delete(put)).status_code == 204
    await asyncio.sleep(0.1)
    assert list(app.state.store.folder.rglob("*.webp")) == []
    assert (await bob.get(address)).status_code == 404
    changes = [event["data"] for event in await events(bob, group) if "picture" in event["data"]]
    assert changes == [{"picture": True}, {"picture": True}, {"picture": False}]
