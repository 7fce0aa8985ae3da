"""Messages by forms and links alone."""

import re

import asyncpg
import httpx

from echange.chat import client_id
from tests.neighbours import Town

Connection = asyncpg.Connection


async def write(client: httpx.AsyncClient, talk: int, body: str, **fields: object) -> httpx.Response:
    data = {"client_id": client_id(), "body": body, **{name: str(value) for name, value in fields.items()}}
    return await client.post(f"/messages/{talk}/envoi", data=data)


async def badge(client: httpx.AsyncClient) -> int:
    number = (await client.get("/api/v1/me")).json()["unread"]
    return int(number["messages"] if isinstance(number, dict) else number)


async def test_two_neighbours_write_to_each_other_without_javascript(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    sent = await write(alice, talk, "Bonjour Bob, avez-vous une perceuse ?")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/messages/{talk}")
    inbox = (await bob.get("/messages")).text
    assert "Alice Morel" in inbox
    assert "avez-vous une perceuse" in inbox
    assert "1 nouveau message" in (await bob.get(f"/messages/{talk}")).text
    await write(bob, talk, "Oui, passez samedi.", vu=1)
    assert "passez samedi" in (await alice.get(f"/messages/{talk}")).text
    assert "Vous\u00a0: Oui, passez samedi." in (await bob.get("/messages")).text


async def test_a_profile_leads_to_one_conversation_however_often(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    first = await alice.post("/messages/nouveau", data={"membre": town["bob"]})
    second = await alice.post("/messages/nouveau", data={"membre": town["bob"]})
    back = await bob.post("/messages/nouveau", data={"membre": town["alice"]})
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"] == back.headers["location"]


async def test_nobody_writes_to_themselves_nor_to_nobody(alice: httpx.AsyncClient, town: Town) -> None:
    alone = await alice.post("/messages/nouveau", data={"membre": town["alice"]})
    assert alone.status_code == 422
    assert "il faut être deux" in alone.text
    for nobody in ("999999", "-1", "x", "", "99999999999999"):
        assert (await alice.post("/messages/nouveau", data={"membre": nobody})).status_code == 404


async def test_a_stranger_cannot_read_write_or_mark(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, talk: int
) -> None:
    await write(alice, talk, "Entre nous")
    hidden = await charlie.get(f"/messages/{talk}")
    absent = await charlie.get("/messages/999999")
    assert hidden.status_code == absent.status_code == 404
    assert "Entre nous" not in hidden.text
    assert (await write(charlie, talk, "Coucou")).status_code == 404
    assert (await charlie.post(f"/messages/{talk}/lecture", data={"seq": 1})).status_code == 404
    assert "Entre nous" not in (await charlie.get("/messages")).text
    assert "Entre nous" not in (await charlie.get(f"/messages/liste?ici={talk}")).text


async def test_somebody_signed_out_is_sent_to_sign_in(client: httpx.AsyncClient, talk: int) -> None:
    for path in ("/messages", "/messages/liste", f"/messages/{talk}"):
        answer = await client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/connexion")
    assert (await write(client, talk, "Coucou")).headers["location"].startswith("/connexion")


async def test_reading_a_page_changes_nothing_and_the_button_marks_it_read(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await write(alice, talk, "Bonjour")
    await bob.get(f"/messages/{talk}")
    page = (await bob.get(f"/messages/{talk}")).text
    assert "1 nouveau message" in page
    assert "Marquer comme lu" in page
    marked = await bob.post(f"/messages/{talk}/lecture", data={"seq": 1})
    assert marked.status_code == 303
    page = (await bob.get(f"/messages/{talk}")).text
    assert "1 nouveau message" not in page
    assert "Marquer comme lu" not in page


async def test_answering_marks_what_was_shown_and_no_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await write(alice, talk, "un")
    await write(alice, talk, "deux, arrivé pendant que Bob écrivait")
    await write(bob, talk, "réponse à un", vu=1)
    assert "1 nouveau message" in (await bob.get(f"/messages/{talk}")).text
    assert "non-lus" in (await bob.get("/messages?filtre=non-lus")).text
    assert "Alice Morel" in (await bob.get("/messages?filtre=non-lus")).text
    await write(bob, talk, "réponse à deux", vu=3)
    assert "Vous avez tout lu" in (await bob.get("/messages?filtre=non-lus")).text


async def test_the_read_mark_never_goes_back_nor_beyond_the_end(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    for words in ("un", "deux"):
        await write(alice, talk, words)
    read = f"/api/v1/conversations/{talk}/read"
    assert (await bob.put(read, json={"seq": 99})).json() == {"conversation": talk, "seq": 2}
    assert (await bob.put(read, json={"seq": 0})).json() == {"conversation": talk, "seq": 2}


async def test_sending_the_form_twice_stores_one_message(alice: httpx.AsyncClient, talk: int) -> None:
    form = {"client_id": client_id(), "body": "Bonjour"}
    for _ in range(2):
        assert (await alice.post(f"/messages/{talk}/envoi", data=form)).status_code == 303
    assert (await alice.get(f"/messages/{talk}")).text.count('data-seq="') == 1


async def test_the_same_form_with_other_words_is_refused_and_keeps_them(
    alice: httpx.AsyncClient, talk: int
) -> None:
    form = {"client_id": client_id(), "body": "Bonjour"}
    await alice.post(f"/messages/{talk}/envoi", data=form)
    refused = await alice.post(f"/messages/{talk}/envoi", data={**form, "body": "Bonsoir à vous"})
    assert refused.status_code == 422
    assert "<title>Erreur" in refused.text
    assert "Bonsoir à vous</textarea>" in refused.text
    assert form["client_id"] not in refused.text


async def test_an_empty_or_endless_message_is_refused_and_kept(alice: httpx.AsyncClient, talk: int) -> None:
    for body in ("", "  \n ", "é" * 4001, "mot\x00", "\u202eretourné"):
        refused = await write(alice, talk, body)
        assert refused.status_code == 422, body
        assert 'id="summary"' in refused.text
    kept = await write(alice, talk, "é" * 4001)
    assert "é" * 4001 in kept.text
    assert (await write(alice, talk, "é" * 4000)).status_code == 303


async def test_a_ready_answer_is_sent_with_what_was_typed(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await write(alice, talk, "", rapide="Bonjour\u00a0!")
    await write(alice, talk, "Samedi alors.", rapide="D’accord, merci\u00a0!")
    page = (await bob.get(f"/messages/{talk}")).text
    assert ">Bonjour\u00a0!</p>" in page
    assert ">Samedi alors. D’accord, merci\u00a0!</p>" in page


async def test_words_are_text_and_only_web_addresses_are_links(alice: httpx.AsyncClient, talk: int) -> None:
    body = '<script>alert(1)</script> "&" voyez https://exemple.fr/a?b=1&c="x" ou javascript:alert(2)\nfin'
    await write(alice, talk, body)
    page = (await alice.get(f"/messages/{talk}")).text
    assert "<script>alert" not in page
    assert '<a href="https://exemple.fr/a?b=1&amp;c=" rel="nofollow noopener noreferrer ugc">' in page
    assert 'href="javascript' not in page
    assert "alert(2)\nfin" in page


async def test_older_messages_are_a_link_away(alice: httpx.AsyncClient, talk: int) -> None:
    for number in range(1, 56):
        await write(alice, talk, f"mot {number}.")
    page = (await alice.get(f"/messages/{talk}")).text
    assert "mot 5." not in page.replace("mot 55.", "")
    older = re.search(r'href="(/messages/\d+\?avant=6)"', page)
    assert older is not None
    before = (await alice.get(older[1])).text
    assert "mot 1." in before
    assert "Messages plus anciens" not in before
    assert "Revenir aux derniers messages" in before
    assert " data-tail" not in before


async def test_a_conversation_about_something_gone_still_opens_and_says_so(
    alice: httpx.AsyncClient, talk: int, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute(
        "UPDATE conversation SET about_kind = 'ad', about_id = 999999 WHERE id = $1", talk
    )
    await write(alice, talk, "Bonjour")
    page = await alice.get(f"/messages/{talk}")
    assert page.status_code == 200
    assert "n’est plus en ligne" in page.text
    assert (await alice.get("/messages")).status_code == 200


async def test_what_a_conversation_is_about_is_pinned_for_those_who_may_see_it(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    town: Town,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    ad = await connection.fetchval(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at)
           VALUES ('give', 'Fauteuil crapaud', $1, $2, now()) RETURNING id""",
        town["alice"],
        town.quartiers["les-larris"],
    )
    opened = await bob.post("/api/v1/conversations", json={"about": {"kind": "ad", "id": ad}})
    assert opened.status_code == 201, opened.text
    assert opened.json()["about"] == {"kind": "ad", "id": ad}
    talk = opened.json()["id"]
    again = await bob.post("/api/v1/conversations", json={"about": {"kind": "ad", "id": ad}})
    assert again.json()["id"] == talk
    await write(bob, talk, "Toujours disponible ?")
    for who in (alice, bob):
        assert "Fauteuil crapaud" in (await who.get(f"/messages/{talk}")).text
        assert "Fauteuil crapaud" in (await who.get("/messages")).text
    own = await alice.post("/api/v1/conversations", json={"about": {"kind": "ad", "id": ad}})
    assert own.status_code in {404, 409}


async def test_an_empty_inbox_says_why_and_what_to_do(charlie: httpx.AsyncClient) -> None:
    page = await charlie.get("/messages")
    assert "Pas encore de conversation" in page.text
    assert 'href="/annonces"' in page.text


async def test_a_long_inbox_goes_on_by_cursor(
    alice: httpx.AsyncClient, town: Town, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute(
        """WITH c AS (INSERT INTO conversation (key, head, said_seq) SELECT 'direct:' || n, 1, 1
                      FROM generate_series(1, 35) n RETURNING id),
           e AS (INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
                 SELECT id, 1, 'message', $2, 'client-1', '{"body": "mot"}' FROM c)
           INSERT INTO participant (conversation_id, member_id) SELECT id, m FROM c, unnest($1::int[]) m""",
        [town["alice"], town["bob"]],
        town["bob"],
    )
    first = (await alice.get("/messages")).text
    assert first.count('class="talk ') == 30
    more = re.search(r'href="(/messages\?cursor=[^"]+)"', first)
    assert more is not None
    assert (await alice.get(more[1])).text.count('class="talk ') == 5
    assert (await alice.get("/messages?cursor=nonsense")).status_code == 422
