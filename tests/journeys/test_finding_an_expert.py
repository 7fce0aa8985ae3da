"""Bob says what he can do and who sees it; Alice looks for somebody who mends bicycles, and asks him."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import Served, signed_in_context
from tests.media.pictures import encoded, scene
from tests.neighbours import Town

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with-javascript", "without"])
async def people(
    request: pytest.FixtureRequest, browser: Browser, served: Served, town: Town
) -> AsyncIterator[tuple[Page, Page]]:
    """Alice and Bob, each in a window."""
    windows = [
        await signed_in_context(
            browser, served, handle, java_script_enabled=request.param, viewport={"width": 360, "height": 740}
        )
        for handle in ("alice", "bob")
    ]
    yield await windows[0].new_page(), await windows[1].new_page()
    for window in windows:
        await window.close()


async def test_an_expert_is_described_found_and_asked(
    people: tuple[Page, Page], served: Served, tmp_path: Path
) -> None:
    alice, bob = people
    await _describe_oneself(bob, tmp_path)
    await _look_with_others_eyes(bob)

    await alice.goto("/experts")
    await alice.get_by_label("Que cherchez-vous").fill("pneu creve")
    await alice.get_by_role("button", name="Chercher").click()
    await alice.get_by_role("link", name="Bob Traoré").click()
    await expect(alice.get_by_text("C’est son métier, ou presque")).to_be_visible()
    await expect(alice.locator(".week-on")).to_have_count(1)
    await expect(alice.get_by_text("Cuisine", exact=True)).to_have_count(0)

    await expect(alice.get_by_label("Votre message")).to_have_value(
        "Bonjour Bob, j’aurais besoin de vous. Je cherchais\u00a0: pneu creve. "
    )
    await alice.get_by_label("Votre message").fill("Mon pneu est crevé. Samedi matin ?")
    await alice.get_by_role("button", name="Écrire à Bob").click()
    await alice.wait_for_url(f"{served.url}/messages/*")
    await bob.goto("/messages")
    await expect(bob.get_by_text("Mon pneu est crevé. Samedi matin ?").first).to_be_visible()


async def _describe_oneself(bob: Page, folder: Path) -> None:
    await bob.goto("/moi/savoir-faire")
    mending = bob.get_by_role("listitem").filter(has=bob.get_by_role("heading", name="Réparation de vélo"))
    await mending.get_by_role("link", name="Préciser").click()
    await bob.get_by_label("C’est mon métier, ou presque").check()
    await bob.get_by_label("Gratuit").check()
    await bob.get_by_role("button", name="Enregistrer").click()
    await expect(bob.get_by_text("C’est noté.")).to_be_visible()

    await bob.goto("/moi/profil")
    photo = folder / "moi.jpg"
    photo.write_bytes(encoded(scene(400, 300)))
    await bob.get_by_label("Une photo").set_input_files(photo)
    await bob.get_by_role("button", name="Mettre cette photo").click()
    await expect(bob.get_by_alt_text("Votre photo actuelle")).to_be_visible()

    await bob.get_by_label("samedi matin").check()
    await bob.get_by_role("button", name="Enregistrer").click()
    await expect(bob.get_by_text("Votre profil est à jour.")).to_be_visible()


async def _look_with_others_eyes(bob: Page) -> None:
    await bob.get_by_role("link", name="Qui voit quoi").click()
    await bob.get_by_role("group", name="Ce que vous cherchez").get_by_label("Personne").check()
    await bob.get_by_role("button", name="Enregistrer").click()
    await bob.get_by_role("link", name="Voir comme un voisin").click()
    await expect(bob.get_by_text("vu par un voisin inscrit")).to_be_visible()
    await expect(bob.get_by_text("Portugais")).to_have_count(0)
    await bob.get_by_role("link", name="Un passant").click()
    await expect(bob.get_by_text("vu par un passant")).to_be_visible()
    await expect(bob.locator(".week-on")).to_have_count(0)
