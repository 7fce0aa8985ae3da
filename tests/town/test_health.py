"""Alive, ready, measured; and what is said when it is not so."""

import httpx
from starlette.applications import Starlette

from echange.members import issue_token
from tests.neighbours import Town
from tests.town.test_the_front_page import Raw


async def test_a_live_and_ready_town_says_so(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "lacking": []})


async def test_it_is_not_ready_before_its_demo_town(app: Starlette, client: httpx.AsyncClient) -> None:
    app.state.town_loaded = False
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["lacking"]) == (503, ["town"])
    assert "retry-after" in answer.headers


async def test_it_is_not_ready_before_its_migrations(client: httpx.AsyncClient, connection: Raw) -> None:
    await connection.execute("DELETE FROM migration")
    assert (await client.get("/readyz")).json()["lacking"] == ["migrations"]


async def test_without_its_database_it_lives_but_is_not_ready(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    app.state.database_url = "postgresql://nobody@127.0.0.1:1/nowhere"
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["lacking"]) == (503, ["database"])


async def test_figures_are_for_the_administrator(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    assert (await client.get("/metrics")).status_code == 303
    assert (await alice.get("/metrics")).status_code == 403
    token = await issue_token("admin@echange.example")
    answer = await client.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "echange_members 7.0" in answer.text
    assert "echange_ads_open 0.0" in answer.text
    assert "process_resident_memory_bytes" in answer.text


async def test_a_members_token_does_not_open_the_figures(client: httpx.AsyncClient, town: Town) -> None:
    token = await issue_token("alice@echange.example")
    assert (await client.get("/metrics", headers={"authorization": f"Bearer {token}"})).status_code == 403
