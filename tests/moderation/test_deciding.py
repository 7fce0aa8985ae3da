"""Moderators hide, warn, dismiss, restore; whom it concerns is told why and answers; never two decisions."""

import asyncio
import re
from typing import TypeAlias

import asyncpg
import httpx

from echange.config import Settings
from tests.ads.annonces import published
from tests.members.mailbox import letters_to, text_of
from tests.moderation.acts import decide, decision_told_to, report
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_hidden_annonce_is_gone_and_its_owner_knows_why(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, solene: httpx.AsyncClient, ad: int, settings: Settings
) -> None:
    receipt = (await report(bob, "ad", ad, text="Il demande de l’argent")).headers["location"]
    waiting = (await solene.get("/moderation")).text
    assert "Fauteuil crapaud" in waiting
    assert "1 signalement" in waiting
    assert "Il demande de l’argent" in (await solene.get(f"/moderation/ad/{ad}")).text
    done = await decide(solene, "ad", ad, "hide", canned="scam", words="Personne ne paie d’avance.")
    assert done.status_code == 303
    assert (await bob.get(f"/annonces/{ad}")).status_code == 404
    assert "Fauteuil crapaud" not in (await bob.get("/annonces")).text
    decision = await decision_told_to(alice)
    page = (await alice.get(decision)).text
    assert "est masquée" in page
    assert "Personne ne paie d’avance." in page
    assert "Un voisin l’a signalé" in page
    assert "Bob" not in page
    (letter,) = await letters_to(settings, "alice@echange.example")
    assert "Personne ne paie d’avance." in text_of(letter)
    assert decision in text_of(letter)
    assert "masqué ce que vous signaliez" in (await bob.get(receipt)).text
    told = await letters_to(settings, "bob@echange.example", at_least=2)
    assert "masqué ce que vous signaliez" in text_of(told[-1])
    assert "Rien n’attend" in (await solene.get("/moderation")).text


async def test_a_dismissed_report_tells_its_author_and_nobody_else(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, solene: httpx.AsyncClient, ad: int
) -> None:
    receipt = (await report(bob, "ad", ad)).headers["location"]
    await decide(solene, "ad", ad, "dismiss", canned="nothing")
    page = (await bob.get(receipt)).text
    assert "laissé en place" in page
    assert "rien ici ne va contre la charte" in page
    assert "Une décision" not in (await alice.get("/avis")).text
    assert (await bob.get(f"/annonces/{ad}", follow_redirects=True)).status_code == 200


async def test_a_decision_has_a_reason(bob: httpx.AsyncClient, solene: httpx.AsyncClient, ad: int) -> None:
    await report(bob, "ad", ad)
    refused = await decide(solene, "ad", ad, "hide", canned="", words=" ")
    assert refused.status_code == 422
    assert "la personne la lira" in refused.text
    unknown = await decide(solene, "ad", ad, "hide", canned="inconnue")
    assert unknown.status_code == 422


async def test_of_two_moderators_at_once_one_decides(
    bob: httpx.AsyncClient,
    solene: httpx.AsyncClient,
    bernard: httpx.AsyncClient,
    ad: int,
    connection: Connection,
) -> None:
    await report(bob, "ad", ad)
    answers = await asyncio.gather(decide(solene, "ad", ad, "hide"), decide(bernard, "ad", ad, "dismiss"))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    late = next(answer for answer in answers if answer.status_code == 422)
    assert "Déjà décidé" in late.text
    assert await connection.fetchval("SELECT count(*) FROM decision") == 1


