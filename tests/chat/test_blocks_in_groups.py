"""Two who have nothing to do with each other stay in the same group: nothing of one reaches the other there.

What the others write goes on reaching both; who is kept apart sees something deleted, and cannot tell why.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import Conversation, client_id
from echange.members import Block
from tests.chat.groups import events, opened, say
from tests.chat.sockets import Talker, signed_in
from tests.conftest import Served
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SAID, MENDED, ALICES = "cornichon", "betterave", "potiron"
GONE = {"deleted": True}
WAYS = pytest.mark.parametrize("blocker", ["bob", "charlie"])


@dataclass(frozen=True)
class Group:
    """Of Alice, Bob and Charlie, the last two of whom keep apart; by number, what was done in it."""

    id: int
    bobs: int
    alices: int
    answer: int


@pytest.fixture
async def group(alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, blocker: str) -> Group:
    number = await opened(alice, [town["bob"], town["charlie"]], "Potager")
    conversation = await Conversation.get(id=number)
    bobs = await say(bob, number, SAID)
    await conversation.edit(bobs, by=town["bob"], client_id=client_id(), body=MENDED)
    alices = await say(alice, number, ALICES)
    await conversation.react(alices, by=town["bob"], client_id=client_id(), emoji="🎉", on=True)
    await conversation.react(alices, by=town["charlie"], client_id=client_id(), emoji="👍", on=True)
    event = await conversation.post(
        by=town["alice"], client_id=client_id(), body="Merci pour le légume", reply_to=bobs
    )
    other = "charlie" if blocker == "bob" else "bob"
    await Block.put(town[other], by=town[blocker])
    return Group(number, bobs, alices, event.seq)


def silent(text: str) -> bool:
    return SAID not in text and MENDED not in text


@WAYS
async def test_pages_and_programs_show_charlie_nothing_of_bob(
    charlie: httpx.AsyncClient, alice: httpx.AsyncClient, group: Group, town: Town
) -> None:
    talk = f"/messages/{group.id}"
    own = f"/api/v1/conversations/{group.id}"
    for address in (
        talk, f"{talk}?avant={group.answer + 1}", f"{talk}?autour={group.bobs}",
        f"{talk}?reponse={group.bobs}",
        f"{talk}/m/{group.bobs}", f"{talk}/m/{group.bobs}/ligne", f"{talk}/m/{group.answer}",
        f"{talk}/m/{group.answer}/ligne", "/messages", "/messages/liste", f"/messages?q={MENDED}",
        f"/signaler?kind=conversation&id={group.id}",
        f"/signaler?kind=conversation&id={group.id}&message={group.alices}",
        "/", "/avis", "/api/v1/conversations", own, f"{own}/events", f"{own}/events?after={group.bobs - 1}",
        f"{own}/messages/{group.bobs}", f"{own}/messages/{group.answer}",
    ):  # fmt: skip
        answer = await charlie.get(address)
        # Words that were looked for stand in the box where one looks.
        assert silent(answer.text.replace(f'value="{MENDED}"', "")) or address.endswith(MENDED), address
        assert 'title="Bob Traoré"' not in answer.text, "no sign of his stands under a message"
    page, seen = (await charlie.get(talk)).text, (await alice.get(talk)).text
    assert ("Merci pour le légume" in page, "Message supprimé" in page) == (True, True)
    assert (MENDED in seen, ALICES in seen) == (True, True)


@WAYS
async def test_the_log_reads_like_one_with_something_deleted(
    charlie: httpx.AsyncClient, bob: httpx.AsyncClient, alice: httpx.AsyncClient, group: Group, town: Town
) -> None:
    told = {event["seq"]: event for event in await events(charlie, group.id)}
    assert sorted(told) == [1, 2, 3, 4, 5, 6, 7], "dense as for everybody"
    assert told[group.bobs]["data"] == GONE
    assert told[3]["data"] == told[5]["data"] | {"target": group.bobs} == {**GONE, "target": group.bobs}
    assert told[6]["data"] == {"emoji": "👍", "on": True, "target": group.alices}
    mine = {event["seq"]: event for event in await events(bob, group.id)}
    assert mine[group.bobs]["data"] == {"body": SAID}
    assert mine[6]["data"] == {**GONE, "target": group.alices}, "it holds both ways"
    whole = {event["seq"]: event for event in await events(alice, group.id)}
    assert GONE not in [event["data"] for event in whole.values()]


@WAYS
async def test_reactions_and_counts_leave_the_other_out(
    charlie: httpx.AsyncClient, bob: httpx.AsyncClient, alice: httpx.AsyncClient, group: Group, town: Town
) -> None:
    async def signs(client: httpx.AsyncClient) -> dict[str, list[int]]:
        address = f"/api/v1/conversations/{group.id}/messages/{group.alices}"
        reactions: dict[str, list[int]] = (await client.get(address)).json()["reactions"]
        return reactions

    assert await signs(charlie) == {"👍": [town["charlie"]]}
    assert await signs(bob) == {"🎉": [town["bob"]]}
    assert await signs(alice) == {"🎉": [town["bob"]], "👍": [town["charlie"]]}
    assert (await charlie.get("/api/v1/me")).json()["unread"] == 2, "Alice's two, not Bob's"
    await say(bob, group.id, "Encore Bob")
    assert (await charlie.get("/api/v1/me")).json()["unread"] == 2
    (listed,) = (await charlie.get("/api/v1/conversations")).json()["items"]
    assert listed["unread"] == 2
    assert "Encore Bob" not in str(listed)
    assert (await charlie.get(f"/api/v1/messages?q={MENDED}")).json()["items"] == []
    assert (await charlie.get("/api/v1/messages?q=encore")).json()["items"] == []
    assert len((await alice.get("/api/v1/messages?q=encore")).json()["items"]) == 1


@WAYS
async def test_charlie_can_do_nothing_to_what_bob_wrote(
    charlie: httpx.AsyncClient, group: Group, town: Town
) -> None:
    own = f"/api/v1/conversations/{group.id}/messages"
    name = {"client_id": client_id()}
    reacted = await charlie.put(f"{own}/{group.bobs}/reactions/👍", params=name)
    assert (reacted.status_code, reacted.json()["code"]) == (404, "not_found")
    answered = await charlie.post(own, json={**name, "body": "Réponse", "reply_to": group.bobs})
    assert answered.status_code == 422
    page = await charlie.post(
        f"/messages/{group.id}/envoi", data={**name, "body": "Et là ?", "reponse": group.bobs}
    )
    assert page.status_code == 422
    assert silent(page.text)
    changed = await charlie.patch(f"{own}/{group.bobs}", json={**name, "body": "À moi"})
    assert changed.status_code in {403, 404}
    assert silent(changed.text)


@WAYS
async def test_live_frames_of_one_come_empty_to_the_other(
    served: Served, alice: httpx.AsyncClient, group: Group, town: Town
) -> None:
    async with (
        signed_in(served, "bob") as bob,
        signed_in(served, "charlie") as charlie,
        signed_in(served, "alice") as witness,
    ):
        for one in (bob, charlie, witness):
            await one.hello(**{f"c{group.id}": 7})
        await bob.send(group.id, "client-1", f"Dit {SAID}")
        await bob.say("edit", conversation=group.id, client_id="client-2", target=8, body=f"Mieux {MENDED}")
        await bob.say(
            "react", conversation=group.id, client_id="client-3", target=group.alices, emoji="❤️", on=True
        )
        await bob.say("typing", conversation=group.id)
        assert [await _told(charlie) for _ in range(3)] == [
            (8, GONE), (9, {**GONE, "target": 8}), (10, {**GONE, "target": group.alices}),
        ]  # fmt: skip
        assert [seq for seq, _data in [await _told(witness) for _ in range(3)]] == [8, 9, 10]
        await charlie.send(group.id, "client-4", f"Charlie {SAID}")
        assert await _told(bob, after=10) == (11, GONE)
        await say(alice, group.id, "Pour tous")
        assert (await _told(bob, after=11), (await _told(charlie, after=11)))[0][1] == {"body": "Pour tous"}
        assert "typing" not in {frame["type"] for frame in charlie.heard}
        assert "presence" not in {
            frame["type"] for frame in charlie.heard if frame.get("member") == town["bob"]
        }
        assert silent(str([frame for frame in charlie.heard if frame.get("by") == town["bob"]]))


async def _told(who: Talker, after: int = 0) -> tuple[int, dict[str, Any]]:
    """Number and data of the next event of somebody's after this one."""
    while True:
        frame = await who.hears("event")
        if frame["seq"] > after:
            return frame["seq"], frame["data"]


