"""What an annonce says to search engines, and when it says nothing."""

import re
from typing import Any, TypeAlias

import asyncpg
import httpx
import orjson
import pytest

from tests.ads.annonces import photographed, published

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def page_of(client: httpx.AsyncClient, ad: int) -> str:
    return (await client.get(f"/annonces/{ad}", follow_redirects=True)).text


def data_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found, page[:2000]
    data: dict[str, Any] = orjson.loads(found[1])
    return data


@pytest.mark.parametrize(
    ("kind", "shape", "item"),
    [
        ("give", "Offer", "Product"),
        ("sell", "Offer", "Product"),
        ("lend", "Offer", "Product"),
        ("seek", "Demand", "Product"),
        ("service_offered", "Offer", "Service"),
        ("service_sought", "Demand", "Service"),
    ],
)
async def test_each_kind_has_its_shape(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, kind: str, shape: str, item: str
) -> None:
    data = data_in(await page_of(client, await published(alice, kind=kind)))
    assert (data["@type"], data["itemOffered"]["@type"]) == (shape, item)
    assert data["url"].startswith("http://127.0.0.1:8000/annonces/")
    assert "Alice" not in orjson.dumps(data).decode()


async def test_a_gift_costs_nothing_and_a_sale_its_price(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection
) -> None:
    gift, sale = await published(alice), await published(alice, kind="sell")
    await connection.execute("UPDATE ad SET price_cents = 1250 WHERE id = $1", sale)
    assert data_in(await page_of(client, gift))["price"] == "0.00"
    priced = data_in(await page_of(client, sale))
    assert (priced["price"], priced["priceCurrency"]) == ("12.50", "EUR")


async def test_words_cannot_end_the_data(client: httpx.AsyncClient, alice: httpx.AsyncClient) -> None:
    title = "</script><script>alert(1)</script>"
    ad = await published(alice, title=title, body="<!-- & ' \" \u2028")
    page = await page_of(client, ad)
    assert data_in(page)["itemOffered"]["name"] == title
    assert "<script>alert" not in page


async def test_lost_things_are_nobodys_offer(client: httpx.AsyncClient, alice: httpx.AsyncClient) -> None:
    assert "ld+json" not in await page_of(client, await published(alice, kind="lost"))


async def test_a_shared_link_shows_title_words_and_photo(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad = await published(alice, body="Il a du ressort. " * 20)
    await photographed(alice, ad)
    page = await page_of(client, ad)
    assert '<meta property="og:title" content="Fauteuil crapaud">' in page
    image = re.search(r'<meta property="og:image" content="(http://[^"]+\.webp)"', page)
    assert image
    assert (await client.get(image[1])).status_code == 200
    description = re.search(r'<meta name="description" content="([^"]+)"', page)
    assert description
    assert len(description[1]) <= 160


@pytest.mark.parametrize(
    "change", ["noindex = true", "closed_at = now()", "standing = false, expired_at = now()"]
)
async def test_robots_stay_away_when_its_owner_wishes_or_when_it_is_over(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, change: str
) -> None:
    ad, other = await published(alice), await published(alice, title="Lampe")
    assert f"/annonces/{ad}-" in (await client.get("/sitemap.xml")).text
    await connection.execute(f"UPDATE ad SET {change} WHERE id = $1", ad)
    if "closed" in change:
        await connection.execute(
            "INSERT INTO closure (ad_id, by_id, outcome) SELECT id, owner_id, 'given' FROM ad WHERE id = $1",
            ad,
        )
    page = await page_of(client, ad)
    assert '<meta name="robots" content="noindex">' in page
    assert "ld+json" not in page
    sitemap = (await client.get("/sitemap.xml")).text
    assert f"/annonces/{ad}-" not in sitemap
    assert f"<loc>http://127.0.0.1:8000/annonces/{other}-lampe</loc>" in sitemap
    assert "noindex" not in await page_of(client, other)
