"""What goes with the report of a conversation: what its reporter ticked, else the last that was said."""

import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import Conversation
from echange.chat.reportable import ReportableConversation
from tests.chat.test_amending import Talk
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
def ours(talk: int) -> Talk:
    """The conversation of Alice and Bob."""
    return Talk(talk)


async def react_often(talk: int, seq: int, by: int) -> None:
    """More events than anybody reads at once, none of them a message."""
    conversation = await Conversation.get(id=talk)
    for number in range(205):
        await conversation.react(seq, by=by, client_id=f"reaction-{number}", emoji="👍", on=number % 2 == 0)


async def test_what_was_ticked_goes_with_it_whatever_was_written_since(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    ours: Talk,
    talk: int,
    town: Town,
    connection: Connection,
) -> None:
    bad = await ours.said(bob, "Vous êtes une voleuse")
    await react_often(talk, bad, town["bob"])
    worse = await ours.said(bob, "Menteuse")
    deleted = await ours.said(bob, "Oubliez")
    await ours.delete(bob, deleted)
    for number in range(21):
        await ours.said(bob, f"Encore {number}")
    form = {"kind": "conversation", "id": talk, "chosen": 1, "parts": [bad, bad + 1, worse, deleted, 9999]}
    refused = await alice.post("/signaler", data={**form, "reason": "other"})
    assert refused.status_code == 422
    assert re.findall(r'name="parts" value="(\d+)" checked', refused.text) == [str(bad), str(worse)]
    assert (await alice.post("/signaler", data={**form, "reason": "harassment"})).status_code == 303
    kept = await connection.fetchval(
        "SELECT jsonb_path_query_array(evidence, '$.messages[*].seq')::text FROM report"
    )
    assert kept == f"[{bad}, {worse}]"


async def test_nobody_makes_the_staff_read_what_they_do_not_see_themselves(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town,
    connection: Connection,
) -> None:  # fmt: skip
    made = await alice.post("/api/v1/conversations", json={"members": [town["bob"]], "title": "Compost"})
    group = Talk(made.json()["id"])
    before = await group.said(alice, "Entre nous")
    assert (await alice.post(f"{group.url}/members/{town['charlie']}")).status_code == 201
    seen, kept_from = await group.said(alice, "Bienvenue"), await group.said(bob, "Moi aussi")
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["charlie"], town["bob"]
    )
    form = {"kind": "conversation", "id": made.json()["id"], "chosen": 1, "reason": "harassment"}
    sent = await charlie.post("/signaler", data={**form, "parts": [before, seen, kept_from]})
    assert sent.status_code == 303
    kept = await connection.fetchval("SELECT evidence::text FROM report")
    assert ("Bienvenue" in kept, "Entre nous" in kept, "Moi aussi" in kept) == (True, False, False)


async def test_without_a_choice_it_is_what_was_said_last_up_to_the_message_it_is_about(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int, town: Town
) -> None:
    bad = await ours.said(bob, "Vous êtes une voleuse")
    said = [bad] + [await ours.said(bob, f"Encore {number}") for number in range(24)]
    await react_often(talk, bad, town["bob"])

    async def kept(near: int = 0) -> list[int]:
        evidence = await ReportableConversation(near).evidence(talk)
        return [one["seq"] for one in evidence["messages"]]

    assert await kept() == said[-20:]
    assert await kept(bad) == [bad]
    assert await kept(said[22]) == said[3:23]
