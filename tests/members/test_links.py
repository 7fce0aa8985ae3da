"""Signing in without a password, by a link in the mail."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.http.rates import Limiter
from tests.conftest import Doors
from tests.members.mailbox import letters_to, path_in, text_of
from tests.members.newcomers import GOOD_PASSWORD, join, viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
ALICE = "alice@echange.example"


async def link_to(client: httpx.AsyncClient, settings: Settings, email: str, **fields: str) -> str:
    """Ask for a link, and read it in the newest mail."""
    await client.post("/connexion/lien", data={"email": email, **fields})
    async with asyncio.timeout(10):
        while True:
            letters = await letters_to(settings, email)
            if "/connexion/lien/" in text_of(letters[-1]):
                return path_in(letters[-1], "/connexion/lien/")
            await asyncio.sleep(0.02)


async def test_a_link_signs_in_once_by_a_click(
    client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    link = await link_to(client, settings, ALICE)
    page = await client.get(link)
    assert "Bonjour Alice Morel" in page.text, "it says whose account it opens"
    assert page.headers["cache-control"] == "no-store"
    assert await viewer_id(client) is None, "scanners of mails follow links too"

    assert (await client.post(link)).headers["location"] == "/"
    assert await viewer_id(client) == town["alice"]
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link)).status_code == 404


async def test_asking_tells_nothing_of_who_is_here(
    client: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    known = await client.post("/connexion/lien", data={"email": ALICE})
    unknown = await client.post("/connexion/lien", data={"email": "zelda@echange.example"})

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("alice", "zelda") == unknown.text
    assert dict(known.headers).keys() == dict(unknown.headers).keys()
    letters = {email: await letters_to(settings, email) for email in (ALICE, "zelda@echange.example")}
    assert [len(each) for each in letters.values()] == [1, 1]
    assert letters["zelda@echange.example"][0]["subject"] == "Aucun compte à cette adresse"
    assert "/connexion/lien/" not in text_of(letters["zelda@echange.example"][0])


async def test_a_link_lasts_twenty_minutes(
    client: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    link = await link_to(client, settings, ALICE)
    left = await connection.fetchval("SELECT expires_at - now() FROM mail_key")
    assert 1150 < left.total_seconds() <= 1200
    await connection.execute("UPDATE mail_key SET expires_at = now() - interval '1 second'")
    assert (await client.post(link)).status_code == 404


async def test_a_link_opens_its_own_door_only(
    client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    link = await link_to(client, settings, ALICE)
    for start in ("/mot-de-passe/", "/confirmation/", "/acces/", "/adresse/retour/", "/depart/"):
        assert (await client.get(link.replace("/connexion/lien/", start))).status_code == 404


async def test_of_two_clicks_at_once_one_signs_in(
    app: Starlette, client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    link = await link_to(client, settings, ALICE)
    async with Doors(app).open() as one, Doors(app).open() as two:
        answers = await asyncio.gather(one.post(link), two.post(link))
    assert sorted(answer.status_code for answer in answers) == [303, 404]


async def test_a_link_never_leads_to_another_site(
    client: httpx.AsyncClient, settings: Settings, town: Town
) -> None:
    link = await link_to(client, settings, ALICE, suite="//evil.example")
    assert "evil" not in link
    assert (await client.post(f"{link}?suite=//evil.example")).headers["location"] == "/"


async def test_joining_without_a_password(
    client: httpx.AsyncClient, app: Starlette, settings: Settings, connection: Connection
) -> None:
    answer = await join(client, way="link", password="")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bienvenue")
    assert await connection.fetchval("SELECT password_hash FROM member") is None
    async with Doors(app).open() as later:
        refused = await later.post("/connexion", data={"email": "mona@voisins.example", "password": "x"})
        assert refused.status_code == 422
        link = await link_to(later, settings, "mona@voisins.example")
        assert (await later.post(link)).status_code == 303
        assert await viewer_id(later) is not None
    assert await connection.fetchval("SELECT confirmed_at FROM member"), "the link proves the address too"


async def test_a_password_written_beside_the_link_is_not_kept(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    assert (await join(client, way="link")).status_code == 303
    assert await connection.fetchval("SELECT password_hash FROM member") is None


async def test_joining_without_a_password_tells_nothing_either(
    app: Starlette, settings: Settings, town: Town
) -> None:
    async with Doors(app).open() as newcomer, Doors(app).open() as intruder:
        unknown = await join(newcomer, way="link", password="")
        known = await join(intruder, way="link", password="", email="ALICE@echange.example")
        assert (known.status_code, known.headers["location"]) == (
            unknown.status_code,
            unknown.headers["location"],
        )


async def test_whoever_joined_with_somebody_elses_address_is_shut_out_by_its_owner(
    app: Starlette, settings: Settings, connection: Connection
) -> None:
    async with Doors(app).open() as squatter, Doors(app).open() as owner:
        await join(squatter)
        link = await link_to(owner, settings, "mona@voisins.example")
        await owner.post(link)
        assert await viewer_id(owner) is not None
        assert await viewer_id(squatter) is None
        again = await squatter.post(
            "/connexion", data={"email": "mona@voisins.example", "password": GOOD_PASSWORD}
        )
        assert again.status_code == 422


async def test_a_first_password_needs_no_other_while_the_sign_in_is_fresh(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    await join(client, way="link", password="")
    await connection.execute("UPDATE session SET created_at = now() - interval '11 minutes'")
    assert 'name="password"' not in (await client.get("/moi/mot-de-passe")).text
    stale = await client.post("/moi/mot-de-passe", data={"password": "quatre lunes vertes"})
    assert "Recevoir le lien" in stale.text
    assert await connection.fetchval("SELECT password_hash FROM member") is None

    await connection.execute("UPDATE session SET created_at = now() - interval '9 minutes'")
    chosen = await client.post("/moi/mot-de-passe", data={"password": "quatre lunes vertes"})
    assert chosen.headers["location"] == "/moi"
    later = await client.post("/moi/mot-de-passe", data={"password": "cinq soleils bleus"})
    assert later.status_code == 422, "now there is one to know"


@pytest.mark.parametrize("email", ["", "alice", "a@b", "alice@echange.example\r\nBcc: x@y.zz", "a" * 300])
async def test_odd_addresses_are_refused_without_accident(client: httpx.AsyncClient, email: str) -> None:
    assert (await client.post("/connexion/lien", data={"email": email})).status_code == 422


async def test_nobodys_mailbox_is_flooded_with_links(
    client: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    app.state.limiter = Limiter(1)
    for email in (ALICE, "zelda@echange.example"):
        statuses = [
            (await client.post("/connexion/lien", data={"email": email})).status_code for _ in range(5)
        ]
        assert statuses == [200] * 5
    assert (await client.post("/connexion/lien", data={"email": ALICE})).status_code == 429, "by address"
    async with Doors(app).open() as elsewhere:
        for same in (ALICE.upper(), ALICE.replace("change", "\u00adchange"), ALICE.replace("ch", "ｃh")):
            assert (await elsewhere.post("/connexion/lien", data={"email": same})).status_code == 429
