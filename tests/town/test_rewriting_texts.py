"""The town rewrites its texts; nothing of them can do harm, and every version stays."""

from collections.abc import AsyncIterator

import httpx
import pytest
from markupsafe import Markup
from starlette.applications import Starlette

from echange.config import Settings
from echange.town.markdown import to_html
from echange.town.texts import TITLES, original, shown, values_of
from tests.conftest import Doors, sign_in
from tests.neighbours import Town

CHARTER = "/administration/textes/charte/fr"


@pytest.fixture
async def bernard(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "admin")
        yield somebody


async def test_a_new_version_is_seen_first_then_online(
    bernard: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    body = "Notre charte à nous, {town_short}.\n\n## On rit\n\nSouvent."
    looked_at = (await bernard.post(CHARTER, data={"body": body, "act": "preview"})).text
    assert "<h2>On rit</h2>" in looked_at
    assert "## On rit" in looked_at, "the words stay in the form"
    assert "On rit" not in (await client.get("/charte")).text
    assert (await bernard.post(CHARTER, data={"body": body, "act": "keep"})).status_code == 303
    page = (await client.get("/charte")).text
    assert '<p class="lead">Notre charte à nous, Fontenay.</p>' in page
    assert "Mis à jour le" in page
    client.cookies.set("locale", "en")
    assert "We keep our word" in (await client.get("/charte")).text


async def test_an_older_version_comes_back_and_says_who_wrote(
    bernard: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    for body in ("Première", "Deuxième"):
        await bernard.post(CHARTER, data={"body": body, "act": "keep"})
    versions = (await bernard.get(CHARTER)).text
    assert versions.count("Bernard Lemoine") >= 2
    assert "Première" in (await bernard.get(f"{CHARTER}/versions/1")).text
    await bernard.post(f"{CHARTER}/versions/1")
    assert "Première" in (await client.get("/charte")).text
    await bernard.post(f"{CHARTER}/versions/origine")
    assert "On tient parole" in (await client.get("/charte")).text
    assert (await bernard.get(f"{CHARTER}/versions/99")).status_code == 404


async def test_an_empty_text_is_refused_and_an_unknown_one_not_found(bernard: httpx.AsyncClient) -> None:
    assert (await bernard.post(CHARTER, data={"body": "", "act": "keep"})).status_code == 422
    for place in ("rien/fr", "charte/de"):
        assert (await bernard.get(f"/administration/textes/{place}")).status_code == 404
    assert "Confidentialité" in (await bernard.get("/administration/textes")).text


async def test_only_the_admin_rewrites(alice: httpx.AsyncClient) -> None:
    assert (await alice.get(CHARTER)).status_code == 403
    assert (await alice.post(CHARTER, data={"body": "x", "act": "keep"})).status_code == 403


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        "[clic](data:text/html,<script>alert(1)</script>)",
        "![x](https://ailleurs.example/pixel.png)",
        '[clic](/a "\\" onclick=alert(1) x=\\"")',
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_written_can_do_harm(harm: str) -> None:
    html = to_html(harm, {})
    for dangerous in ("<script", "<img", "<style", 'href="javascript:', 'href="data:', '" onclick'):
        assert dangerous not in html.lower()


def test_placeholders_are_filled_in_and_cannot_break_out() -> None:
    html = to_html("{town} et {inconnu}, [{town}](/x)", {"town": '<b>"&'})
    assert html == (
        '<p class="lead">&lt;b&gt;&#34;&amp; et {inconnu}, <a href="/x">&lt;b&gt;&#34;&amp;</a></p>\n'
    )


def test_placeholders_stay_out_of_attributes() -> None:
    link = {"source": Markup('<a href="https://code.example">code</a>')}
    html = to_html('[ici](/x "{source}") {source}', link)
    assert html == (
        '<p class="lead"><a href="/x" title="{source}">ici</a> <a href="https://code.example">code</a></p>\n'
    )


def test_headings_start_below_the_title_and_skip_none() -> None:
    html = to_html("# Un\n\n#### Deux\n\n## Trois", {})
    assert html == "<h2>Un</h2>\n<h3>Deux</h3>\n<h2>Trois</h2>\n"


@pytest.mark.parametrize("slug", TITLES)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_what_comes_with_echange_is_whole(slug: str, locale: str, settings: Settings) -> None:
    assert "{" not in shown(original(slug, locale), settings)
    used = {name for name in values_of(settings) if f"{{{name}}}" in original(slug, locale)}
    assert used == {name for name in values_of(settings) if f"{{{name}}}" in original(slug, "fr")}
