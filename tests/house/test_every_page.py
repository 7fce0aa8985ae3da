"""Everywhere a person can go by links, signed out and in: pages that are whole, and no dead end.

In a real browser: nothing for axe, the policy kept, nothing that scrolls sideways.
"""

from collections import Counter
from collections.abc import AsyncIterator, Container
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser

from echange.config import Settings
from tests.conftest import Doors, signed_in_context
from tests.house.crawling import PageReader, Walk
from tests.house.lively import Lively, lively_town
from tests.house.looking import NOT_FOUND, faults_of, looked_at

# The rooms there are, by who finds them.
FOUND_BY_ANYONE: Final = {
    "/", "/annonces", "/annonces/{id}-{slug}", "/experts", "/membres/{handle}", "/associations",
    "/associations/{slug}", "/publier", "/connexion", "/inscription", "/mot-de-passe", "/comment-ca-marche",
    "/charte", "/confidentialite", "/mentions-legales", "/accessibilite", "/composants", "/cgu", "/signaler",
    "/annonces/{id}/affiche", "/annonces.atom", "/entraide", "/entraide/{id}", "/entraide/demander",
    "/entraide/proposer", "/temps/preuve", "/lieux", "/lieux/{slug}", "/prets", "/prets/{id}-{slug}",
    "/prets/{id}/agenda.ics",
}  # fmt: skip
FOUND_BY_MEMBERS: Final = {
    "/", "/annonces", "/annonces/{id}-{slug}", "/experts", "/membres/{handle}", "/associations",
    "/associations/{slug}", "/publier", "/messages", "/messages/{id}", "/avis", "/moi", "/moi/annonces",
    "/moi/profil", "/moi/savoir-faire", "/moi/sessions", "/moi/jetons", "/moi/mot-de-passe", "/moi/avis",
    "/moi/favoris", "/moi/adresse", "/moi/pause", "/moi/depart", "/moi/blocages", "/moi/profil/qui-voit-quoi",
    "/annonces/{id}/reponses", "/entraide", "/entraide/{id}", "/entraide/demander", "/entraide/proposer",
    "/entraide/pour-moi", "/entraide/mes-creneaux", "/moi/entraide", "/echanges", "/echanges/{id}",
    "/echanges/proposer", "/temps", "/temps/offrir", "/temps/releve", "/temps/preuve", "/moi/mandats",
    "/moi/mandats/nouveau", "/lieux", "/lieux/{slug}", "/prets", "/prets/{id}-{slug}", "/prets/publier",
    "/prets/importer", "/prets/importer/modele.csv", "/prets/tableau", "/prets/comptoir", "/prets/incidents",
    "/prets/cautions", "/prets/chiffres", "/prets/chiffres.csv", "/prets/demandes/{id}",
    "/prets/demandes/{id}/annulation", "/prets/demandes/{id}/dates", "/prets/exemplaires/{id}",
    "/prets/{id}/details", "/prets/{id}/exemplaires", "/prets/{id}/etiquettes", "/prets/{id}/retrait",
    "/prets/{id}/effacement", "/prets/preteur/{id}",
    "/prets/preteur/{id}/formations", "/prets/preteur/{id}/horaires",
    "/prets/preteur/{id}/horaires/semaine", "/prets/preteur/{id}/materiel.csv",
    "/prets/preteur/{id}/prets.csv", "/moi/prets", "/moi/materiel", "/moi/calendriers",
}  # fmt: skip
FOUND_BY_STAFF: Final = {
    "/administration", "/administration/membres", "/administration/equipe", "/administration/journal",
    "/administration/textes", "/moderation", "/moderation/echanges", "/administration/temps",
    "/administration/entraide", "/administration/a-dire", "/administration/mandat-vierge",
    "/administration/membres/nouveau", "/lieux/nouveau", "/lieux/{slug}/modifier", "/lieux/{slug}/horaires",
    "/lieux/{slug}/horaires/semaine",
}  # fmt: skip
FOUND_BY_LENDERS: Final = {"/prets/{id}/lot", "/prets/u/{code}", "/prets/cautions.csv"}


@pytest.fixture(scope="module")
async def lively(
    postgres: str, usual: Settings, compiled: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Lively]:
    folder = tmp_path_factory.mktemp("lively")
    (folder / "cache").symlink_to(compiled)
    async with lively_town(postgres, usual.model_copy(update={"data_dir": folder})) as town:
        yield town


