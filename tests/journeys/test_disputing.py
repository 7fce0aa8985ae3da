"""Two do not agree on a time: somebody without any part in it decides and says why; no script is needed."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import Served, signed_in_context
from tests.exchanges.twos import accepted
from tests.neighbours import Town
from tests.sweeping import Connection

pytestmark = pytest.mark.browser

TITLE = "Monter une armoire"
REASON = "Vous êtes arrivé à dix heures et reparti à midi, chacun l’écrit."


async def plain_page(browser: Browser, served: Served, handle: str) -> Page:
    return await (await signed_in_context(browser, served, handle, java_script_enabled=False)).new_page()


async def test_three_hours_or_one_and_a_half(
    browser: Browser, served: Served, town: Town, connection: Connection
) -> None:
    it = await accepted(town)
    alice, bob, solene = [await plain_page(browser, served, who) for who in ("alice", "bob", "moderatrice")]
    await bob.goto(it.url)
    await give_a_figure(bob, "Un autre temps", "3 h", "Noter ce temps")
    await alice.goto(it.url)
    await give_a_figure(alice, "Pas le même temps ?", "1h30", "Envoyer mon chiffre")
    await expect(alice.get_by_role("heading", name="Vous avez noté 1 h 30")).to_be_visible()
    await ask_to_decide(bob)

    await nobody_decides_about_their_own(alice, it.id, town, connection)
    await decide(solene)
    for page in (alice, bob):
        await read_the_decision(page)
    await alice.goto("/temps")
    await expect(alice.get_by_role("row").filter(has_text=TITLE)).to_contain_text("−2 h")


async def give_a_figure(page: Page, opening: str, time: str, act: str) -> None:
    await page.locator("summary").filter(has_text=opening).click()
    await page.get_by_label("Combien de temps ?").fill(time)
    await page.get_by_role("button", name=act).click()


async def ask_to_decide(bob: Page) -> None:
    """From what he is told; there is nothing left for him to say but yes, or this."""
    await bob.goto("/avis")
    await bob.get_by_role("button", name="Alice Morel a plutôt compté 1 h 30").click()
    await expect(bob.get_by_role("heading", name="Alice a plutôt compté 1 h 30")).to_be_visible()
    await expect(bob.get_by_text("Pas le même temps ?")).to_be_hidden()
    await bob.get_by_role("link", name="Nous n’arrivons pas à nous accorder").click()
    await bob.get_by_label("Ce qui s’est passé").fill("Il a aussi fallu démonter le lit.")
    await bob.get_by_role("button", name="Demander de trancher").click()
    await expect(bob.get_by_role("heading", name="La modération va trancher")).to_be_visible()


async def nobody_decides_about_their_own(
    alice: Page, number: int, town: Town, connection: Connection
) -> None:
    await connection.execute(
        "INSERT INTO staff_role (member_id, role) VALUES ($1, 'moderator')", town["alice"]
    )
    await alice.goto("/moderation/echanges")
    await expect(alice.get_by_text("vous concerne : quelqu’un d’autre décidera")).to_be_visible()
    await alice.goto(f"/moderation/echanges/{number}")
    await expect(alice.get_by_text("Quelqu’un d’autre de l’équipe décidera")).to_be_visible()
    await expect(alice.get_by_role("button", name="Trancher et le dire")).to_be_hidden()


async def decide(solene: Page) -> None:
    await solene.goto("/")
    await solene.get_by_role("banner").get_by_role("link", name="Équipe").click()
    await solene.get_by_role("link", name="Désaccords sur le temps").click()
    await solene.get_by_role("link", name=TITLE).first.click()
    await expect(solene.get_by_text("Il a aussi fallu démonter le lit.")).to_be_visible()
    await solene.get_by_label("Combien de temps est compté ?").fill("2 h")
    await solene.get_by_label("Pourquoi").fill(REASON)
    await solene.get_by_role("button", name="Trancher et le dire").click()
    await expect(solene.get_by_text("Rien à trancher")).to_be_visible()


async def read_the_decision(page: Page) -> None:
    await page.goto("/avis")
    await page.get_by_role("button", name="La modération a tranché").click()
    await expect(page.locator("#suite")).to_contain_text(REASON)
    await expect(page.get_by_role("heading", name="C’est compté : 2 h")).to_be_visible()