async def test_nobody_decides_about_their_own_things(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    own = await published(solene, title="Vélo de Solène")
    await report(bob, "ad", own)
    await report(bob, "member", town["moderatrice"])
    assert "vous concerne" in (await solene.get("/moderation")).text
    for kind, number in (("ad", own), ("member", town["moderatrice"])):
        refused = await decide(solene, kind, number, "dismiss")
        assert refused.status_code == 422
        assert "Cela vous concerne" in refused.text
    assert await connection.fetchval("SELECT count(*) FROM decision") == 0


async def test_a_moderator_does_not_learn_who_reported_them(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, bernard: httpx.AsyncClient, town: Town
) -> None:
    path = f"/moderation/member/{town['moderatrice']}"
    await report(bob, "member", town["moderatrice"], text="Elle me harcèle depuis mardi.")
    for answer in (await solene.get(path), await solene.post(f"{path}/decisions", data={"act": "dismiss"})):
        assert "Cela vous concerne" in answer.text
        assert "depuis mardi" not in answer.text
        assert "/membres/bob" not in answer.text
    read = (await bernard.get(path)).text
    assert "depuis mardi" in read
    await decide(bernard, "member", town["moderatrice"], "dismiss", words="Rien ne le montre, Bob.")
    assert "Bob" not in (await solene.get(path)).text


async def test_the_answer_goes_to_another_moderator_who_may_take_it_back(
    alice: httpx.AsyncClient,
    solene: httpx.AsyncClient,
    bernard: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    ad: int,
) -> None:
    await report(bob, "ad", ad)
    await decide(solene, "ad", ad, "hide")
    decision = await decision_told_to(alice)
    sent = await alice.post(f"{decision}/reponse", data={"reply": "C’est une erreur de prénom."})
    assert sent.status_code == 303
    again = await alice.post(f"{decision}/reponse", data={"reply": "Encore un mot."})
    assert again.status_code == 422
    assert "déjà répondu" in again.text
    assert "à relire" in (await bernard.get("/moderation")).text
    refused = await decide(solene, "ad", ad, "confirm")
    assert refused.status_code == 422
    assert "Vous avez pris la première décision" in refused.text
    assert "C’est une erreur de prénom." in (await bernard.get(f"/moderation/ad/{ad}")).text
    assert (await decide(bernard, "ad", ad, "restore", canned="mistake")).status_code == 303
    assert (await bob.get(f"/annonces/{ad}", follow_redirects=True)).status_code == 200
    assert "de nouveau en ligne" in (await alice.get(await decision_told_to(alice))).text
    assert "Rien n’attend" in (await bernard.get("/moderation")).text


async def test_a_lone_moderator_reads_the_answer_too_and_what_is_upheld_is_final(
    alice: httpx.AsyncClient,
    solene: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    ad: int,
    connection: Connection,
) -> None:
    await connection.execute("DELETE FROM staff_role WHERE role = 'admin'")
    await report(bob, "ad", ad)
    await decide(solene, "ad", ad, "hide")
    await alice.post(f"{await decision_told_to(alice)}/reponse", data={"reply": "Relisez."})
    assert (await decide(solene, "ad", ad, "confirm", canned="stays")).status_code == 303
    final = await decision_told_to(alice)
    assert "est maintenue" in (await alice.get(final)).text
    assert (await alice.post(f"{final}/reponse", data={"reply": "Non."})).status_code == 422


async def test_a_decision_is_read_by_whom_it_concerns_and_the_team_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, bernard: httpx.AsyncClient, solene: httpx.AsyncClient,
    client: httpx.AsyncClient, ad: int,
) -> None:  # fmt: skip
    await report(bob, "ad", ad)
    await decide(solene, "ad", ad, "hide")
    decision = await decision_told_to(alice)
    assert (await bob.get(decision)).status_code == 404
    assert (await bob.post(f"{decision}/reponse", data={"reply": "Moi aussi"})).status_code == 404
    assert (await client.get(decision)).headers["location"].startswith("/connexion")
    assert (await bernard.get(decision)).status_code == 200
    assert (await alice.post(f"{decision}/reponse", data={"reply": " "})).status_code == 422


