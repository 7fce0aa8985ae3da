"""Everywhere a person can go by links, signed out and in: pages that are whole, and no dead end."""

from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Final

import httpx
import pytest
from starlette.applications import Starlette

from echange.demo import load
from tests.conftest import Doors, sign_in
from tests.house.crawling import PageReader, Walk, walk

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


@pytest.fixture
async def demo_app(database_url: str, app: Starlette) -> Starlette:
    """A small living town."""
    await load(database_url, members=40, ads=120)
    return app


@pytest.fixture
async def signed_out(demo_app: Starlette, client: httpx.AsyncClient) -> Walk:
    return await walk(demo_app, client)


@pytest.fixture
async def signed_in(demo_app: Starlette) -> AsyncIterator[Walk]:
    async with Doors(demo_app).open() as alice:
        await sign_in(alice, "alice")
        yield await walk(demo_app, alice)


async def test_somebody_signed_out_can_go_everywhere_that_is_open(
    signed_out: Walk, client: httpx.AsyncClient
) -> None:
    assert signed_out.faults == []
    assert FOUND_BY_ANYONE - signed_out.by_route.keys() == set()
    await _check_files(signed_out, client)
    _check_pages(signed_out)


async def test_a_member_finds_every_room(signed_in: Walk) -> None:
    assert signed_in.faults == []
    assert FOUND_BY_MEMBERS - signed_in.by_route.keys() == set()
    _check_pages(signed_in)


async def test_the_staff_find_their_rooms(demo_app: Starlette) -> None:
    async with Doors(demo_app).open() as admin:
        await sign_in(admin, "admin")
        seen = await walk(demo_app, admin)
    assert seen.faults == []
    assert FOUND_BY_STAFF - seen.by_route.keys() == set()
    _check_pages(seen)


async def test_an_unknown_address_is_a_page_with_ways_on(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nulle-part")
    page = PageReader(answer.text)
    assert answer.status_code == 404
    assert page.headings.count(1) == 1
    assert "/" in page.links


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


async def _check_files(seen: Walk, client: httpx.AsyncClient) -> None:
    plain = {file.split("#")[0] for file in seen.files}
    missing = [file for file in plain if (await client.get(file)).status_code != 200]
    assert missing == []
