"""One message, and all that can be done to it, by forms and links alone."""

import html
import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.chat import client_id
from tests.chat.test_amending import Talk
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
def ours(talk: int) -> Talk:
    """The conversation of Alice and Bob."""
    return Talk(talk)


async def text(client: httpx.AsyncClient, address: str) -> str:
    """A page as it is read."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    shown = re.sub(r"<template.*?</template>|<dialog.*?</dialog>", "", answer.text, flags=re.DOTALL)
    return html.unescape(shown)


def numbers(page: str) -> list[int]:
    """The numbers of the lines that a page shows."""
    return [int(found) for found in re.findall(r'data-seq="(\d+)"', page)]


async def test_my_own_message_can_be_mended_and_taken_back_theirs_answered_and_reported(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Bonjour Bob")
    conversation = await text(alice, f"/messages/{talk}")
    assert f'href="/messages/{talk}/m/{seq}"' in conversation
    mine = await text(alice, f"/messages/{talk}/m/{seq}")
    theirs = await text(bob, f"/messages/{talk}/m/{seq}")
    for act in ("modification", "suppression"):
        assert f"/m/{seq}/{act}" in mine
        assert f"/m/{seq}/{act}" not in theirs
    assert f"/signaler?kind=conversation&id={talk}&message={seq}" in theirs
    assert "/signaler?kind=conversation" not in mine
    for page in (mine, theirs):
        assert f"/messages/{talk}?reponse={seq}" in page
        assert page.count(f'action="/messages/{talk}/m/{seq}/reaction"') == 1
        assert all(f'value="{emoji}"' in page for emoji in ("👍", "❤️", "😄", "🎉", "🙏", "😢"))


async def test_words_are_mended_by_a_form(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "À jeudi 14 h")
    page = f"/messages/{talk}/m/{seq}"
    done = await alice.post(f"{page}/modification", data={"body": "À jeudi 15 h"})
    assert (done.status_code, done.headers["location"]) == (303, f"/messages/{talk}?autour={seq}#m{seq}")
    shown = await text(bob, f"/messages/{talk}")
    assert ">À jeudi 15 h</p>" in shown
    assert "14 h</p>" not in shown
    assert "modifié" in shown


async def test_refused_words_are_kept_and_the_reason_told(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Bonjour")
    page = f"/messages/{talk}/m/{seq}"
    for body in ("", "é" * 4001):
        refused = await alice.post(f"{page}/modification", data={"body": body})
        assert refused.status_code == 422
        assert 'id="summary"' in refused.text
        assert body in refused.text
    await bob.post("/membres/alice/blocage")
    refused = await alice.post(f"{page}/modification", data={"body": "Bonsoir à vous"})
    assert refused.status_code == 422
    assert "Bonsoir à vous" not in await text(alice, f"/messages/{talk}")
    assert "ne peut pas" in refused.text


async def test_a_message_is_taken_back_by_a_form(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Le code est 4021")
    await ours.said(bob, "Merci", reply_to=seq)
    before = await text(bob, f"/messages/{talk}")
    assert before.count("Le code est 4021") >= 2
    done = await alice.post(f"/messages/{talk}/m/{seq}/suppression")
    assert done.status_code == 303
    for address in (f"/messages/{talk}", f"/messages/{talk}/m/{seq}", "/messages"):
        shown = await text(bob, address)
        assert "4021" not in shown, address
        assert "Message supprimé" in shown or address == "/messages"
    assert "/modification" not in await text(alice, f"/messages/{talk}/m/{seq}")
    again = await alice.post(f"/messages/{talk}/m/{seq}/suppression")
    assert again.status_code == 404


async def test_a_sign_is_put_and_taken_away_by_the_same_button(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "C’est fait")
    page = f"/messages/{talk}/m/{seq}"
    assert (await bob.post(f"{page}/reaction", data={"emoji": "❤️"})).status_code == 303
    assert re.search(r'name="retrait" value="❤️" aria-pressed="true"', await text(bob, f"/messages/{talk}"))
    alices = await text(alice, f"/messages/{talk}")
    assert re.search(r'name="emoji" value="❤️" aria-pressed="false" title="Bob Traoré"', alices)
    assert 'role="img" aria-label="cœur"' in alices
    assert (await bob.post(f"{page}/reaction", data={"retrait": "❤️"})).status_code == 303
    assert 'value="❤️"' not in await text(alice, f"/messages/{talk}")
    assert (await bob.post(f"{page}/reaction", data={"emoji": "💣"})).status_code == 422
    assert (await bob.post(f"{page}/reaction", data={})).status_code == 422


async def test_an_answer_shows_what_it_answers_as_that_stands_now(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Une machine\nou deux ?")
    composing = await text(bob, f"/messages/{talk}?reponse={seq}")
    assert f'name="reponse" form="composer" value="{seq}"' in composing
    assert "Une machine ou deux ?" in composing
    form = {"client_id": client_id(), "body": "Une seule", "reponse": str(seq)}
    assert (await bob.post(f"/messages/{talk}/envoi", data=form)).status_code == 303
    shown = await text(alice, f"/messages/{talk}")
    assert re.search(rf'class="message-quote" href="[^"]+#m{seq}"><strong>Vous</strong>', shown)
    await ours.edit(alice, seq, "Trois machines")
    assert "<span>Trois machines</span>" in await text(bob, f"/messages/{talk}")
    await ours.delete(alice, seq)
    assert "<strong></strong><span>Message supprimé</span>" in await text(bob, f"/messages/{talk}")
    for nothing in (seq, 99, "x", -1):
        assert 'form="composer" value="0"' in await text(bob, f"/messages/{talk}?reponse={nothing}")


async def test_an_answer_to_what_is_gone_is_refused_with_its_words_kept_and_goes_without(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Oups")
    await ours.delete(alice, seq)
    form = {"client_id": client_id(), "body": "Une seule", "reponse": str(seq)}
    refused = await bob.post(f"/messages/{talk}/envoi", data=form)
    assert refused.status_code == 422
    assert "Une seule</textarea>" in refused.text
    assert "n’est plus là" in refused.text
    assert 'form="composer" value="0"' in refused.text


async def test_an_endless_number_to_answer_is_refused_like_any_other_nonsense(
    bob: httpx.AsyncClient, talk: int
) -> None:
    for nonsense in ("9" * 5000, "٣", "x"):
        form = {"client_id": client_id(), "body": "Une seule", "reponse": nonsense}
        refused = await bob.post(f"/messages/{talk}/envoi", data=form)
        assert refused.status_code == 422
        assert "Une seule</textarea>" in refused.text


async def test_a_long_answered_message_elsewhere_is_quoted_in_short(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "mot " * 100)
    for number in range(60):
        await ours.said(alice, f"numéro {number}")
    await bob.put(f"{ours.url}/read", json={"seq": 61})
    await ours.said(bob, "Oui", reply_to=seq)
    shown = await text(bob, f"/messages/{talk}")
    assert seq not in numbers(shown)
    assert f"<span>{('mot ' * 100)[:120]}…</span>" in shown


async def test_a_stranger_sees_and_changes_nothing(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Entre nous")
    page = f"/messages/{talk}/m/{seq}"
    for address in (page, f"{page}/ligne"):
        hidden = await charlie.get(address)
        assert hidden.status_code == 404
        assert "Entre nous" not in hidden.text
    for act, form in (("modification", {"body": "Pris"}), ("suppression", {}), ("reaction", {"emoji": "👍"})):
        assert (await charlie.post(f"{page}/{act}", data=form)).status_code == 404
    for absent in (f"/messages/{talk}/m/99", f"/messages/{talk}/m/99/ligne", f"/messages/{talk}/m/0"):
        assert (await alice.get(absent)).status_code == 404


async def test_the_other_of_two_does_not_mend_mine(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Bonjour")
    page = f"/messages/{talk}/m/{seq}"
    assert (await bob.post(f"{page}/modification", data={"body": "Pris"})).status_code == 403
    assert (await bob.post(f"{page}/suppression")).status_code == 403
    assert "Bonjour" in await text(alice, f"/messages/{talk}")


async def test_a_message_alone_is_what_the_page_shows(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Bonjour <b>Bob</b>")
    alone = (await bob.get(f"/messages/{talk}/m/{seq}/ligne")).text.strip()
    assert alone.startswith("<li")
    assert "Bonjour &lt;b&gt;Bob&lt;/b&gt;" in alone
    whole = (await bob.get(f"/messages/{talk}")).text
    assert all(line.strip() in whole for line in alone.splitlines())


async def test_a_link_leads_to_a_message_in_its_place(
    alice: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    for number in range(1, 121):
        await ours.said(alice, f"numéro {number}.")
    far = await text(alice, f"/messages/{talk}?autour=40")
    assert (numbers(far)[0], numbers(far)[-1]) == (16, 65)
    assert " data-tail" not in far
    assert "Revenir aux derniers messages" in far
    near = await text(alice, f"/messages/{talk}?autour=110")
    assert (numbers(near)[0], numbers(near)[-1]) == (71, 120)
    assert " data-tail" in near
    older = await text(alice, f"/messages/{talk}?avant=16")
    assert (numbers(older)[0], numbers(older)[-1]) == (1, 15)
    assert "Messages plus anciens" not in older


async def test_many_signs_do_not_push_the_messages_out(
    alice: httpx.AsyncClient,
    ours: Talk,
    talk: int,
    connection: Connection,
    town: Town,
) -> None:
    for number in range(3):
        await ours.said(alice, f"numéro {number}.")
    await connection.execute(
        """WITH e AS (INSERT INTO event (conversation_id, seq, kind, by_id, client_id, target, data)
             SELECT $1, n, 'reaction', $2, 'client-' || n, 2,
                    jsonb_build_object('emoji', '👍', 'on', n % 2 = 0) FROM generate_series(4, 203) n)
           UPDATE conversation SET head = 203 WHERE id = $1""",
        talk,
        town["bob"],
    )
    shown = await text(alice, f"/messages/{talk}")
    assert numbers(shown) == [1, 2, 3]
    assert 'aria-pressed="false"' not in shown


async def test_what_is_new_begins_at_a_rule_one_can_jump_to(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    await ours.said(alice, "un")
    await bob.put(f"{ours.url}/read", json={"seq": 1})
    mine = await ours.said(bob, "deux")
    gone = await ours.said(alice, "Oups")
    first = await ours.said(alice, "trois")
    await ours.said(alice, "quatre")
    await ours.delete(alice, gone)
    await ours.react(alice, mine, "👍")
    shown = await text(bob, f"/messages/{talk}")
    assert "2 nouveaux messages" in shown
    assert 'href="#nouveau"' in shown
    assert re.search(r'id="nouveau"[^\0]*?data-seq="(\d+)"', shown)[1] == str(first)  # type: ignore[index]
    await alice.put(f"{ours.url}/read", json={"seq": 2})
    assert 'id="nouveau"' not in await text(alice, f"/messages/{talk}")


async def test_what_is_new_further_back_is_a_link_away(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    for number in range(1, 251):
        await ours.said(alice, f"numéro {number}.")
    await bob.put(f"{ours.url}/read", json={"seq": 10})
    shown = await text(bob, f"/messages/{talk}")
    assert numbers(shown)[0] == 51
    assert 'id="nouveau"' not in shown
    assert f'href="/messages/{talk}?autour=11#nouveau"' in shown
    there = await text(bob, f"/messages/{talk}?autour=11")
    assert re.search(r'id="nouveau"[^\0]*?data-seq="(\d+)"', there)[1] == "11"  # type: ignore[index]


async def test_words_of_one_breath_stand_together(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    for who in (alice, alice, bob, bob, bob):
        await ours.said(who, "Bonjour")
    shown = await text(alice, f"/messages/{talk}")
    looks = re.findall(r'<li class="message message-(mine|theirs)( message-close)?"', shown)
    assert looks == [
        ("mine", ""), ("mine", " message-close"),
        ("theirs", ""), ("theirs", " message-close"), ("theirs", " message-close"),
    ]  # fmt: skip


async def test_in_a_group_one_reads_who_speaks_who_came_and_who_left(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    opened = await alice.post(
        "/api/v1/conversations", json={"members": [town["bob"]], "title": "Les voisins du 12"}
    )
    group = Talk(opened.json()["id"])
    page = f"/messages/{opened.json()['id']}"
    await group.said(alice, "Bonjour à tous")
    await group.said(alice, "et bienvenue")
    await alice.post(f"{group.url}/members/{town['charlie']}")
    await alice.delete(f"{group.url}/members/{town['charlie']}")
    shown = await text(bob, page)
    assert shown.count('class="message-author" data-author>Alice Morel<') == 1
    assert "Alice Morel a ouvert le groupe." in shown
    assert "Alice Morel a ajouté Charlie Nguyen au groupe." in shown
    assert "Alice Morel a retiré Charlie Nguyen du groupe." in shown
    await bob.delete(f"{group.url}/members/{town['bob']}")
    assert "Bob Traoré a quitté le groupe." in await text(alice, page)


async def test_somebody_reports_a_message_with_the_context_they_choose(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    ours: Talk,
    talk: int,
    town: Town,
    connection: Connection,
) -> None:
    private = await ours.said(alice, "Ma porte est ouverte le mardi")
    bad = await ours.said(bob, "Vous êtes une voleuse")
    await ours.edit(bob, bad, "Vous êtes une personne")
    await ours.said(alice, "Pardon ?")
    address = f"/signaler?kind=conversation&id={talk}&message={bad}"
    asked = await text(alice, address)
    assert [int(one) for one in re.findall(r'name="parts" value="(\d+)" checked', asked)] == [1, 2, 4]
    assert (await charlie.get(address)).status_code == 404
    assert (await alice.get(f"/signaler?kind=conversation&id={talk}&message=99")).status_code == 404
    form = {"kind": "conversation", "id": talk, "message": bad, "chosen": 1, "reason": "harassment"}
    refused = await alice.post("/signaler", data={**form, "parts": [bad], "reason": "other"})
    assert refused.status_code == 422
    assert re.findall(r'name="parts" value="(\d+)" checked', refused.text) == [str(bad)]
    assert (await alice.post("/signaler", data={**form, "parts": [bad, 4, 99]})).status_code == 303
    kept = await connection.fetchval("SELECT evidence::text FROM report")
    assert "voleuse" in kept
    assert "une personne" in kept
    assert "Pardon" in kept
    assert "Ma porte" not in kept
    against = await connection.fetchval("SELECT (evidence ->> 'against')::int FROM report")
    assert (private, against) == (1, town["bob"])


async def test_a_pasted_address_of_a_message_leads_to_its_conversation(
    alice: httpx.AsyncClient, ours: Talk, talk: int
) -> None:
    seq = await ours.said(alice, "Bonjour")
    found = await alice.get("/signaler", params={"lien": f"/messages/{talk}/m/{seq}"})
    assert found.headers["location"] == f"/signaler?kind=conversation&id={talk}"