async def test_a_hidden_member_vanishes_reads_why_and_answers(
    bob: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    solene: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    ad = await published(bob, title="Vélo de Bob")
    await report(charlie, "member", town["bob"], reason="hateful")
    await decide(solene, "member", town["bob"], "hide")
    assert (await charlie.get("/membres/bob")).status_code == 404
    assert (await charlie.get(f"/annonces/{ad}")).status_code == 404
    decision = await decision_told_to(bob)
    assert "Votre compte est masqué" in (await bob.get(decision)).text
    assert (await bob.post(f"{decision}/reponse", data={"reply": "Pardon."})).status_code == 303


async def test_a_reported_conversation_leads_to_a_warning_or_to_the_account(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    solene: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    talk = (await alice.post("/api/v1/conversations", json={"members": [town["bob"]]})).json()["id"]
    body = {"client_id": "un-message", "body": "Je sais où vous habitez"}
    await bob.post(f"/api/v1/conversations/{talk}/messages", json=body)
    assert (await solene.get(f"/moderation/conversation/{talk}")).status_code == 404, "not even who talks"
    await report(alice, "conversation", talk, reason="harassment")
    page = (await solene.get(f"/moderation/conversation/{talk}")).text
    assert "Je sais où vous habitez" in page
    await decide(solene, "conversation", talk, "warn", words="C’est la dernière fois.")
    assert "avertit" in (await bob.get(await decision_told_to(bob))).text
    await report(alice, "conversation", talk, reason="harassment", text="Il recommence")
    await decide(solene, "conversation", talk, "hide", concerns=town["bob"])
    row = await connection.fetchrow(
        "SELECT about_kind, about_id, concerns_id FROM decision ORDER BY id DESC LIMIT 1"
    )
    assert row is not None
    assert tuple(row) == ("member", town["bob"], town["bob"])
    assert (await alice.get("/membres/bob")).status_code == 404
    assert "Rien n’attend" in (await solene.get("/moderation")).text


async def test_what_was_deleted_meanwhile_is_still_judged_by_its_evidence(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, ad: int, connection: Connection
) -> None:
    await report(bob, "ad", ad)
    await connection.execute("DELETE FROM ad WHERE id = $1", ad)
    page = (await solene.get(f"/moderation/ad/{ad}")).text
    assert "Ce n’est plus là" in page
    assert "Fauteuil crapaud" in page
    assert (await decide(solene, "ad", ad, "hide")).status_code == 422
    assert (await decide(solene, "ad", ad, "dismiss", canned="settled")).status_code == 303


async def test_an_organisation_can_be_hidden_and_shown_again(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    number = await connection.fetchval(
        """INSERT INTO organisation (slug, name, sort_key) VALUES ('club', 'Club', 'club') RETURNING id"""
    )
    await connection.execute(
        "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, 'owner')",
        number,
        town["redoute"],
    )
    await report(bob, "organisation", number)
    await decide(solene, "organisation", number, "hide")
    assert (await bob.get("/associations/club")).status_code == 404
    assert (await decide(solene, "organisation", number, "restore", canned="mistake")).status_code == 303
    assert (await bob.get("/associations/club")).status_code == 200


async def test_a_newcomers_annonce_is_released_once(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, charlie: httpx.AsyncClient, connection: Connection
) -> None:
    await connection.execute("UPDATE member SET verified_at = NULL")
    ad = await published(bob, title="Premier vélo")
    assert (await charlie.get(f"/annonces/{ad}")).status_code == 404
    assert "Premier vélo" in (await solene.get("/moderation")).text
    await solene.post(f"/moderation/annonces/{ad}/publication")
    assert (await charlie.get(f"/annonces/{ad}", follow_redirects=True)).status_code == 200
    again = await solene.post(f"/moderation/annonces/{ad}/publication", follow_redirects=True)
    assert "Déjà décidé" in again.text


async def test_every_act_is_written_down(
    bob: httpx.AsyncClient, solene: httpx.AsyncClient, bernard: httpx.AsyncClient,
    ad: int, town: Town, connection: Connection,
) -> None:  # fmt: skip
    await report(bob, "ad", ad)
    await decide(solene, "ad", ad, "hide")
    await decide(solene, "ad", ad, "restore")
    await report(bob, "ad", ad)
    await decide(solene, "ad", ad, "warn")
    acts = await connection.fetch("SELECT what, about_kind, about_id, by_id FROM staff_act ORDER BY id")
    assert [tuple(act) for act in acts] == [
        ("hide", "ad", ad, town["moderatrice"]), ("restore", "ad", ad, town["moderatrice"]),
        ("warn", "ad", ad, town["moderatrice"]),
    ]  # fmt: skip
    assert "Avertissement" in (await bernard.get("/administration/journal")).text


async def test_others_see_nothing_of_moderation(alice: httpx.AsyncClient, ad: int) -> None:
    for path in ("/moderation", f"/moderation/ad/{ad}"):
        assert (await alice.get(path)).status_code == 403
    assert (await alice.post(f"/moderation/ad/{ad}/decisions", data={"act": "hide"})).status_code == 403


async def test_a_thing_nobody_knows_is_not_found(solene: httpx.AsyncClient) -> None:
    for path in ("/moderation/ad/999999", "/moderation/rien/1"):
        assert (await solene.get(path)).status_code == 404


async def test_the_form_names_two_people_of_a_conversation(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, solene: httpx.AsyncClient, town: Town
) -> None:
    talk = (await alice.post("/api/v1/conversations", json={"members": [town["bob"]]})).json()["id"]
    await report(alice, "conversation", talk)
    page = (await solene.get(f"/moderation/conversation/{talk}")).text
    checked = re.search(rf'name="concerns" value="{town["bob"]}"\s+checked', page)
    assert checked
    assert f'name="concerns" value="{town["alice"]}"' in page
