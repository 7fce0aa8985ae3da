"""Something is borrowed, collected and given back: four clicks to ask, a code typed at the desk."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import Served, signed_in_context
from tests.journeys.lending import FRIDAY, PHONE, TUESDAY, Clicks, its_day_comes, to_the_desk, type_code
from tests.lending.test_calendar_page import open_six_days
from tests.lending.things import lent, units_of
from tests.neighbours import Town

pytestmark = pytest.mark.browser

TITLE = "Vidéoprojecteur"


async def test_a_projector_is_asked_for_collected_and_returned(
    browser: Browser, served: Served, town: Town
) -> None:
    codes = [unit.code for unit in await units_of(await lent(town, TITLE, units=3))]
    await open_six_days()
    alice = await (await signed_in_context(browser, served, "alice")).new_page()
    keeper = await (await signed_in_context(browser, served, "redoute", viewport=PHONE)).new_page()
    assert await ask_from_the_front_page(alice) <= 4
    await its_day_comes()
    await hand_over_another(keeper, *codes[:2])
    await expect_on_my_loans(alice, "En cours", "À rendre")
    await take_back(keeper, codes[1].lower())
    await expect_told_that_it_came_back(alice)


async def ask_from_the_front_page(alice: Page) -> int:
    """How many clicks it took; typing dates is none."""
    clicks = Clicks()
    await alice.goto("/")
    await clicks.on(alice.get_by_role("banner").get_by_role("link", name="Prêts"))
    await alice.get_by_label("Du", exact=True).fill(FRIDAY.isoformat())
    await alice.get_by_label("Au", exact=True).fill(TUESDAY.isoformat())
    await clicks.on(alice.get_by_role("button", name="Voir ces objets"))
    await clicks.on(alice.get_by_role("link", name=TITLE))
    await expect(alice.get_by_text("3 libres sur 3")).to_be_visible()
    await clicks.on(alice.get_by_role("button", name="Réserver"))
    await expect(alice.get_by_role("heading", name="C’est accordé")).to_be_visible()
    return clicks.made


async def hand_over_another(keeper: Page, foreseen: str, at_hand: str) -> None:
    """On a phone: not the unit that was foreseen but the one that lies nearest."""
    await to_the_desk(keeper)
    row = keeper.get_by_role("row").filter(has_text="Alice M.")
    await expect(row).to_contain_text(foreseen)
    await row.get_by_role("link", name="Remettre").click()
    await keeper.get_by_label("Code de l’exemplaire").fill(at_hand)
    await keeper.get_by_role("button", name="C’est remis").click()
    await expect(keeper.get_by_role("heading", level=1)).not_to_contain_text("Remettre")


async def expect_on_my_loans(alice: Page, *words: str) -> None:
    """Reached by links."""
    await alice.goto("/moi")
    await alice.get_by_role("link", name="Mes prêts", exact=True).click()
    for told in words:
        await expect(alice.get_by_role("article").filter(has_text=TITLE)).to_contain_text(told)


async def take_back(keeper: Page, code: str) -> None:
    await type_code(keeper, code)
    await keeper.get_by_role("link", name="Reprendre").click()
    await expect(keeper.get_by_label("Il est revenu")).to_be_checked()
    await keeper.get_by_label("État").select_option("worn")
    await keeper.get_by_role("button", name="C’est rendu").click()
    await expect(keeper.get_by_text("C’est rendu.")).to_be_visible()


async def expect_told_that_it_came_back(alice: Page) -> None:
    await alice.get_by_role("link", name=TITLE).click()
    await expect(alice.get_by_role("heading", name="Il est revenu")).to_be_visible()
    await expect(alice.get_by_role("main")).to_contain_text("Bon état")
