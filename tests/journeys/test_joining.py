"""Somebody joins, in a real browser: with a mouse, without JavaScript, by keyboard alone."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from echange.config import Settings
from tests.conftest import Served
from tests.members.mailbox import letters_to, path_in
from tests.members.newcomers import GOOD_PASSWORD
from tests.neighbours import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_newcomer_joins_confirms_and_is_found(
    browser: Browser, served: Served, settings: Settings, town: Town, scripts: bool
) -> None:
    page = await _open(browser, served, scripts=scripts)
    await page.goto("/inscription?suite=/experts")
    await page.get_by_label("Votre nom").fill("Mona Diallo")
    await page.get_by_label("Adresse e-mail").fill("mona@voisins.example")
    await page.get_by_label("Mot de passe", exact=True).fill(GOOD_PASSWORD)
    if scripts:
        await page.get_by_role("button", name="Afficher le mot de passe").click()
        await expect(page.get_by_label("Mot de passe", exact=True)).to_have_attribute("type", "text")
    await page.get_by_label("J’ai 16 ans ou plus").check()
    await page.get_by_role("button", name="Créer mon compte").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue, Mona Diallo")
    await page.get_by_label("Votre quartier").select_option("Les Larris")
    await page.get_by_label("Je sais faire 1").fill("Reliure")
    await page.get_by_label("Je sais faire 2").fill("Courses")
    await page.get_by_label("Je cherche 1").fill("Soudure")
    await page.get_by_role("button", name="Enregistrer").click()
    await page.wait_for_url("**/experts")

    letter = (await letters_to(settings, "mona@voisins.example"))[0]
    await page.goto(path_in(letter, "/confirmation/"))
    await page.get_by_role("button", name="Confirmer mon adresse").click()
    await page.wait_for_url(f"{served.url}/")
    await expect(page.get_by_text("Merci, votre adresse est confirmée.")).to_be_visible()

    await page.goto("/experts?q=reliure")
    await page.get_by_role("link", name="Mona Diallo", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Mona Diallo")
    await expect(page.get_by_text("Courses")).to_be_visible()
    await page.context.close()


async def test_a_refused_form_opens_on_what_to_change(browser: Browser, served: Served) -> None:
    page = await _open(browser, served, scripts=True)
    await page.goto("/inscription")
    await page.get_by_label("Votre nom").fill("Mona Diallo")
    await page.get_by_label("Adresse e-mail").fill("mona@voisins.example")
    await page.get_by_label("Mot de passe", exact=True).fill("password1")
    await page.get_by_label("J’ai 16 ans ou plus").check()
    await page.get_by_role("button", name="Créer mon compte").click()

    await expect(page).to_have_title(re.compile("^Erreur"))
    await expect(page.locator("#summary")).to_be_focused()
    await page.locator("#summary").get_by_role("link").click()
    await expect(page.get_by_label("Mot de passe", exact=True)).to_be_focused()
    await expect(page.get_by_label("Votre nom")).to_have_value("Mona Diallo")
    await page.context.close()


async def test_joining_by_keyboard_alone(browser: Browser, served: Served) -> None:
    page = await _open(browser, served, scripts=True)
    await page.goto("/inscription")
    await _tab_to(page, "f-name")
    await page.keyboard.type("Mona Diallo")
    await _tab_to(page, "f-email")
    await page.keyboard.type("mona@voisins.example")
    await _tab_to(page, "f-password")
    await page.keyboard.type(GOOD_PASSWORD)
    await _tab_to(page, "f-age")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/bienvenue")

    await _tab_to(page, "f-quartier")
    await page.keyboard.press("ArrowDown")
    await _tab_to_text(page, "Plus tard")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{served.url}/")
    await page.context.close()


async def _open(browser: Browser, served: Served, *, scripts: bool) -> Page:
    context = await browser.new_context(base_url=served.url, locale="fr-FR", java_script_enabled=scripts)
    return await context.new_page()


async def _tab_to(page: Page, identifier: str) -> None:
    await _tab_until(page, f"document.activeElement.id === '{identifier}'")


async def _tab_to_text(page: Page, text: str) -> None:
    await _tab_until(page, f"document.activeElement.textContent.trim() === '{text}'")


async def _tab_until(page: Page, there: str) -> None:
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate(there):
            return
    pytest.fail(f"the keyboard never gets there: {there}")
