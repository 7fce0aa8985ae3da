"""A sheet for a notice board: the annonce, its code, eight strips; nobody's name, phone or address."""

import re

import httpx
from starlette.applications import Starlette

from tests.ads.annonces import draft, published


async def test_a_poster_has_eight_strips_that_lead_to_the_annonce(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad = await published(alice, title="Fauteuil <crapaud>")
    page = (await client.get(f"/annonces/{ad}/affiche")).text
    sheet = page.split('class="poster"')[1].split("</section>")[0]
    assert "Fauteuil &lt;crapaud&gt;" in sheet
    assert sheet.count(f"127.0.0.1:8000/a/{ad}<") >= 9
    assert len(re.findall(rf'<img src="/annonces/{ad}/qr.svg"', sheet)) == 9
    short = await client.get(f"/a/{ad}")
    assert short.headers["location"] == f"/annonces/{ad}-fauteuil-crapaud"
    for private in ("Alice", "alice", "@", "tel:"):
        assert private not in sheet


async def test_the_code_is_a_drawing_of_its_short_address(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad, other = await published(alice), await published(alice)
    answer = await client.get(f"/annonces/{ad}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<?xml")
    assert "<script" not in answer.text
    assert answer.content != (await client.get(f"/annonces/{other}/qr.svg")).content


async def test_only_an_open_annonce_has_a_poster(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, app: Starlette
) -> None:
    ad = await published(alice)
    await alice.post(f"/api/v1/ads/{ad}/closure", json={"outcome": "given"})
    for number in (ad, await draft(alice), 999999):
        for page in ("affiche", "qr.svg"):
            assert (await alice.get(f"/annonces/{number}/{page}")).status_code == 404
            assert (await client.get(f"/annonces/{number}/{page}")).status_code == 404


async def test_the_page_of_an_annonce_offers_to_share_and_to_print(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad = await published(alice)
    page = (await client.get(f"/annonces/{ad}", follow_redirects=True)).text
    assert f'href="/annonces/{ad}/affiche"' in page
    assert 'href="mailto:?subject=Fauteuil%20crapaud&amp;body=' in page
