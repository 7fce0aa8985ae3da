"""What happened to an annonce, as the staff reads it."""

import httpx
import pytest
from starlette.applications import Starlette

from echange.ads import Ad
from tests.ads.annonces import Connection, draft, published
from tests.conftest import Doors, sign_in
from tests.neighbours import Town


async def kinds(connection: Connection) -> list[str]:
    return [row["kind"] for row in await connection.fetch("SELECT kind FROM ad_event ORDER BY id")]


async def test_every_change_is_written_down_with_who_made_it(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["alice"])
    ad_id = await published(alice)
    await (await Ad.get(id=ad_id)).release(by=None)
    path = f"/api/v1/ads/{ad_id}"
    await alice.patch(path, json={"title": "Fauteuil rouge", "body": "Il a du ressort.\n\nÀ venir chercher."})
    await connection.execute("UPDATE ad SET expires_at = now() + interval '1 day'")
    await alice.post(f"{path}/renewal")
    await alice.post(f"{path}/closure", json={"outcome": "given"})
    await alice.delete(f"{path}/closure")
    assert await kinds(connection) == [
        "published", "held", "released", "edited", "renewed", "closed", "reopened",
    ]  # fmt: skip
    assert (
        await connection.fetchval("SELECT data FROM ad_event WHERE kind = 'edited'")
        == '{"fields": ["title"]}'
    )
    assert await connection.fetchval("SELECT by_id FROM ad_event WHERE kind = 'edited'") == town["alice"]
    assert await connection.fetchval("SELECT by_id FROM ad_event WHERE kind = 'released'") is None


async def test_a_correction_that_changes_nothing_is_no_news(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    await alice.patch(f"/api/v1/ads/{ad_id}", json={"title": "Fauteuil crapaud"})
    assert await kinds(connection) == ["published"]
    assert await connection.fetchval("SELECT edited_at FROM ad") is None


async def test_a_draft_has_no_history(alice: httpx.AsyncClient, connection: Connection) -> None:
    ad_id = await draft(alice)
    await alice.patch(f"/api/v1/ads/{ad_id}", json={"title": "Autre"})
    assert await kinds(connection) == []


@pytest.mark.parametrize("handle", ["moderatrice", "concierge", "admin"])
async def test_the_staff_reads_it(app: Starlette, alice: httpx.AsyncClient, town: Town, handle: str) -> None:
    ad_id = await published(alice)
    await alice.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "given"})
    async with Doors(app).open() as staff:
        await sign_in(staff, handle)
        page = (await staff.get(f"/annonces/{ad_id}/historique")).text
        assert "Publiée" in page
        assert "C’est donné" in page
        assert "Alice Morel" in page
        assert (await staff.get("/annonces/999999/historique")).status_code == 404
        assert (
            f"/annonces/{ad_id}/historique" in (await staff.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
        )


async def test_nobody_else_reads_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    for browser in (alice, bob):
        assert (await browser.get(f"/annonces/{ad_id}/historique")).status_code == 403
        assert "historique" not in (await browser.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    assert (await client.get(f"/annonces/{ad_id}/historique")).status_code == 303