@WAYS
async def test_a_resume_withholds_the_same(served: Served, group: Group, town: Town) -> None:
    async with signed_in(served, "charlie") as charlie:
        await charlie.hello(**{f"c{group.id}": 0})
        told = [await _told(charlie) for _ in range(7)]
        assert dict(told)[group.bobs] == GONE
        assert silent(str(told))
        assert "🎉" not in str(told)


@WAYS
async def test_what_another_process_missed_is_read_with_the_same_care(
    served: Served, group: Group, town: Town, connection: Raw
) -> None:
    async with signed_in(served, "charlie") as charlie, signed_in(served, "alice") as alice:
        await charlie.hello(**{f"c{group.id}": 7})
        await alice.hello(**{f"c{group.id}": 7})
        # Written elsewhere, its ring lost: heads are compared.
        await connection.execute(
            """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
               VALUES ($1, 8, 'message', $2, 'client-8', '{"body": "cornichon lointain"}')""",
            group.id,
            town["bob"],
        )
        await connection.execute("UPDATE conversation SET head = 8, said_seq = 8 WHERE id = $1", group.id)
        assert await _told(alice) == (8, {"body": "cornichon lointain"})
        assert await _told(charlie) == (8, GONE)


@WAYS
async def test_once_the_block_is_lifted_all_is_there_again(
    charlie: httpx.AsyncClient, group: Group, town: Town, blocker: str
) -> None:
    other = "charlie" if blocker == "bob" else "bob"
    await Block.lift(town[other], by=town[blocker])
    assert MENDED in (await charlie.get(f"/messages/{group.id}")).text
    assert (await events(charlie, group.id))[group.bobs - 1]["data"] == {"body": SAID}


@WAYS
async def test_nobody_in_the_group_is_told_of_the_block(
    charlie: httpx.AsyncClient, bob: httpx.AsyncClient, alice: httpx.AsyncClient, group: Group, town: Town
) -> None:
    for client in (charlie, bob):
        await say(client, group.id, "Bonjour à tous")
    log = await events(alice, group.id)
    assert {event["kind"] for event in log} == {"change", "message", "edit", "reaction"}
    last = f"/api/v1/conversations/{group.id}/messages"
    for client in (charlie, bob):
        answer = await client.post(last, json={"client_id": client_id(), "body": "Rien à signaler"})
        assert answer.status_code == 201
