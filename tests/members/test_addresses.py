"""Another e-mail address, and the way back when it was not oneself who changed it."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.demo.neighbours import PASSWORD
from tests.conftest import Doors, sign_in
from tests.members.mailbox import letters_to, path_in, text_of
from tests.members.newcomers import confirm, join, viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
OLD, NEW = "alice@echange.example", "alice@ailleurs.example"


async def ask(client: httpx.AsyncClient, email: str = NEW, current: str = PASSWORD) -> httpx.Response:
    return await client.post("/moi/adresse", data={"email": email, "current": current})


async def change(client: httpx.AsyncClient, settings: Settings, email: str = NEW) -> None:
    await ask(client, email)
    link = path_in((await letters_to(settings, email))[-1], "/adresse/")
    assert (await client.post(link)).status_code == 303


async def email_of(connection: Connection, handle: str = "alice") -> str:
    email: str = await connection.fetchval("SELECT email FROM member WHERE handle = $1", handle)
    return email


async def test_an_address_changes_once_the_new_one_has_answered(
    alice: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    assert OLD in (await alice.get("/moi/adresse")).text
    sent = await ask(alice)
    assert sent.status_code == 200
    assert await email_of(connection) == OLD, "not yet"

    link = path_in((await letters_to(settings, NEW))[0], "/adresse/")
    page = await alice.get(link)
    assert NEW in page.text
    assert OLD in page.text
    assert await email_of(connection) == OLD, "a GET changes nothing"
    assert (await alice.post(link)).headers["location"] == "/moi"

    assert await email_of(connection) == NEW
    assert (await letters_to(settings, OLD))[0]["subject"] == "Votre compte a changé d’adresse"
    assert (await letters_to(settings, NEW, at_least=2))[1]["subject"] == "Votre adresse est changée"
    assert (await alice.post(link)).status_code == 404


@pytest.mark.parametrize(
    ("email", "current", "reason"),
    [
        (NEW, "pas le bon", "Ce n’est pas votre mot de passe actuel."),
        (NEW, "", "Ce n’est pas votre mot de passe actuel."),
        ("pas une adresse", PASSWORD, "n’est pas complète"),
        ("ALICE@echange.example", PASSWORD, "C’est déjà votre adresse."),
    ],
)
async def test_what_will_not_do_is_told(
    alice: httpx.AsyncClient, email: str, current: str, reason: str
) -> None:
    answer = await ask(alice, email, current)
    assert answer.status_code == 422
    assert reason in answer.text
    assert f'value="{email}"' in answer.text


async def test_a_taken_address_gets_the_same_answer_and_its_owner_is_told(
    alice: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    free = await ask(alice, "libre@voisins.example")
    taken = await ask(alice, "bob@echange.example")

    assert taken.status_code == free.status_code == 200
    assert taken.text.replace("bob@echange.example", "libre@voisins.example") == free.text
    letter = (await letters_to(settings, "bob@echange.example"))[0]
    assert letter["subject"] == "Votre adresse a été demandée"
    assert "/adresse/" not in text_of(letter)


async def test_a_link_opens_nobody_elses_account(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings,
    connection: Connection,
) -> None:  # fmt: skip
    await ask(alice)
    link = path_in((await letters_to(settings, NEW))[0], "/adresse/")
    assert (await client.get(link)).headers["location"].startswith("/connexion?suite=/adresse/")
    assert (await bob.get(link)).status_code == 404
    assert (await bob.post(link)).status_code == 404
    assert await email_of(connection) == OLD
    assert (await alice.post(link)).status_code == 303, "it stays good for the one who asked"


async def test_of_an_address_proved_meanwhile_nothing_is_taken(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    await ask(alice, "mona@voisins.example")
    link = path_in((await letters_to(settings, "mona@voisins.example"))[0], "/adresse/")
    await join(client)
    await letters_to(settings, "mona@voisins.example", at_least=2)
    await confirm(client, settings, "mona@voisins.example")

    answer = await alice.post(link)
    assert answer.status_code == 422
    assert await email_of(connection) == OLD


async def test_links_to_the_old_address_die_with_it(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, settings: Settings
) -> None:
    await client.post("/mot-de-passe", data={"email": OLD})
    await client.post("/connexion/lien", data={"email": OLD})
    # Whichever of the two leaves first.
    letters = sorted(
        await letters_to(settings, OLD, at_least=2), key=lambda one: "/connexion/" in text_of(one)
    )
    reset, way_in = path_in(letters[0], "/mot-de-passe/"), path_in(letters[1], "/connexion/lien/")
    await change(alice, settings)
    for link in (reset, way_in):
        assert (await client.get(link)).status_code == 404


async def test_the_old_address_takes_the_account_back(
    alice: httpx.AsyncClient, app: Starlette, settings: Settings, town: Town, connection: Connection
) -> None:
    await change(alice, settings)
    link = path_in((await letters_to(settings, OLD))[0], "/adresse/retour/")
    async with Doors(app).open() as owner:
        assert OLD in (await owner.get(link)).text
        answer = await owner.post(link)

        assert answer.headers["location"] == "/moi/mot-de-passe"
        assert await viewer_id(alice) is None, "whoever was signed in is out"
        assert await viewer_id(owner) == town["alice"]
        assert await email_of(connection) == OLD
        chosen = await owner.post("/moi/mot-de-passe", data={"password": "quatre lunes vertes"})
        assert chosen.headers["location"] == "/moi", "no current password is asked"
        old_password = await alice.post("/connexion", data={"email": OLD, "password": PASSWORD})
        assert old_password.status_code == 422


async def test_whoever_moved_on_to_a_third_address_cannot_keep_it(
    alice: httpx.AsyncClient, app: Starlette, settings: Settings, connection: Connection
) -> None:
    await change(alice, settings)
    await change(alice, settings, "troisieme@ailleurs.example")
    rightful = path_in((await letters_to(settings, OLD))[0], "/adresse/retour/")
    intruders = path_in((await letters_to(settings, NEW, at_least=3))[2], "/adresse/retour/")
    async with Doors(app).open() as intruder, Doors(app).open() as owner:
        assert (await intruder.post(intruders)).status_code == 303
        assert await email_of(connection) == NEW
        assert (await owner.post(rightful)).status_code == 303
        assert await email_of(connection) == OLD
        assert await viewer_id(intruder) is None


async def test_an_address_never_proved_is_no_way_back(
    client: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    await join(client, email="faute@voisins.example")
    sent = await client.post(
        "/moi/adresse", data={"email": "mona@voisins.example", "current": "trois tortues jaunes"}
    )
    assert sent.status_code == 200
    link = path_in((await letters_to(settings, "mona@voisins.example"))[0], "/adresse/")
    assert (await client.post(link)).status_code == 303
    assert await connection.fetchval("SELECT confirmed_at IS NOT NULL FROM member")
    await letters_to(settings, "mona@voisins.example", at_least=2)
    assert len(await letters_to(settings, "faute@voisins.example")) == 1, "the welcome only"


async def test_without_a_password_a_fresh_sign_in_is_the_proof(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    await connection.execute("UPDATE member SET password_hash = NULL WHERE handle = 'alice'")
    assert 'name="current"' not in (await alice.get("/moi/adresse")).text
    await connection.execute("UPDATE session SET created_at = now() - interval '11 minutes'")
    assert "Recevoir le lien" in (page := (await alice.get("/moi/adresse")).text)
    assert 'action="/connexion/lien"' in page
    assert 'action="/connexion/lien"' in (await ask(alice, current="")).text
    assert await connection.fetchval("SELECT count(*) FROM mail_key") == 0


async def test_nobody_else_changes_an_address(client: httpx.AsyncClient) -> None:
    assert (await ask(client)).headers["location"].startswith("/connexion")


async def test_signing_in_again_leads_back(client: httpx.AsyncClient, settings: Settings, town: Town) -> None:
    await client.post("/connexion/lien", data={"email": OLD, "suite": "/moi/adresse"})
    link = path_in((await letters_to(settings, OLD))[0], "/connexion/lien/")
    assert (await client.post(link)).headers["location"] == "/moi/adresse"
    await sign_in(client, "alice")
