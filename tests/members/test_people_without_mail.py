"""Odile is 84 and has no internet: a full member, met by the desk, called by the desk, mailed by nobody."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from echange.chat import client_id
from echange.chat.absence import Post, mail_absent
from echange.chat.reaching import may_reach
from echange.config import Settings
from echange.members.models import Member
from echange.notifications import tell
from tests.conftest import Doors, sign_in
from tests.members.mailbox import letters_to, path_in
from tests.members.mandating import ODILE, settle, sign, wear
from tests.members.newcomers import plain, viewer_id
from tests.members.organisations import Connection
from tests.moderation.acts import decide, report
from tests.neighbours import Town

NEW = "odile@ailleurs.example"
PHONE = "06 12 34 56 78"


@pytest.fixture
async def odile(nadia: httpx.AsyncClient, town: Town) -> int:
    return await settle(nadia)


async def test_the_desk_makes_somebody_a_full_member(
    nadia: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    found = (await nadia.get("/administration/membres?q=Perrin")).text
    assert "/administration/membres/nouveau?nom=Perrin" in found
    assert 'value="Perrin"' in (await nadia.get("/administration/membres/nouveau?nom=Perrin")).text
    quartier = await connection.fetchval("SELECT slug FROM quartier ORDER BY id LIMIT 1")
    odile = await settle(nadia, quartier=quartier, offers="Tricot\nCuisine familiale", wants="Jardinage")
    row = await connection.fetchrow("SELECT * FROM member WHERE id = $1", odile)
    assert row is not None
    assert (row["name"], row["email"], row["phone"], row["kept_by_desk"]) == ("Odile Perrin", "", PHONE, True)
    assert row["verified_at"] is not None
    assert row["confirmed_at"] is not None
    balance, floor = await connection.fetchrow(
        "SELECT balance, floor FROM ledger_account WHERE id = $1", row["account_id"]
    ) or (None, None)
    assert (balance, floor) == (120, -600), "welcome hours, and the trust of who is known"
    acts = await connection.fetch("SELECT what, by_id FROM staff_act WHERE about_id = $1", odile)
    assert [tuple(act) for act in acts] == [("member_settled", town["concierge"])]
    page = plain((await nadia.get(f"/administration/membres/{odile}")).text)
    for words in (PHONE, "Sans adresse e-mail", "Faire un mandat avec elle", "Rien de nouveau à lui dire"):
        assert words in page, words


async def test_the_same_card_sent_twice_is_one_person(nadia: httpx.AsyncClient, odile: int) -> None:
    assert await settle(nadia) == odile
    assert await settle(nadia, phone="0698765432") != odile


async def test_two_people_without_an_address_are_two_people(nadia: httpx.AsyncClient, odile: int) -> None:
    lucette = await settle(nadia, name="Lucette Martin", phone="")
    assert lucette != odile
    assert "Pas de téléphone" in (await nadia.get(f"/administration/membres/{lucette}")).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "http://pirate.example"}, "name"),
        ({"name": "La Conciergerie"}, "name"),
        ({"phone": "appelez-moi"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"offers": "\n".join(f"Savoir {n}" for n in range(13))}, "offers"),
        ({"wants": "x"}, "wants"),
        ({"born": "2026-13"}, "born"),
    ],
)
async def test_a_wrong_card_is_told_and_the_words_are_kept(
    nadia: httpx.AsyncClient, town: Town, changed: dict[str, str], field: str
) -> None:
    answer = await nadia.post(
        "/administration/membres/nouveau", data={**ODILE, "wants": "Jardinage", **changed}
    )
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    if field != "wants":
        assert "Jardinage" in answer.text


async def test_only_the_desk_opens_cards_and_sees_phones(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, nadia: httpx.AsyncClient, odile: int
) -> None:
    assert (await alice.post("/administration/membres/nouveau", data=ODILE)).status_code == 403
    assert (await alice.post("/api/v1/members", json={"name": "Odile"})).status_code == 403
    for path in ("", "/fiche", "/depart", "/fait-pour-vous", "/mandat"):
        assert (await alice.get(f"/administration/membres/{odile}{path}")).status_code == 403, path
    for somebody in (alice, client, nadia):
        for path in ("/membres/odile-perrin", f"/api/v1/members/{odile}", "/experts?q=Perrin"):
            assert PHONE not in plain((await somebody.get(path)).text), path


async def test_the_profile_leads_to_the_desk(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, odile: int
) -> None:
    for somebody in (alice, client):
        page = plain((await somebody.get("/membres/odile-perrin")).text)
        assert "Joignable par la conciergerie" in page
        assert "01 99 00 24 94" in page
        assert "/messages/nouveau" not in page
        assert "Se connecter pour écrire" not in page
        assert "Faire un mandat ensemble" not in page
    refused = await alice.post(
        "/moi/mandats/nouveau", data={"who": "odile-perrin", "part": "person", "days": "1", "scopes": "help"}
    )
    assert refused.status_code == 422
    assert "à la conciergerie" in refused.text


async def test_nobody_signs_in_as_them(client: httpx.AsyncClient, odile: int) -> None:
    for form in (
        {"email": "", "password": ""},
        {"email": "", "password": "x"},
        {"email": " ", "password": " "},
    ):
        assert (await client.post("/connexion", data=form)).status_code == 422
    assert await Member.with_email("") is None
    assert await Member.with_credentials("", "") is None
    assert await viewer_id(client) is None


async def test_what_they_are_told_waits_for_the_desk(
    nadia: httpx.AsyncClient, alice: httpx.AsyncClient, odile: int, town: Town, connection: Connection
) -> None:
    assert "Personne à appeler" in (await nadia.get("/administration/a-dire")).text
    await tell(odile, "vouched", link="/membres/odile-perrin", name="Alice Morel", by=town["alice"])
    page = plain((await nadia.get("/administration/a-dire")).text)
    assert "Odile Perrin" in page
    assert PHONE in page
    assert "Alice Morel dit vous connaître" in plain(
        (await nadia.get(f"/administration/membres/{odile}")).text
    )
    listed = (await nadia.get(f"/api/v1/members/{odile}/to_tell")).json()["items"]
    assert len(listed) == 1
    notice = await connection.fetchval("SELECT id FROM notice WHERE member_id = $1", odile)
    said = await nadia.post(f"/administration/membres/{odile}/avis/{notice}")
    assert said.status_code == 303
    assert "dit vous connaître" not in (await nadia.get(f"/administration/membres/{odile}")).text
    assert (await nadia.post(f"/administration/membres/{odile}/avis/987654")).status_code == 404
    # Of those who read for themselves the desk reads nothing.
    await tell(town["bob"], "vouched", link="/membres/bob", name="Alice Morel", by=town["alice"])
    assert "dit vous connaître" not in (await nadia.get(f"/administration/membres/{town['bob']}")).text
    his = await connection.fetchval("SELECT id FROM notice WHERE member_id = $1", town["bob"])
    assert (await nadia.post(f"/administration/membres/{town['bob']}/avis/{his}")).status_code == 422
    assert (await nadia.get(f"/api/v1/members/{town['bob']}/to_tell")).json()["code"] == "has_an_address"
    assert (await nadia.post(f"/api/v1/members/{odile}/to_tell/{his}")).status_code == 404
    assert (await alice.get(f"/api/v1/members/{odile}/to_tell")).status_code == 403


async def test_no_mail_goes_to_nowhere(
    app: Starlette,
    nadia: httpx.AsyncClient,
    odile: int,
    town: Town,
    settings: Settings,
    connection: Connection,
) -> None:
    await sign(nadia, odile)
    await tell(odile, "role_granted", link="/moi", role="concierge")
    assert (await nadia.post(f"/administration/membres/{odile}/depart")).status_code == 303
    await nadia.post(f"/administration/membres/{odile}/depart/annulation")
    # A mail that does come shows that those before it had their turn.
    await tell(town["alice"], "role_granted", link="/moi", role="concierge")
    await letters_to(settings, "alice@echange.example")
    assert len(outbox(settings)) == 1
    async with asyncio.timeout(10):
        while await connection.fetchval(  # noqa: ASYNC110
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'notice_mail'"
        ):
            await asyncio.sleep(0.02)


async def test_a_moderators_decision_about_her_is_told_by_the_desk(
    app: Starlette, nadia: httpx.AsyncClient, bob: httpx.AsyncClient, odile: int, settings: Settings
) -> None:
    assert (await report(bob, "member", odile)).status_code == 303
    async with Doors(app).open() as solene:
        await sign_in(solene, "moderatrice")
        assert (await decide(solene, "member", odile, "warn")).status_code == 303
    assert len(await letters_to(settings, "bob@echange.example", at_least=2)) == 2
    assert len(outbox(settings)) == 2
    assert (await nadia.get(f"/api/v1/members/{odile}/to_tell")).json()["items"]


async def test_what_is_said_in_her_exchange_stands_on_its_page_and_is_mailed_to_nobody(
    app: Starlette, alice: httpx.AsyncClient, odile: int, settings: Settings
) -> None:
    proposal = {"with": odile, "giving": True, "minutes": 60, "title": "Courses", "words": "Je viens samedi."}
    proposed = await alice.post("/api/v1/exchanges", json=proposal)
    assert (proposed.status_code, proposed.json()["conversation"]) == (201, None)
    page = await alice.get(f"/echanges/{proposed.json()['id']}")
    assert "Je viens samedi." in page.text
    assert "/messages/" not in page.text.split("<main")[1].split("</main")[0]
    await mail_absent(Post("http://127.0.0.1:8000", app.state.secret, app.state.subjects), timedelta(0))
    assert outbox(settings) == []


async def test_a_message_to_her_is_refused_with_the_way_to_the_desk(
    alice: httpx.AsyncClient, odile: int, town: Town, connection: Connection
) -> None:
    by_form = {"membre": odile, "client_id": client_id(), "body": "Bonjour Odile"}
    refused = await alice.post("/messages/nouveau", data=by_form)
    assert refused.status_code == 422
    assert "Appelez la conciergerie" in refused.text
    assert "Bonjour Odile" in refused.text
    by_program = await alice.post("/api/v1/conversations", json={"members": [odile]})
    assert (by_program.status_code, by_program.json()["code"]) == (409, "kept_by_desk")
    group = {"members": [odile, town["bob"]], "title": "Jardin"}
    assert (await alice.post("/api/v1/conversations", json=group)).status_code == 409
    assert await connection.fetchval("SELECT count(*) FROM conversation") == 0
    assert await may_reach(town["alice"], town["bob"])
    assert not await may_reach(town["alice"], odile)


def outbox(settings: Settings) -> list[Path]:
    return list((settings.data_dir / "outbox").glob("*.eml"))


async def test_the_card_is_changed_and_the_sign_stays(
    nadia: httpx.AsyncClient, odile: int, connection: Connection, town: Town
) -> None:
    form = plain((await nadia.get(f"/administration/membres/{odile}/fiche")).text)
    assert PHONE in form
    assert "Jardinage" in form
    changed = {"name": "Odile Perrin-Roux", "phone": "+33612345679", "offers": "Tricot", "wants": ""}
    url = f"/administration/membres/{odile}/fiche"
    assert (await nadia.post(url, data=changed)).status_code == 303
    row = await connection.fetchrow(
        "SELECT name, sort_key, phone, verified_at FROM member WHERE id = $1", odile
    )
    assert row is not None
    assert (row["name"], row["sort_key"], row["phone"]) == (
        "Odile Perrin-Roux",
        "odile perrin-roux",
        "+33612345679",
    )
    assert row["verified_at"] is not None
    skills = await connection.fetch(
        "SELECT s.name, m.wanted FROM member_skill m JOIN skill s ON s.id = skill_id WHERE m.member_id = $1",
        odile,
    )
    assert [(row["name"], row["wanted"]) for row in skills] == [("Tricot", False)]
    wrong = await nadia.post(url, data={**changed, "phone": "non"})
    assert wrong.status_code == 422
    assert (await nadia.get(f"/administration/membres/{town['alice']}/fiche")).status_code == 422
    assert (
        await nadia.post(f"/administration/membres/{town['alice']}/fiche", data=changed)
    ).status_code == 422
    assert (await nadia.get("/administration/membres/987654/fiche")).status_code == 404


async def test_an_address_makes_it_an_ordinary_account(
    nadia: httpx.AsyncClient,
    client: httpx.AsyncClient,
    odile: int,
    settings: Settings,
    connection: Connection,
) -> None:
    form = {"email": NEW, "how": "Sa petite-fille lui a ouvert une boîte"}
    assert (await nadia.post(f"/administration/membres/{odile}/acces", data=form)).status_code == 303
    link = path_in((await letters_to(settings, NEW))[0], "/acces/")
    kept = await connection.fetchval("SELECT kept_by_desk FROM member WHERE id = $1", odile)
    assert kept, "not before she follows it"
    assert (await client.post(link, data={"password": "quatre lunes vertes"})).status_code == 303
    assert await viewer_id(client) == odile
    row = await connection.fetchrow("SELECT email, phone, kept_by_desk FROM member WHERE id = $1", odile)
    assert row is not None
    assert tuple(row) == (NEW, "", False)
    assert "Joignable par la conciergerie" not in (await nadia.get("/membres/odile-perrin")).text
    assert (await nadia.get(f"/administration/membres/{odile}/fiche")).status_code == 422


async def test_she_leaves_by_the_desk_and_is_erased_without_a_mail(
    nadia: httpx.AsyncClient,
    odile: int,
    settings: Settings,
    connection: Connection,
    app: Starlette,
    town: Town,
) -> None:
    url = f"/administration/membres/{odile}/depart"
    assert "Votre nom disparaît partout" in plain((await nadia.get(url)).text)
    for _ in range(2):
        assert (await nadia.post(url)).status_code == 303
    assert "sera effacé le" in plain((await nadia.get(f"/administration/membres/{odile}")).text)
    assert (await nadia.post(f"/administration/membres/{town['bob']}/depart")).status_code == 422
    await connection.execute("UPDATE member SET leaving_at = now() - interval '15 days' WHERE id = $1", odile)

    from echange.members.account.leaving import erase_due

    await erase_due(app.state.belongings, app.state.store)
    row = await connection.fetchrow(
        "SELECT name, phone, kept_by_desk, left_at FROM member WHERE id = $1", odile
    )
    assert row is not None
    assert (row["name"], row["phone"], row["kept_by_desk"]) == ("Ancien membre", "", False)
    assert row["left_at"] is not None
    assert outbox(settings) == []
    assert (await nadia.get(f"/administration/membres/{odile}")).status_code == 404


async def test_what_was_done_for_her_fits_on_a_sheet(
    nadia: httpx.AsyncClient, odile: int, connection: Connection, town: Town
) -> None:
    url = f"/administration/membres/{odile}/fait-pour-vous"
    assert "Rien n’a été fait en votre nom" in plain((await nadia.get(url)).text)
    mandate = await sign(nadia, odile)
    await wear(nadia, mandate)
    await connection.execute(
        """INSERT INTO mandate_act (what, about_kind, about_id, data, mandate_id, by_id)
           VALUES ('help_published', 'help', 7, '{}', $1, $2)""",
        mandate,
        town["concierge"],
    )
    sheet = plain((await nadia.get(f"{url}?jours=182")).text)
    assert "Coup de main demandé ou proposé" in sheet
    assert "01 99 00 24 94" in sheet
    assert "A commencé à agir" not in sheet
    assert (await nadia.get(f"{url}?jours=mille")).status_code == 200


async def test_the_same_by_programs(nadia: httpx.AsyncClient, town: Town, connection: Connection) -> None:
    body = {"name": "Odile Perrin", "phone": "0612345678", "wants": ["Jardinage"]}
    made = await nadia.post("/api/v1/members", json=body)
    assert made.status_code == 201
    assert (await nadia.post("/api/v1/members", json=body)).json()["id"] == made.json()["id"]
    assert (await nadia.post("/api/v1/members", json={**body, "phone": "?"})).status_code == 422
    assert (await nadia.post("/api/v1/members", json={**body, "quartier": "nulle-part"})).status_code == 422
    terms = {"days": 31, "scopes": ["help"], "consent": "spoken"}
    path = f"/api/v1/members/{made.json()['id']}/mandates"
    mandate = await nadia.post(path, json=terms)
    assert (mandate.status_code, mandate.json()["helper"]) == (201, None)
    assert (await nadia.post(path, json={**terms, "helper": made.json()["id"]})).status_code == 422
    assert (await nadia.post(path, json={**terms, "helper": town["bob"]})).json()["helper"]["id"] == town[
        "bob"
    ]
    told = (await nadia.get(f"/api/v1/members/{made.json()['id']}/to_tell")).json()["items"]
    notice = told[0]["id"]
    assert (await nadia.post(f"/api/v1/members/{made.json()['id']}/to_tell/{notice}")).status_code == 204
    one = f"/api/v1/members/{made.json()['id']}"
    renamed = await nadia.put(f"{one}/card", json={"name": "Odile Roux", "phone": ""})
    assert renamed.json()["name"] == "Odile Roux"
    for method, leaving in (("PUT", True), ("DELETE", False)):
        assert (await nadia.request(method, f"{one}/departure")).status_code == 204
        since = await connection.fetchval("SELECT leaving_at FROM member WHERE id = $1", made.json()["id"])
        assert (since is not None) == leaving
    for call in ("card", "departure"):
        refused = await nadia.put(f"/api/v1/members/{town['bob']}/{call}", json={"name": "Bob"})
        assert refused.json()["code"] == "has_an_address"
