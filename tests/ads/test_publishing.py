"""Three screens from an idea to an annonce; the account comes last."""

import re
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from echange.ads import Ad
from echange.ads.schedule import purge_drafts
from echange.http.dates import now
from echange.media import Store
from tests.ads.annonces import PHOTO, Connection, draft
from tests.conftest import Doors, sign_in
from tests.media.pictures import SVG
from tests.neighbours import Town

START = {"kind": "give", "title": "Fauteuil crapaud"}
DETAILS = {"body": "Il a du ressort.", "category": "meubles", "quartier": "les-larris"}


async def started(client: httpx.AsyncClient, **changes: str) -> int:
    answer = await client.post("/publier", data={**START, **changes})
    found = re.fullmatch(r"/publier/(\d+)/details", answer.headers.get("location", ""))
    assert found, answer.text
    return int(found[1])


async def test_a_member_publishes_in_three_screens(alice: httpx.AsyncClient) -> None:
    first = await alice.get("/publier?nature=give")
    assert re.search(r'value="give"[^>]*checked', first.text)
    files = [("photos", ("devant.jpg", PHOTO)), ("photos", ("cote.jpg", PHOTO))]
    posted = await alice.post("/publier", data=START, files=files)
    assert posted.status_code == 303
    second = await alice.get(posted.headers["location"])
    assert second.text.count("Que voit-on sur la photo") == 2
    assert re.search(r'value="meubles" selected', second.text), "the title suggests the category"
    assert re.search(r'value="les-larris" selected', second.text), "Alice's own quartier"
    ad_id = int(posted.headers["location"].split("/")[2])
    posted = await alice.post(f"/publier/{ad_id}/details", data=DETAILS)
    third = await alice.get(posted.headers["location"])
    assert "Il a du ressort." in third.text
    posted = await alice.post(f"/publier/{ad_id}/publication")
    assert posted.headers["location"] == f"/annonces/{ad_id}-fauteuil-crapaud"
    page = await alice.get(posted.headers["location"])
    assert page.status_code == 200
    assert "C’est publié" in page.text
    assert "Fauteuil crapaud" in (await alice.get("/annonces")).text


async def test_somebody_signed_out_is_asked_for_an_account_last_and_loses_nothing(
    app: Starlette, town: Town
) -> None:
    async with Doors(app).open() as passer:
        ad_id = await started(passer)
        await passer.post(f"/publier/{ad_id}/details", data=DETAILS)
        preview = await passer.get(f"/publier/{ad_id}/apercu")
        assert "Dernière étape" in preview.text
        assert f"/inscription?suite=/publier/{ad_id}/apercu" in preview.text
        refused = await passer.post(f"/publier/{ad_id}/publication")
        assert refused.headers["location"].startswith("/connexion?suite=")
        await sign_in(passer, "bob")
        assert "Publier mon annonce" in (await passer.get(f"/publier/{ad_id}/apercu")).text
        assert "Fauteuil crapaud" in (await passer.get("/moi/annonces")).text
        done = await passer.post(f"/publier/{ad_id}/publication")
        assert done.headers["location"].startswith(f"/annonces/{ad_id}-")
    async with Doors(app).open() as anybody:
        page = await anybody.get(f"/annonces/{ad_id}-fauteuil-crapaud")
        assert "Bob Traoré" in page.text


DRAFT_PAGES = [
    ("GET", "/publier/{id}"),
    ("POST", "/publier/{id}"),
    ("GET", "/publier/{id}/details"),
    ("POST", "/publier/{id}/details"),
    ("GET", "/publier/{id}/apercu"),
    ("POST", "/publier/{id}/publication"),
    ("GET", "/publier/{id}/abandon"),
    ("POST", "/publier/{id}/abandon"),
    ("GET", "/annonces/{id}"),
    ("GET", "/annonces/{id}-fauteuil-crapaud"),
    ("POST", "/annonces/{id}/reponses"),
    ("GET", "/annonces/{id}/modifier"),
    ("POST", "/annonces/{id}/cloture"),
]


