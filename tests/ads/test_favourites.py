"""Annonces that a member keeps in sight."""

import httpx

from tests.ads.annonces import Connection, draft, published
from tests.ads.test_finding import titles
from tests.neighbours import Town


async def test_a_neighbour_keeps_an_annonce_and_finds_it_again(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    ad = await published(alice, title="Fauteuil")
    assert "Vous ne gardez aucune annonce" in (await bob.get("/moi/favoris")).text
    kept = await bob.post(f"/annonces/{ad}/favori")
    assert kept.status_code == 303
    page = await bob.get(kept.headers["location"])
    assert "C’est gardé dans vos favoris" in page.text
    assert f'action="/annonces/{ad}/favori/retrait?vers=annonce"' in page.text
    assert titles(await bob.get("/moi/favoris")) == ["Fauteuil"]
    gone = await bob.post(f"/annonces/{ad}/favori/retrait")
    assert gone.headers["location"] == "/moi/favoris"
    assert titles(await bob.get("/moi/favoris")) == []


async def test_closed_annonces_stay_among_the_favourites_with_their_state(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    first, second = await published(alice, title="Un"), await published(alice, title="Deux")
    for ad in (first, second, first):
        assert (await bob.put(f"/api/v1/ads/{ad}/favourite")).status_code == 204
    await connection.execute("UPDATE ad SET closed_at = now() WHERE id = $1", first)
    await connection.execute("UPDATE ad SET reserved = true WHERE id = $1", second)
    page = await bob.get("/moi/favoris")
    assert titles(page) == ["Deux", "Un"], "kept twice counts once, the last kept first"
    assert "Terminé" in page.text
    assert "Réservé" in page.text
    assert (await bob.delete(f"/api/v1/ads/{first}/favourite")).status_code == 204
    assert (await bob.delete(f"/api/v1/ads/{first}/favourite")).status_code == 204
    assert titles(await bob.get("/moi/favoris")) == ["Deux"]


async def test_nobody_keeps_what_they_cannot_see(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    hidden, seen = await draft(alice), await published(alice, title="Vue")
    assert (await bob.put(f"/api/v1/ads/{hidden}/favourite")).status_code == 404
    assert (await alice.put(f"/api/v1/ads/{hidden}/favourite")).status_code == 409
    await bob.put(f"/api/v1/ads/{seen}/favourite")
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    assert titles(await bob.get("/moi/favoris")) == []
    assert (await bob.put(f"/api/v1/ads/{seen}/favourite")).status_code == 404
    assert (await bob.delete(f"/api/v1/ads/{seen}/favourite")).status_code == 204, "letting go always works"


async def test_favourites_are_each_neighbour_s_own(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    ad = await published(alice)
    await bob.put(f"/api/v1/ads/{ad}/favourite")
    assert titles(await charlie.get("/moi/favoris")) == []
    assert (
        "favori/retrait"
        not in (await charlie.get((await charlie.get(f"/api/v1/ads/{ad}")).json()["url"])).text
    )
    assert (await client.put(f"/api/v1/ads/{ad}/favourite")).status_code == 401
    asked = await client.post(f"/annonces/{ad}/favori")
    assert asked.headers["location"].startswith("/connexion")
