"""Alice and Bob write to each other in two browsers, and without a script."""

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.conftest import Served, signed_in_context
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def open_talk(served: Served, town: Town) -> int:
    """The conversation of Alice and Bob."""
    from tests.conftest import sign_in

    async with httpx.AsyncClient(base_url=served.url, headers={"origin": served.url}) as alice:
        await sign_in(alice, "alice")
        answer = await alice.post("/api/v1/conversations", json={"members": [town["bob"]]})
        number: int = answer.json()["id"]
        return number


async def thread(context: BrowserContext, talk: int) -> Page:
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.troubles = troubles  # type: ignore[attr-defined]
    await page.goto(f"/messages/{talk}")
    return page


async def write(page: Page, words: str) -> None:
    await page.get_by_label("Écrire à").fill(words)
    await page.get_by_role("button", name="Envoyer").click()


async def test_two_neighbours_see_each_others_words_at_once(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alices = await signed_in_context(browser, served, "alice")
    bobs = await signed_in_context(browser, served, "bob", viewport={"width": 360, "height": 740})
    alice, bob = await thread(alices, talk), await thread(bobs, talk)

    await write(alice, "Bonjour Bob, <b>voyez</b> https://exemple.fr/velo !")
    mine = alice.locator(".message-mine").last
    await expect(mine).to_contain_text("Bonjour Bob")
    await expect(mine.locator("time")).not_to_be_empty()
    theirs = bob.locator(".message-theirs").last
    await expect(theirs.locator(".message-text")).to_have_text(
        "Bonjour Bob, <b>voyez</b> https://exemple.fr/velo !"
    )
    await expect(theirs.get_by_role("link")).to_have_attribute("href", "https://exemple.fr/velo")
    await expect(bob.locator("#announce")).to_contain_text("Alice : Bonjour Bob")
    assert await bob.locator("#log[aria-live], #log [aria-live], #log [role=status]").count() == 0

    await write(bob, "Merci,\nje regarde.")
    await expect(alice.locator(".message-theirs .message-text").last).to_have_text("Merci,\nje regarde.")
    await expect(alice.locator(".message")).to_have_count(2)
    await expect(bob.locator(".message")).to_have_count(2)
    await expect(alice.locator(".talk-last")).to_contain_text("je regarde")
    await expect(alice.locator(".message-sending, .message-failed")).to_have_count(0)
    assert alice.troubles == bob.troubles == []  # type: ignore[attr-defined]

    await bob.reload()
    assert await bob.locator(".message-text").all_inner_texts() == [
        "Bonjour Bob, <b>voyez</b> https://exemple.fr/velo !",
        "Merci,\nje regarde.",
    ]
    await expect(bob.locator(".new-rule")).to_have_count(0)


async def test_the_badge_follows_what_is_unread_and_reading_clears_it_everywhere(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alices = await signed_in_context(browser, served, "alice")
    bobs = await signed_in_context(browser, served, "bob")
    inbox = await bobs.new_page()
    await inbox.goto("/messages")
    badge = inbox.locator(".masthead [data-unread=messages]")
    await expect(badge).to_be_hidden()
    await write(await thread(alices, talk), "Une première")
    await expect(badge).to_be_visible()
    await expect(inbox).to_have_title("(1) Messages – échange")
    await inbox.reload()
    await expect(inbox.locator(".talk-unread")).to_contain_text("Une première")
    read = await thread(bobs, talk)
    await expect(read.locator(".new-rule")).to_contain_text("1 nouveau message")
    await expect(badge).to_be_hidden()
    await expect(inbox).to_have_title("Messages – échange")
    await expect(inbox.locator(".talk-unread")).to_have_count(0)


async def test_what_is_written_without_connection_leaves_once_it_is_back(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alices = await signed_in_context(browser, served, "alice")
    bobs = await signed_in_context(browser, served, "bob")
    alice, bob = await thread(alices, talk), await thread(bobs, talk)
    await write(alice, "avant")
    await expect(bob.locator(".message-theirs")).to_have_count(1)

    await alices.set_offline(True)
    for line in list(served.app.state.hub._all()):
        line.end(1012)
    await write(alice, "dans le tunnel, un")
    await write(alice, "dans le tunnel, deux")
    await expect(alice.locator(".message-failed").first).to_contain_text("non envoyé")
    await expect(alice.get_by_role("button", name="Réessayer").first).to_be_visible()
    await write(bob, "pendant ce temps")

    await alices.set_offline(False)
    await expect(alice.locator(".message-failed, .message-sending")).to_have_count(0, timeout=15_000)
    await expect(bob.locator(".message")).to_have_count(4, timeout=15_000)
    said = ["avant", "pendant ce temps", "dans le tunnel, un", "dans le tunnel, deux"]
    assert await bob.locator(".message-text").all_inner_texts() == said
    await expect(alice.locator(".message")).to_have_count(4)
    assert await alice.locator(".message-text").all_inner_texts() == said


async def test_a_ready_answer_and_the_enter_key_send_too(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice = await thread(await signed_in_context(browser, served, "alice"), talk)
    await alice.get_by_role("button", name="Bonjour").click()
    await expect(alice.locator(".message-mine")).to_have_count(1)
    area = alice.get_by_label("Écrire à")
    await area.press_sequentially("une ligne")
    await area.press("Shift+Enter")
    await area.press_sequentially("une autre")
    await area.press("Enter")
    await expect(alice.locator(".message-mine .message-text").last).to_have_text("une ligne\nune autre")
    await expect(area).to_have_value("")
    await expect(area).to_be_focused()
    await expect(alice.locator(".message-sending, .message-failed")).to_have_count(0)


async def test_signing_out_elsewhere_is_said_in_the_open_page(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alices = await signed_in_context(browser, served, "alice")
    alice = await thread(alices, talk)
    await write(alice, "Bonjour")
    await expect(alice.locator(".message-sending, .message-failed")).to_have_count(0)
    served.app.state.hub.end_member(town["alice"])
    await expect(alice.locator("#connection")).to_contain_text("plus connecté")


async def test_the_same_conversation_without_javascript(served: Served, town: Town, browser: Browser) -> None:
    talk = await open_talk(served, town)
    alices = await signed_in_context(browser, served, "alice", java_script_enabled=False)
    bobs = await signed_in_context(browser, served, "bob", java_script_enabled=False)
    alice, bob = await thread(alices, talk), await thread(bobs, talk)
    await write(alice, "Bonjour Bob")
    await expect(alice.locator(".message-mine")).to_have_count(1)
    await bob.get_by_role("link", name="Voir s’il y a du nouveau").click()
    await expect(bob.locator(".message-theirs")).to_contain_text("Bonjour Bob")
    await expect(bob.locator(".new-rule")).to_be_visible()
    await bob.get_by_role("button", name="Marquer comme lu").click()
    await expect(bob.locator(".new-rule")).to_have_count(0)
    await bob.get_by_role("button", name="D’accord, merci").click()
    await alice.goto("/messages")
    await alice.get_by_role("link", name="Bob Traoré").click()
    await expect(alice.locator(".message-theirs")).to_contain_text("D’accord, merci")