async def test_a_stranger_cannot_find_a_draft(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    for method, path in DRAFT_PAGES:
        path = path.format(id=await draft(alice))
        data = {**START, **DETAILS, "outcome": "given"} if method == "POST" else None
        hidden = await bob.request(method, path, data=data)
        absent = await bob.request(
            method, path.replace(path.split("/")[2].split("-")[0], "999999"), data=data
        )
        assert hidden.status_code == absent.status_code == 404, path
        assert re.sub(r"\d+", "", hidden.text) == re.sub(r"\d+", "", absent.text)


async def test_a_draft_of_another_browser_cannot_be_found(app: Starlette, client: httpx.AsyncClient) -> None:
    async with Doors(app).open() as somebody:
        ad_id = await started(somebody)
    assert (await client.get(f"/publier/{ad_id}/apercu")).status_code == 404
    client.cookies.set("brouillon", "A" * 43)
    assert (await client.get(f"/publier/{ad_id}/apercu")).status_code == 404
    assert (await client.post(f"/publier/{ad_id}/abandon")).status_code == 404


async def test_a_stranger_may_not_claim_a_draft_by_publishing_it(
    app: Starlette, client: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await started(client)
    assert (await bob.post(f"/publier/{ad_id}/publication")).status_code == 404
    assert await connection.fetchval("SELECT owner_id FROM ad WHERE id = $1", ad_id) is None


async def test_a_wrong_first_screen_comes_back_with_its_words(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    for changes, field in [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "\u200b\u200b"}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"title": "un\x00deux"}, "title"),
        ({"title": "\u202egnirts"}, "title"),
        ({"kind": "steal"}, "kind"),
        ({"kind": ""}, "kind"),
    ]:
        answer = await alice.post("/publier", data={**START, **changes})
        assert answer.status_code == 422
        assert "<title>Erreur" in answer.text
        assert f'href="#f-{field}"' in answer.text
        kept = {**START, **changes}["title"].strip()
        assert not kept.isprintable() or f'value="{kept}"' in answer.text
        assert await connection.fetchval("SELECT count(*) FROM ad") == 0


async def test_any_visible_title_is_fine(alice: httpx.AsyncClient) -> None:
    for title in ["🎸 guitare", "Œuvre d’art", "椅子", "<script>alert(1)</script>", "a" * 80]:
        ad_id = await started(alice, title=title)
        page = await alice.get(f"/publier/{ad_id}/apercu")
        assert page.status_code == 200
        assert "<script>alert" not in page.text


