"""By keyboard alone: answering, reserving, helping, reporting; where the keyboard is can always be seen."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.ads.annonces import published
from tests.conftest import Doors, Served, sign_in, signed_in_context
from tests.neighbours import Town

pytestmark = pytest.mark.browser

# More steps than any of these pages has.
PATIENCE = 80
# What stands at the cursor of the keyboard: its outline drawn, some of it on the screen and uncovered.
WHERE = """() => {
    const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
    const points = [[.5, .5], [.5, .1], [.5, .9], [.1, .5], [.9, .5]].map(
        ([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
    return {
        what: `${here.localName} ${here.id || here.textContent.trim().slice(0, 40)}`,
        id: here.id,
        text: here.textContent.trim().replace(/\\s+/g, ' '),
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            && !/(, 0\\)|transparent)$/.test(style.outlineColor),
        uncovered: points.some(one => here.contains(one)),
    };
}"""


@pytest.fixture(params=[(1280, 800), (360, 740)], ids=["wide", "narrow"])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    width, height = request.param
    return ViewportSize(width=width, height=height)


async def test_a_neighbour_answers_and_the_owner_reserves_for_them(
    browser: Browser, served: Served, town: Town, size: ViewportSize
) -> None:
    ad = await _given_by_alice(served)
    bob = await _page(await signed_in_context(browser, served, "bob", viewport=size))
    await bob.goto(f"/annonces/{ad}")
    await _tab_to(bob, id="f-body")
    await bob.keyboard.type("Bonjour, je peux passer samedi.")
    await _tab_to(bob, text="Envoyer ma réponse")
    await bob.keyboard.press("Enter")
    await expect(bob.get_by_text("Votre réponse est envoyée.")).to_be_visible()
    await bob.context.close()

    alice = await _page(await signed_in_context(browser, served, "alice", viewport=size))
    await alice.goto(f"/annonces/{ad}")
    await _tab_to(alice, text="Voir 1 réponse")
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("heading", level=1)).to_have_text("Qui a répondu")
    await _tab_to(alice, text="Réserver pour cette personne")
    await alice.keyboard.press("Space")
    await alice.wait_for_url("**/reservation")
    await alice.goto(f"/annonces/{ad}")
    await expect(alice.get_by_text("Réservé pour Bob")).to_be_visible()
    await alice.context.close()


async def test_a_passer_by_reports_an_annonce(
    browser: Browser, served: Served, town: Town, size: ViewportSize
) -> None:
    ad = await _given_by_alice(served)
    page = await _page(await browser.new_context(base_url=served.url, locale="fr-FR", viewport=size))
    await page.goto(f"/annonces/{ad}")
    await _tab_to(page, text="Signaler")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/signaler?*")
    await _tab_until_chosen(page, "Une arnaque, ou de l’argent demandé d’avance")
    await _tab_to(page, id="f-text")
    await page.keyboard.type("Il veut un mandat.")
    await _tab_to(page, id="f-email")
    await page.keyboard.type("passante@voisins.example")
    await _tab_to(page, text="Envoyer mon signalement")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Signalement nº")
    await page.context.close()


async def test_a_hand_is_asked_for_answered_and_counted(
    browser: Browser, served: Served, town: Town, size: ViewportSize
) -> None:
    alice = await _page(await signed_in_context(browser, served, "alice", viewport=size))
    await alice.goto("/entraide")
    await _tab_to(alice, text="Demander un coup de main")
    await alice.keyboard.press("Enter")
    await alice.wait_for_url("**/demander")
    await _tab_to(alice, id="f-title")
    await alice.keyboard.type("Porter mes courses")
    await _tab_to(alice, id="f-minutes")
    await alice.keyboard.type("45 min")
    await _tab_to(alice, text="Publier ma demande")
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("heading", level=1)).to_have_text("Porter mes courses")

    bob = await _page(await signed_in_context(browser, served, "bob", viewport=size))
    await bob.goto(alice.url)
    await _tab_to(bob, id="f-words")
    await bob.keyboard.type("Jeudi, je passe devant chez vous.")
    await _tab_to(bob, text="Proposer mon aide")
    await bob.keyboard.press("Enter")
    await expect(bob.get_by_role("heading", name="Alice n’a pas encore répondu")).to_be_visible()

    await alice.goto(bob.url)
    await _tab_to(alice, text="Oui, d’accord")
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_text("Vous avez dit oui.")).to_be_visible()
    await bob.goto(bob.url)
    await _tab_to(bob, text="Un autre temps")
    await bob.keyboard.press("Enter")
    await _tab_to(bob, id="f-minutes")
    await bob.keyboard.type("1h")
    await bob.keyboard.press("Enter")
    await expect(bob.get_by_role("heading", name="Vous avez noté 1 h")).to_be_visible()
    await alice.goto(bob.url)
    await _tab_to(alice, text="Oui, 1 h")
    await alice.keyboard.press("Space")
    await expect(alice.get_by_role("heading", name="C’est compté : 1 h")).to_be_visible()


async def test_a_cursor_nobody_sees_is_noticed(browser: Browser, served: Served) -> None:
    context = await browser.new_context(base_url=served.url, locale="fr-FR", bypass_csp=True)
    page = await context.new_page()
    await page.goto("/signaler")
    await page.add_style_tag(content=":focus-visible { outline: none !important }")
    with pytest.raises(AssertionError, match="is not seen"):
        await _tab_to(page, text="nulle part")
    await context.close()


async def _given_by_alice(served: Served) -> int:
    async with Doors(served.app).open() as alice:
        await sign_in(alice, "alice")
        return await published(alice, title="Fauteuil crapaud")


async def _page(context: BrowserContext) -> Page:
    return await context.new_page()


async def _tab_to(page: Page, *, id: str = "", text: str = "") -> None:  # noqa: A002 — as in HTML
    """Press Tab until there; wherever it stops on the way is seen."""
    for _ in range(PATIENCE):
        await page.keyboard.press("Tab")
        here = await page.evaluate(WHERE)
        assert here["outlined"], f"{here['what']} is not seen"
        assert here["uncovered"], f"{here['what']} is covered"
        if (id and here["id"] == id) or (text and here["text"] == text):
            return
    pytest.fail(f"the keyboard never gets to {id or text}")


async def _tab_until_chosen(page: Page, label: str) -> None:
    """Into the radio buttons, then with the arrows to one of them."""
    radio = page.get_by_label(label)
    for _ in range(PATIENCE):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.type === 'radio'"):
            break
    for _ in range(PATIENCE):
        if await radio.evaluate("one => one === document.activeElement"):
            break
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    here = await page.evaluate(WHERE)
    assert here["outlined"], f"{here['what']} is not seen"
    assert here["uncovered"], f"{here['what']} is covered"
    await expect(radio).to_be_checked()
