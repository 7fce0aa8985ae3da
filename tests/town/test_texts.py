"""The texts of the house, and what machines ask for."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

TEXTS = {
    "/comment-ca-marche": "Comment ça marche",
    "/charte": "La charte des voisins",
    "/cgu": "Conditions d’utilisation",
    "/confidentialite": "Confidentialité",
    "/mentions-legales": "Mentions légales",
    "/accessibilite": "Accessibilité",
    "/plan-du-site": "Plan du site",
    "/composants": "Les composants",
}


@pytest.mark.parametrize(("path", "title"), TEXTS.items())
async def test_a_text_is_there_for_everyone(client: httpx.AsyncClient, path: str, title: str) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    assert f"<h1>{title}</h1>" in page.text


async def test_the_site_map_leads_to_every_text(client: httpx.AsyncClient) -> None:
    page = (await client.get("/plan-du-site")).text
    assert all(f'href="{path}"' in page for path in TEXTS if path != "/plan-du-site")


async def test_every_page_leads_to_the_site_map(client: httpx.AsyncClient) -> None:
    for path in ("/", "/entraide", "/connexion"):
        footer = (await client.get(path)).text.partition("<footer")[2]
        assert 'href="/plan-du-site"' in footer, path


async def test_robots_are_kept_from_private_pages(client: httpx.AsyncClient) -> None:
    answer = await client.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Disallow: /messages" in answer.text
    assert "Disallow: /moderation" in answer.text
    assert "Disallow: /annonces" not in answer.text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in answer.text


async def test_security_txt_names_a_contact_and_has_not_expired(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"].startswith("mailto:")
    expires = datetime.fromisoformat(fields["Expires"])
    assert datetime.now(UTC) < expires < datetime.now(UTC) + timedelta(days=366), "RFC 9116: less than a year"


async def test_the_favicon_is_where_browsers_ask(client: httpx.AsyncClient) -> None:
    answer = await client.get("/favicon.ico", follow_redirects=True)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
