"""A neighbour answers: one conversation, one message, one notice."""

import asyncio
import hashlib
import re

import httpx

from echange.ads import promise_notices
from tests.ads.annonces import Connection, draft, published
from tests.neighbours import Town


async def test_an_answer_opens_a_conversation_with_the_owner(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    ad_id = await published(alice)
    page = (await bob.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    found = re.search(r'name="client_id" value="([^"]+)"', page)
    assert found
    answer = await bob.post(
        f"/annonces/{ad_id}/reponses", data={"body": "Samedi matin ?", "client_id": found[1]}
    )
    assert answer.status_code == 303
    thread = answer.headers["location"]
    assert re.fullmatch(r"/messages/\d+", thread)
    for person in (alice, bob):
        shown = (await person.get(thread)).text
        assert "Samedi matin ?" in shown
        assert "Fauteuil crapaud" in shown
    notice = await connection.fetchrow("SELECT member_id, kind, link FROM notice")
    assert tuple(notice) == (town["alice"], "answer", thread)
    assert "Bob Traoré a répondu à votre annonce" in (await alice.get("/avis")).text


async def test_a_double_click_sends_one_answer(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    sent = {"body": "Samedi ?", "client_id": "abcd-efgh-1"}
    answers = await asyncio.gather(*(bob.post(f"/annonces/{ad_id}/reponses", data=sent) for _ in range(5)))
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    assert await connection.fetchval("SELECT count(*) FROM answer") == 1
    assert await connection.fetchval("SELECT count(*) FROM event") == 1
    assert await connection.fetchval("SELECT count(*) FROM notice") == 1


async def test_answering_again_goes_on_in_the_same_conversation(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    first = await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Un"})
    second = await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Deux"})
    assert first.headers["location"] == second.headers["location"]
    assert await connection.fetchval("SELECT count(*) FROM event") == 2
    assert await connection.fetchval("SELECT count(*) FROM notice") == 1, (
        "told once, the rest is unread messages"
    )


async def test_other_words_under_one_client_id_are_refused_and_may_be_sent_again(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Un", "client_id": "abcd-efgh-1"})
    again = await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Deux", "client_id": "abcd-efgh-1"})
    assert again.status_code == 422
    assert ">\nDeux</textarea>" in again.text
    found = re.search(r'name="client_id" value="([^"]+)"', again.text)
    assert found
    assert found[1] != "abcd-efgh-1"
    sent = await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Deux", "client_id": found[1]})
    assert sent.status_code == 303


async def test_an_empty_or_endless_answer_is_refused_with_its_words(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    for data in [
        {"body": ""},
        {"body": "   "},
        {"body": "x" * 2001},
        {"body": "a\x00"},
        {"body": "é", "client_id": "court"},
    ]:
        ad_id = await published(alice)
        answer = await bob.post(f"/annonces/{ad_id}/reponses", data=data)
        assert answer.status_code == 422
        assert "<title>Erreur" in answer.text
        assert data["body"].strip() in answer.text
        assert await connection.fetchval("SELECT count(*) FROM conversation") == 0


async def test_one_does_not_answer_oneself(alice: httpx.AsyncClient, connection: Connection) -> None:
    ad_id = await published(alice)
    answer = await alice.post(f"/annonces/{ad_id}/reponses", data={"body": "Moi !"})
    assert answer.status_code == 422
    assert "C’est votre annonce" in answer.text
    assert await connection.fetchval("SELECT count(*) FROM conversation") == 0


async def test_a_closed_annonce_is_not_answered(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    await alice.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "given"})
    answer = await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Encore là ?"})
    assert answer.status_code == 422
    assert "terminée" in answer.text
    assert await connection.fetchval("SELECT count(*) FROM conversation") == 0


async def test_a_draft_is_answered_by_nobody(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    ad_id = await draft(alice)
    assert (await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "?"})).status_code == 404
    assert (await alice.post(f"/annonces/{ad_id}/reponses", data={"body": "?"})).status_code == 404


async def test_somebody_signed_out_is_led_to_sign_in_and_back(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    back = f"/annonces/{ad_id}-fauteuil-crapaud"
    answer = await client.post(
        f"/annonces/{ad_id}/reponses", data={"body": "?"}, headers={"referer": f"http://127.0.0.1:8000{back}"}
    )
    assert answer.headers["location"] == f"/connexion?suite={back}"


async def test_forty_answers_at_once_are_forty_conversations(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    from echange.ads import Ad, Answer
    from echange.members import Member

    ad_id = await published(alice)
    await connection.execute(
        """INSERT INTO member (handle, name, sort_key, email, password_hash)
           SELECT 'v' || n, 'Voisin ' || n, 'voisin', 'v' || n || '@echange.example', 'x'
           FROM generate_series(1, 40) n"""
    )
    ad = await Ad.get(id=ad_id)
    neighbours = await Member.filter(handle__startswith="v", name__startswith="Voisin")
    given = await asyncio.gather(*(Answer.give(ad, by=one, body="Pour moi ?") for one in neighbours))
    assert len({answer.conversation_id for answer in given}) == 40
    assert await connection.fetchval("SELECT count(*) FROM notice WHERE member_id = $1", town["alice"]) == 40
    heads = await connection.fetch("SELECT head FROM conversation")
    assert [row["head"] for row in heads] == [1] * 40


async def test_answers_racing_a_closure_never_come_after_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    calls = [
        person.post(f"/api/v1/ads/{ad_id}/answers", json={"body": f"{n}"})
        for n, person in enumerate((bob, charlie, bob, charlie))
    ]
    close = alice.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "given"})
    *answers, closed = await asyncio.gather(*calls, close)
    assert closed.status_code == 201
    assert {answer.status_code for answer in answers} <= {201, 409}
    stored = await connection.fetchval("SELECT count(*) FROM event")
    assert stored == sum(answer.status_code == 201 for answer in answers)


async def test_a_deleted_annonce_leaves_its_conversation(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    thread = (await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Là ?"})).headers["location"]
    await alice.post(f"/annonces/{ad_id}/suppression")
    assert (await bob.get(thread)).status_code == 200


async def test_a_fair_queue_asks_when_and_how_and_keeps_the_words(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice, fair=True)
    place = f"/annonces/{ad_id}/reponses"
    refused = await bob.post(place, data={"body": "Pour ma fille"})
    assert refused.status_code == 422
    assert "Dites quand vous pouvez passer." in refused.text
    assert "Pour ma fille</textarea>" in refused.text
    whole = {"body": "Pour ma fille", "when_text": "Samedi", "carry": "bike"}
    assert (await bob.post(place, data={**whole, "carry": "fusée"})).status_code == 422
    assert (await bob.post(place, data=whole)).headers["location"].endswith("#repondre")
    page = (await bob.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    assert "Vous êtes dans la file" in page
    listed = (await alice.get(place)).text
    assert "Pour ma fille" in listed
    assert "Réserver pour" not in listed, "the queue chooses"
    seed = await connection.fetchval("SELECT queue_seed FROM ad")
    for shown in (page, listed, (await client.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text):
        assert seed not in shown
    assert (await client.get("/comment-ca-marche/file-equitable")).status_code == 200
    assert (await bob.post(f"{place}/retrait")).status_code == 303
    assert (await bob.post(f"{place}/retrait")).status_code == 404


async def test_a_fair_queue_by_programme(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice, fair=True)
    place = f"/api/v1/ads/{ad_id}"
    words = {"body": "Oui", "when_text": "Samedi", "carry": "foot"}
    assert (await bob.post(f"{place}/answers", json={"body": "Oui"})).status_code == 422
    given = await bob.post(f"{place}/answers", json=words)
    assert (given.status_code, given.json()["conversation"]) == (201, None)
    line = (await bob.get(f"{place}/queue")).json()
    assert (line["fair"], line["open"], line["waiting"], line["seed"]) == (True, False, 1, None)
    assert (await alice.post(f"{place}/queue")).json()["code"] == "queue_not_now"
    await connection.execute("UPDATE ad SET queue_opens_at = queue_opens_at - interval '3 hours'")
    assert (await bob.post(f"{place}/queue")).status_code == 403
    assert (await alice.post(f"{place}/queue")).json()["open"] is True
    assert (await charlie.post(f"{place}/reservation/acceptance")).status_code == 404
    assert (await alice.post(f"{place}/reservation/acceptance")).status_code == 403
    accepted = await bob.post(f"{place}/reservation/acceptance")
    assert accepted.status_code == 201
    assert accepted.json()["conversation"] > 0
    assert (await alice.post(f"{place}/reservation/fall_through")).status_code == 204
    assert (await bob.get(f"{place}/reservation")).status_code == 404
    await alice.post(f"{place}/closure", json={"outcome": "given"})
    seal = line["seal"]
    ended = (await bob.get(f"{place}/queue")).json()
    assert hashlib.sha256(ended["seed"].encode()).hexdigest() == seal == ended["seal"]


def test_every_notice_of_a_promise_is_a_sentence() -> None:
    data = {"title": "Lit", "name": "Bob", "n": 3, "given": True}
    at = "2026-11-28T10:30:00+01:00"
    for kind in promise_notices.kinds:
        said = kind.sentence({**data, "until": at, "meet": at})
        assert "{" not in said
        assert "Lit" in said
        assert not said.endswith(".")
