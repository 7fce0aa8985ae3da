"""Somebody gives an armchair away: three screens signed out, an account at the end; a neighbour answers."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from echange.ads import Ad
from echange.database import execute
from tests.ads.annonces import PHOTO
from tests.conftest import Served, signed_in_context
from tests.members.newcomers import GOOD_PASSWORD
from tests.neighbours import Town

pytestmark = pytest.mark.browser

PICTURE: FilePayload = {"name": "fauteuil.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_newcomer_publishes_a_gift_with_a_photo_and_is_answered(
    browser: Browser, served: Served, town: Town, scripts: bool
) -> None:
    context = await browser.new_context(
        base_url=served.url,
        locale="fr-FR",
        java_script_enabled=scripts,
        viewport={"width": 390, "height": 844},
    )
    page = await context.new_page()
    complaints = _complaints_of(page)
    await page.goto("/")
    await page.get_by_role("navigation", name="Accès rapide").get_by_role("link", name="Publier").click()

    await page.get_by_text("Je donne").click()
    await page.get_by_label("Titre").fill("Fauteuil crapaud")
    await page.get_by_label("Photos").set_input_files(PICTURE)
    await page.get_by_role("button", name="Continuer").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Fauteuil crapaud")
    await page.get_by_label("Quelques mots").fill("Il a du ressort.")
    await page.get_by_label("Quartier").select_option("Les Larris")
    await page.get_by_label("État de l’objet").select_option("Bon état")
    await page.get_by_label("Poids en kilos").fill("12")
    await page.get_by_label("Que voit-on sur la photo 1").fill("Un fauteuil rouge, de face")
    await page.get_by_role("button", name="Relire mon annonce").click()

    await expect(page.get_by_role("heading", name="Dernière étape")).to_be_visible()
    preview = page.url
    await _sign_up(page)
    await page.wait_for_url(preview)
    await expect(page.get_by_role("img", name="Un fauteuil rouge, de face")).to_be_visible()
    await page.get_by_role("button", name="Publier mon annonce").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Fauteuil crapaud")
    await expect(page.get_by_text("Quelqu’un relit votre annonce")).to_be_visible()
    await expect(page.get_by_role("heading", name="Votre annonce")).to_be_visible()
    await _let_in(page.url)
    await page.reload()
    await expect(page.get_by_text("En ligne jusqu’au")).to_be_visible()
    await _answer_as_bob(browser, served, page.url.removeprefix(served.url), scripts)

    await page.goto("/messages")
    await expect(page.locator(".talk-last")).to_have_text("Samedi matin, cela irait ?")
    await page.goto("/moi/annonces")
    await page.get_by_role("link", name="C’est réglé").click()
    await page.get_by_label("C’est donné").check()
    await expect(page.get_by_label("Poids en kilos")).to_have_value("12")
    await page.get_by_role("button", name="Terminer mon annonce").click()
    await expect(page.get_by_text("on ne peut plus y répondre")).to_be_visible()
    await page.get_by_role("button", name="Rouvrir mon annonce").click()
    await _let_run_out(page.url)
    await page.goto("/moi/annonces")
    await page.get_by_role("button", name="Prolonger de 60 jours").click()
    await expect(page.get_by_text("C’est prolongé")).to_be_visible()
    assert complaints == []
    await context.close()


async def test_publishing_by_keyboard_alone(browser: Browser, served: Served, town: Town) -> None:
    context = await signed_in_context(browser, served, "alice")
    page = await context.new_page()
    await page.goto("/publier?nature=lend")
    await page.get_by_label("Je prête").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Je prête")).to_be_checked()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Titre")).to_be_focused()
    await page.keyboard.type("Échelle de trois mètres")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Échelle de trois mètres")
    await page.get_by_label("Quelques mots").focus()
    await page.keyboard.type("Elle tient dans une voiture.")
    await page.get_by_role("button", name="Relire mon annonce").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Publier mon annonce").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("C’est publié")).to_be_visible()
    await context.close()


async def _let_in(url: str) -> None:
    """Her address is confirmed, and her day over."""
    await execute("UPDATE member SET confirmed_at = now() WHERE confirmed_at IS NULL")
    await (await Ad.get(id=_id_in(url))).release(by=None)


async def _let_run_out(url: str) -> None:
    """Sixty days pass."""
    await execute("UPDATE ad SET expires_at = now() - interval '1 hour' WHERE id = $1", _id_in(url))


def _id_in(url: str) -> int:
    found = re.search(r"/annonces/(\d+)-", url)
    assert found, url
    return int(found[1])


async def _sign_up(page: Page) -> None:
    await page.get_by_role("link", name="Créer mon compte").click()
    await page.get_by_label("Votre nom").fill("Mona Diallo")
    await page.get_by_label("Adresse e-mail").fill("mona@voisins.example")
    await page.get_by_label("Mot de passe", exact=True).fill(GOOD_PASSWORD)
    await page.get_by_label("J’ai 16 ans ou plus").check()
    await page.get_by_role("button", name="Créer mon compte").click()
    await page.get_by_role("button", name="Enregistrer").click()


async def _answer_as_bob(browser: Browser, served: Served, address: str, scripts: bool) -> None:
    context: BrowserContext = await signed_in_context(browser, served, "bob", java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(address)
    await expect(page.get_by_role("button", name="Ça m’intéresse.")).to_be_visible(visible=scripts)
    await page.get_by_label("Votre message").fill("Samedi matin, cela irait ?")
    await page.get_by_role("button", name="Envoyer ma réponse").click()
    await expect(page.locator(".message-text")).to_have_text("Samedi matin, cela irait ?")
    await context.close()


def _complaints_of(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
