"""Pages of helps in a real browser: nothing for axe, nothing that scrolls sideways, and no script needed."""

import httpx
import pytest
from playwright.async_api import Browser

from tests.conftest import Served, signed_in_context
from tests.house.looking import faults_of
from tests.mutual_aid.helps import days, proposed, told

pytestmark = pytest.mark.browser


@pytest.fixture
async def some(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> tuple[int, int]:
    """An ask with all there is to it and somebody who waits, and one that is over."""
    start = days(2)
    busy = await told(
        alice,
        title="Nettoyer les gouttières, puis déplacer une armoire normande du salon à la chambre du fond",
        body="Au deuxième.\n\nJ’ai une échelle.",
        people=3,
        roles=[{"name": "Porter", "people": 2}, {"name": "Guider"}],
        slots=[{"start": start.isoformat(), "end": days(2.1).isoformat()}],
        skills=["Déménagement"],
        access="Troisième étage sans ascenseur",
        urgency="today",
        effort=3,
    )
    await proposed(bob, busy, role="Guider")
    over = await told(alice, title="Lire un courrier", kind="offer")
    await alice.post(f"/api/v1/helps/{over}/closure", json={"outcome": "done"})
    return busy, over


async def test_every_page_of_helps(served: Served, browser: Browser, some: tuple[int, int]) -> None:
    busy, over = some
    anyone = await browser.new_context(base_url=served.url, locale="fr-FR")
    empty = "/entraide?genre=offres&savoir=rien"
    pages = [
        "/entraide",
        empty,
        "/entraide/demander",
        "/entraide/proposer",
        f"/entraide/{busy}",
        f"/entraide/{over}",
    ]
    assert await faults_of(anyone, pages) == []
    alice = await signed_in_context(browser, served, "alice")
    own = [
        f"/entraide/{busy}",
        f"/entraide/{over}",
        f"/entraide/{busy}/modifier",
        f"/entraide/{busy}/cloture",
    ]
    assert await faults_of(alice, [*own, "/moi/entraide"]) == []
    charlie = await signed_in_context(browser, served, "charlie")
    assert await faults_of(charlie, [f"/entraide/{busy}", "/moi/entraide"]) == []


async def test_asking_and_answering_need_no_script(
    served: Served, browser: Browser, bob: httpx.AsyncClient
) -> None:
    alice = await signed_in_context(browser, served, "alice", java_script_enabled=False)
    page = await alice.new_page()
    await page.goto("/entraide")
    await page.get_by_role("link", name="Demander un coup de main").first.click()
    await page.get_by_label("En quelques mots").fill("Porter mes courses")
    await page.get_by_label("Combien de temps").fill("45 min")
    await page.get_by_role("button", name="Publier ma demande").click()
    assert "Votre demande" in await page.inner_text("main")
    path = page.url.removeprefix(served.url)
    charlie = await signed_in_context(browser, served, "charlie", java_script_enabled=False)
    other = await charlie.new_page()
    await other.goto(path)
    await other.get_by_label("Quelques mots").fill("Jeudi, je passe devant chez vous.")
    await other.get_by_role("button", name="Proposer mon aide").click()
    await page.goto(path)
    assert "1 voisin attend votre réponse." in await page.inner_text("main")
