"""What one does to messages, in two browsers, on a phone, by keyboard alone, and without a script."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from echange.chat import client_id
from tests.chat.groups import opened, say
from tests.conftest import Served
from tests.journeys.writing import NARROW, both, programme, reading
from tests.neighbours import Town

pytestmark = pytest.mark.browser
PHONE = {**NARROW, "has_touch": True, "is_mobile": True}


@pytest.fixture
async def talk(served: Served, town: Town) -> int:
    """The conversation of Alice and Bob, with a question and its answer."""
    async with programme(served, "alice") as alice, programme(served, "bob") as bob:
        number = await opened(alice, [town["bob"]])
        await say(alice, number, "Avez-vous une perceuse ?")
        await say(bob, number, "Oui, depuis Noël.")
        return number


def bubble(page: Page, words: str) -> Locator:
    return page.locator(".message", has=page.locator(".message-text", has_text=words)).last


async def act(page: Page, words: str, name: str) -> None:
    """Choose from a message's menu by keyboard alone."""
    await bubble(page, words).locator(".message-more").focus()
    await page.keyboard.press("Enter")
    button = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
    for _tab in range(12):
        if await button.evaluate("it => it === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")


async def test_what_one_does_the_other_sees_and_a_fresh_page_says_the_same(
    served: Served, talk: int, browser: Browser
) -> None:
    alice, bob = await both(browser, served, talk)

    await act(bob, "perceuse", "cœur")
    theirs = bubble(alice, "perceuse").get_by_role("button", name="cœur")
    await expect(theirs).to_contain_text("Bob Traoré")
    await theirs.click()
    await expect(bubble(bob, "perceuse").get_by_role("button", name="cœur")).to_contain_text("2")

    await act(bob, "Noël", "Modifier")
    await bob.get_by_label("Votre message").fill("Oui, depuis Pâques.")
    await bob.keyboard.press("Enter")
    await expect(bubble(alice, "Pâques")).to_contain_text("modifié")
    await expect(bubble(bob, "Pâques").locator(".message-more")).to_be_focused()

    await act(alice, "Pâques", "Répondre")
    await expect(alice.locator("#answered")).to_contain_text("Vous répondez à Bob Traoré")
    await alice.keyboard.type("Je la prends samedi ?")
    await alice.keyboard.press("Enter")
    await expect(alice.locator("#answered")).to_be_hidden()
    quote = bubble(bob, "samedi").locator(".message-quote")
    await expect(quote).to_have_text("VousOui, depuis Pâques.")

    await act(bob, "Pâques", "Supprimer")
    await bob.get_by_role("button", name="Supprimer le message").click()
    await expect(bubble(alice, "samedi").locator(".message-quote")).to_have_text("Message supprimé")
    for page in (alice, bob):
        await expect(page.locator(".message-gone")).to_have_count(1)
        await expect(page.locator("#log")).not_to_contain_text("Pâques")
        before = await page.locator(".message").all_inner_texts()
        await page.reload()
        assert await page.locator(".message").all_inner_texts() == before


async def test_what_is_refused_is_taken_back_with_a_sentence(
    served: Served, talk: int, browser: Browser
) -> None:
    alice = await reading(browser, served, "alice", talk)
    async with programme(served, "bob") as bob:
        assert (await bob.post("/membres/alice/blocage")).status_code == 303
    await act(alice, "Noël", "rire")
    await expect(bubble(alice, "Noël").locator(".message-refused")).to_contain_text("ne peut pas recevoir")
    await expect(alice.locator("#announce")).to_contain_text("ne peut pas recevoir")
    await expect(bubble(alice, "Noël").locator(".sign")).to_have_count(0)


async def test_a_long_press_opens_the_menu_on_a_phone(served: Served, talk: int, browser: Browser) -> None:
    bob = await reading(browser, served, "bob", talk, **PHONE)
    box = await bubble(bob, "perceuse").locator(".message-bubble").bounding_box()
    assert box is not None
    finger = await bob.context.new_cdp_session(bob)
    point = {"x": box["x"] + 20, "y": box["y"] + 20}
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await expect(bob.get_by_role("dialog")).to_be_visible()
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await expect(bob.get_by_role("dialog")).to_be_visible()
    await expect(bob.get_by_role("button", name="Modifier")).to_be_hidden()
    report = bob.get_by_role("dialog").get_by_role("link", name="Signaler")
    address = f"{served.url}/signaler?kind=conversation&id={talk}&message=1"
    await expect(report).to_have_attribute("href", address)
    await bob.get_by_role("button", name="fête").tap()
    await expect(bubble(bob, "perceuse").get_by_role("button", name="fête")).to_be_visible()


