"""Annonces of an organisation: published under its hat, kept by all who wear it."""

import httpx
import pytest
from starlette.applications import Starlette

from tests.ads.annonces import Connection, draft, photographed, published
from tests.ads.lives import unverified, wear
from tests.neighbours import Town


@pytest.fixture
async def redoute(app: Starlette, connection: Connection, town: Town) -> int:
    """An association that Charlie keeps, Bob manages and Alice only belongs to."""
    organisation: int = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('fetes', 'Les Fêtes', 'fetes') RETURNING id"
    )
    for handle, role in (("charlie", "owner"), ("bob", "manager"), ("alice", "member")):
        await connection.execute(
            "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, $3)",
            organisation, town[handle], role,
        )  # fmt: skip
    return organisation


async def test_an_annonce_is_published_under_the_hat_and_kept_by_all_who_wear_it(
    bob: httpx.AsyncClient, charlie: httpx.AsyncClient, client: httpx.AsyncClient,
    connection: Connection, town: Town, redoute: int,
) -> None:  # fmt: skip
    await wear(connection, town, "bob", redoute)
    ad_id = await draft(bob, title="Chaises à prêter", kind="lend")
    preview = (await bob.get(f"/publier/{ad_id}/apercu")).text
    assert "Publier au nom de Les Fêtes" in preview
    assert "Publier en mon nom" in preview
    url = (await bob.post(f"/publier/{ad_id}/publication")).headers["location"]
    page = (await client.get(url)).text
    assert "Les Fêtes" in page
    assert "Bob Traoré" not in page
    assert "/associations/fetes" in page
    refused = await charlie.patch(f"/api/v1/ads/{ad_id}", json={"title": "Vingt chaises"})
    assert refused.status_code == 403, "not without the hat"
    await wear(connection, town, "charlie", redoute)
    changed = await charlie.patch(f"/api/v1/ads/{ad_id}", json={"title": "Vingt chaises"})
    assert (changed.status_code, changed.json()["organisation"]["slug"]) == (200, "fetes")
    assert "Vingt chaises" in (await charlie.get("/moi/annonces")).text
    assert (await charlie.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "done"})).status_code == 201


async def test_one_gesture_publishes_in_ones_own_name_under_a_hat(
    bob: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "bob", redoute)
    ad_id = await draft(bob)
    await bob.post(f"/publier/{ad_id}/publication", data={"as_myself": "1"})
    assert await connection.fetchval("SELECT organisation_id FROM ad") is None


async def test_who_only_belongs_publishes_in_their_own_name(
    alice: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "alice", redoute)
    ad_id = await draft(alice)
    assert "Publier au nom" not in (await alice.get(f"/publier/{ad_id}/apercu")).text
    shown_ad = (await alice.post(f"/api/v1/ads/{ad_id}/publication")).json()
    assert shown_ad["organisation"] is None


async def test_who_no_longer_speaks_for_it_leaves_its_annonces_to_an_owner(
    bob: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "bob", redoute)
    ad_id = await published(bob)
    await connection.execute("DELETE FROM membership WHERE member_id = $1", town["bob"])
    assert await connection.fetchval("SELECT owner_id FROM ad") == town["charlie"]
    assert (await bob.patch(f"/api/v1/ads/{ad_id}", json={"title": "Volé"})).status_code == 403


async def test_leaving_erases_ones_annonces_and_passes_on_the_organisations(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient,
    connection: Connection, town: Town, redoute: int,
) -> None:  # fmt: skip
    from echange.ads.privacy import belongings
    from echange.database import in_transaction

    await wear(connection, town, "bob", redoute)
    kept = await published(bob, title="À l’association")
    await wear(connection, town, "bob", None)
    own = await published(bob, title="À Bob")
    await photographed(bob, own)
    await draft(bob)
    theirs = await published(alice)
    await bob.post(f"/api/v1/ads/{theirs}/answers", json={"body": "Moi"})
    sentences = await belongings.told(town["bob"])
    assert len(sentences) == 3
    async with in_transaction():
        await belongings.forget(town["bob"], app.state.store)
    rows = await connection.fetch("SELECT id, owner_id FROM ad ORDER BY id")
    assert [tuple(row) for row in rows] == [(kept, town["charlie"]), (theirs, town["alice"])]
    assert not list(app.state.store.folder.rglob("*.webp"))
    assert await connection.fetchval("SELECT withdrawn_at IS NOT NULL FROM answer")


async def test_the_hat_of_an_organisation_nobody_checked_lets_no_newcomer_pass(
    bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await unverified(connection, town, "bob")
    await wear(connection, town, "bob", redoute)
    ad_id = await published(bob)
    assert (await client.get(f"/api/v1/ads/{ad_id}")).status_code == 404
    assert (await bob.get(f"/api/v1/ads/{ad_id}")).json()["state"] == "held"
    await connection.execute("UPDATE organisation SET verified_at = now()")
    assert (await client.get(f"/api/v1/ads/{await published(bob)}")).json()["state"] == "published"


async def test_an_organisations_annonce_does_not_name_who_is_away(
    bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "bob", redoute)
    ad_id = await published(bob)
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    shown_ad = (await client.get(f"/api/v1/ads/{ad_id}")).json()
    assert (shown_ad["state"], shown_ad["owner"]) == ("published", None)