async def test_somebody_signed_out_can_go_everywhere_that_is_open(lively: Lively) -> None:
    seen = await lively.walked()
    assert seen.faults == []
    assert FOUND_BY_ANYONE - seen.by_route.keys() == set()
    await _check_files(seen, lively)
    _check_pages(seen)


async def test_a_member_finds_every_room(lively: Lively) -> None:
    seen = await lively.walked("alice")
    assert seen.faults == []
    assert FOUND_BY_MEMBERS - seen.by_route.keys() == set()
    _check_pages(seen)


async def test_the_staff_find_their_rooms(lively: Lively) -> None:
    seen = await lively.walked("admin")
    assert seen.faults == []
    assert FOUND_BY_STAFF - seen.by_route.keys() == set()
    _check_pages(seen)


async def test_who_lends_finds_the_desk(lively: Lively) -> None:
    seen = await lively.walked("redoute")
    assert seen.faults == []
    assert FOUND_BY_LENDERS - seen.by_route.keys() == set()
    _check_pages(seen)


async def test_an_unknown_address_is_a_page_with_ways_on(lively: Lively) -> None:
    async with Doors(lively.served.app).open() as client:
        answer = await client.get(NOT_FOUND)
    page = PageReader(answer.text)
    assert answer.status_code == 404
    assert page.headings.count(1) == 1
    assert "/" in page.links


@pytest.mark.browser
async def test_every_page_open_to_anyone_looks_right(lively: Lively, browser: Browser) -> None:
    pages = _one_of_each(await lively.walked())
    context = await browser.new_context(base_url=lively.served.url, locale="fr-FR")
    assert await faults_of(context, [*pages, NOT_FOUND]) == []


@pytest.mark.browser
async def test_every_page_of_a_member_looks_right(lively: Lively, browser: Browser) -> None:
    open_to_anyone = (await lively.walked()).by_route.keys() - {"/"}
    own = _one_of_each(await lively.walked("alice"), besides=open_to_anyone)
    assert len(own) > 50
    context = await signed_in_context(browser, lively.served, "alice")
    assert await faults_of(context, own) == []


@pytest.mark.browser
async def test_every_page_of_the_staff_looks_right(lively: Lively, browser: Browser) -> None:
    own = _one_of_each(await lively.walked("admin"), besides=(await lively.walked("alice")).by_route)
    assert len(own) > 5
    context = await signed_in_context(browser, lively.served, "admin")
    assert await faults_of(context, own) == []


@pytest.mark.browser
async def test_every_page_of_whoever_lends_looks_right(lively: Lively, browser: Browser) -> None:
    own = _one_of_each(await lively.walked("redoute"), besides=(await lively.walked("alice")).by_route)
    own += ["/prets/comptoir", "/prets/comptoir/hors-ligne", "/prets/comptoir/conflits"]
    context = await signed_in_context(browser, lively.served, "redoute")
    assert await faults_of(context, own) == []


@pytest.mark.browser
async def test_a_refused_form_looks_right(lively: Lively, browser: Browser) -> None:
    context = await browser.new_context(base_url=lively.served.url, locale="fr-FR")
    page = await context.new_page()
    await page.goto("/inscription")
    async with page.expect_navigation():
        await page.locator("main form[method=post]").first.evaluate("form => form.submit()")
    assert (await page.title()).startswith("Erreur")
    assert await looked_at(page) == []


def _one_of_each(seen: Walk, besides: Container[str] = ()) -> list[str]:
    """The first page of each route but these."""
    return [
        addresses[0]
        for route, addresses in seen.by_route.items()
        if addresses[0] in seen.pages and route not in besides
    ]


def _check_pages(seen: Walk) -> None:
    faults = [f"{address}: {fault}" for address, page in seen.pages.items() for fault in _faults(page)]
    assert faults == []


def _faults(page: PageReader) -> list[str]:
    faults = list(page.wrong)
    if page.headings.count(1) != 1:
        faults.append(f"{page.headings.count(1)} h1")
    faults += [f"id {name!r} twice" for name, times in Counter(page.ids).items() if times > 1]
    faults += [f"h{after} after h{before}" for before, after in pairwise(page.headings)
               if after > before + 1]  # fmt: skip
    faults += [f"link to #{link[1:]}, which is not there" for link in page.links
               if link.startswith("#") and link[1:] and link[1:] not in page.ids]  # fmt: skip
    return faults


async def _check_files(seen: Walk, lively: Lively) -> None:
    plain = {file.split("#")[0] for file in seen.files}
    async with Doors(lively.served.app).open() as client:
        missing = [file for file in plain if (await client.get(file)).status_code != 200]
    assert missing == []
