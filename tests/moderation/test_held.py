"""A newcomer's first annonce on its own page: the staff publishes or refuses it there."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from tests.ads.annonces import published
from tests.conftest import Doors, sign_in
from tests.moderation.acts import decision_told_to
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def held(alice: httpx.AsyncClient, connection: Connection) -> int:
    """A first annonce of Alice's, whom nobody knows yet."""
    await connection.execute("UPDATE member SET verified_at = NULL")
    return await published(alice, title="Fauteuil crapaud")


async def test_a_moderator_publishes_it_from_its_page_and_comes_back_there(
    solene: httpx.AsyncClient, bob: httpx.AsyncClient, held: int
) -> None:
    url = f"/annonces/{held}-fauteuil-crapaud"
    page = (await solene.get(url)).text
    assert f'action="/moderation/annonces/{held}/publication"' in page
    assert f'href="/moderation/annonces/{held}/refus"' in page
    done = await solene.post(f"/moderation/annonces/{held}/publication", data={"suite": url})
    assert done.headers["location"] == url
    assert (await bob.get(url)).status_code == 200
    assert "/moderation/annonces/" not in (await solene.get(url)).text


async def test_the_desk_publishes_it_too(
    nadia: httpx.AsyncClient, bob: httpx.AsyncClient, held: int, town: Town, connection: Connection
) -> None:
    url = f"/annonces/{held}-fauteuil-crapaud"
    assert "À relire" in (await nadia.get(url)).text
    await nadia.post(f"/moderation/annonces/{held}/publication", data={"suite": url})
    assert (await bob.get(url)).status_code == 200
    act = await connection.fetchrow("SELECT what, about_id, by_id FROM staff_act")
    assert act is not None
    assert tuple(act) == ("release", held, town["concierge"])


@pytest.mark.parametrize("handle", ["moderatrice", "concierge", "admin"])
async def test_it_is_refused_with_a_reason_its_owner_reads_and_answers(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient, held: int, handle: str
) -> None:
    async with Doors(app).open() as somebody:
        await sign_in(somebody, handle)
        asked = (await somebody.get(f"/moderation/annonces/{held}/refus")).text
        assert "Fauteuil crapaud" in asked
        done = await somebody.post(
            f"/moderation/annonces/{held}/refus", data={"canned": "trade", "words": "C’est une boutique."}
        )
        assert (await somebody.get(done.headers["location"])).status_code == 200
    assert (await bob.get(f"/annonces/{held}")).status_code == 404
    decision = await decision_told_to(alice)
    assert "C’est une boutique." in (await alice.get(decision)).text
    answered = await alice.post(f"{decision}/reponse", data={"reply": "Non, le mien."})
    assert answered.status_code == 303


@pytest.mark.parametrize("data", [{}, {"words": " "}, {"canned": "inconnue"}, {"words": "x" * 2001}])
async def test_a_refusal_without_a_fair_reason_is_not_done(
    solene: httpx.AsyncClient, held: int, data: dict[str, str], connection: Connection
) -> None:
    refused = await solene.post(f"/moderation/annonces/{held}/refus", data=data)
    assert refused.status_code == 422
    assert "Erreur" in refused.text
    assert await connection.fetchval("SELECT hidden_at FROM ad") is None
    assert await connection.fetchval("SELECT count(*) FROM decision") == 0


async def test_published_and_refused_at_once_only_one_is_done(
    solene: httpx.AsyncClient, nadia: httpx.AsyncClient, held: int, connection: Connection
) -> None:
    await asyncio.gather(
        nadia.post(f"/moderation/annonces/{held}/publication"),
        solene.post(f"/moderation/annonces/{held}/refus", data={"words": "Non."}),
    )
    row = await connection.fetchrow(
        "SELECT held_at IS NULL AS released, hidden_at IS NOT NULL AS hidden FROM ad"
    )
    assert row is not None
    assert row["released"] != row["hidden"]
    assert await connection.fetchval("SELECT count(*) FROM staff_act") == 1
    for late in (f"/moderation/annonces/{held}/refus", f"/moderation/annonces/{held}/publication"):
        again = await nadia.post(late, data={"words": "Non."}, follow_redirects=True)
        assert "Déjà décidé" in again.text


