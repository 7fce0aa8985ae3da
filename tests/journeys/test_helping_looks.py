"""Pages one passes on the way of a help and of hours: nothing for axe, nothing that scrolls sideways."""

import httpx
import pytest
from playwright.async_api import Browser

from echange.mutual_aid.telling import match
from tests.conftest import Served, signed_in_context
from tests.exchanges.twos import disputed, settled
from tests.house.looking import faults_of
from tests.members.mandating import settle, sign, wear
from tests.mutual_aid.helps import asked
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def test_the_pages_of_those_who_help_each_other(browser: Browser, served: Served, town: Town) -> None:
    aid = await asked(town, skills=("Montage de meubles",))
    await match(aid.id)
    counted, split = await settled(town), await disputed(town)
    alices, bobs = [await signed_in_context(browser, served, who) for who in ("alice", "bob")]
    solenes = await signed_in_context(browser, served, "moderatrice")
    hers = ["/", aid.url, "/moi/entraide", counted.url, "/temps", "/temps/releve", "/temps/offrir?fonds=1",
            "/temps/offrir?nom=b", "/temps/depart", "/temps/preuve"]  # fmt: skip
    his = ["/entraide/pour-moi", aid.url, "/avis", "/echanges", split.url, f"{split.url}/desaccord", "/temps"]
    theirs = ["/moderation/echanges", f"/moderation/echanges/{split.id}", "/administration/temps"]
    assert await faults_of(alices, hers) == []
    assert await faults_of(bobs, his) == []
    assert await faults_of(solenes, theirs) == []


async def test_the_pages_of_whoever_acts_for_another(
    browser: Browser, served: Served, nadia: httpx.AsyncClient
) -> None:
    odile = await settle(nadia)
    await wear(nadia, await sign(nadia, odile))
    await nadia.post(
        "/entraide/demander",
        data={"title": "Lire un courrier", "minutes": "30 min", "quartier": "les-larris", "people": "1",
              "urgency": "calm", "effort": "1"},
    )  # fmt: skip
    desks = await signed_in_context(browser, served, "concierge")
    await desks.add_cookies(
        [{"name": "session", "value": nadia.cookies["session"], "url": served.url}]
    )  # Hers, with the mandate on.
    account = f"/administration/membres/{odile}"
    pages = ["/entraide", "/moi/entraide", "/echanges", "/temps", f"{account}/temps",
             f"{account}/temps/solidarite", f"{account}/fait-pour-vous", "/moi/mandats/1"]  # fmt: skip
    assert await faults_of(desks, pages) == []
