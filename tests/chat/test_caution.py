"""A first message that smells of a scam warns both sides; nothing is ever held back."""

import asyncpg
import httpx
import pytest

from echange.chat import Conversation, caution, client_id
from echange.chat.smells import LOOKED_AT, smells
from tests.chat.first_messages import HONEST, SMELLY
from tests.chat.groups import events, opened, say
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.neighbours import Town

TRAP = "Mon transporteur passera avec l’argent, envoyez-moi une photo de votre carte d’identité."
ASIDE = "Prudence avec ce premier message"
TO_WRITER = "À côté de votre message, on lit un mot de prudence"


def test_forty_honest_messages_call_for_no_care() -> None:
    assert len(set(HONEST)) >= 40
    assert [(body, found) for body in HONEST if (found := smells(body))] == []


def test_forty_smelly_messages_are_each_known_for_what_they_are() -> None:
    assert len(dict(SMELLY)) >= 40
    assert {code for _body, code in SMELLY} == {"payment", "carrier", "papers", "voucher", "elsewhere"}
    assert [(body, code) for body, code in SMELLY if smells(body) != [code]] == []


@pytest.mark.parametrize("disguise", [str.upper, str.title, lambda body: f"Bonjour !\n\n{body}\nMerci"])
def test_capitals_and_lines_around_hide_nothing(disguise: object) -> None:
    assert callable(disguise)
    missed = [body for body, code in SMELLY if code not in smells(disguise(body))]
    assert missed == []


def test_fancy_letters_and_missing_accents_hide_nothing() -> None:
    assert smells("CONTACTEZ MOI SUR 𝐖𝐡𝐚𝐭𝐬𝐀𝐩𝐩 +229 90 00 00 00") == ["elsewhere"]
    assert smells("envoyez moi une photo de votre piece d'identite") == ["papers"]
    assert smells("payez avec un ticket de recharge transcash") == ["voucher"]


def test_the_longest_message_is_read_as_far_as_is_worth_it() -> None:
    assert smells("x" * (LOOKED_AT - 30) + " payez en carte Transcash")
    assert not smells("x" * LOOKED_AT + " payez en carte Transcash")


def test_an_ordinary_message_goes_the_ordinary_way() -> None:
    assert not caution.is_called_for("À samedi, 10 h, devant la mairie")
    assert caution.is_called_for(TRAP)
    assert caution.is_called_for("http://a.example http://b.example www.c.example")


async def test_a_trap_is_sent_with_a_note_that_both_read(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await say(alice, talk, TRAP)
    for client in (alice, bob):
        (message,) = await events(client, talk)
        assert message["data"] == {"body": TRAP, "warn": ["carrier", "papers"]}
    seen, own = (await bob.get(f"/messages/{talk}")).text, (await alice.get(f"/messages/{talk}")).text
    assert (ASIDE in seen, TO_WRITER in seen) == (True, False)
    assert (ASIDE in own, TO_WRITER in own) == (False, True)
    assert "n’avancez rien" in seen
    assert "Ne les envoyez à personne" in seen
    assert f"/signaler?kind=conversation&amp;id={talk}&amp;message=1" in seen
    assert seen.count(f'href="/messages/{talk}/blocage"') == 2, "in the menu, and beside the warning"
    alone = (await bob.get(f"/messages/{talk}/m/1/ligne")).text
    assert ASIDE in alone


async def test_an_honest_first_message_has_no_note(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await say(alice, talk, "Bonjour, l’échelle est-elle disponible ?")
    assert (await events(bob, talk))[0]["data"] == {"body": "Bonjour, l’échelle est-elle disponible ?"}
    assert ASIDE not in (await bob.get(f"/messages/{talk}")).text


async def test_those_who_know_each_other_leave_their_number_in_peace(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await say(alice, talk, "Bonjour, je viens demain.")
    await say(alice, talk, "Envoyez-moi un SMS au 06 12 34 56 78 en arrivant.")
    await say(bob, talk, "Contactez-moi plutôt sur WhatsApp.")
    notes = [event["data"].get("warn") for event in await events(bob, talk)]
    assert notes == [None, None, ["elsewhere"]], "the first words of each are looked at"


async def test_the_same_trap_sent_again_is_the_same_message(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    message = {"client_id": "client-1", "body": TRAP}
    for _ in range(3):
        answer = await alice.post(f"/api/v1/conversations/{talk}/messages", json=message)
        assert (answer.status_code, answer.json()["seq"]) == (201, 1)
    other = await alice.post(f"/api/v1/conversations/{talk}/messages", json={**message, "body": TRAP + "!"})
    assert other.json()["code"] == "conflict"
    assert len(await events(bob, talk)) == 1


async def test_a_first_message_turned_into_a_trap_is_noted_too(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    conversation = await Conversation.get(id=talk)
    first = await say(alice, talk, "Bonjour !")
    later = await say(alice, talk, "Je passe demain.")
    for seq in (first, later):
        await conversation.edit(seq, by=town["alice"], client_id=client_id(), body=TRAP)
    edits = [event["data"] for event in await events(bob, talk) if event["kind"] == "edit"]
    assert [edit.get("warn") for edit in edits] == [["carrier", "papers"], None]
    assert (await bob.get(f"/messages/{talk}")).text.count(ASIDE) == 1


async def test_a_deleted_trap_leaves_no_note(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    seq = await say(alice, talk, TRAP)
    await (await Conversation.get(id=talk)).delete_message(seq, by=town["alice"], client_id=client_id())
    assert ASIDE not in (await bob.get(f"/messages/{talk}")).text
    assert (await events(bob, talk))[0]["data"] == {"deleted": True}


async def test_a_newcomer_to_a_group_is_looked_at_and_its_page_offers_no_block(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town["bob"]], "Compost")
    await say(bob, group, TRAP)
    page = (await alice.get(f"/messages/{group}")).text
    assert ASIDE in page
    assert "/blocage" not in page


async def test_the_note_comes_over_the_socket_with_the_message(served: Served, talk: int) -> None:
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await alice.hello()
        await bob.hello()
        await alice.send(talk, "client-1", TRAP)
        assert (await bob.hears("event"))["data"]["warn"] == ["carrier", "papers"]


async def test_an_answer_to_an_annonce_is_looked_at(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:  # fmt: skip
    ad = await connection.fetchval(
        """INSERT INTO ad (kind, title, body, category, owner_id, quartier_id, published_at, vouched_at,
                           expires_at)
           VALUES ('give', 'Fauteuil', 'À venir chercher.', 'home', $1, $2, now(), now(),
                   now() + interval '60 days') RETURNING id""",
        town["alice"],
        town.quartiers["les-larris"],
    )
    answer = await bob.post(f"/api/v1/ads/{ad}/answers", json={"client_id": client_id(), "body": TRAP})
    assert answer.status_code == 201, answer.text
    (message,) = await events(alice, answer.json()["conversation"])
    assert message["data"]["warn"] == ["carrier", "papers"]
