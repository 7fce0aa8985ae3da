"""What goes wrong on the way, or at the same time, loses nothing and says nothing untrue."""

import asyncio
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Page, Route, WebSocketRoute, expect

from tests.chat.groups import opened, place, say
from tests.conftest import Served, signed_in_context
from tests.journeys.test_messages_attachments import BICYCLE, LEASE, choose
from tests.journeys.writing import both, open_talk, programme, reading, thread, write
from tests.neighbours import Town

pytestmark = pytest.mark.browser
SAID = ".message-mine .message-text"


async def test_who_comes_into_an_open_group_writes_under_their_name(
    served: Served, town: Town, browser: Browser
) -> None:
    async with programme(served, "alice") as client, programme(served, "charlie") as charlie:
        group = await opened(client, [town["bob"]], "La rue")
        alice = await reading(browser, served, "alice", group)
        await client.post(place(group, town["charlie"]))
        await expect(alice.locator("#log")).to_contain_text("a ajouté Charlie Nguyen")
        await say(charlie, group, "Me voici")
    line = alice.locator(".message-theirs").last
    await expect(line.locator("[data-author]")).to_have_text("Charlie Nguyen")
    avatar = line.locator(".avatar")
    before = [await avatar.inner_text(), await avatar.get_attribute("class")]
    await expect(alice.locator("#announce")).to_contain_text("Charlie Nguyen\u00a0: Me voici")
    await alice.reload()
    assert [await avatar.inner_text(), await avatar.get_attribute("class")] == before


