"""Without scripts: days are pressed, hours chosen, what is agreed to read, dates changed, all called off."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import Served, signed_in_context
from tests.journeys.lending import FRIDAY, PHONE, TUESDAY, its_day_comes, type_code
from tests.lending.test_calendar_page import open_six_days
from tests.lending.things import lent, units_of
from tests.neighbours import Town

pytestmark = pytest.mark.browser

TITLE = "Sono"


async def test_all_of_it_without_scripts(browser: Browser, served: Served, town: Town) -> None:
    item = await lent(town, TITLE, deposit_cents=15000, rules="On la rend propre.")
    (unit,) = await units_of(item)
    await open_six_days()
    alices = await signed_in_context(browser, served, "alice", java_script_enabled=False, viewport=PHONE)
    keepers = await signed_in_context(browser, served, "redoute", java_script_enabled=False)
    alice, keeper = await alices.new_page(), await keepers.new_page()
    await choose_days_and_hours(alice)
    await read_and_confirm(alice)
    await change_then_renounce(alice)
    await choose_days_and_hours(alice)
    await read_and_confirm(alice)
    await its_day_comes()
    await over_the_counter_and_back(keeper, unit.code)
    await settle(keeper)


async def choose_days_and_hours(alice: Page) -> None:
    """From the catalogue: two days pressed in the calendar, the hour of each."""
    await alice.goto("/prets")
    await alice.get_by_role("link", name=TITLE).click()
    for day in (FRIDAY, TUESDAY):
        cell = alice.locator(f'button[name=jour][value="{day}"]')
        while not await cell.count():
            await alice.get_by_role("link", name="Mois suivant").click()
        await cell.click()
    await alice.get_by_role("group", name="Retrait").get_by_role("button", name="14 h", exact=True).click()
    await alice.get_by_role("group", name="Retour").get_by_role("button", name="11 h", exact=True).click()


async def read_and_confirm(alice: Page) -> None:
    await alice.get_by_role("button", name="Réserver").click()
    await expect(alice.get_by_role("heading", name="Relisez et confirmez")).to_be_visible()
    await alice.get_by_role("button", name="C’est lu : réserver").click()
    await expect(alice.get_by_role("heading", name="C’est accordé")).to_be_visible()
    await expect(alice.get_by_role("main")).to_contain_text("14 h")


async def change_then_renounce(alice: Page) -> None:
    await alice.get_by_role("link", name="Changer les dates").click()
    await alice.get_by_label("Au", exact=True).fill(FRIDAY.isoformat())
    await alice.get_by_role("button", name="Voir si c’est libre").click()
    await alice.get_by_role("button", name="Prendre ces dates").click()
    await expect(alice.get_by_role("heading", name="C’est accordé")).to_be_visible()
    await alice.get_by_role("link", name="Annuler", exact=True).click()
    await alice.get_by_role("button", name="Annuler").click()
    await expect(alice.get_by_text("Annulé").first).to_be_visible()


async def over_the_counter_and_back(keeper: Page, code: str) -> None:
    await type_code(keeper, code)
    await keeper.get_by_role("link", name="Remettre").click()
    await expect(keeper.get_by_label("Caution reçue")).to_have_value("150")
    await keeper.get_by_role("button", name="C’est remis").click()
    await type_code(keeper, code)
    await keeper.get_by_role("link", name="Reprendre").click()
    await keeper.get_by_role("button", name="C’est rendu").click()


async def settle(keeper: Page) -> None:
    """Once the deposit is given back nothing is left to do."""
    await keeper.get_by_role("button", name="Elle est rendue").click()
    await expect(keeper.get_by_text("Terminé").first).to_be_visible()
