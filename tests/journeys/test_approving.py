"""The owner is asked, says yes, and only then says where: two people, one of them on a phone."""

import pytest
from playwright.async_api import Browser, Page, expect

from echange.lending import Lender
from tests.conftest import Served, signed_in_context
from tests.journeys.lending import FRIDAY, PHONE, TUESDAY
from tests.lending.test_calendar_page import open_six_days
from tests.lending.things import lent
from tests.neighbours import Town

pytestmark = pytest.mark.browser

TITLE = "Barnum"
WHERE = "8 rue de la Redoute, porte bleue"


async def test_the_owner_says_yes_and_then_where(browser: Browser, served: Served, town: Town) -> None:
    item = await lent(town, TITLE, approval="owner", deposit_cents=15000, rules="On le rend sec et balayé.")
    await Lender.all().update(address=WHERE)
    await open_six_days()
    alice = await (await signed_in_context(browser, served, "alice")).new_page()
    keeper = await (await signed_in_context(browser, served, "redoute", viewport=PHONE)).new_page()
    await read_and_ask(alice, item.url)
    await keeper.goto("/")
    await say_yes(keeper)
    await be_told_where(alice)
    await propose_other_dates(keeper)
    await take_them(alice)


async def read_and_ask(alice: Page, url: str) -> None:
    """With a deposit and rules it is held while they are read."""
    await alice.goto(f"{url}?du={FRIDAY}&au={TUESDAY}")
    await alice.get_by_label("Pour quoi faire ?").fill("L’anniversaire de ma fille")
    await alice.get_by_role("button", name="Demander ce prêt").click()
    await expect(alice.get_by_role("heading", name="Relisez et confirmez")).to_be_visible()
    await expect(alice.get_by_text("On le rend sec et balayé.")).to_be_visible()
    await alice.get_by_role("button", name="C’est lu : demander ce prêt").click()
    await expect(alice.get_by_role("heading", name="doit répondre")).to_be_visible()
    await expect(alice.get_by_role("main")).not_to_contain_text(WHERE)


async def say_yes(keeper: Page) -> None:
    """From what waits for them on the front page."""
    await keeper.goto("/avis")
    await keeper.get_by_role("button", name="Alice Morel").first.click()
    await expect(keeper.get_by_role("heading", name="Alice Morel attend votre réponse")).to_be_visible()
    await expect(keeper.get_by_text("L’anniversaire de ma fille").first).to_be_visible()
    await keeper.get_by_role("button", name="C’est d’accord").click()
    await expect(keeper.get_by_role("heading", name="À préparer")).to_be_visible()


async def be_told_where(alice: Page) -> None:
    await alice.goto("/avis")
    await alice.get_by_role("button", name=TITLE).first.click()
    await expect(alice.get_by_role("heading", name="C’est accordé")).to_be_visible()
    await expect(alice.get_by_text(WHERE).first).to_be_visible()


async def propose_other_dates(keeper: Page) -> None:
    """A day later, by the calendar."""
    await keeper.get_by_role("link", name="Proposer d’autres dates").click()
    await keeper.get_by_label("Du", exact=True).fill((TUESDAY).isoformat())
    await keeper.get_by_label("Au", exact=True).fill((TUESDAY).isoformat())
    await keeper.get_by_role("button", name="Voir si c’est libre").click()
    await keeper.get_by_role("button", name="Proposer ces dates").click()
    await expect(keeper.get_by_text("C’est proposé.")).to_be_visible()


async def take_them(alice: Page) -> None:
    await alice.reload()
    await expect(alice.get_by_text("D’autres dates vous sont proposées")).to_be_visible()
    await alice.get_by_role("button", name="Prendre ces dates").click()
    await expect(alice.get_by_text("D’autres dates vous sont proposées")).to_have_count(0)
    await expect(alice.get_by_role("heading", name="C’est accordé")).to_be_visible()