async def test_a_bad_photo_is_named_and_the_good_ones_are_kept(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    files = [
        ("photos", ("ok.jpg", PHOTO)),
        ("photos", ("piège.svg", SVG)),
        ("photos", ("coupe.jpg", PHOTO[:900])),
    ]
    answer = await alice.post("/publier", data=START, files=files)
    assert answer.status_code == 422
    assert "piège.svg : Ce fichier n’est pas une photo" in answer.text
    assert "coupe.jpg : Cette photo est abîmée" in answer.text
    assert 'value="Fauteuil crapaud"' in answer.text
    assert await connection.fetchval("SELECT count(*) FROM ad_photo") == 1
    ad_id = await connection.fetchval("SELECT id FROM ad")
    assert f'action="/publier/{ad_id}"' in answer.text, "going on continues this draft"
    assert (await alice.post(f"/publier/{ad_id}", data=START)).status_code == 303
    assert await connection.fetchval("SELECT count(*) FROM ad_photo") == 1


async def test_photos_sent_with_a_wrong_title_are_asked_for_again(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/publier", data={"kind": "give"}, files=[("photos", ("a.jpg", PHOTO))])
    assert answer.status_code == 422
    assert "Choisissez à nouveau vos photos" in answer.text


async def test_a_seventh_photo_is_refused(
    alice: httpx.AsyncClient, connection: Connection, app: Starlette
) -> None:
    files = [("photos", (f"{n}.jpg", PHOTO)) for n in range(7)]
    answer = await alice.post("/publier", data=START, files=files)
    assert answer.status_code == 422
    assert "Six photos au plus" in answer.text
    assert await connection.fetchval("SELECT count(*) FROM ad_photo") == 6
    assert len({path.name[:32] for path in app.state.store.folder.rglob("*.webp")}) == 6


async def test_photos_are_told_and_removed(
    alice: httpx.AsyncClient, connection: Connection, app: Starlette
) -> None:
    files = [("photos", ("a.jpg", PHOTO)), ("photos", ("b.jpg", PHOTO))]
    location = (await alice.post("/publier", data=START, files=files)).headers["location"]
    first, second = [row["id"] for row in await connection.fetch("SELECT id FROM ad_photo ORDER BY position")]
    sent = {**DETAILS, f"alt-{first}": "Le fauteuil, de face", f"alt-{second}": "x" * 201, "remove": "999999"}
    assert (await alice.post(location, data=sent)).status_code == 422, "an alt too long"
    assert (
        await connection.fetchval("SELECT alt FROM ad_photo WHERE id = $1", first) == "Le fauteuil, de face"
    )
    posted = await alice.post(location, data={**DETAILS, "remove": str(second)})
    assert posted.status_code == 303
    assert 'alt="Le fauteuil, de face"' in (await alice.get(posted.headers["location"])).text
    assert [row["id"] for row in await connection.fetch("SELECT id FROM ad_photo")] == [first]
    assert len({path.name[:32] for path in app.state.store.folder.rglob("*.webp")}) == 1


async def test_a_photo_moves_before_the_words_are_written(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    files = [("photos", ("a.jpg", PHOTO)), ("photos", ("b.jpg", PHOTO))]
    location = (await alice.post("/publier", data=START, files=files)).headers["location"]
    first, second = [row["id"] for row in await connection.fetch("SELECT id FROM ad_photo ORDER BY position")]
    moved = await alice.post(location, data={"price_text": "3 €", "photo": f"first-{second}"})
    assert moved.headers["location"] == f"{location}#photos"
    rows = await connection.fetch("SELECT id FROM ad_photo ORDER BY position")
    assert [row["id"] for row in rows] == [second, first]
    wrong = {"body": "x" * 4001, "photo": f"first-{first}"}
    assert (await alice.post(location, data=wrong)).status_code == 422, "words that cannot be kept are shown"


async def test_an_annonce_begun_is_offered_again_to_who_began_it(
    client: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    location = (await client.post("/publier", data=START)).headers["location"]
    assert f'href="{location}"' in (await client.get("/publier")).text
    assert "Vous aviez commencé" not in (await bob.get("/publier")).text


async def test_photos_of_somebody_else_are_not_removed(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    await alice.post("/publier", data=START, files=[("photos", ("a.jpg", PHOTO))])
    photo = await connection.fetchval("SELECT id FROM ad_photo")
    ad_id = await started(bob)
    sent = {**DETAILS, "remove": str(photo), f"alt-{photo}": "à moi"}
    assert (await bob.post(f"/publier/{ad_id}/details", data=sent)).status_code == 303
    assert await connection.fetchval("SELECT alt FROM ad_photo WHERE id = $1", photo) == ""


async def test_going_back_keeps_the_words(alice: httpx.AsyncClient) -> None:
    ad_id = await started(alice)
    gone = await alice.post(
        f"/publier/{ad_id}/details", data={"body": "Du velours\r\n\r\nUsé.", "quartier": "", "back": "1"}
    )
    assert gone.headers["location"] == f"/publier/{ad_id}"
    assert 'value="Fauteuil crapaud"' in (await alice.get(f"/publier/{ad_id}")).text
    await alice.post(f"/publier/{ad_id}", data={**START, "title": "Fauteuil rouge"})
    details = await alice.get(f"/publier/{ad_id}/details")
    assert "Du velours" in details.text
    assert "Fauteuil rouge" in details.text


async def test_a_wrong_second_screen_comes_back_with_its_words(alice: httpx.AsyncClient) -> None:
    for changes in [
        {"body": ""},
        {"body": "x" * 4001},
        {"category": "armes"},
        {"quartier": ""},
        {"quartier": "paris"},
        {"price_text": "x" * 61},
        {"body": "a\x00b"},
    ]:
        ad_id = await started(alice)
        answer = await alice.post(f"/publier/{ad_id}/details", data={**DETAILS, **changes})
        assert answer.status_code == 422
        assert "<title>Erreur" in answer.text
        assert {**DETAILS, **changes}["body"][:100] in answer.text
        assert 'id="summary"' in answer.text


async def test_only_kinds_with_a_price_are_asked_for_one(alice: httpx.AsyncClient) -> None:
    gift, sale = await started(alice), await started(alice, kind="sell")
    assert 'name="price_text"' not in (await alice.get(f"/publier/{gift}/details")).text
    assert "Votre prix" in (await alice.get(f"/publier/{sale}/details")).text


async def test_publishing_without_a_quartier_leads_back_to_it(
    app: Starlette, connection: Connection, alice: httpx.AsyncClient, town: Town
) -> None:
    await connection.execute("UPDATE member SET quartier_id = NULL WHERE id = $1", town["alice"])
    ad_id = await started(alice)
    answer = await alice.post(f"/publier/{ad_id}/publication")
    assert answer.headers["location"] == f"/publier/{ad_id}/details"
    assert "quartier" in (await alice.get(f"/publier/{ad_id}/details")).text
    assert await connection.fetchval("SELECT published_at FROM ad WHERE id = $1", ad_id) is None


async def test_publishing_twice_publishes_once(alice: httpx.AsyncClient, connection: Connection) -> None:
    ad_id = await started(alice)
    first = await alice.post(f"/publier/{ad_id}/publication")
    at = await connection.fetchval("SELECT published_at FROM ad WHERE id = $1", ad_id)
    second = await alice.post(f"/publier/{ad_id}/publication")
    assert first.headers["location"] == second.headers["location"]
    assert "déjà en ligne" in (await alice.get(second.headers["location"])).text
    assert await connection.fetchval("SELECT published_at FROM ad WHERE id = $1", ad_id) == at
    assert (await alice.get(f"/publier/{ad_id}/details")).status_code == 422, "no way back to a draft"


async def test_an_abandoned_draft_is_gone_with_its_photos(
    client: httpx.AsyncClient, connection: Connection, app: Starlette
) -> None:
    posted = await client.post("/publier", data=START, files=[("photos", ("a.jpg", PHOTO))])
    ad_id = posted.headers["location"].split("/")[2]
    asked = await client.get(f"/publier/{ad_id}/abandon")
    assert "Effacer le brouillon" in asked.text
    assert await connection.fetchval("SELECT count(*) FROM ad") == 1, "asking changes nothing"
    assert (await client.post(f"/publier/{ad_id}/abandon")).status_code == 303
    assert await connection.fetchval("SELECT count(*) FROM ad") == 0
    assert not list(app.state.store.folder.rglob("*.webp"))


async def test_ownerless_drafts_are_forgotten_after_seven_days(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, app: Starlette
) -> None:
    await client.post("/publier", data=START, files=[("photos", ("a.jpg", PHOTO))])
    fresh, owned = await started(client), await started(alice)
    old = now() - timedelta(days=7, minutes=1)
    await connection.execute("UPDATE ad SET created_at = $1 WHERE id <> $2", old, fresh)
    store: Store = app.state.store
    await purge_drafts(store)
    assert sorted(row["id"] for row in await connection.fetch("SELECT id FROM ad")) == sorted([fresh, owned])
    assert not list(store.folder.rglob("*.webp"))
    assert await Ad.all().count() == 2


async def test_a_request_from_another_site_cannot_use_a_draft_key(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    ad_id = await started(client)
    foreign = await client.post(f"/publier/{ad_id}/abandon", headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
