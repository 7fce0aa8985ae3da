"""A group of neighbours in two browsers: opened, written to, found again, silenced, left."""

import pytest
from playwright.async_api import Browser, expect

from tests.chat.groups import opened, place, say
from tests.conftest import Served, signed_in_context
from tests.house.looking import faults_of
from tests.journeys.writing import NARROW, programme
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def test_a_group_is_opened_written_to_searched_and_left(
    served: Served, town: Town, browser: Browser
) -> None:
    async with programme(served, "alice") as client:
        await say(client, await opened(client, [town["bob"]]), "Bonjour Bob")
    alices = await signed_in_context(browser, served, "alice")
    bobs = await signed_in_context(browser, served, "bob", **NARROW)
    alice, bob = await alices.new_page(), await bobs.new_page()

    await alice.goto("/messages")
    await alice.get_by_role("link", name="Nouveau groupe").click()
    await alice.get_by_label("Bob Traoré").check()
    await alice.get_by_label("Chercher un voisin").fill("charl")
    await alice.get_by_role("button", name="Chercher").click()
    await expect(alice.get_by_label("Bob Traoré")).to_be_checked()
    await alice.get_by_label("Charlie Nguyen").check()
    await alice.get_by_label("Nom du groupe").fill("Fête de la rue")
    await bob.goto("/messages")
    await alice.get_by_role("button", name="Ouvrir le groupe").click()
    await expect(alice.get_by_role("heading", name="Fête de la rue")).to_be_visible()

    await bob.locator(".talk", has_text="Fête de la rue").click()
    await alice.locator("#f-body").fill("Qui apporte la rallonge ?")
    await alice.get_by_role("button", name="Envoyer").click()
    await expect(bob.locator(".message-theirs .message-text").last).to_have_text("Qui apporte la rallonge ?")

    await bob.goto("/messages?q=")
    await bob.get_by_role("searchbox").fill("rallonges")
    await bob.get_by_role("searchbox").press("Enter")
    await expect(bob.locator(".found mark")).to_have_text("rallonge")
    await bob.locator(".found .talk").click()
    await expect(bob.locator(".message-text", has_text="rallonge")).to_be_visible()

    await bob.get_by_role("heading", name="Fête de la rue").get_by_role("link").click()
    await bob.get_by_role("button", name="Ne plus être dérangé").click()
    await expect(bob.get_by_text("sans avis", exact=True)).to_be_visible()
    await bob.goto(alice.url)
    await bob.get_by_role("heading", name="Fête de la rue").get_by_role("link").click()
    await bob.get_by_role("link", name="Quitter le groupe").click()
    await bob.get_by_role("button", name="Quitter le groupe").click()
    await expect(bob.get_by_text("Vous avez quitté")).to_be_visible()
    await expect(bob.locator(".talk", has_text="Fête de la rue")).to_have_count(0)
    await expect(alice.locator("#log")).to_contain_text("Bob Traoré a quitté le groupe")


async def test_the_pages_of_groups_and_searches_are_for_everyone(
    served: Served, town: Town, browser: Browser
) -> None:
    async with programme(served, "alice") as client:
        group = await opened(client, [town["bob"], town["charlie"]], "Les voisins du douze et leurs amis")
        await say(client, group, "Qui a la clé du local à vélos ?")
        muted = await opened(client, [town["bob"], town["redoute"]])
        await say(client, muted, "Rien d’urgent")
        await client.put(f"/api/v1/conversations/{muted}/mute")
        assert (await client.patch(place(group, town["bob"]), json={"role": "owner"})).status_code == 200
    context = await signed_in_context(browser, served, "alice")
    pages = [
        "/messages",
        "/messages?filtre=archivees",
        "/messages?q=velo",
        "/messages?q=rien",
        "/messages/groupe",
        f"/messages/{group}/groupe?nom=c",
        f"/messages/{group}/groupe/depart",
        f"/messages/{group}/membres/{town['bob']}",
        f"/messages/{group}",
    ]
    assert await faults_of(context, pages) == []
