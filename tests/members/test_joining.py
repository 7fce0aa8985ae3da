"""Somebody joins: account, first words, proof of the address."""

import asyncio
import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.app import create_app
from echange.config import Settings
from echange.members.keys import hash_key
from tests.conftest import Doors
from tests.members.mailbox import letters_to, path_in, text_of
from tests.members.newcomers import GOOD_PASSWORD, confirm, join, joining, plain, viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_newcomer_is_signed_in_at_once_and_asked_for_first_words(client: httpx.AsyncClient) -> None:
    answer = await join(client)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/bienvenue"
    page = await client.get("/bienvenue")
    assert page.status_code == 200
    assert "Bienvenue, Mona Diallo" in page.text
    assert "Renvoyer le mail" in page.text


async def test_the_session_cookie_is_for_the_browser_only(client: httpx.AsyncClient) -> None:
    cookie = (await join(client)).headers["set-cookie"].lower()
    assert cookie.startswith("session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=5184000" in cookie


async def test_only_hashes_of_password_and_keys_are_kept(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    await join(client)

    row = await connection.fetchrow("SELECT password_hash, confirmed_at, handle FROM member")
    assert row is not None
    assert GOOD_PASSWORD not in row["password_hash"]
    assert row["confirmed_at"] is None
    assert row["handle"] == "mona-diallo"
    kept = await connection.fetchval("SELECT key_hash FROM session")
    assert kept == hash_key(client.cookies["session"])


async def test_first_words_lead_on_to_where_one_was_going(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    answer = await join(client, suite="/publier/3/apercu")
    assert answer.headers["location"] == "/bienvenue?suite=/publier/3/apercu"

    answer = await client.post(
        "/bienvenue",
        data={
            "quartier": "les-larris",
            "offers": ["Couture", "réparer un vélo", "Dresser des escargots"],
            "wants": ["  maths ", ""],
            "suite": "/publier/3/apercu",
        },
    )

    assert answer.headers["location"] == "/publier/3/apercu"
    rows = await connection.fetch(
        """SELECT s.name, o.wanted, s.field, s.proposed_by_id IS NOT NULL AS proposed FROM member_skill o
           JOIN skill s ON s.id = o.skill_id ORDER BY o.wanted, o.position"""
    )
    assert [tuple(row) for row in rows] == [
        ("Couture", False, "couture", False),
        ("Réparation de vélo", False, "reparation", False),
        ("Dresser des escargots", False, "autre", True),
        ("Soutien en mathématiques", True, "scolaire", False),
    ]


async def test_first_words_may_be_left_out(client: httpx.AsyncClient) -> None:
    await join(client)
    answer = await client.post("/bienvenue", data={"offers": ["", "", ""]})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_first_words_too_long_are_kept_and_told(client: httpx.AsyncClient) -> None:
    await join(client)
    answer = await client.post("/bienvenue", data={"offers": ["Couture", "x" * 90], "quartier": "le-village"})
    assert answer.status_code == 422
    assert "Pas plus de 60 caractères." in plain(answer.text)
    assert 'value="Couture"' in answer.text


@pytest.mark.parametrize(
    "suite", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_joining_never_leads_to_another_site(client: httpx.AsyncClient, suite: str) -> None:
    assert (await join(client, suite=suite)).headers["location"] == "/bienvenue"


REFUSED = (
    ("name", "", "Remplissez ce champ."),
    ("name", "M", "Écrivez au moins 2 caractères."),
    ("name", "x" * 61, "Pas plus de 60 caractères."),
    ("name", "Mоdératrice", "lettres d’un seul alphabet"),
    ("name", "La Conciergerie", "réservé à l’équipe"),
    ("name", "gagnez.example", "des lettres, des espaces"),
    ("name", "http://evil", "des lettres, des espaces"),
    ("name", "Mo\u200bna", "lettres d’un seul alphabet"),
    ("name", "Mo\u202ena", "caractère invisible"),
    ("name", "42 42", "des lettres, des espaces"),
    ("email", "", "Remplissez ce champ."),
    ("email", "mona", "n’est pas complète"),
    ("email", "mona@voisins", "n’est pas complète"),
    ("email", "mona@voisins.example, bob@echange.example", "n’est pas complète"),
    ("email", "mona@voisins.example\r\nBcc: all@voisins.example", "n’est pas complète"),
    ("email", "a" * 250 + "@voisins.example", "Pas plus de 254 caractères."),
    ("password", "", "Choisissez un mot de passe, ou le lien par mail."),
    ("way", "pigeon", "Choisissez une des réponses proposées."),
    ("password", "court", "Écrivez au moins 8 caractères."),
    ("password", "password1", "que les fraudeurs essaient"),
    ("password", "x" * 201, "Pas plus de 200 caractères."),
    ("age", "", "Il faut avoir l’âge demandé"),
)


async def test_what_will_not_do_is_told_and_the_words_kept(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    for field, value, reason in REFUSED:
        answer = await client.post("/inscription", data=joining(**{field: value}))

        assert answer.status_code == 422, (field, value)
        assert reason in plain(answer.text), (field, value)
        assert "<title>Erreur" in answer.text
        kept = "mona@voisins.example" if field == "name" else "Mona Diallo"
        assert f'value="{kept}"' in answer.text
        assert GOOD_PASSWORD not in answer.text
    assert await connection.fetchval("SELECT count(*) FROM member") == 0


@pytest.mark.parametrize("age", [13, 16])
async def test_the_age_asked_for_is_the_towns(database_url: str, settings: Settings, age: int) -> None:
    of_this_town = create_app(settings.model_copy(update={"minimum_age": age}), database_url)
    async with of_this_town.router.lifespan_context(of_this_town), Doors(of_this_town).open() as somebody:
        assert f"J’ai {age} ans ou plus" in (await somebody.get("/inscription")).text


async def test_joining_needs_our_own_page(app: Starlette) -> None:
    async with Doors(app).open(origin="https://evil.example") as stranger:
        assert (await join(stranger)).status_code == 403


async def test_the_mailed_link_confirms_the_address(
    client: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    await join(client)
    letter = (await letters_to(settings, "mona@voisins.example"))[0]
    link = path_in(letter, "/confirmation/")

    page = await client.get(link)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert await connection.fetchval("SELECT confirmed_at FROM member") is None, "a GET changes nothing"

    assert (await client.post(link)).status_code == 303
    assert await connection.fetchval("SELECT confirmed_at FROM member") is not None
    assert "Merci, votre adresse est confirmée." in (await client.get("/moi")).text


async def test_a_link_confirms_once(client: httpx.AsyncClient, settings: Settings) -> None:
    await join(client)
    link = path_in((await letters_to(settings, "mona@voisins.example"))[0], "/confirmation/")
    await client.post(link)

    for answer in (await client.get(link), await client.post(link)):
        assert answer.status_code == 404
        assert "Ce lien a déjà servi" in answer.text


async def test_of_two_confirmations_at_once_one_finds_the_link_gone(
    client: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    await join(client)
    await client.post("/moi/confirmation")
    letters = await letters_to(settings, "mona@voisins.example", at_least=2)
    links = [path_in(letter, "/confirmation/") for letter in letters] * 4

    answers = await asyncio.gather(*(client.post(link) for link in links))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 303
    assert set(statuses) <= {303, 404}
    assert await connection.fetchval("SELECT count(*) FROM mail_key") == 0


async def test_an_old_link_confirms_nothing(
    client: httpx.AsyncClient, settings: Settings, connection: Connection
) -> None:
    await join(client)
    link = path_in((await letters_to(settings, "mona@voisins.example"))[0], "/confirmation/")
    await connection.execute("UPDATE mail_key SET expires_at = now() - interval '1 second'")
    assert (await client.post(link)).status_code == 404


async def test_a_confirmation_link_sets_no_password(client: httpx.AsyncClient, settings: Settings) -> None:
    await join(client)
    link = path_in((await letters_to(settings, "mona@voisins.example"))[0], "/confirmation/")
    other = link.replace("/confirmation/", "/mot-de-passe/")
    assert (await client.get(other)).status_code == 404
    assert (await client.post(other, data={"password": "quatre lunes vertes"})).status_code == 404


async def test_joining_with_a_known_address_looks_the_same(
    app: Starlette, settings: Settings, town: Town
) -> None:
    async with Doors(app).open() as newcomer, Doors(app).open() as intruder:
        unknown = await join(newcomer, email="mona@voisins.example")
        known = await join(intruder, email="Alice@echange.example")

        assert known.status_code == unknown.status_code
        assert known.headers["location"] == unknown.headers["location"]
        pages = [(await one.get("/bienvenue")).text for one in (newcomer, intruder)]
        assert _impersonal(pages[0]) == _impersonal(pages[1])
        assert await viewer_id(intruder) != town["alice"]

    letter = (await letters_to(settings, "alice@echange.example"))[0]
    assert letter["subject"] == "Vous avez déjà un compte"
    assert "/confirmation/" not in text_of(letter)


def _impersonal(page: str) -> str:
    return re.sub(r'data-viewer="\d+"|tint-\w+', "", page)


async def test_asking_again_for_a_known_address_tells_its_owner_only(
    app: Starlette, settings: Settings, town: Town, connection: Connection
) -> None:
    async with Doors(app).open() as intruder:
        await join(intruder, email="alice@echange.example")
        answer = await intruder.post("/moi/confirmation")
        assert answer.headers["location"] == "/moi"
    letters = await letters_to(settings, "alice@echange.example", at_least=2)
    assert all("/confirmation/" not in text_of(letter) for letter in letters)
    assert await connection.fetchval("SELECT count(*) FROM mail_key") == 0


async def test_of_two_who_join_with_one_address_the_first_to_prove_it_has_it(
    app: Starlette, settings: Settings, connection: Connection
) -> None:
    async with Doors(app).open() as one, Doors(app).open() as two:
        await asyncio.gather(join(one, name="Mona Un"), join(two, name="Mona Deux"))
        letters = await letters_to(settings, "mona@voisins.example", at_least=2)
        links = [path_in(letter, "/confirmation/") for letter in letters]

        answers = await asyncio.gather(one.post(links[0]), two.post(links[1]))

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "déjà celle d’un autre compte" in refused.text
    assert await connection.fetchval("SELECT count(*) FROM member WHERE confirmed_at IS NOT NULL") == 1


async def test_namesakes_have_each_their_own_address(app: Starlette, connection: Connection) -> None:
    async def join_as(number: int) -> httpx.Response:
        async with Doors(app).open() as newcomer:
            return await join(newcomer, email=f"mona{number}@voisins.example")

    answers = await asyncio.gather(*(join_as(number) for number in range(8)))

    assert {answer.status_code for answer in answers} == {303}
    handles = [row["handle"] for row in await connection.fetch("SELECT handle FROM member")]
    assert len(set(handles)) == 8
    assert "mona-diallo" in handles


async def test_somebody_signed_in_has_no_need_to_join(alice: httpx.AsyncClient) -> None:
    answer = await alice.get("/inscription")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_confirmed_newcomer_is_in_the_directory_and_not_before(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    await join(client)
    await client.post("/bienvenue", data={"offers": ["Couture"]})
    assert "/membres/mona-diallo" not in (await client.get("/experts?q=couture")).text

    await confirm(client, settings, "mona@voisins.example")
    assert "/membres/mona-diallo" in (await client.get("/experts?q=couture")).text
