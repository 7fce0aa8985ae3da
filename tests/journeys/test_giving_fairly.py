"""Something that many want goes fairly to one, in three gestures; the others are told kindly."""

from datetime import timedelta

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from echange.ads import turns
from echange.ads.models import Ad
from echange.database import fetch_value
from echange.http.dates import today
from tests.ads.annonces import published
from tests.ads.crowd import a_day_later
from tests.conftest import Served, sign_in, signed_in_context
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def wanted_cot(served: Served) -> str:
    """Alice gives a cot through the fair queue; the address of her annonce."""
    async with httpx.AsyncClient(base_url=served.url, headers={"origin": served.url}) as alice:
        await sign_in(alice, "alice")
        ad_id = await published(alice, title="Lit d’enfant", fair=True)
        return str((await alice.get(f"/api/v1/ads/{ad_id}")).json()["url"])


async def answer(context: BrowserContext, url: str) -> Page:
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_label("Votre message").fill("Pour ma petite-fille.")
    await page.get_by_label("Quand je peux passer").fill("Samedi")
    await page.get_by_label("Comment je l’emporte").select_option("À vélo")
    await page.get_by_role("button", name="Entrer dans la file").click()
    await expect(page.get_by_role("heading", name="Vous êtes dans la file")).to_be_visible()
    return page


async def test_a_cot_goes_to_one_and_the_other_hears_of_it(
    served: Served, town: Town, browser: Browser
) -> None:
    url = await wanted_cot(served)
    contexts = {
        "bob": await signed_in_context(browser, served, "bob", viewport={"width": 360, "height": 740}),
        "charlie": await signed_in_context(browser, served, "charlie", java_script_enabled=False),
    }
    pages = {who: await answer(context, url) for who, context in contexts.items()}
    ad = await Ad.get()
    await a_day_later(ad)
    await turns.tick()

    handle = await fetch_value(
        "SELECT m.handle FROM answer a JOIN member m ON m.id = a.member_id WHERE rank = 1"
    )
    lucky, other = pages[handle], pages["charlie" if handle == "bob" else "bob"]
    await other.reload()
    await expect(other.get_by_text("Vous êtes la prochaine personne.")).to_be_visible()
    await lucky.goto("/avis")
    await lucky.get_by_role("button", name="est pour vous").click()
    await lucky.get_by_role("button", name="Oui, je le prends").click()
    await lucky.get_by_label("Jour").fill((today() + timedelta(days=3)).isoformat())
    await lucky.get_by_label("Heure").fill("10:30")
    await lucky.get_by_label("Lieu").fill("Devant la médiathèque")
    await lucky.get_by_role("button", name="Envoyer cette proposition").click()
    await expect(lucky.get_by_text("En attente de la réponse")).to_be_visible()

    alices = await signed_in_context(browser, served, "alice")
    alice = await alices.new_page()
    await alice.goto("/messages")
    await alice.get_by_role("link", name="Lit d’enfant").first.click()
    await expect(alice.locator(".message-text").first).to_contain_text("Pour ma petite-fille.")
    pinned = alice.locator(".pinned")
    await pinned.get_by_role("button", name="C’est d’accord").click()
    await expect(alice.get_by_role("heading", name="Rendez-vous pris")).to_be_visible()
    await alice.get_by_role("button", name="Remis").click()
    await expect(alice.get_by_text("ceux qui attendaient sont prévenus")).to_be_visible()

    await other.goto("/avis")
    await other.get_by_role("button", name="a trouvé preneur").click()
    await expect(other).to_have_url(f"{served.url}/publier?nature=seek")
    await lucky.goto(url)
    await expect(lucky.get_by_role("heading", name="C’est vous qui l’avez reçu")).to_be_visible()
