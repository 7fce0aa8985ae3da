"""By keyboard alone: days walked in the calendar, the request, the yes; then the desk, out and back."""

import pytest
from playwright.async_api import Browser, Page, expect

from echange.lending import Item
from tests.conftest import Served, signed_in_context
from tests.journeys.lending import FRIDAY, its_day_comes
from tests.journeys.test_keyboard_alone import WHERE, _tab_to
from tests.lending.test_calendar_page import open_six_days
from tests.lending.things import lent, units_of
from tests.neighbours import Town

pytestmark = pytest.mark.browser

TITLE = "Barnum"


async def test_a_tent_is_lent_without_a_mouse(browser: Browser, served: Served, town: Town) -> None:
    item = await lent(town, TITLE, approval="owner")
    await open_six_days()
    alice = await (await signed_in_context(browser, served, "alice")).new_page()
    keeper = await (await signed_in_context(browser, served, "redoute")).new_page()
    await choose_friday_and_saturday(alice, item)
    await _tab_to(alice, id="f-purpose")
    await alice.keyboard.type("Une fête")
    await _tab_to(alice, text="Demander ce prêt")
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("heading", name="doit répondre")).to_be_visible()
    await keeper.goto(alice.url)
    await press(keeper, "C’est d’accord")
    await expect(keeper.get_by_role("heading", name="À préparer")).to_be_visible()
    await its_day_comes()
    await out_and_back(keeper, item)
    await alice.reload()
    await expect(alice.get_by_text("Terminé").or_(alice.get_by_text("Il est revenu")).first).to_be_visible()


async def choose_friday_and_saturday(alice: Page, item: Item) -> None:
    """Into the calendar, then with the arrows; Enter is a day pressed, and the cursor stays there."""
    wired = alice.locator("[data-wired~=calendar]")
    await alice.goto(f"{item.url}?mois={FRIDAY:%Y-%m}")
    await wired.wait_for()
    for _ in range(60):
        await alice.keyboard.press("Tab")
        if await alice.evaluate("document.activeElement.name === 'jour'"):
            break
    for _ in range(40):
        if await alice.evaluate("document.activeElement.value") == FRIDAY.isoformat():
            break
        await alice.keyboard.press("ArrowRight")
    await alice.keyboard.press("Enter")
    await expect(alice.locator(f'button[value="{FRIDAY}"]')).to_have_attribute("aria-pressed", "true")
    await wired.wait_for()
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("button", name="Demander ce prêt")).to_be_visible()
    here = await alice.evaluate(WHERE)
    assert here["outlined"], here
    assert here["uncovered"], here


async def press(page: Page, text: str) -> None:
    await _tab_to(page, text=text)
    await page.keyboard.press("Enter")


async def out_and_back(keeper: Page, item: Item) -> None:
    (unit,) = await units_of(item)
    for way, done in (("Remettre", "C’est remis"), ("Reprendre", "C’est rendu")):
        await keeper.goto("/prets/comptoir")
        await _tab_to(keeper, id="f-q")
        await keeper.keyboard.type(unit.code)
        await keeper.keyboard.press("Enter")
        await keeper.wait_for_url("**/exemplaires/*")
        await press(keeper, way)
        await keeper.wait_for_url("**/demandes/**")
        await press(keeper, done)
        await expect(keeper.get_by_role("heading", level=1)).not_to_contain_text(way)
