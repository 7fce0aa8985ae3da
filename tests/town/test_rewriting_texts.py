"""The town rewrites its texts; nothing of them can do harm, and every version stays."""

import asyncio
import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from markupsafe import Markup
from starlette.applications import Starlette

from echange.config import Settings
from echange.town.markdown import to_html
from echange.town.texts import TITLES, original, shown, values_of
from tests.conftest import Doors, sign_in
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
CHARTER = "/administration/textes/charte/fr"


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
    for seen, body in enumerate(("Première", "Deuxième")):
        await bernard.post(CHARTER, data={"body": body, "act": "keep", "seen": str(seen)})
    versions = (await bernard.get(CHARTER)).text
    assert versions.count("Bernard Lemoine") >= 2
    assert "Première" in (await bernard.get(f"{CHARTER}/versions/1")).text
    await bernard.post(f"{CHARTER}/versions/1", data={"seen": "2"})
    assert "Première" in (await client.get("/charte")).text
    await bernard.post(
        f"{CHARTER}/versions/origine", data=_hidden(await bernard.get(f"{CHARTER}/versions/origine"))
    )
    assert "On tient parole" in (await client.get("/charte")).text
    assert (await bernard.get(f"{CHARTER}/versions/99")).status_code == 404


async def test_an_empty_text_is_refused_and_an_unknown_one_not_found(bernard: httpx.AsyncClient) -> None:
    assert (await bernard.post(CHARTER, data={"body": "", "act": "keep"})).status_code == 422
    for place in ("rien/fr", "charte/de"):
        assert (await bernard.get(f"/administration/textes/{place}")).status_code == 404
    assert "Confidentialité" in (await bernard.get("/administration/textes")).text


async def test_of_two_admins_at_once_the_second_keeps_both_words_and_decides(
    app: Starlette, bernard: httpx.AsyncClient, client: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute(
        "INSERT INTO staff_role (member_id, role) VALUES ($1, 'admin')", town["moderatrice"]
    )
    async with Doors(app).open() as solene:
        await sign_in(solene, "moderatrice")
        writers = {"Les mots de Bernard": bernard, "Les mots de Solène": solene}
        forms = {words: _hidden(await one.get(CHARTER)) for words, one in writers.items()}
        answers = dict(
            zip(
                writers,
                await asyncio.gather(*(_keep(one, words, forms[words]) for words, one in writers.items())),
                strict=True,
            )
        )
        assert sorted(answer.status_code for answer in answers.values()) == [303, 422]
        (first,) = (words for words, answer in answers.items() if answer.status_code == 303)
        (second,) = (words for words, answer in answers.items() if answer.status_code == 422)
        refused = answers[second]
        assert "réécrit ce texte entre-temps" in refused.text
        assert first in refused.text
        assert f"{second}</textarea>" in refused.text
        assert await connection.fetchval("SELECT count(*) FROM town_text") == 1
        assert first in (await client.get("/charte")).text

        again = await _keep(writers[second], f"{first}, {second}", _hidden(refused))
        assert again.status_code == 303
    assert f"{first}, {second}" in (await client.get("/charte")).text


async def test_a_look_first_does_not_forget_what_was_read(
    bernard: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    form = _hidden(await bernard.get(CHARTER))
    looked_at = await bernard.post(CHARTER, data={**form, "body": "À moi", "act": "preview"})
    await _keep(bernard, "Entre-temps", form)
    assert (await _keep(bernard, "À moi", _hidden(looked_at))).status_code == 422
    assert "Entre-temps" in (await client.get("/charte")).text


async def test_an_older_version_does_not_come_back_over_words_nobody_read(
    bernard: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await _keep(bernard, "Première", {"seen": "0"})
    offered = _hidden(await bernard.get(f"{CHARTER}/versions/origine"))
    await _keep(bernard, "Deuxième", {"seen": "1"})
    late = await bernard.post(f"{CHARTER}/versions/origine", data=offered, follow_redirects=True)
    assert "réécrit ce texte entre-temps" in late.text
    assert "Deuxième" in (await client.get("/charte")).text


async def test_a_version_that_is_no_number_is_refused(bernard: httpx.AsyncClient) -> None:
    for nonsense in ("x", "-1", "99999999999"):
        assert (await _keep(bernard, "Mots", {"seen": nonsense})).status_code == 422


async def test_only_the_admin_rewrites(alice: httpx.AsyncClient) -> None:
    assert (await alice.get(CHARTER)).status_code == 403
    assert (await alice.post(CHARTER, data={"body": "x", "act": "keep"})).status_code == 403


def _hidden(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(seen)" value="(\d+)">', page.text))


async def _keep(writer: httpx.AsyncClient, body: str, form: dict[str, str]) -> httpx.Response:
    return await writer.post(CHARTER, data={**form, "body": body, "act": "keep"})


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
