"""On the pages as in the verbs: one acts for somebody under a mandate, never on both sides of it."""

import httpx
import pytest

from tests.ads.annonces import Connection
from tests.exchanges.twos import accepted, association, proposed, state_of
from tests.exchanges.walking import at, press
from tests.neighbours import Town


async def act_for(connection: Connection, town: Town, handle: str, person: str) -> None:
    """From now on, a neighbour's browser acts for somebody."""
    mandate = await connection.fetchval(
        """INSERT INTO mandate (scopes, days, consent, agreed_at, ends_at, person_id, helper_id, made_by_id)
           VALUES ('{help}', 31, 'signed', now(), now() + interval '31 days', $1, $2, $1) RETURNING id""",
        town[person],
        town[handle],
    )
    await connection.execute("UPDATE session SET mandate_id = $1 WHERE member_id = $2", mandate, town[handle])


async def test_a_helper_answers_for_whom_they_act(
    charlie: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    it = await proposed(town)
    assert (await charlie.get(it.url)).status_code == 404
    await act_for(connection, town, "charlie", "alice")
    assert "Monter une armoire" in (await charlie.get("/echanges?voir=a-repondre")).text
    assert "À vous de répondre" in (await charlie.get(it.url)).text
    assert (await press(charlie, it, "accord", {})).status_code == 303
    assert await state_of(it) == "accepted"
    assert "l’a fait sous mandat" in (await bob.get(it.url)).text


async def test_a_helper_proposes_for_whom_they_act(
    charlie: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await act_for(connection, town, "charlie", "alice")
    page = (await charlie.get(f"/echanges/proposer?membre={town['bob']}")).text
    assert "Pour Alice Morel" in page
    answer = await charlie.post(
        f"/echanges/proposer?membre={town['bob']}",
        data={"way": "receive", "title": "Porter un buffet", "minutes": "1 h", "words": "Bonjour"},
    )
    assert answer.status_code == 303
    row = await connection.fetchrow("SELECT receiver_id, proposed_by_id FROM exchange")
    assert row is not None
    assert set(row.values()) == {town["alice"]}
    assert "Alice Morel a proposé" in (await bob.get(at(answer))).text


async def test_ones_own_exchange_waits_until_one_is_oneself_again(
    bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    it = await accepted(town)
    await act_for(connection, town, "bob", "charlie")
    page = (await bob.get(it.url)).text
    assert "revenez à votre nom" in page
    assert 'action="/moi/agir-pour"' in page
    answer = await press(bob, it, "temps", {"minutes": "1 h"})
    assert answer.status_code == 422
    assert "Revenez à votre nom" in answer.text


async def test_nobody_stands_on_both_sides(
    bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    it = await proposed(town)
    await act_for(connection, town, "bob", "alice")
    page = (await bob.get(it.url)).text
    assert "Quelqu’un d’autre doit répondre" in page
    assert f"{it.url}/accord" not in page
    answer = await press(bob, it, "accord", {})
    assert answer.status_code == 422
    assert "des deux côtés" in answer.text
    assert await state_of(it) == "proposed"


async def test_who_may_speak_for_the_association_reads_it_and_puts_its_hat_on(
    charlie: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    it = await proposed(town)
    hat = await association(town, "bob", "charlie")
    assert (await charlie.get(it.url)).status_code == 404, "not the association's"
    await connection.execute("UPDATE exchange SET giver_organisation_id = $1", hat.id)
    page = (await charlie.get(it.url)).text
    assert "Agir en son nom" in page
    assert f"{it.url}/retrait" not in page
    worn = await charlie.post("/moi/casquette", data={"organisation": str(hat.id), "suite": it.url})
    assert at(worn) == it.url
    assert "Agir en son nom" not in (await charlie.get(it.url)).text
    await connection.execute("UPDATE membership SET role = 'member' WHERE member_id = $1", town["charlie"])
    assert (await charlie.get(it.url)).status_code == 404, "belonging to it is not enough"


async def test_whoever_left_the_association_reads_that_others_go_on(
    bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    it = await accepted(town)
    hat = await association(town, "charlie")
    await connection.execute("UPDATE exchange SET giver_organisation_id = $1", hat.id)
    assert "au nom d’une organisation" in (await bob.get(it.url)).text
    assert "Monter une armoire" in (await bob.get("/echanges")).text


@pytest.mark.parametrize("scope", ["lending"])
async def test_a_mandate_for_other_things_proposes_nothing(
    charlie: httpx.AsyncClient, connection: Connection, town: Town, scope: str
) -> None:
    await act_for(connection, town, "charlie", "alice")
    await connection.execute("UPDATE mandate SET scopes = $1", [scope])
    answer = await charlie.get(f"/echanges/proposer?membre={town['bob']}")
    assert answer.status_code in {409, 422}
    assert "mandat" in answer.text
