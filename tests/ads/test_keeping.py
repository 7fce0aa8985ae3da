"""What owners do with their annonces, and nobody else."""

import asyncio

import httpx
from starlette.applications import Starlette

from echange.ads import Ad, mine_waiting
from tests.ads.annonces import PHOTO, Connection, draft, photographed, published
from tests.neighbours import Town

EDIT = {"title": "Fauteuil vert", "body": "Repeint.", "category": "meubles", "quartier": "le-village"}


async def test_an_owner_corrects_a_published_annonce(alice: httpx.AsyncClient) -> None:
    ad_id = await published(alice)
    assert 'value="Fauteuil crapaud"' in (await alice.get(f"/annonces/{ad_id}/modifier")).text
    files = [("photos", ("a.jpg", PHOTO))]
    answer = await alice.post(f"/annonces/{ad_id}/modifier", data=EDIT, files=files)
    assert answer.headers["location"] == f"/annonces/{ad_id}-fauteuil-vert"
    page = (await alice.get(answer.headers["location"])).text
    assert "Repeint." in page
    assert "modifiée" in page
    assert "/photos/" in page


async def test_a_wrong_correction_changes_nothing_and_keeps_its_words(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    for changes in ({"title": ""}, {"quartier": "paris"}, {"body": "x" * 4001}):
        answer = await alice.post(f"/annonces/{ad_id}/modifier", data={**EDIT, **changes})
        assert answer.status_code == 422
        assert 'id="summary"' in answer.text
    assert await connection.fetchval("SELECT title FROM ad") == "Fauteuil crapaud"


OWNERS_ONLY = [
    ("GET", "/annonces/{id}/modifier", {}),
    ("POST", "/annonces/{id}/modifier", EDIT),
    ("GET", "/annonces/{id}/cloture", {}),
    ("POST", "/annonces/{id}/cloture", {"outcome": "given"}),
    ("POST", "/annonces/{id}/reouverture", {}),
    ("GET", "/annonces/{id}/suppression", {}),
    ("POST", "/annonces/{id}/suppression", {}),
]


async def test_nobody_else_may(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    for method, path, data in OWNERS_ONLY:
        ad_id = await published(alice)
        path = path.format(id=ad_id)
        assert (await bob.request(method, path, data=data or None)).status_code == 403
        assert (
            (await client.request(method, path, data=data or None))
            .headers["location"]
            .startswith("/connexion")
        )
        row = await connection.fetchrow("SELECT title, closed_at FROM ad WHERE id = $1", ad_id)
        assert tuple(row) == ("Fauteuil crapaud", None)


async def test_an_owner_closes_and_reopens(alice: httpx.AsyncClient, connection: Connection) -> None:
    ad_id = await published(alice)
    asked = await alice.get(f"/annonces/{ad_id}/cloture")
    assert "C’est donné" in asked.text
    assert "C’est vendu" not in asked.text, "a gift is not sold"
    closed = await alice.post(f"/annonces/{ad_id}/cloture", data={"outcome": "given"})
    assert closed.headers["location"] == f"/annonces/{ad_id}-fauteuil-crapaud"
    page = (await alice.get(closed.headers["location"])).text
    assert f'action="/annonces/{ad_id}/reouverture"' in page, "undone from the toast or the page"
    assert await connection.fetchval("SELECT outcome FROM closure WHERE ad_id = $1", ad_id) == "given"
    again = await alice.post(f"/annonces/{ad_id}/cloture", data={"outcome": "withdrawn"})
    assert again.status_code == 303
    assert await connection.fetchval("SELECT outcome FROM closure WHERE ad_id = $1", ad_id) == "given"
    assert (await alice.post(f"/annonces/{ad_id}/reouverture")).status_code == 303
    assert (await alice.post(f"/annonces/{ad_id}/reouverture")).status_code == 303
    assert await connection.fetchval("SELECT count(*) FROM closure") == 0
    assert "Fauteuil crapaud" in (await alice.get("/annonces")).text


async def test_an_outcome_that_does_not_fit_is_refused(alice: httpx.AsyncClient) -> None:
    for outcome in ["", "sold", "exploded"]:
        ad_id = await published(alice)
        answer = await alice.post(f"/annonces/{ad_id}/cloture", data={"outcome": outcome})
        assert answer.status_code == 422
        assert "Choisissez" in answer.text or "Remplissez" in answer.text


async def test_a_deleted_annonce_is_gone_with_its_files(
    app: Starlette, alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    await photographed(alice, ad_id)
    assert "Supprimer l’annonce" in (await alice.get(f"/annonces/{ad_id}/suppression")).text
    assert (await alice.post(f"/annonces/{ad_id}/suppression")).headers["location"] == "/moi/annonces"
    assert (await alice.get(f"/annonces/{ad_id}")).status_code == 404
    assert await connection.fetchval("SELECT count(*) FROM ad_photo") == 0
    assert not list(app.state.store.folder.rglob("*.webp"))


async def test_my_annonces_are_sorted_by_what_is_next(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    assert "Vous n’avez pas encore d’annonce" in (await alice.get("/moi/annonces")).text
    await draft(alice, title="À reprendre")
    online = await published(alice, title="En ligne ici")
    over = await published(alice, title="Finie hier")
    await alice.post(f"/api/v1/ads/{over}/closure", json={"outcome": "given"})
    await published(bob, title="Pas la mienne")
    await bob.post(f"/annonces/{online}/reponses", data={"body": "Bonjour"})
    page = (await alice.get("/moi/annonces")).text
    assert page.index("À reprendre") < page.index("En ligne ici") < page.index("Finie hier")
    assert "1 réponse<" in page
    assert "Pas la mienne" not in page


async def test_what_waits_is_counted(orm: None, town: Town) -> None:
    alice = town["alice"]
    assert (await mine_waiting(alice)).drafts == 0
    first = await Ad.start(kind="give", title="Un", by=None, draft_key="k" * 43)
    second = await Ad.create(kind="give", title="Deux", owner_id=alice)
    waiting = await mine_waiting(alice)
    assert (waiting.drafts, waiting.open, waiting.latest_draft) == (1, 0, second.id)
    assert first.owner_id is None


async def test_of_two_publications_at_once_one_counts(alice: httpx.AsyncClient) -> None:
    ad_id = await draft(alice)
    answers = await asyncio.gather(*(alice.post(f"/api/v1/ads/{ad_id}/publication") for _ in range(8)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, *[409] * 7]


async def test_of_two_closures_at_once_one_counts(alice: httpx.AsyncClient, connection: Connection) -> None:
    ad_id = await published(alice)
    outcomes = ["given", "withdrawn"] * 4
    answers = await asyncio.gather(
        *(alice.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": outcome}) for outcome in outcomes)
    )
    won = [answer.json()["outcome"] for answer in answers if answer.status_code == 201]
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    assert [row["outcome"] for row in await connection.fetch("SELECT outcome FROM closure")] == won


async def test_seven_photos_at_once_leave_six(
    app: Starlette, alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    answers = await asyncio.gather(
        *(alice.post(f"/api/v1/ads/{ad_id}/photos", files={"file": ("a.jpg", PHOTO)}) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [*[201] * 6, 409, 409]
    assert await connection.fetchval("SELECT count(DISTINCT position) FROM ad_photo") == 6
    assert len({path.name[:32] for path in app.state.store.folder.rglob("*.webp")}) == 6
