"""Somebody is late: one of the next two is moved to another unit, the other is told and takes other dates."""

import pytest
from playwright.async_api import Browser, Page, expect

from echange.lending import Unit
from echange.lending.schedule import ripple
from tests.conftest import Served, signed_in_context
from tests.journeys.lending import PHONE
from tests.lending.asking import Client, ask, window
from tests.lending.test_loan_clock import days_earlier, hand_out
from tests.lending.things import lent
from tests.neighbours import Town

pytestmark = pytest.mark.browser

TITLE = "Barnum"


async def test_two_who_come_next_watch_what_a_late_one_does(
    browser: Browser, served: Served, town: Town, alice: Client, bob: Client, charlie: Client
) -> None:
    item = await lent(town, TITLE, units=2)
    late = await ask(alice, item.id, **window(1, 2))
    bobs = await ask(bob, item.id, **window(2, 4))
    charlies = await ask(charlie, item.id, **window(2, 4))
    (unit,) = await Unit.filter(id__in=late["units"])
    bob_sees = await (await signed_in_context(browser, served, "bob", viewport=PHONE)).new_page()
    charlie_sees = await (await signed_in_context(browser, served, "charlie")).new_page()
    for page in (bob_sees, charlie_sees):
        await page.goto("/")
    await hand_out(late["id"])
    await days_earlier(late["id"], 2.5)
    await ripple()
    moved, unlucky = await told_apart(bob_sees, bobs["url"], charlie_sees, charlies["url"])
    await expect(moved.get_by_role("main")).not_to_contain_text(unit.code)
    await choose_again(unlucky)
    await expect_late(browser, served)


async def told_apart(one: Page, ones: str, other: Page, others: str) -> tuple[Page, Page]:
    """Whose loan holds, and whose does not."""
    await one.goto(ones)
    await other.goto(others)
    lost = one.get_by_role("heading", name="Ces dates ne tiennent plus")
    return (other, one) if await lost.count() else (one, other)


async def choose_again(unlucky: Page) -> None:
    """Three ways to a yes: from the bell to another date, by one button."""
    await unlucky.goto("/")
    await unlucky.get_by_role("banner").get_by_role("link", name="Avis").click()
    await expect(unlucky.get_by_role("main")).to_contain_text("Libre à la place")
    await unlucky.get_by_role("button", name=TITLE).first.click()
    await expect(unlucky.get_by_role("heading", name="Ces dates ne tiennent plus")).to_be_visible()
    ways = unlucky.locator(".loan-instead").get_by_role("button")
    await expect(ways).to_have_count(3)
    await ways.first.click()
    await expect(unlucky.get_by_role("heading", name="C’est accordé")).to_be_visible()


async def expect_late(browser: Browser, served: Served) -> None:
    """Who is late reads so at once, and whoever lends sees it first."""
    alice = await (await signed_in_context(browser, served, "alice", viewport=PHONE)).new_page()
    await alice.goto("/moi/prets")
    await expect(alice.get_by_role("article").filter(has_text=TITLE)).to_contain_text("Devait revenir")
    keeper = await (await signed_in_context(browser, served, "redoute")).new_page()
    await keeper.goto("/prets/tableau")
    await expect(keeper.get_by_role("heading", level=2).first).to_have_text("En retard")
