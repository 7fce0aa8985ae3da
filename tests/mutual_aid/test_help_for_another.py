"""Helps while acting for somebody: everybody's own stay in their own name, and nothing is left waiting."""

from dataclasses import replace

import httpx
import pytest

from echange.database import execute, fetch, fetch_value
from echange.exchanges import Exchange
from echange.http import NotAllowed, Viewer
from echange.http.viewer import Behalf
from echange.mutual_aid import Help, refusals, rota_refusals
from echange.mutual_aid.details import Details
from echange.mutual_aid.models import RotaSlot
from echange.mutual_aid.rota_seeing import may_run
from tests.members.mandating import ask, wear
from tests.members.organisations import settle_redoute
from tests.mutual_aid.helps import Connection, asked, notices, somebody
from tests.mutual_aid.helps import told as published
from tests.mutual_aid.rotas import on_rota, weekly
from tests.neighbours import Town


async def for_alice(town: Town) -> Viewer:
    """Bob, under a mandate of Alice's."""
    mandate: int = await fetch_value(
        """INSERT INTO mandate (scopes, days, consent, ends_at, agreed_at, person_id, helper_id, made_by_id)
           VALUES ('{help}', 31, 'signed', now() + interval '31 days', now(), $1, $2, $1) RETURNING id""",
        town["alice"],
        town["bob"],
    )
    return replace(somebody(town, "bob"), behalf=Behalf(town["alice"], "Alice", mandate, frozenset({"help"})))


async def test_ones_own_help_is_not_touched_in_another_name(orm: None, town: Town) -> None:
    his, hers = await asked(town, "bob"), await asked(town, "alice")
    bob = await for_alice(town)
    assert not his.can_be_edited_by(bob)
    assert hers.can_be_edited_by(bob)
    assert his.can_be_edited_by(somebody(town, "bob"))
    for verb in (
        his.edit(Details("Autre", 60), by=bob),
        his.renew(by=bob),
        his.close(by=bob, outcome="done"),
        his.reopen(by=bob),
        RotaSlot.add(his, weekly(), by=bob),
    ):
        with pytest.raises(NotAllowed):
            await verb
    assert not await may_run(his, bob)
    assert await fetch("SELECT what FROM mandate_act") == [], "nothing of his in her book"


async def test_nobody_answers_themselves_in_another_name(orm: None, town: Town) -> None:
    his, _slot, shifts = await on_rota(town, "bob")
    other = await asked(town, "bob")
    bob = await for_alice(town)
    assert not other.can_be_answered_by(bob)
    assert other.can_be_answered_by(somebody(town, "alice"))
    with pytest.raises(refusals.OwnHelp):
        await other.answer(by=bob, words="Elle vient.")
    with pytest.raises(rota_refusals.OwnShift):
        await shifts[0].come(by=bob)
    assert not his.can_be_answered_by(bob)


async def test_the_pages_show_each_name_its_own(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    his, hers = await published(bob, title="Le vélo de Bob"), await published(alice, title="Le mur d’Alice")
    mandate = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{mandate}/accord")
    await wear(bob, mandate)
    mine = (await bob.get("/moi/entraide")).text
    assert ("Le mur d’Alice" in mine, "Le vélo de Bob" in mine) == (True, False)
    assert f"/entraide/{hers}/modifier" in (await bob.get(f"/entraide/{hers}")).text
    own = await bob.get(f"/entraide/{his}")
    assert own.status_code == 200
    assert f"/entraide/{his}/modifier" not in own.text
    assert (await bob.post(f"/entraide/{his}/cloture", data={"outcome": "done"})).status_code == 403
    await wear(bob, None)
    assert f"/entraide/{his}/modifier" in (await bob.get(f"/entraide/{his}")).text


async def test_ended_by_its_coordinator_it_leaves_no_proposal_waiting(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town,
    connection: Connection,
) -> None:  # fmt: skip
    home = await settle_redoute(connection, town, alice="member")
    help_id = await published(charlie)
    await connection.execute(
        """WITH it AS (INSERT INTO helper_group (name, organisation_id, coordinator_id)
                       VALUES ('Montage', $1, $2) RETURNING id)
           UPDATE help SET group_id = (SELECT id FROM it) WHERE id = $3""",
        home.id,
        town["alice"],
        help_id,
    )
    made = await bob.post(f"/api/v1/helps/{help_id}/proposals", json={"words": "Je viens."})
    ended = await alice.post(f"/api/v1/helps/{help_id}/closure", json={"outcome": "cancelled"})
    assert ended.status_code == 201, ended.text
    assert await connection.fetchval("SELECT state FROM exchange") == "declined"
    assert await notices(connection, "exchange_declined") == [town["bob"]]
    for one in (bob, charlie):
        assert (await one.get(f"/echanges/{made.json()['id']}")).status_code == 200
    events = await connection.fetch("SELECT kind, by_id, data FROM exchange_event ORDER BY id")
    assert [(row["kind"], row["by_id"]) for row in events] == [("proposed", town["bob"]), ("declined", None)]


async def test_what_one_proposed_oneself_ends_with_the_help_one_ends_for_another(
    orm: None, town: Town, connection: Connection
) -> None:
    aid = await asked(town, "alice")
    proposal = await aid.answer(by=somebody(town, "bob"), words="Je viens.")
    await aid.close(by=await for_alice(town), outcome="cancelled")
    assert (await Exchange.get(id=proposal.id)).state == "declined"
    assert await notices(connection, "exchange_declined") == [town["bob"]]
    await execute("UPDATE help SET ended_at = now() - interval '1 hour'")
    assert (await Help.get(id=aid.id)).ending == "cancelled"
