"""Anybody reports anything they may see; they get a receipt, and the moderators get it once."""

import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.config import Settings
from tests.ads.annonces import draft
from tests.members.mailbox import letters_to, path_in
from tests.moderation.acts import report
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_somebody_signed_out_reports_and_follows_it(
    client: httpx.AsyncClient, ad: int, settings: Settings
) -> None:
    page = (await client.get(f"/signaler?kind=ad&id={ad}")).text
    assert "Fauteuil crapaud" in page
    assert 'name="email"' in page
    sent = await report(client, "ad", ad, text="Il demande un mandat.", email="passant@voisins.example")
    assert sent.status_code == 303
    receipt = await client.get(sent.headers["location"])
    assert receipt.headers["cache-control"] == "no-store"
    assert "Signalement nº" in receipt.text
    assert "Il demande un mandat." in receipt.text
    (letter,) = await letters_to(settings, "passant@voisins.example")
    assert path_in(letter, "/signalements/") == sent.headers["location"]


async def test_a_member_is_not_asked_for_an_address_and_hears_by_mail(
    bob: httpx.AsyncClient, ad: int, settings: Settings
) -> None:
    assert 'name="email"' not in (await bob.get(f"/signaler?kind=ad&id={ad}")).text
    await report(bob, "ad", ad)
    (letter,) = await letters_to(settings, "bob@echange.example")
    assert "signalement" in str(letter["subject"])


async def test_the_same_person_about_the_same_thing_is_one_report(
    bob: httpx.AsyncClient, charlie: httpx.AsyncClient, ad: int, connection: Connection
) -> None:
    first = await report(bob, "ad", ad, text="Une fois")
    again = await report(bob, "ad", ad, reason="spam", text="Deux fois")
    other = await report(charlie, "ad", ad)
    assert first.headers["location"] == again.headers["location"] != other.headers["location"]
    assert await connection.fetchval("SELECT count(*) FROM report") == 2


async def test_signed_out_only_the_very_same_words_are_one_report(
    client: httpx.AsyncClient, ad: int, connection: Connection
) -> None:
    mine = await report(client, "ad", ad, text="Arnaque", email="un@voisins.example")
    twice = await report(client, "ad", ad, text="Arnaque", email="un@voisins.example")
    probing = await report(client, "ad", ad, text="", email="un@voisins.example")
    assert mine.headers["location"] == twice.headers["location"] != probing.headers["location"]
    assert await connection.fetchval("SELECT count(*) FROM report") == 2


async def test_another_thing_needs_words_and_a_wrong_address_is_told(
    client: httpx.AsyncClient, ad: int
) -> None:
    silent = await report(client, "ad", ad, reason="other")
    assert silent.status_code == 422
    assert "Dites en quelques mots" in silent.text
    wrong = await report(client, "ad", ad, text="Mes mots", email="pas une adresse")
    assert wrong.status_code == 422
    assert "Mes mots" in wrong.text
    nothing = await report(client, "ad", ad, reason="")
    assert nothing.status_code == 422


async def test_hidden_and_absent_things_cannot_be_reported(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, ad: int, connection: Connection, town: Town
) -> None:
    kept = await draft(alice)
    await connection.execute("UPDATE ad SET hidden_at = now() WHERE id = $1", ad)
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    for kind, number in (("ad", ad), ("ad", kept), ("ad", 999999), ("member", town["charlie"]), ("rien", 1)):
        assert (await client.get(f"/signaler?kind={kind}&id={number}")).status_code == 404
        assert (await report(client, kind, number)).status_code == 404
    assert (await client.post("/signaler", data={"kind": "ad", "id": "x"})).status_code == 404


async def test_whom_one_has_blocked_looks_absent_here_too(
    bob: httpx.AsyncClient, ad: int, connection: Connection, town: Town
) -> None:
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    assert (await report(bob, "ad", ad)).status_code == 404
    assert (await report(bob, "member", town["alice"])).status_code == 404


async def test_one_does_not_report_oneself(alice: httpx.AsyncClient, ad: int, town: Town) -> None:
    for kind, number in (("ad", ad), ("member", town["alice"])):
        refused = await report(alice, kind, number)
        assert refused.status_code == 422
        assert "C’est à vous" in refused.text


