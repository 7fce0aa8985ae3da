"""Alice and Bob write to each other in two browsers, through tunnels, and without a script."""

import pytest
from playwright.async_api import Browser, expect

from echange import notifications
from tests.conftest import Served, signed_in_context
from tests.journeys.writing import NARROW, both, open_talk, reading, thread, write
from tests.journeys.writing import quick as quick
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def test_two_neighbours_see_each_others_words_at_once(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk, phone=True)

    await write(alice, "Bonjour Bob, <b>voyez</b> https://exemple.fr/velo !")
    mine = alice.locator(".message-mine").last
    await expect(mine).to_contain_text("Bonjour Bob")
    await expect(mine.locator("time")).not_to_be_empty()
    theirs = bob.locator(".message-theirs").last
    await expect(theirs.locator(".message-text")).to_have_text(
        "Bonjour Bob, <b>voyez</b> https://exemple.fr/velo !"
    )
    await expect(theirs.locator(".message-text a")).to_have_attribute("href", "https://exemple.fr/velo")
    await expect(bob.locator("#announce")).to_contain_text("Alice Morel\u00a0: Bonjour Bob")
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
    await write(alices.pages[0], "Une deuxième")
    await expect(badge.locator("[data-number]")).to_have_text("2")
    await expect(badge.locator("[data-said]")).to_have_text(", 2\u00a0messages non lus")
    await inbox.reload()
    await expect(inbox.locator(".talk-unread")).to_contain_text("Une deuxième")
    read = await thread(bobs, talk)
    await expect(read.locator(".new-rule")).to_contain_text("2 nouveaux messages")
    await expect(badge).to_be_hidden()
    await expect(inbox).to_have_title("Messages – échange")
    await expect(inbox.locator(".talk-unread")).to_have_count(0)
    await read.locator(".thread-head summary").click()
    await read.get_by_role("button", name="Ne plus être dérangé").click()
    await expect(read.locator(".thread-muted")).to_be_visible()
    await read.close()
    await inbox.reload()
    await write(alices.pages[0], "Une troisième, en silence")
    await expect(inbox.locator(".talk-last")).to_contain_text("en silence")
    await expect(badge).to_be_hidden()


async def test_what_is_written_without_connection_leaves_once_it_is_back(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk)
    await write(alice, "avant")
    await expect(bob.locator(".message-theirs")).to_have_count(1)

    await alice.context.set_offline(True)
    for line in list(served.app.state.hub._all()):
        line.end(1012)
    await write(alice, "dans le tunnel, un")
    await write(alice, "dans le tunnel, deux")
    await expect(alice.locator(".message-failed").first).to_contain_text("non envoyé")
    await expect(alice.get_by_role("button", name="Réessayer").first).to_be_visible()
    await write(alice, "dans le tunnel, trois : non, rien")
    await alice.locator(".message", has_text="non, rien").get_by_role("button", name="Supprimer").click()
    await expect(alice.locator(".message")).to_have_count(3)
    await write(bob, "pendant ce temps")

    await alice.context.set_offline(False)
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
    alice = await reading(browser, served, "alice", talk)
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
    alice = await reading(browser, served, "alice", talk)
    await write(alice, "Bonjour")
    await expect(alice.locator(".message-sending, .message-failed")).to_have_count(0)
    served.app.state.hub.end_member(town["alice"])
    await expect(alice.locator("#connection")).to_contain_text("plus connecté")


async def test_the_same_conversation_without_javascript(served: Served, town: Town, browser: Browser) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk, java_script_enabled=False)
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


async def test_what_waits_survives_the_tab_and_is_sent_once_from_another(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk)
    alices = alice.context
    await alices.set_offline(True)
    for words in ("un", "deux", "trois"):
        await write(alice, words)
    await alice.close()
    await alices.set_offline(False)
    inbox, again = await alices.new_page(), await alices.new_page()
    await inbox.goto("/messages")
    await again.goto(f"/messages/{talk}")
    await expect(bob.locator(".message-theirs .message-text")).to_have_text(["un", "deux", "trois"])
    await expect(again.locator(".message-mine .message-text")).to_have_text(["un", "deux", "trois"])
    await expect(again.locator(".message-sending, .message-failed")).to_have_count(0)
    await again.reload()
    await expect(again.locator(".message")).to_have_count(3)