async def test_a_sign_put_on_a_photo_stays_whichever_drawing_comes_last(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk)
    await choose(bob, BICYCLE)
    await bob.get_by_role("button", name="Envoyer").click()
    photo = alice.locator(".message-theirs")
    await expect(photo.locator("img")).to_be_visible()
    async with programme(served, "alice") as client:
        without = (await client.get(f"/messages/{talk}/m/1/ligne")).text
    asked: list[Route] = []
    again, late = asyncio.Event(), asyncio.Event()

    async def drawn(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            await route.continue_()
            return again.set()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(again.wait(), 3)
        await route.fulfill(body=without, content_type="text/html")
        return late.set()

    await alice.route("**/m/1/ligne", drawn)
    await photo.locator(".message-more").focus()
    await alice.keyboard.press("Enter")
    await alice.get_by_role("dialog").get_by_role("button", name="cœur").click()
    await late.wait()
    await expect(photo.get_by_role("button", name="cœur")).to_be_visible()
    await expect(photo.locator(".message-more")).to_be_focused()
    await alice.wait_for_timeout(300)
    await expect(photo.get_by_role("button", name="cœur")).to_be_visible()


async def test_what_was_refused_is_said_once_when_tried_again_and_kept_once_signed_out(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice, bob = await both(browser, served, talk)
    async with programme(served, "bob") as client:
        await client.put(f"/api/v1/members/{town['alice']}/block")
        await write(alice, "Bonjour")
        await expect(alice.locator(".message-failed")).to_contain_text("ne peut pas recevoir")
        await client.delete(f"/api/v1/members/{town['alice']}/block")
        await alice.get_by_role("button", name="Réessayer").click()
        await expect(alice.locator(SAID)).to_have_text(["Bonjour"])
        await expect(alice.locator(".message-failed, .message-sending")).to_have_count(0)
        await expect(bob.locator(".message-theirs .message-text")).to_have_text(["Bonjour"])
        await client.put(f"/api/v1/members/{town['alice']}/block")
    await write(alice, "Tu es là ?")
    await expect(alice.locator(".message-failed")).to_contain_text("ne peut pas recevoir")
    served.app.state.hub.end_member(town["alice"])
    await expect(alice.locator(".message-failed")).to_contain_text("vous n’êtes plus connecté")
    await expect(alice.locator(SAID)).to_have_text(["Bonjour", "Tu es là ?"])
    await expect(alice.get_by_role("button", name="Réessayer")).to_be_hidden()
    await write(alice, "Trop tard")
    await expect(alice.get_by_label("Écrire à")).to_have_value("Trop tard")


async def test_what_is_thrown_away_on_its_way_does_not_come_back_refused(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    context = await signed_in_context(browser, served, "alice")
    asked, refuse = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        asked.set()
        await refuse.wait()
        await route.fulfill(status=409, json={"code": "unavailable"})

    def silent(_socket: WebSocketRoute) -> None:
        """A socket that never says a word: all goes over HTTP."""

    await context.route_web_socket("**/live", silent)
    await context.route(f"**/conversations/{talk}/messages", slow)
    alice = await thread(context, talk)
    await write(alice, "Non, rien")
    await asked.wait()
    await alice.get_by_role("button", name="Supprimer", exact=True).click()
    await expect(alice.locator(".message")).to_have_count(0)
    async with alice.expect_response(f"**/conversations/{talk}/messages"):
        refuse.set()
    await alice.wait_for_timeout(300)
    await expect(alice.locator(".message")).to_have_count(0)


async def test_a_ready_answer_waits_with_what_is_still_on_its_way(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alice = await reading(browser, served, "alice", talk)
    go_on = asyncio.Event()

    async def slow(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await alice.route("**/attachments", slow)
    await choose(alice, LEASE)
    await expect(alice.locator(".attached")).to_have_count(1)
    await alice.get_by_role("button", name="Bonjour !").click()
    await expect(alice.locator("#attach-told")).to_contain_text("partira dès que")
    await expect(alice.get_by_label("Écrire à")).to_have_value("Bonjour\u00a0!")
    go_on.set()
    await expect(alice.locator(SAID)).to_have_text(["Bonjour\u00a0!"])
    await expect(alice.locator(".message-mine")).to_contain_text("bail.pdf")
    await expect(alice.get_by_label("Écrire à")).to_have_value("")


async def test_a_file_is_not_left_behind_where_its_script_does_not_come(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    context = await signed_in_context(browser, served, "alice")
    await context.route("**/attach.js*", lambda route: route.abort())
    alice = await thread(context, talk)
    await choose(alice, LEASE)
    await write(alice, "Voici le bail")
    await expect(alice.locator("#attach-told")).to_contain_text("Pas encore joint")
    await expect(alice.locator(".message")).to_have_count(0)
    await context.unroute("**/attach.js*")
    await alice.get_by_role("button", name="Envoyer").click()
    await expect(alice.locator(".message-mine")).to_contain_text("bail.pdf")
    await expect(alice.locator(SAID)).to_have_text(["Voici le bail"])


async def test_a_tab_left_alone_takes_no_words_from_another(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alone = await reading(browser, served, "alice", talk)
    await write(alone, "Bonjour")
    await expect(alone.locator(".message-sending")).to_have_count(0)
    writing = await thread(alone.context, talk)
    await writing.get_by_label("Écrire à").fill("Je me demandais si")
    await until_kept(writing)
    await alone.get_by_label("Écrire à").focus()
    await alone.goto("/messages")
    await expect(alone.locator(".talk-last")).to_have_text("Brouillon\u00a0: Je me demandais si")


async def until_kept(page: Page) -> None:
    while not await page.evaluate("Object.keys(localStorage).some((key) => key.includes('draft:'))"):
        await page.wait_for_timeout(100)


async def test_a_page_nobody_looks_at_asks_for_its_list_when_it_is_looked_at(
    served: Served, town: Town, browser: Browser
) -> None:
    talk = await open_talk(served, town)
    alices = await signed_in_context(browser, served, "alice")
    await alices.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => Boolean(window.away) })"
    )
    async with programme(served, "bob") as bob:
        await say(bob, talk, "Une première")
        inbox = await alices.new_page()
        await inbox.goto("/messages")
        await inbox.wait_for_timeout(2000)
        await inbox.evaluate("window.away = true")
        await say(bob, talk, "Une deuxième")
        await expect(inbox).to_have_title("(2) Messages – échange")
        await inbox.wait_for_timeout(1600)
        await expect(inbox.locator(".talk-last")).to_contain_text("première")
    await inbox.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    await expect(inbox.locator(".talk-last")).to_contain_text("deuxième")
