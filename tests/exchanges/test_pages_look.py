"""Pages of exchanges in a real browser: nothing for axe, nothing that scrolls sideways."""

from typing import Final

import httpx
import pytest
from playwright.async_api import Browser

from tests.conftest import Served, signed_in_context
from tests.exchanges.test_pages_thanks import thanked
from tests.exchanges.walking import Two, lead
from tests.house.looking import faults_of
from tests.neighbours import Town

pytestmark = pytest.mark.browser
STATES: Final = ("proposed", "accepted", "declared", "disputed", "cancelled")


async def test_every_state_from_both_sides(
    served: Served, browser: Browser, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    led = {state: await lead(Two(alice, bob, town), state) for state in STATES}
    await thanked(alice, town)
    settled = f"/echanges/{max(it.id for it in led.values()) + 1}"
    pages = [
        *(it.url for it in led.values()),
        settled,
        "/echanges",
        "/echanges?voir=sans-suite",
        f"{led['accepted'].url}/annulation",
        f"{led['declared'].url}/desaccord",
        "/echanges/proposer?nom=bo",
        "/membres/bob",
    ]
    hers = await signed_in_context(browser, served, "alice")
    assert await faults_of(hers, [*pages, f"/echanges/proposer?membre={town['bob']}"]) == []
    his = await signed_in_context(browser, served, "bob")
    assert await faults_of(his, [led["proposed"].url, led["declared"].url, settled, "/membres/bob"]) == []


async def test_the_moderators_pages(
    served: Served, browser: Browser, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await lead(Two(alice, bob, town), "disputed")
    context = await signed_in_context(browser, served, "moderatrice")
    pages = ["/moderation/echanges", f"/moderation/echanges/{it.id}", it.url]
    assert await faults_of(context, pages) == []