async def test_a_conversation_is_reported_by_who_takes_part_with_its_last_messages(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    talk = (await alice.post("/api/v1/conversations", json={"members": [town["bob"]]})).json()["id"]
    for n in range(22):
        body = {"client_id": f"message-{n:04}", "body": f"Vaurien nº {n}"}
        assert (await bob.post(f"/api/v1/conversations/{talk}/messages", json=body)).status_code == 201
    assert (await report(charlie, "conversation", talk)).status_code == 404
    assert "20 derniers messages" in (await alice.get(f"/signaler?kind=conversation&id={talk}")).text
    assert (await report(alice, "conversation", talk, reason="harassment")).status_code == 303
    kept = await connection.fetchrow(
        """SELECT jsonb_array_length(evidence -> 'messages'), evidence -> 'messages' -> 0 ->> 'body',
                  (evidence ->> 'against')::int FROM report"""
    )
    assert kept is not None
    assert tuple(kept) == (20, "Vaurien nº 2", town["bob"])


async def test_evidence_stays_as_it_was(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ad: int, connection: Connection
) -> None:
    await report(bob, "ad", ad)
    await connection.execute("UPDATE ad SET title = 'Autre chose', body = 'Rien' WHERE id = $1", ad)
    assert await connection.fetchval("SELECT evidence ->> 'title' FROM report") == "Fauteuil crapaud"


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("http://127.0.0.1:8000/annonces/{ad}-fauteuil-crapaud", "/signaler?kind=ad&id={ad}"),
        ("/annonces/{ad}", "/signaler?kind=ad&id={ad}"),
        ("127.0.0.1:8000/membres/bob?x=1", "/signaler?kind=member&id={bob}"),
    ],
)
async def test_a_pasted_address_leads_to_the_form(
    client: httpx.AsyncClient, ad: int, town: Town, link: str, leads_to: str
) -> None:
    answer = await client.get("/signaler", params={"lien": link.format(ad=ad)})
    assert answer.status_code == 303
    assert answer.headers["location"] == leads_to.format(ad=ad, bob=town["bob"])


async def test_an_address_that_is_no_thing_of_ours_is_told_so(client: httpx.AsyncClient) -> None:
    for link in ("n’importe quoi", "https://ailleurs.example/x", "http://[", "/membres/personne"):
        answer = await client.get("/signaler", params={"lien": link})
        assert answer.status_code == 422
        assert "Cette adresse n’est pas celle" in answer.text


async def test_a_pasted_address_does_not_tell_hidden_from_absent(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE member SET hidden_at = now() WHERE id = $1", town["charlie"])
    for link in ("/membres/charlie", "/membres/personne", f"/annonces/{await draft(alice)}", "/messages/1"):
        answer = await client.get("/signaler", params={"lien": link})
        assert (answer.status_code, "Cette adresse n’est pas celle" in answer.text) == (422, True), link


async def test_the_way_to_report_begins_with_a_question(client: httpx.AsyncClient) -> None:
    assert (await client.get("/signaler")).status_code == 200


async def test_a_programme_reports_signed_out_or_in(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, ad: int
) -> None:
    body = {"about": {"kind": "ad", "id": ad}, "reason": "scam", "text": "Louche"}
    made = await client.post("/api/v1/reports", json=body)
    assert made.status_code == 201
    assert made.json().keys() == {"id", "receipt"}
    assert (await client.get(made.json()["receipt"])).status_code == 200
    assert (await bob.post("/api/v1/reports", json=body)).json()["id"] != made.json()["id"]
    absent = await client.post("/api/v1/reports", json={**body, "about": {"kind": "ad", "id": 999999}})
    assert (absent.status_code, absent.json()["code"]) == (404, "not_found")
    for wrong in ({**body, "reason": "envie"}, {**body, "reason": "other", "text": ""}, {"reason": "scam"}):
        assert (await client.post("/api/v1/reports", json=wrong)).status_code == 422


async def test_a_key_nobody_was_given_opens_nothing(client: httpx.AsyncClient, ad: int) -> None:
    await report(client, "ad", ad)
    assert (await client.get("/signalements/" + "A" * 43)).status_code == 404


async def test_every_room_shows_the_way_to_report(
    bob: httpx.AsyncClient, ad: int, town: Town, client: httpx.AsyncClient
) -> None:
    page = (await bob.get(f"/annonces/{ad}", follow_redirects=True)).text
    assert re.search(rf'href="/signaler\?kind=ad&amp;id={ad}"', page)
    assert 'href="/signaler"' in (await client.get("/")).text
