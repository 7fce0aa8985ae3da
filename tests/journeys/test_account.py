"""An account's life in a real browser: a way in without a password, another address, a pause, a departure."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from echange.config import Settings
from tests.conftest import Served, signed_in_context
from tests.members.mailbox import letters_to, path_in
from tests.neighbours import Town

pytestmark = pytest.mark.browser
MONA = "mona@voisins.example"


@dataclass
class Newcomer:
    """Mona, her browser and her mailbox."""

    page: Page
    settings: Settings

    async def follow(self, start: str, *, email: str = MONA, at_least: int = 1) -> None:
        """Open the link below `start` of her newest mail."""
        letters = await letters_to(self.settings, email, at_least=at_least)
        await self.page.goto(path_in(letters[-1], start))

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_an_account_from_its_first_link_to_its_last(
    browser: Browser, served: Served, settings: Settings, town: Town, scripts: bool
) -> None:
    context = await browser.new_context(base_url=served.url, locale="fr-FR", java_script_enabled=scripts)
    page = await context.new_page()
    mona = Newcomer(page, settings)

    await page.goto("/inscription")
    await page.get_by_label("Votre nom").fill("Mona Diallo")
    await page.get_by_label("Adresse e-mail").fill(MONA)
    await page.get_by_label("Recevoir un lien par mail").check()
    await page.get_by_label("J’ai 16 ans ou plus").check()
    await mona.press("Créer mon compte")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue, Mona Diallo")
    await mona.follow("/confirmation/")
    await mona.press("Confirmer mon adresse")

    await page.goto("/moi")
    await mona.press("Se déconnecter")
    await page.goto("/connexion")
    await page.get_by_label("Adresse e-mail").fill(MONA)
    await mona.press("Recevoir un lien par mail")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Un mail est en route")
    await mona.follow("/connexion/lien/", at_least=2)
    await mona.press("Me connecter")
    await page.wait_for_url(f"{served.url}/")

    await page.goto("/moi/adresse")
    await page.get_by_label("Nouvelle adresse").fill("mona@ailleurs.example")
    await mona.press("Recevoir le lien")
    await mona.follow("/adresse/", email="mona@ailleurs.example")
    await mona.press("Utiliser cette adresse")
    await expect(page.get_by_text("mona@ailleurs.example")).to_be_visible()

    await page.goto("/moi/pause")
    await mona.press("Me mettre en pause")
    await expect(page.locator(".notice-title", has_text="Vous êtes en pause")).to_be_visible()
    await mona.press("Reprendre")
    await expect(page.get_by_text("vos voisins vous voient de nouveau")).to_be_visible()

    await page.goto("/moi/depart")
    await mona.press("Quitter échange")
    await expect(page.get_by_text("Votre départ est prévu dans quatorze jours.")).to_be_visible()
    await mona.follow("/depart/", email="mona@ailleurs.example", at_least=3)
    await mona.press("Rester")
    await expect(page.get_by_text("Vous restez")).to_be_visible()
    await context.close()


async def test_the_desk_and_the_administration_do_their_part(
    browser: Browser, served: Served, settings: Settings, town: Town
) -> None:
    office = await signed_in_context(browser, served, "admin")
    page = await office.new_page()
    await page.goto("/")
    await page.get_by_role("link", name="Équipe").first.click()
    await page.get_by_role("link", name="Les membres").click()
    await page.get_by_label("Nom, ou adresse e-mail entière").fill("mor")
    await page.get_by_role("button", name="Chercher").click()
    await page.get_by_role("link", name="Alice Morel").click()
    await page.get_by_label("Nouvelle adresse").fill("alice@ailleurs.example")
    await page.get_by_label("Comment vous l’avez reconnue").fill("Carte d’identité vue à l’accueil")
    await page.get_by_role("button", name="Envoyer le lien").click()
    await expect(page.get_by_text("Un mail est parti à la nouvelle adresse")).to_be_visible()

    home = await browser.new_context(base_url=served.url, locale="fr-FR")
    hers = await home.new_page()
    letter = (await letters_to(settings, "alice@ailleurs.example"))[0]
    await hers.goto(path_in(letter, "/acces/"))
    await hers.get_by_label("Nouveau mot de passe").fill("quatre lunes vertes")
    await hers.get_by_role("button", name="Retrouver mon compte").click()
    await expect(hers.get_by_role("heading", level=1)).to_have_text("Bonjour Alice")
    await home.close()

    await page.get_by_role("button", name="Donner Animation").click()
    await page.get_by_role("button", name="Donner ce rôle").click()
    await expect(page.get_by_role("link", name="Alice Morel", exact=True)).to_be_visible()
    await page.goto("/administration/journal")
    await expect(page.get_by_text("Rôle donné")).to_be_visible()
    await expect(page.get_by_text("Accès rendu")).to_be_visible()
    await office.close()
