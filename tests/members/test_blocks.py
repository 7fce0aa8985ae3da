"""Nothing to do with each other any more: both ways, and nobody is told."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.http import NotFound
from echange.members import Block, check_reach, load_viewer, met_by
from echange.members.models.trust import AwayFromOneself
from echange.notifications import tell
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def may_reach(sender: int, member: int) -> bool:
    try:
        await check_reach(sender, member)
    except NotFound:
        return False
    return True


async def blocks(raw: Raw) -> list[tuple[int, int]]:
    rows = await raw.fetch("SELECT by_id, member_id FROM block ORDER BY id")
    return [(row["by_id"], row["member_id"]) for row in rows]


async def test_a_block_holds_both_ways_until_it_is_lifted(orm: None, town: Town, connection: Raw) -> None:
    alice, bob = town["alice"], town["bob"]
    for _ in range(2):
        await Block.put(bob, by=alice)
    assert await blocks(connection) == [(alice, bob)]
    for one, other in ((alice, bob), (bob, alice)):
        assert not await may_reach(one, other)
    assert await may_reach(alice, town["charlie"])
    await Block.lift(alice, by=bob)
    assert not await may_reach(alice, bob), "only who blocked can lift it"
    await Block.lift(bob, by=alice)
    assert await may_reach(bob, alice)


async def test_nobody_blocks_themselves_nor_nobody(orm: None, town: Town) -> None:
    with pytest.raises(AwayFromOneself):
        await Block.put(town["alice"], by=town["alice"])
    with pytest.raises(NotFound):
        await Block.put(987654, by=town["alice"])


async def test_somebody_away_is_out_of_reach_like_somebody_who_blocks(
    orm: None, town: Town, connection: Raw
) -> None:
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    assert not await may_reach(town["alice"], town["bob"])
    assert not await met_by(None).filter(id=town["bob"]).exists()


async def test_what_was_told_of_each_other_is_forgotten(orm: None, town: Town, connection: Raw) -> None:
    alice, bob, charlie = town["alice"], town["bob"], town["charlie"]
    for to, by in ((alice, bob), (bob, alice), (alice, charlie)):
        await tell(to, "vouched", link="/", name="X", by=by)
    await Block.put(bob, by=alice)
    left = await connection.fetch("SELECT member_id, data ->> 'by' FROM notice")
    assert [tuple(row) for row in left] == [(alice, str(charlie))]


async def test_the_page_says_what_happens_and_the_list_undoes_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, orm: None, town: Town
) -> None:
    asked = (await alice.get("/membres/bob/blocage")).text
    assert "La personne n’en est pas prévenue" in asked
    done = await alice.post("/membres/bob/blocage")
    assert (done.status_code, done.headers["location"]) == (303, "/moi/blocages")
    mine = (await alice.get("/moi/blocages")).text
    assert "Bob Traoré" in mine
    assert f'action="/moi/blocages/{town["bob"]}/retrait"' in mine
    assert "Vous n’évitez personne" in (await bob.get("/moi/blocages")).text
    for client, handle in ((alice, "bob"), (bob, "alice")):
        hidden = await client.get(f"/membres/{handle}/blocage")
        absent = await client.get("/membres/personne/blocage")
        assert hidden.status_code == absent.status_code == 404
    await alice.post(f"/moi/blocages/{town['bob']}/retrait")
    assert await may_reach(town["alice"], town["bob"])


async def test_programs_block_and_unblock(
    alice: httpx.AsyncClient, orm: None, town: Town, connection: Raw
) -> None:
    bob = f"/api/v1/members/{town['bob']}/block"
    assert (await alice.put(bob)).json() == {"member": town["bob"], "blocked": True}
    assert await blocks(connection) == [(town["alice"], town["bob"])]
    assert (await alice.delete(bob)).json() == {"member": town["bob"], "blocked": False}
    assert await blocks(connection) == []
    alone = await alice.put(f"/api/v1/members/{town['alice']}/block")
    assert (alone.status_code, alone.json()["code"]) == (409, "oneself")
    assert (await alice.put("/api/v1/members/987654/block")).status_code == 404


async def test_the_viewer_carries_both_ends_of_a_block(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, orm: None, town: Town
) -> None:
    await Block.put(town["bob"], by=town["alice"])
    for client, other in ((alice, "bob"), (bob, "alice")):
        viewer = await load_viewer(client.cookies["session"], None)
        assert viewer is not None
        assert viewer.unseen == {town[other]}
