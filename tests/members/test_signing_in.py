"""Coming back, and leaving."""

import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.demo.neighbours import PASSWORD
from echange.http.rates import Limiter
from tests.conftest import Doors, sign_in
from tests.members.mailbox import letters_to, path_in, text_of
from tests.members.newcomers import GOOD_PASSWORD, join, viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_a_member_signs_in_and_goes_on_where_they_were_going(
    client: httpx.AsyncClient, town: Town
) -> None:
    page = await client.get("/connexion?suite=/moi/profil")
    assert 'value="/moi/profil"' in page.text

    answer = await client.post(
        "/connexion", data={"email": " Alice@Echange.example", "password": PASSWORD, "suite": "/moi/profil"}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/moi/profil")
    assert await viewer_id(client) == town["alice"]


@pytest.mark.parametrize("suite", ["//evil.example/", "https://evil.example", "/%5cevil.example", "/\tevil"])
async def test_signing_in_never_leads_to_another_site(
    client: httpx.AsyncClient, town: Town, suite: str
) -> None:
    answer = await client.post(
        "/connexion", data={"email": "alice@echange.example", "password": PASSWORD, "suite": suite}
    )
    assert answer.headers["location"] == "/"


async def test_known_and_unknown_addresses_get_the_same_answer(client: httpx.AsyncClient, town: Town) -> None:
    wrong = await client.post("/connexion", data={"email": "alice@echange.example", "password": "pas le bon"})
    unknown = await client.post(
        "/connexion", data={"email": "zelda@echange.example", "password": "pas le bon"}
    )

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text == unknown.text.replace("zelda@", "alice@")
    assert "L’adresse ou le mot de passe ne va pas." in wrong.text
    assert "pas le bon" not in wrong.text
    assert await viewer_id(client) is None


@pytest.mark.parametrize("email", ["", "alice", "alice@echange.example\r\nx: y", "a" * 300, "é\u0000@x.y"])
async def test_odd_addresses_are_refused_without_accident(client: httpx.AsyncClient, email: str) -> None:
    answer = await client.post("/connexion", data={"email": email, "password": "trois tortues"})
    assert answer.status_code == 422


async def test_every_sign_in_has_a_new_key(
    client: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await sign_in(client, "alice")
    first = client.cookies["session"]
    await sign_in(client, "alice")
    assert client.cookies["session"] != first
    assert await connection.fetchval("SELECT count(*) FROM session") == 1, "the one before has ended"


async def test_signing_out_ends_the_session_for_good(alice: httpx.AsyncClient, app: Starlette) -> None:
    key = alice.cookies["session"]
    answer = await alice.post("/deconnexion")

    assert answer.headers["location"] == "/"
    assert await viewer_id(alice) is None
    async with Doors(app).open(cookie=f"session={key}") as thief:
        assert await viewer_id(thief) is None


async def test_somebody_signed_in_has_no_need_of_the_form(alice: httpx.AsyncClient) -> None:
    answer = await alice.get("/connexion?suite=/moi")
    assert (answer.status_code, answer.headers["location"]) == (303, "/moi")


async def test_a_session_idle_for_sixty_days_is_nobodys(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    await connection.execute("UPDATE session SET seen_at = now() - interval '59 days'")
    assert await viewer_id(alice) is not None
    await connection.execute("UPDATE session SET seen_at = now() - interval '61 days'")
    assert await viewer_id(alice) is None


async def test_a_session_in_use_stays_fresh(alice: httpx.AsyncClient, connection: Connection) -> None:
    await connection.execute("UPDATE session SET seen_at = now() - interval '2 hours'")
    await viewer_id(alice)
    assert await connection.fetchval("SELECT seen_at > now() - interval '1 minute' FROM session")


async def test_an_unconfirmed_newcomer_comes_back_with_their_password(app: Starlette) -> None:
    async with Doors(app).open() as browser:
        await join(browser)
    async with Doors(app).open() as later:
        answer = await later.post(
            "/connexion", data={"email": "mona@voisins.example", "password": GOOD_PASSWORD}
        )
        assert answer.status_code == 303


async def test_the_confirmed_account_has_its_address(app: Starlette, town: Town) -> None:
    async with Doors(app).open() as intruder:
        await join(intruder, email="alice@echange.example")
    async with Doors(app).open() as browser:
        await sign_in(browser, "alice")
        assert await viewer_id(browser) == town["alice"]
        again = await browser.post(
            "/connexion", data={"email": "alice@echange.example", "password": GOOD_PASSWORD}
        )
        assert again.status_code == 422


async def test_guessing_is_slowed_down_by_account(
    client: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    app.state.limiter = Limiter(1)
    statuses = [
        (
            await client.post("/connexion", data={"email": "alice@echange.example", "password": f"essai {n}"})
        ).status_code
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]
    known = await client.post("/connexion", data={"email": "ALICE@echange.example", "password": PASSWORD})
    assert known.status_code == 429, "the right password too: nobody learns that it was right"
    assert int(known.headers["retry-after"]) >= 1
    other = await client.post("/connexion", data={"email": "bob@echange.example", "password": PASSWORD})
    assert other.status_code == 303


async def test_guessing_is_slowed_down_by_address(client: httpx.AsyncClient, app: Starlette) -> None:
    app.state.limiter = Limiter(1)
    statuses = [
        (
            await client.post("/connexion", data={"email": f"n{n}@voisins.example", "password": "essai"})
        ).status_code
        for n in range(31)
    ]
    assert statuses == [422] * 30 + [429]


async def test_a_forgotten_password_is_replaced_by_mail(
    app: Starlette, settings: Settings, town: Town, connection: Connection
) -> None:
    async with Doors(app).open() as elsewhere, Doors(app).open() as browser:
        await sign_in(elsewhere, "alice")
        sent = await browser.post("/mot-de-passe", data={"email": "alice@echange.example"})
        assert sent.status_code == 200
        link = path_in((await letters_to(settings, "alice@echange.example"))[0], "/mot-de-passe/")
        assert (await browser.get(link)).status_code == 200

        answer = await browser.post(link, data={"password": "quatre lunes vertes"})

        assert answer.status_code == 303
        assert await viewer_id(browser) == town["alice"]
        assert await viewer_id(elsewhere) is None, "other sessions have ended"
        assert (await browser.get(link)).status_code == 404
        assert (await browser.post(link, data={"password": "cinq soleils bleus"})).status_code == 404
    async with Doors(app).open() as old:
        refused = await old.post("/connexion", data={"email": "alice@echange.example", "password": PASSWORD})
        assert refused.status_code == 422


async def test_tokens_end_with_a_forgotten_password(
    alice: httpx.AsyncClient, app: Starlette, settings: Settings
) -> None:
    token = _token_on((await alice.post("/moi/jetons", data={"label": "agenda"})).text)
    await alice.post("/mot-de-passe", data={"email": "alice@echange.example"})
    link = path_in((await letters_to(settings, "alice@echange.example"))[0], "/mot-de-passe/")
    await alice.post(link, data={"password": "quatre lunes vertes"})
    async with Doors(app).open(authorization=f"Bearer {token}") as program:
        assert (await program.get("/api/v1/me")).status_code == 401


def _token_on(page: str) -> str:
    found = re.search(r'id="fresh-token">([^<]+)<', page)
    assert found
    return found[1]


async def test_asking_for_a_new_password_tells_nothing(
    client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    known = await client.post("/mot-de-passe", data={"email": "alice@echange.example"})
    unknown = await client.post("/mot-de-passe", data={"email": "zelda@echange.example"})
    assert known.status_code == unknown.status_code
    assert known.text.replace("alice", "zelda") == unknown.text
    letter = (await letters_to(settings, "zelda@echange.example"))[0]
    assert letter["subject"] == "Aucun compte à cette adresse"
    assert "/mot-de-passe/" not in text_of(letter)


async def test_a_weak_new_password_leaves_the_link_good(
    client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    await client.post("/mot-de-passe", data={"email": "alice@echange.example"})
    link = path_in((await letters_to(settings, "alice@echange.example"))[0], "/mot-de-passe/")
    for weak in ("password1", "court", "alicemorel"):
        assert (await client.post(link, data={"password": weak})).status_code == 422
    assert (await client.post(link, data={"password": "quatre lunes vertes"})).status_code == 303


async def test_a_link_for_a_new_password_lasts_an_hour(
    client: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    await client.post("/mot-de-passe", data={"email": "alice@echange.example"})
    link = path_in((await letters_to(settings, "alice@echange.example"))[0], "/mot-de-passe/")
    left = await connection.fetchval("SELECT expires_at - now() FROM mail_key")
    assert 3500 < left.total_seconds() <= 3600
    await connection.execute("UPDATE mail_key SET expires_at = now() - interval '1 second'")
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link, data={"password": "quatre lunes vertes"})).status_code == 404


async def test_nobodys_mailbox_is_flooded(client: httpx.AsyncClient, app: Starlette, town: Town) -> None:
    app.state.limiter = Limiter(1)
    for email in ("alice@echange.example", "zelda@echange.example"):
        statuses = [(await client.post("/mot-de-passe", data={"email": email})).status_code for _ in range(4)]
        assert statuses == [200] * 4
    asked = await join(client, email="alice@echange.example")
    assert asked.status_code == 303
    assert (await join(client, email="ALICE@echange.example")).status_code == 429
