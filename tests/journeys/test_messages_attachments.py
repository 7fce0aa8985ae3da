"""Alice shows Bob a bicycle, hands him a paper and proposes a moment; with a script and without."""

from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from echange.http.dates import PARIS
from tests.conftest import Served
from tests.house.looking import looked_at
from tests.journeys.writing import both, open_talk, reading, write
from tests.media.documents import PDF
from tests.media.pictures import SVG, encoded, noise, scene
from tests.neighbours import Town

pytestmark = pytest.mark.browser

BICYCLE: FilePayload = {"name": "velo.jpg", "mimeType": "image/jpeg", "buffer": encoded(scene(900, 600))}
WHEEL: FilePayload = {"name": "roue.png", "mimeType": "image/png", "buffer": encoded(noise(300, 400), "PNG")}
LEASE: FilePayload = {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": PDF}
DRAWING: FilePayload = {"name": "plan.svg", "mimeType": "image/svg+xml", "buffer": SVG}
DAY = (datetime.now(PARIS) + timedelta(days=40)).date().isoformat()


async def choose(page: Page, *files: FilePayload) -> None:
    panel = page.locator("#attach")
    if await panel.get_attribute("open") is None:
        await panel.locator("summary").click()
    await page.get_by_label("Photos et fichiers").set_input_files(list(files))


async def test_photos_and_files_are_shown_described_taken_back_and_sent(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk, phone=True)

    await choose(alice, BICYCLE, WHEEL, LEASE)
    tiles = alice.locator(".attached")
    await expect(tiles).to_have_count(3)
    await expect(alice.locator("#attach-told")).to_contain_text("joint au message")
    await expect(tiles.nth(0).locator("img")).to_be_visible()
    await tiles.nth(0).get_by_label("Que voit-on").fill("Un vélo rouge et bleu")
    assert await looked_at(alice) == []
    await alice.set_viewport_size({"width": 1280, "height": 900})
    await tiles.nth(1).get_by_role("button", name="Ne pas joindre roue.png").click()
    await expect(tiles).to_have_count(2)
    await alice.get_by_role("button", name="Envoyer").click()

    await expect(tiles).to_have_count(0)
    seen = bob.locator(".message-theirs")
    picture = seen.get_by_role("img", name="Un vélo rouge et bleu")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    await expect(bob.locator("#announce")).to_contain_text("Alice Morel\u00a0: Pièce jointe")
    async with bob.expect_download() as download:
        await seen.get_by_role("link", name="bail.pdf").click()
    assert (await download.value).suggested_filename == "bail.pdf"
    await expect(alice.locator(".message-mine img")).to_be_visible()
    await expect(alice.locator(".message-sending, .message-failed")).to_have_count(0)
    await write(bob, "Il est beau !")
    await expect(alice.locator(".message-theirs")).to_contain_text("Il est beau")
    assert await looked_at(bob) == []
    assert alice.troubles == bob.troubles == []  # type: ignore[attr-defined]


async def test_what_cannot_be_joined_says_so_and_waits_to_be_taken_away(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice = await reading(browser, served, "alice", talk)
    await choose(alice, LEASE, DRAWING)
    refused = alice.locator(".attached", has_text="plan.svg")
    await expect(refused).to_contain_text("ne peut pas être joint")
    await write(alice, "Voici le bail")
    await expect(alice.locator("#attach-told")).to_contain_text("Retirez d’abord")
    await expect(alice.get_by_label("Écrire à")).to_have_value("Voici le bail")
    await expect(alice.locator(".message")).to_have_count(0)
    await refused.get_by_role("button", name="Ne pas joindre").click()
    await alice.get_by_role("button", name="Envoyer").click()
    await expect(alice.locator(".message-mine")).to_contain_text("Voici le bail")
    await expect(alice.locator(".message-mine")).to_contain_text("bail.pdf")


async def test_a_moment_is_proposed_and_agreed_without_a_new_page(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk, phone=True)
    await alice.locator("#attach summary").click()
    await alice.get_by_role("link", name="Proposer un créneau").click()
    assert await looked_at(alice) == []
    await alice.get_by_label("Jour").fill(DAY)
    await alice.get_by_label("De", exact=True).fill("10:00")
    await alice.get_by_label("À", exact=True).fill("11:30")
    await alice.get_by_label("Lieu").fill("À la gare")
    await alice.get_by_role("button", name="Envoyer cette proposition").click()

    card = bob.locator(".message-theirs .slot")
    await expect(card).to_contain_text("10\u00a0h – 11\u00a0h\u00a030")
    assert await looked_at(bob) == []
    await bob.evaluate("document.body.dataset.same = 'yes'")
    await card.get_by_role("button", name="Ça me va").click()
    await expect(card).to_contain_text("Convient à\u00a0: Vous")
    await expect(bob.locator(".message-mine .message-text")).to_have_text("Ça me va")
    await expect(bob.locator("body[data-same]")).to_have_count(1)
    await expect(alice.locator(".message-mine .slot")).to_contain_text("Convient à\u00a0: Bob Traoré")
    async with alice.expect_download() as download:
        await alice.get_by_role("link", name="Ajouter à mon agenda").click()
    assert (await download.value).suggested_filename.endswith(".ics")
    assert bob.troubles == []  # type: ignore[attr-defined]


async def test_the_same_without_javascript(served: Served, town: Town, browser: Browser) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk, java_script_enabled=False)
    await choose(alice, BICYCLE, LEASE)
    await alice.get_by_label("Ce que montrent les photos").fill("Un vélo")
    await alice.get_by_role("button", name="Envoyer").click()
    await expect(alice.get_by_role("img", name="Un vélo")).to_be_visible()
    await choose(alice, DRAWING, LEASE)
    await write(alice, "Le plan")
    await expect(alice.locator("#summary")).to_contain_text("plan.svg")
    await expect(alice.get_by_role("checkbox", name="bail.pdf")).to_be_checked()
    await alice.get_by_role("button", name="Envoyer").click()
    await expect(alice.locator(".message-mine").last).to_contain_text("Le plan")
    await expect(alice.locator(".message-mine").last).to_contain_text("bail.pdf")

    await alice.goto(f"/messages/{talk}/creneau")
    await alice.get_by_label("Jour").fill(DAY)
    await alice.get_by_label("De", exact=True).fill("10:00")
    await alice.get_by_label("À", exact=True).fill("09:00")
    await alice.get_by_role("button", name="Envoyer cette proposition").click()
    await expect(alice.locator("#summary")).to_contain_text("La fin vient après le début")
    await alice.get_by_label("À", exact=True).fill("11:00")
    await alice.get_by_role("button", name="Envoyer cette proposition").click()
    await bob.reload()
    await bob.locator(".slot").get_by_role("button", name="Plutôt un autre jour").click()
    await expect(bob.locator(".slot")).to_contain_text("Plutôt un autre jour\u00a0: Vous")
