"""Signed out, the front page promises; signed in, it says what waits."""

import re
from typing import TypeAlias

import asyncpg
import httpx

from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def publish(raw: Raw, owner: int, quartier: int, title: str, kind: str = "give") -> int:
    ad_id: int = await raw.fetchval(
        """INSERT INTO ad (kind, title, body, category, owner_id, quartier_id, published_at)
           VALUES ($1, $2, 'Comme neuf.', 'divers', $3, $4, now()) RETURNING id""",
        kind, title, owner, quartier,
    )  # fmt: skip
    return ad_id


async def test_an_empty_town_invites_the_first_annonce(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.status_code == 200
    assert "la vôtre sera la première" in page.text


async def test_the_newest_annonces_come_first_and_counters_are_true(
    client: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    for number in range(9):
        await publish(connection, town["alice"], town.quartiers["les-larris"], f"Pot numéro {number}")
    page = await client.get("/")
    assert re.findall(r"Pot numéro (\d)", page.text)[0] == "8"
    assert "Pot numéro 1" not in page.text, "seven are enough"
    assert '<strong class="figure">9</strong> annonces publiées' in page.text
    assert "J’emprunte" in page.text


async def test_a_draft_is_on_nobodys_front_page(
    client: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    await connection.execute(
        "INSERT INTO ad (kind, title, owner_id) VALUES ('give', 'Secret de grenier', $1)", town["bob"]
    )
    assert "Secret de grenier" not in (await client.get("/")).text


async def test_alice_is_greeted_with_what_waits(
    alice: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    draft = await connection.fetchval(
        "INSERT INTO ad (kind, title, owner_id) VALUES ('give', 'Pots', $1) RETURNING id", town["alice"]
    )
    await publish(connection, town["bob"], town.quartiers["les-larris"], "Échelle voisine")
    await publish(connection, town["bob"], town.quartiers["le-plateau"], "Échelle lointaine")
    page = (await alice.get("/")).text
    assert "Bonjour Alice" in page
    assert "Les Larris" in page
    assert "1 annonce à finir" in page
    assert f"/publier/{draft}/details" in page
    assert "Échelle voisine" in page
    assert "Échelle lointaine" not in page


async def test_her_own_annonces_are_not_news_to_her(
    alice: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    await publish(connection, town["alice"], town.quartiers["les-larris"], "Mes propres pots")
    assert "Mes propres pots" not in (await alice.get("/")).text


async def test_first_steps_are_read_from_what_she_did(
    alice: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    page = (await alice.get("/")).text
    assert "Premiers pas, 3 sur 6" in page, "quartier, three offers, three wants"
    ad_id = await publish(connection, town["alice"], town.quartiers["les-larris"], "Pots")
    assert "Premiers pas, 4 sur 6" in (await alice.get("/")).text
    conversation = await connection.fetchval("INSERT INTO conversation (key) VALUES ('ad:1:1') RETURNING id")
    await connection.execute(
        "INSERT INTO answer (ad_id, member_id, conversation_id) VALUES ($1, $2, $3)",
        ad_id,
        town["alice"],
        conversation,
    )
    assert "Premiers pas, 5 sur 6" in (await alice.get("/")).text
    await connection.execute(
        """INSERT INTO exchange (title, minutes, giver_id, receiver_id, proposed_by_id)
           VALUES ('Ourlet', 30, $1, $2, $1)""",
        town["alice"],
        town["bob"],
    )
    assert "Premiers pas" not in (await alice.get("/")).text, "all six done: the list goes away"


async def test_an_unread_message_is_announced_and_a_read_one_is_not(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    assert "Tout est lu." in (await alice.get("/")).text
    opened = await bob.post("/messages/nouveau", data={"membre": town["alice"]})
    sent = await bob.post(
        f"/api/v1/conversations/{opened.headers['location'].rsplit('/', 1)[-1]}/messages",
        json={"client_id": "from-bob-1", "body": "Le fil est arrivé."},
    )
    assert sent.status_code == 201, sent.text
    page = (await alice.get("/")).text
    assert "Bob Traoré vous écrit" in page
    assert "Le fil est arrivé." in page
    assert "vous écrit" not in (await bob.get("/")).text


async def test_an_address_not_confirmed_is_reminded(
    alice: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    assert "Confirmer mon adresse" not in (await alice.get("/")).text
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["alice"])
    assert "Confirmer mon adresse" in (await alice.get("/")).text
