"""A hand is asked for, a neighbour comes, both say how long, thanks are said; scripts on and off."""

from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from echange.database import execute
from echange.exchanges.models import Exchange
from echange.http.dates import today
from echange.mutual_aid.models import Help
from echange.mutual_aid.telling import match
from tests.conftest import Served, signed_in_context
from tests.exchanges.twos import days_earlier
from tests.neighbours import Town

pytestmark = pytest.mark.browser

TITLE = "Déplacer une armoire"
SKILL = "Montage de meubles"
PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_wardrobe_is_moved_on_saturday(
    browser: Browser, served: Served, town: Town, scripts: bool
) -> None:
    alices = await signed_in_context(browser, served, "alice", java_script_enabled=scripts)
    bobs = await signed_in_context(browser, served, "bob", java_script_enabled=scripts, viewport=PHONE)
    alice, bob = await alices.new_page(), await bobs.new_page()
    await ask_for_a_hand(alice)
    await be_told_and_propose(bob)
    await say_yes(alice)
    await saturday_passes()
    await say_how_long(bob)
    await confirm_and_thank(alice)

    await expect_hours(alice, "30 min", "−1 h 30")
    await expect_hours(bob, "3 h 30", "+1 h 30")
    await be_thanked(bob)
    await expect_thanks_for_anyone(browser, served)


async def ask_for_a_hand(alice: Page) -> None:
    """From the front page, by links."""
    await alice.goto("/")
    await alice.get_by_role("banner").get_by_role("link", name="Entraide").click()
    await alice.get_by_role("link", name="Demander un coup de main").first.click()
    await alice.get_by_label("En quelques mots").fill(TITLE)
    await alice.get_by_label("Ce qu’il faut savoir").fill("Du salon à la chambre, elle est lourde.")
    await alice.get_by_label("Combien de temps ?").fill("1h30")
    await alice.get_by_text("Donner des moments précis").click()
    moment = alice.get_by_role("group", name="Premier moment")
    await moment.get_by_label("Jour").fill(saturday().isoformat())
    await moment.get_by_label("De", exact=True).fill("10:00")
    await moment.get_by_label("À", exact=True).fill("12:00")
    await alice.get_by_label("Savoir-faire 1").fill(SKILL)
    await alice.get_by_role("button", name="Publier ma demande").click()
    await expect(alice.get_by_role("heading", level=1)).to_have_text(TITLE)
    await expect(alice.get_by_role("heading", name="Votre demande")).to_be_visible()


async def be_told_and_propose(bob: Page) -> None:
    # Neighbours are told by day; here whatever the hour.
    await match((await Help.get()).id)
    await bob.goto("/")
    await bob.get_by_role("banner").get_by_role("link", name="Avis").click()
    await bob.get_by_role("button", name="Alice Morel cherche un coup de main").click()
    await expect(bob.get_by_role("heading", level=1)).to_have_text(TITLE)
    await bob.goto("/")
    await bob.get_by_role("main").get_by_role("link", name="Entraide").click()
    await bob.get_by_role("link", name="Pour moi").click()
    await expect(bob.get_by_text("Pourquoi vous :")).to_be_visible()
    await bob.get_by_role("link", name="Je peux aider").click()
    await bob.get_by_label("Quelques mots").fill("J’ai des sangles, je viens avec.")
    await bob.get_by_label("À quel moment ?").select_option(index=1)
    await bob.get_by_role("button", name="Proposer mon aide").click()
    await expect(bob.get_by_role("heading", name="Alice n’a pas encore répondu")).to_be_visible()


async def say_yes(alice: Page) -> None:
    await alice.goto("/avis")
    await alice.get_by_role("button", name="Bob Traoré vous propose un échange").click()
    await expect(alice.get_by_text("J’ai des sangles")).to_be_visible()
    await alice.get_by_role("button", name="Oui, d’accord").click()
    await expect(alice.get_by_role("heading", name="C’est convenu")).to_be_visible()
    await alice.get_by_role("link", name=TITLE).click()
    await expect(alice.get_by_role("heading", name="C’est convenu avec")).to_be_visible()


async def saturday_passes() -> None:
    await days_earlier(await Exchange.get(), 9)
    await execute(
        """UPDATE help_slot SET starts_at = starts_at - interval '9 days',
                                ends_at = ends_at - interval '9 days'"""
    )


async def say_how_long(bob: Page) -> None:
    await bob.goto("/moi")
    await bob.get_by_role("link", name="Mes échanges").click()
    await bob.get_by_role("link", name="Noter le temps").click()
    await bob.get_by_role("button", name="C’est fait : 1 h 30, comme prévu").click()
    await expect(bob.get_by_role("heading", name="Vous avez noté 1 h 30")).to_be_visible()


async def confirm_and_thank(alice: Page) -> None:
    await alice.goto("/avis")
    await alice.get_by_role("button", name="Bob Traoré a noté 1 h 30").click()
    await alice.get_by_role("button", name="Oui, 1 h 30").click()
    await expect(alice.get_by_role("heading", name="C’est compté : 1 h 30")).to_be_visible()
    await alice.get_by_label("Dire merci").fill("En dix minutes, et le parquet est intact !")
    await alice.get_by_role("button", name="Dire merci").click()
    await expect(alice.get_by_text("le parquet est intact")).to_be_visible()


async def expect_hours(page: Page, balance: str, moved: str) -> None:
    """On one's own page of hours, reached by links."""
    await page.goto("/moi")
    await page.get_by_role("link", name="Mes heures").click()
    await expect(page.locator(".hours-figure")).to_have_text(balance)
    await expect(page.get_by_role("row").filter(has_text=TITLE)).to_contain_text(moved)


async def be_thanked(bob: Page) -> None:
    await bob.goto("/avis")
    await bob.get_by_role("button", name="Alice Morel vous dit merci").click()
    await expect(bob.get_by_text("le parquet est intact")).to_be_visible()


async def expect_thanks_for_anyone(browser: Browser, served: Served) -> None:
    passer_by = await (await browser.new_context(base_url=served.url, locale="fr-FR")).new_page()
    await passer_by.goto("/membres/bob")
    thanks = passer_by.locator("#mercis")
    await expect(thanks).to_contain_text("le parquet est intact")
    await expect(thanks).to_contain_text(f"Bricolage et travaux, {today().year}")


def saturday() -> date:
    """The next one, not today."""
    return today() + timedelta(days=(5 - today().weekday()) % 7 or 7)