async def test_alice_sees_that_bob_is_there_and_writes(served: Served, town: Town, browser: Browser) -> None:
    talk = await open_talk(served, town)
    alice = await reading(browser, served, "alice", talk)
    await write(alice, "Bonjour")
    await expect(alice.locator(".message-sending")).to_have_count(0)
    await expect(alice.get_by_text("en ligne")).to_be_hidden()
    bob = await reading(browser, served, "bob", talk)
    await expect(alice.get_by_text("en ligne")).to_be_visible()
    await expect(bob.get_by_text("en ligne")).to_be_visible()
    await bob.get_by_label("Écrire à").press_sequentially("Je re")
    await expect(alice.locator("#typing")).to_have_text("Bob écrit…")
    assert await alice.locator("[aria-live] #typing, [role=status] #typing, #typing[role]").count() == 0
    await write(bob, "Je regarde.")
    await expect(alice.locator("#typing")).to_be_hidden()
    await bob.context.close()
    await expect(alice.get_by_text("en ligne")).to_be_hidden()


async def test_what_the_phone_reads_is_read_at_the_desk(served: Served, town: Town, browser: Browser) -> None:
    talk = await open_talk(served, town)
    alice = await reading(browser, served, "alice", talk)
    desks = await signed_in_context(browser, served, "bob")
    desk = await desks.new_page()
    # A page that has nothing to do with messages.
    await desk.goto("/experts")
    badge = desk.locator(".masthead [data-unread=messages]")
    await desk.wait_for_timeout(2500)
    await write(alice, "Tu es là ?")
    await expect(badge.locator("[data-number]")).to_have_text("1")
    await expect(badge.locator("[data-said]")).to_have_text(", 1\u00a0message non lu")
    phone = await reading(browser, served, "bob", talk, **NARROW)
    await expect(phone.locator(".message-theirs")).to_have_count(1)
    await expect(badge).to_be_hidden()


async def test_a_notice_is_said_on_whatever_page_is_open(
    served: Served, town: Town, browser: Browser
) -> None:
    alices = await signed_in_context(browser, served, "alice")
    page = await alices.new_page()
    await page.goto("/experts")
    region = page.locator(".told-live[role=status]")
    await expect(region).to_have_count(1)
    await expect(region).to_be_empty()
    await page.wait_for_timeout(500)
    await notifications.tell(town["alice"], "verified", link="/membres/alice")
    await expect(region).not_to_be_empty()
    await expect(page.locator(".masthead [data-unread=notices] [data-number]")).to_have_text("1")
    await expect(page.locator(".masthead [data-unread=notices] [data-said]")).to_have_text(
        ", 1\u00a0avis non lu"
    )
    await region.get_by_role("button", name="Voir").click()
    await page.wait_for_url("**/membres/alice")
    await expect(page.locator(".masthead [data-unread=notices]")).to_be_hidden()


async def test_words_begun_wait_in_their_conversation_and_are_gone_when_sent_or_signed_out(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice = await reading(browser, served, "alice", talk)
    await write(alice, "Bonjour")
    area = alice.get_by_label("Écrire à")
    await area.fill("Je me demandais si")
    await alice.goto("/messages")
    await expect(alice.locator(".talk-last")).to_have_text("Brouillon\u00a0: Je me demandais si")
    await alice.goto(f"/messages/{talk}")
    await expect(area).to_have_value("Je me demandais si")
    await area.press("Enter")
    await alice.goto("/messages")
    await expect(alice.locator(".talk-last")).to_contain_text("Vous")
    await alice.goto(f"/messages/{talk}")
    await expect(area).to_have_value("")

    await area.fill("Pour moi seule")
    await alice.goto("/moi")
    assert await alice.evaluate("JSON.stringify(localStorage)") != "{}"
    await alice.get_by_role("button", name="Se déconnecter").click()
    await alice.wait_for_url("**/")
    assert await alice.evaluate("JSON.stringify(localStorage)") == "{}"
