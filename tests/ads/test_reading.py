"""One annonce, its address, its photos, and who may see them."""

import re

import httpx
from starlette.applications import Starlette

from tests.ads.annonces import PHOTO, draft, photographed, published
from tests.conftest import Doors


async def test_an_annonce_has_one_address(client: httpx.AsyncClient, alice: httpx.AsyncClient) -> None:
    ad_id = await published(alice, title="Échelle à prêter, 3 m")
    for other in (f"/annonces/{ad_id}", f"/annonces/{ad_id}-nimporte"):
        answer = await client.get(other)
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/annonces/{ad_id}-echelle-a-preter-3-m"
        assert answer.headers["cache-control"] == "no-cache"
    page = await client.get(f"/annonces/{ad_id}-echelle-a-preter-3-m")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


async def test_a_title_without_letters_has_an_address_too(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice, title="🎸🎸")
    assert (await client.get(f"/annonces/{ad_id}-annonce")).status_code == 200


async def test_an_absent_annonce_is_not_found(client: httpx.AsyncClient) -> None:
    for path in ["/annonces/0", "/annonces/9999999999", "/annonces/-1", "/annonces/12abc", "/annonces/12"]:
        assert (await client.get(path)).status_code == 404


async def test_a_page_says_who_and_where_and_keeps_words_as_text(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice, title="<b>Gras</b>", body="Un.\nDeux.\n\n<img src=x onerror=alert(1)>")
    page = (await client.get(f"/annonces/{ad_id}-b-gras-b")).text
    assert "&lt;b&gt;Gras&lt;/b&gt;" in page
    assert "<img src=x" not in page
    assert "<p>Un.<br>Deux.</p>" in page
    assert "Alice Morel" in page
    assert "Les Larris" in page
    assert "Dessin, en attendant une photo" in page
    assert "alice@" not in page


async def test_a_closed_annonce_says_so_and_is_kept_from_search_engines(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    url = f"/annonces/{ad_id}-fauteuil-crapaud"
    assert "noindex" not in (await client.get(url)).text
    await alice.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "given"})
    page = (await client.get(url)).text
    assert 'content="noindex"' in page
    assert "C’est donné" in page
    assert "Répondre à" not in page


async def test_the_owner_sees_what_to_do_and_others_how_to_answer(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    url = f"/annonces/{ad_id}-fauteuil-crapaud"
    own, other, passer = (await alice.get(url)).text, (await bob.get(url)).text, (await client.get(url)).text
    assert f"/annonces/{ad_id}/cloture" in own
    assert "Envoyer ma réponse" not in own
    assert "Envoyer ma réponse" in other
    assert "/modifier" not in other
    assert f"/connexion?suite=/annonces/{ad_id}-fauteuil-crapaud%23repondre" in passer
    assert "<textarea" not in passer, "no words are asked for that a sign-in would lose"


async def test_others_of_the_same_kind_or_place_are_shown(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    await published(alice, title="Voisine de quartier", category="velo")
    await published(alice, title="Même rayon", quartier="le-village")
    await published(alice, title="Rien à voir", quartier="le-village", category="velo")
    await draft(alice, title="Pas encore")
    page = (await client.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    assert re.findall(r'class="card-title"><a[^>]*>([^<]*)<', page) == ["Même rayon", "Voisine de quartier"]


async def test_a_public_photo_is_kept_by_browsers(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    url = await photographed(alice, ad_id)
    answer = await client.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content[8:12] == b"WEBP"


async def test_a_draft_photo_is_for_its_holder_alone(
    app: Starlette, client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    url = await photographed(alice, await draft(alice))
    assert (await alice.get(url)).headers["cache-control"] == "private, no-store"
    assert (await bob.get(url)).status_code == 404
    assert (await client.get(url)).status_code == 404
    async with Doors(app).open() as somebody:
        start = {"kind": "give", "title": "À moi"}
        posted = await somebody.post("/publier", data=start, files=[("photos", ("a.jpg", PHOTO))])
        screen = (await somebody.get(posted.headers["location"])).text
        found = re.search(r'src="(/annonces/\d+/photos/[^"]*)"', screen)
        assert found
        assert (await somebody.get(found[1])).status_code == 200
        assert (await alice.get(found[1])).status_code == 404


async def test_a_photo_is_found_only_under_its_annonce_and_its_widths(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    mine, other = await published(alice), await published(alice)
    url = await photographed(alice, mine)
    assert (await client.get(url.replace(f"/{mine}/", f"/{other}/"))).status_code == 404
    for width in ("1", "641", "99999999999999999999"):
        assert (await client.get(re.sub(r"-\d+\.webp", f"-{width}.webp", url))).status_code == 404


async def test_a_photo_whose_file_is_lost_is_not_found(
    app: Starlette, client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    url = await photographed(alice, await published(alice))
    for path in app.state.store.folder.rglob("*.webp"):
        path.unlink()
    assert (await client.get(url)).status_code == 404
