"""The staff's hand on hours: seen, undone once with a reason, the fund, limits; never their own."""

import asyncio

import httpx
import pytest

from echange.members import Member
from tests.hours.purse import account_id, adds_up, balance, common, given, have
from tests.members.newcomers import plain
from tests.members.organisations import Home
from tests.neighbours import Town
from tests.sweeping import Connection

REASON = {"reason": "Saisi deux fois"}


async def test_a_moderator_finds_an_account_and_undoes_a_movement_once(
    moderator: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    mine = await account_id(connection, town["alice"])
    found = (await moderator.get("/administration/temps?q=alice")).text
    assert f'href="/administration/temps/comptes/{mine}"' in found
    page = plain((await moderator.get(f"/administration/temps/comptes/{mine}")).text)
    assert f'href="/administration/temps/mouvements/{number}"' in page
    way = f"/administration/temps/mouvements/{number}"
    assert "Alice Morel" in plain((await moderator.get(way)).text)

    silent = await moderator.post(way, data={"reason": " "})
    assert silent.status_code == 422
    assert (await moderator.post(way, data=REASON)).status_code == 303
    assert (await moderator.post(way, data=REASON)).status_code == 303, "a second click changes nothing"
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [120, 120]
    assert "Ce mouvement a été annulé" in (await moderator.get(way)).text
    for somebody in (alice, bob):
        assert "a annulé un mouvement d’heures" in (await somebody.get("/avis")).text
        assert "Saisi deux fois" in (await somebody.get("/avis")).text
    assert "+30 min" not in plain((await bob.get("/avis")).text)
    assert "(−30 min sur votre compte)" in plain((await bob.get("/avis")).text)
    told = await connection.fetchval("SELECT count(*) FROM notice WHERE kind = 'hours_reversed'")
    noted = await connection.fetchval("SELECT count(*) FROM staff_act WHERE what = 'hours_reversed'")
    assert (told, noted) == (2, 1)
    back = await alice.delete(f"/api/v1/transfers/{number}")
    assert (back.status_code, back.json()["code"]) == (409, "already_reversed")


async def test_two_moderators_at_once_undo_once(
    moderator: httpx.AsyncClient,
    boss: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    path = f"/api/v1/transfers/{number}/reversal"
    answers = await asyncio.gather(
        *(who.post(path, json=REASON) for who in (moderator, boss) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await balance(connection, town["bob"]) == 120
    undone = answers[0].json()["id"]
    again = await moderator.post(f"/api/v1/transfers/{undone}/reversal", json=REASON)
    assert (again.status_code, again.json()["code"]) == (409, "not_reversible")


async def test_a_movement_already_spent_stays_and_says_so(
    moderator: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    number = (await given(alice, town["bob"], 30)).json()["id"]
    await have(connection, town["bob"], -590)
    page = await moderator.post(f"/administration/temps/mouvements/{number}", data=REASON)
    assert page.status_code == 422
    assert "ont déjà servi" in page.text
    assert "Saisi deux fois" in page.text, "the words are kept"
    assert (await moderator.get("/administration/temps/mouvements/999999")).status_code == 404


async def test_nobody_of_the_staff_touches_their_own(
    moderator: httpx.AsyncClient,
    nadia: httpx.AsyncClient,
    boss: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    redoute: Home,
    town: Town,
    connection: Connection,
) -> None:
    number = (await given(alice, town["moderatrice"], 30)).json()["id"]
    own = await moderator.post(f"/api/v1/transfers/{number}/reversal", json=REASON)
    assert (own.status_code, own.json()["code"]) == (409, "own_hours")
    await connection.execute(
        "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, 'owner')",
        redoute.id, town["moderatrice"],
    )  # fmt: skip
    ours = (await given(alice, {"organisation": redoute.id}, 30)).json()["id"]
    assert (await moderator.post(f"/api/v1/transfers/{ours}/reversal", json=REASON)).json()[
        "code"
    ] == "own_hours"
    await given(alice, "fund", 30)
    selfish = {"member": town["concierge"], "minutes": 10, "reason": "Pour moi"}
    assert (await nadia.post("/api/v1/solidarity", json=selfish)).json()["code"] == "own_hours"
    mine = await account_id(connection, town["admin"])
    answer = await boss.post(
        f"/administration/temps/comptes/{mine}/limites",
        data={"owed": "20 h", "kept": "60 h", "reason": "Moi"},
    )
    assert answer.status_code == 422
    assert "demandez à quelqu’un d’autre de l’équipe" in answer.text


async def test_the_desk_gives_from_the_fund_with_a_reason(
    nadia: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    await given(alice, "fund", 60)
    way = f"/administration/membres/{town['bob']}/temps/solidarite"
    page = plain((await nadia.get(way)).text)
    assert "Le fonds de solidarité a 1 h" in page
    once = page.split('name="once" value="')[1].split('"')[0]
    form = {"minutes": "45 min", "reason": "Convalescence", "once": once}
    too_much = await nadia.post(way, data={**form, "minutes": "2 h"})
    assert too_much.status_code == 422
    assert "Convalescence" in too_much.text
    await asyncio.gather(*(nadia.post(way, data=form) for _ in range(4)))
    assert (await balance(connection, town["bob"]), await common(connection, "fund")) == (165, 15)
    assert "Le fonds de solidarité vous donne 45 min : Convalescence" in plain((await bob.get("/avis")).text)
    assert "Reçu du fonds de solidarité" in plain((await bob.get("/temps")).text)
    assert await adds_up(connection)


async def test_a_moderator_gives_from_the_fund_too_others_do_not(
    moderator: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home, town: Town, connection: Connection
) -> None:
    await given(alice, "fund", 60)
    his = await account_id(connection, town["bob"])
    way = f"/administration/temps/comptes/{his}/solidarite"
    assert (await moderator.get(way)).status_code == 200
    assert (await moderator.post(way, data={"minutes": "10 min", "reason": "Oui"})).status_code == 303
    body = {"member": town["bob"], "minutes": 10, "reason": "Oui"}
    assert (await alice.post("/api/v1/solidarity", json=body)).status_code == 403
    home = await connection.fetchval("SELECT account_id FROM organisation")
    assert (await moderator.get(f"/administration/temps/comptes/{home}/solidarite")).status_code == 404
    await connection.execute("UPDATE staff_role SET role = 'organiser' WHERE role = 'moderator'")
    assert (await moderator.post("/api/v1/solidarity", json=body)).status_code == 403


async def test_the_administration_changes_the_limits_of_one_account(
    boss: httpx.AsyncClient,
    moderator: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    mine = await account_id(connection, town["alice"])
    way = f"/administration/temps/comptes/{mine}/limites"
    assert (await moderator.get(way)).status_code == 403
    page = plain((await boss.get(way)).text)
    assert 'value="10 h"' in page
    assert 'value="60 h"' in page
    assert (await boss.post(way, data={"owed": "rien", "kept": "60 h", "reason": "x"})).status_code == 422
    form = {"owed": "20 h", "kept": "80 h", "reason": "Long chantier"}
    assert (await boss.post(way, data=form)).status_code == 303
    assert (await boss.post(way, data=form)).status_code == 303
    limits = (await alice.get("/api/v1/ledger/account")).json()
    assert (limits["floor_minutes"], limits["ceiling_minutes"]) == (-1_200, 4_800)
    assert "Long chantier" in (await alice.get("/avis")).text
    assert await connection.fetchval("SELECT count(*) FROM staff_act WHERE what = 'hours_limits'") == 1
    common_account = await connection.fetchval("SELECT id FROM ledger_account WHERE kind = 'town'")
    assert (await boss.get(f"/administration/temps/comptes/{common_account}/limites")).status_code == 404


async def test_the_desk_prints_the_statement_of_who_has_no_mailbox(
    nadia: httpx.AsyncClient,
    moderator: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    await Member.filter(id=town["bob"]).update(kept_by_desk=True)
    assert (await given(alice, town["bob"], 30, reason="Bon rétablissement")).status_code == 201
    page = plain((await nadia.get(f"/administration/membres/{town['bob']}/temps")).text)
    assert "Bob Traoré" in page
    assert "Bon rétablissement" in page
    assert 'href="/temps/' not in page.partition("<main")[2].partition("</main>")[0]
    assert (await nadia.get("/administration/membres/999999/temps")).status_code == 404
    assert (await alice.get(f"/administration/membres/{town['bob']}/temps")).status_code == 403


@pytest.mark.parametrize(
    "path", ["/administration/temps?q=", "/administration/temps?q=Fetes", "/administration/temps?q=%C3%A9"]
)
async def test_looking_up_always_answers(moderator: httpx.AsyncClient, redoute: Home, path: str) -> None:
    assert (await moderator.get(path)).status_code == 200