async def test_the_desk_refuses_nothing_but_what_waits(
    alice: httpx.AsyncClient, nadia: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    ad = await published(alice, title="Lampe")
    assert "À relire" not in (await nadia.get(f"/annonces/{ad}", follow_redirects=True)).text
    late = await nadia.post(f"/moderation/annonces/{ad}/refus", data={"words": "Non."}, follow_redirects=True)
    assert "Déjà décidé" in late.text
    assert (await bob.get(f"/annonces/{ad}", follow_redirects=True)).status_code == 200
    assert (await nadia.post(f"/moderation/ad/{ad}/decisions", data={"act": "hide"})).status_code == 403
    assert (await nadia.get("/moderation")).status_code == 403


async def test_the_desk_finds_what_waits_in_a_list_of_its_own(
    nadia: httpx.AsyncClient, bob: httpx.AsyncClient, held: int
) -> None:
    home = (await nadia.get("/")).text
    assert "1 première annonce à relire" in home
    assert 'href="/moderation/annonces"' in home
    assert 'href="/moderation/annonces"' in (await nadia.get("/administration")).text
    page = (await nadia.get("/moderation/annonces")).text
    assert "Fauteuil crapaud" in page
    assert f'href="/moderation/annonces/{held}/refus"' in page
    done = await nadia.post(f"/moderation/annonces/{held}/publication")
    assert done.headers["location"] == "/moderation/annonces"
    assert "Toutes les premières annonces sont relues" in (await nadia.get("/moderation/annonces")).text
    assert "annonce à relire" not in (await nadia.get("/")).text


async def test_a_moderator_has_it_among_all_else(solene: httpx.AsyncClient, held: int) -> None:
    assert 'href="/moderation/annonces"' not in (await solene.get("/administration")).text
    for path in ("/moderation", "/moderation/annonces"):
        page = (await solene.get(path)).text
        assert "Fauteuil crapaud" in page
        assert f'action="/moderation/annonces/{held}/publication"' in page


async def test_neighbours_owners_and_those_who_prepare_feasts_decide_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, held: int,
    town: Town, connection: Connection,
) -> None:  # fmt: skip
    await connection.execute(
        "INSERT INTO staff_role (member_id, role) VALUES ($1, 'organiser')", town["charlie"]
    )
    for somebody in (alice, bob, charlie):
        assert (await somebody.get("/moderation/annonces")).status_code == 403
        assert (await somebody.get(f"/moderation/annonces/{held}/refus")).status_code == 403
        for act in ("publication", "refus"):
            answer = await somebody.post(f"/moderation/annonces/{held}/{act}", data={"words": "Non."})
            assert answer.status_code == 403
    assert (await charlie.get(f"/annonces/{held}")).status_code == 404
    assert await connection.fetchval("SELECT held_at IS NOT NULL AND hidden_at IS NULL FROM ad")


async def test_nobody_decides_about_their_own(
    nadia: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE member SET verified_at = NULL")
    own = await published(nadia, title="Mon vélo")
    assert "À relire" not in (await nadia.get(f"/annonces/{own}", follow_redirects=True)).text
    for act in ("publication", "refus"):
        answer = await nadia.post(
            f"/moderation/annonces/{own}/{act}", data={"words": "Oui."}, follow_redirects=True
        )
        assert "Cela vous concerne" in answer.text
    assert await connection.fetchval("SELECT held_at IS NOT NULL FROM ad")


async def test_an_address_not_yet_confirmed_comes_first(
    solene: httpx.AsyncClient, held: int, town: Town, connection: Connection
) -> None:
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["alice"])
    page = (await solene.get(f"/annonces/{held}", follow_redirects=True)).text
    assert "pas encore confirmé son adresse" in page
    assert f"/moderation/annonces/{held}/publication" not in page
    assert f"/moderation/annonces/{held}/refus" in page


async def test_the_way_back_never_leads_to_another_site(solene: httpx.AsyncClient, held: int) -> None:
    done = await solene.post(
        f"/moderation/annonces/{held}/publication", data={"suite": "https://pirate.example/"}
    )
    assert done.headers["location"] == "/moderation"


async def test_what_is_not_there_is_not_found(solene: httpx.AsyncClient) -> None:
    assert (await solene.get("/moderation/annonces/987654/refus")).status_code == 404
    for act in ("publication", "refus"):
        answer = await solene.post(f"/moderation/annonces/987654/{act}", data={"words": "Non."})
        assert answer.status_code == 404
