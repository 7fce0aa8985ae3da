"""Alice trusts Bob, then wants nothing more to do with him; with a script and without."""

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from echange.members import Member
from echange.members.models import Verification
from tests.conftest import Served, sign_in, signed_in_context
from tests.neighbours import Town

pytestmark = pytest.mark.browser


@pytest.fixture
async def talk(served: Served, town: Town) -> int:
    """Their conversation, Bob having written first; Alice is verified."""
    await Verification.give(await Member.get(id=town["alice"]), by=town["concierge"])
    async with httpx.AsyncClient(base_url=served.url, headers={"origin": served.url}) as bob:
        await sign_in(bob, "bob")
        opened = await bob.post("/api/v1/conversations", json={"members": [town["alice"]]})
        number: int = opened.json()["id"]
        message = {"client_id": "client-1", "body": "Bonjour Alice"}
        await bob.post(f"/api/v1/conversations/{number}/messages", json=message)
        return number


async def write(page: Page, words: str) -> None:
    await page.get_by_label("Écrire à").fill(words)
    await page.get_by_role("button", name="Envoyer").click()


async def test_a_neighbour_is_trusted_then_avoided_then_met_again(
    served: Served, browser: Browser, talk: int
) -> None:
    alices = await signed_in_context(browser, served, "alice", viewport={"width": 360, "height": 740})
    bobs = await signed_in_context(browser, served, "bob")
    alice, bob = await alices.new_page(), await bobs.new_page()
    await bob.goto(f"/messages/{talk}")

    await alice.goto("/membres/bob")
    await alice.get_by_role("link", name="Je connais cette personne").click()
    await alice.get_by_role("button", name="Oui, je connais cette personne").click()
    await expect(alice.locator("#confiance")).to_contain_text("Alice Morel")

    await alice.goto(f"/messages/{talk}")
    await alice.locator(".thread-head summary").click()
    await alice.get_by_role("link", name="Ne plus avoir affaire à cette personne").click()
    await alice.get_by_role("button", name="Ne plus avoir affaire à cette personne").click()
    await expect(alice.get_by_role("status").first).to_contain_text("Vous n’avez plus affaire à Bob")

    # Bob's page was open all the while: his words stay with him, and nothing says why.
    await write(bob, "Vous êtes là ?")
    failed = bob.locator(".message-failed")
    await expect(failed).to_contain_text("Cette personne ne peut pas recevoir de message en ce moment.")
    await bob.goto("/membres/alice")
    await expect(bob.get_by_role("heading", level=1)).to_contain_text("n’existe pas")

    await alice.goto(f"/messages/{talk}")
    await expect(alice.locator(".thread-closed")).to_contain_text("n’en sait rien")
    await alice.goto("/moi/blocages")
    await alice.get_by_role("button", name="Ne plus éviter").click()
    await expect(alice.get_by_role("heading", name="Vous n’évitez personne.")).to_be_visible()

    await bob.goto(f"/messages/{talk}")
    await expect(bob.locator(".message-mine").last).to_contain_text("Vous êtes là ?")
    await bob.get_by_role("button", name="Réessayer").click()
    await expect(bob.locator(".message-failed, .message-sending")).to_have_count(0)
    await alice.goto(f"/messages/{talk}")
    await expect(alice.locator(".message-theirs").last).to_contain_text("Vous êtes là ?")


async def test_without_a_script_it_is_links_and_buttons(served: Served, browser: Browser, talk: int) -> None:
    alices = await plain(browser, served, "alice")
    bobs = await plain(browser, served, "bob")
    alice, bob = await alices.new_page(), await bobs.new_page()
    await bob.goto(f"/messages/{talk}")
    await alice.goto("/membres/bob/blocage")
    await alice.get_by_role("button", name="Ne plus avoir affaire à cette personne").click()
    await expect(alice.locator(".blocks")).to_contain_text("Bob Traoré")
    await write(bob, "Vous êtes là ?")
    await expect(bob.locator("#summary")).to_contain_text("ne peut pas recevoir de message en ce moment")
    await expect(bob.get_by_label("Écrire à")).to_have_value("Vous êtes là ?")
    # The flash undoes it.
    await alice.get_by_role("button", name="Annuler").click()
    await bob.get_by_role("button", name="Envoyer").click()
    await expect(bob.locator(".message-mine").last).to_contain_text("Vous êtes là ?")


async def plain(browser: Browser, served: Served, handle: str) -> BrowserContext:
    return await signed_in_context(browser, served, handle, java_script_enabled=False)
