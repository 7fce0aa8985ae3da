"""A passer-by reports an annonce, Solène hides it, Alice reads why and answers, Bernard takes it back."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.ads.annonces import published
from tests.conftest import Doors, Served, sign_in, signed_in_context
from tests.neighbours import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_report_from_its_first_click_to_the_last_word(
    browser: Browser, served: Served, town: Town, scripts: bool
) -> None:
    async with Doors(served.app).open() as alice:
        await sign_in(alice, "alice")
        ad = await published(alice, title="Fauteuil crapaud")
    passer_by = await browser.new_context(
        base_url=served.url,
        locale="fr-FR",
        java_script_enabled=scripts,
        viewport={"width": 390, "height": 844},
    )
    page = await passer_by.new_page()
    complaints = _complaints_of(page)
    await page.goto(f"/annonces/{ad}")
    await page.get_by_role("main").get_by_role("link", name="Signaler").click()
    await page.get_by_text("Une arnaque, ou de l’argent demandé d’avance").click()
    await page.get_by_label("Dites-nous en plus").fill("Il veut un mandat.")
    await page.get_by_role("button", name="Envoyer mon signalement").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Signalement nº")
    receipt = page.url

    solene = await _page_of(browser, served, "moderatrice", scripts)
    await solene.goto("/moderation")
    await solene.get_by_role("link", name="Lire et décider").click()
    await expect(solene.get_by_text("Il veut un mandat.")).to_be_visible()
    await solene.get_by_text("Masquer", exact=True).click()
    await solene.get_by_label("Vos mots").fill("Personne ne paie d’avance ici.")
    await solene.get_by_role("button", name="Décider et le dire").click()
    await expect(solene.get_by_text("C’est décidé")).to_be_visible()

    await page.goto(receipt)
    await expect(page.get_by_text("masqué ce que vous signaliez")).to_be_visible()
    answer = await page.goto(f"/annonces/{ad}")
    assert answer is not None
    assert answer.status == 404
    complaints.clear()

    alice_page = await _page_of(browser, served, "alice", scripts)
    await alice_page.goto("/avis")
    await alice_page.get_by_role("button", name="Voir").first.click()
    await expect(alice_page.get_by_text("Personne ne paie d’avance ici.")).to_be_visible()
    await alice_page.get_by_label("Votre réponse").fill("Je n’ai jamais demandé cela.")
    await alice_page.get_by_role("button", name="Envoyer ma réponse").click()
    await expect(alice_page.get_by_text("Je n’ai jamais demandé cela.")).to_be_visible()

    bernard = await _page_of(browser, served, "admin", scripts)
    await bernard.goto("/moderation")
    await bernard.get_by_role("link", name="Lire et décider").click()
    await bernard.get_by_text("Remettre en ligne").click()
    await bernard.get_by_text("nous nous étions trompés").click()
    await bernard.get_by_role("button", name="Décider et le dire").click()
    await expect(bernard.get_by_text("C’est décidé")).to_be_visible()
    await page.goto(f"/annonces/{ad}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Fauteuil crapaud")
    assert complaints == []


async def _page_of(browser: Browser, served: Served, handle: str, scripts: bool) -> Page:
    context = await signed_in_context(browser, served, handle, java_script_enabled=scripts)
    return await context.new_page()


def _complaints_of(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