async def test_a_conversation_opens_where_one_left_it(served: Served, talk: int, browser: Browser) -> None:
    async with programme(served, "alice") as alice, programme(served, "bob") as bob:
        await bob.put(f"/api/v1/conversations/{talk}/read", json={"seq": 2})
        for number in range(30):
            await say(alice, talk, f"numéro {number}.")
    page = await reading(browser, served, "bob", talk, **PHONE)
    await expect(page.locator("#nouveau")).to_contain_text("30 nouveaux messages")
    await expect(page.locator("#nouveau")).to_be_in_viewport()
    await expect(bubble(page, "numéro 29")).not_to_be_in_viewport()


async def test_all_of_it_works_without_a_script(served: Served, talk: int, browser: Browser) -> None:
    bob = await reading(browser, served, "bob", talk, java_script_enabled=False)
    await bubble(bob, "perceuse").locator(".message-more").click()
    await bob.get_by_role("button", name="merci").click()
    await bubble(bob, "perceuse").get_by_role("button", name="merci").click()
    await expect(bob.locator(".sign")).to_have_count(0)
    await bubble(bob, "perceuse").locator(".message-more").click()
    await bob.get_by_role("link", name="Répondre").click()
    await bob.get_by_label("Écrire à").fill("Celle de mon père.")
    await bob.get_by_role("button", name="Envoyer").click()
    await expect(bubble(bob, "mon père").locator(".message-quote")).to_contain_text("perceuse")
    await bubble(bob, "Noël").locator(".message-more").click()
    await bob.get_by_label("Votre message").fill("Oui, depuis Pâques.")
    await bob.get_by_role("button", name="Enregistrer").click()
    await expect(bubble(bob, "Pâques")).to_contain_text("modifié")
    await bubble(bob, "Pâques").locator(".message-more").click()
    await bob.get_by_text("Supprimer ce message").click()
    await bob.get_by_role("button", name="Supprimer le message").click()
    await expect(bob.locator("#log")).not_to_contain_text("Pâques")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_of_it_shuts_anybody_out(
    served: Served, talk: int, browser: Browser, scheme: str
) -> None:
    async with programme(served, "alice") as alice:
        for emoji in ("👍", "❤️", "😄", "🎉", "🙏", "😢"):
            await alice.put(f"/api/v1/conversations/{talk}/messages/2/reactions/{emoji}")
        message = {"client_id": client_id(), "body": "Merci", "reply_to": 2}
        await alice.post(f"/api/v1/conversations/{talk}/messages", json=message)
    for width in (1280, 320):
        look = {"viewport": {"width": width, "height": 740}, "color_scheme": scheme}
        page = await reading(browser, served, "bob", talk, **look)
        assert await faults(page) == []
        await bubble(page, "Noël").locator(".message-more").focus()
        await page.keyboard.press("Enter")
        assert await faults(page) == []
        await page.goto(f"/messages/{talk}/m/2")
        assert await faults(page) == []
        await page.goto(f"/signaler?kind=conversation&id={talk}&message=1")
        assert await faults(page) == []


async def faults(page: Page) -> list[str]:
    """What axe finds, what scrolls sideways, and what is too small for a finger."""
    found = await Axe().run(page, options={"resultTypes": ["violations"]})
    said = [fault["id"] for fault in found.response["violations"]]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("sideways")
    small = await page.evaluate(
        """[...document.querySelectorAll(".message :is(button, .message-more), dialog[open] :is(button, a)")]
            .filter((one) => one.checkVisibility())
            .map((one) => [one, one.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 44 || height < 44)
            .map(([one]) => one.outerHTML.slice(0, 80))"""
    )
    return [*said, *small]
