"""Lending on paper, with large letters on the narrowest screen, and under the staff’s longer menu."""

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page

from tests.conftest import Served, signed_in_context
from tests.house.looking import NARROWEST
from tests.lending.things import lent, units_of
from tests.neighbours import Town

pytestmark = pytest.mark.browser

NOT_FOR_PAPER: Final = ".tabs, .rooms, .bottombar, .actionbar, .footer, .button, form .input"
# What a phone still reads from an arm's length away.
CODE_MM: Final = 20
MM_PER_PIXEL: Final = 25.4 / 96


async def test_large_letters_never_push_a_thing_to_borrow_off_the_narrowest_screen(
    browser: Browser, served: Served, town: Town
) -> None:
    item = await lent(town, "Vidéoprojecteur-rétroprojecteur", approval="owner")
    page = await _page_of(browser, served, "alice")
    await page.set_viewport_size({"width": NARROWEST, "height": 640})
    await page.goto(item.url)
    await page.evaluate("document.documentElement.dataset.text = 'large'")
    assert await page.evaluate("document.scrollingElement.scrollWidth") == NARROWEST


async def test_the_staff_s_menu_stays_within_the_page(browser: Browser, served: Served, town: Town) -> None:
    page = await _page_of(browser, served, "admin")
    for width in (1280, 1200, 1130, 970):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.goto("/prets")
        room = await page.locator(".masthead-row").evaluate("row => row.clientWidth - row.scrollWidth")
        brand, first = [await _box(page, one) for one in (".brand", ".rooms a >> nth=0")]
        assert room >= 0, width
        beside = first["y"] < brand["y"] + brand["height"]
        assert not beside or first["x"] - brand["x"] - brand["width"] >= 12, width


async def test_labels_on_paper_are_whole_and_large_enough_to_scan(
    browser: Browser, served: Served, town: Town, tmp_path: Path
) -> None:
    item = await lent(town, "Banc pliant", units=25)
    page = await _page_of(browser, served, "redoute")
    await page.goto(f"/prets/{item.id}/etiquettes")
    await page.emulate_media(media="print")
    assert len(await units_of(item)) == await page.locator(".label").count()
    assert await _shown(page) == []
    code = await _box(page, ".label > img >> nth=0")
    assert code["width"] * MM_PER_PIXEL >= CODE_MM
    broken = await page.locator(".label").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).breakInside !== 'avoid').length"
    )
    assert broken == 0
    printed = await page.pdf(prefer_css_page_size=True, path=tmp_path / "labels.pdf")
    assert printed.count(b"/Type /Page\n") == 2


async def test_the_desk_s_books_are_printed_without_menus(
    browser: Browser, served: Served, town: Town
) -> None:
    item = await lent(town, "Barnum")
    page = await _page_of(browser, served, "redoute")
    await page.emulate_media(media="print")
    for address in ("/prets/comptoir", "/prets/cautions", "/prets/chiffres", "/prets/tableau", item.url):
        await page.goto(address)
        assert await _shown(page) == [], address


async def _page_of(browser: Browser, served: Served, who: str) -> Page:
    return await (await signed_in_context(browser, served, who)).new_page()


async def _box(page: Page, what: str) -> dict[str, float]:
    box = await page.locator(what).bounding_box()
    assert box, what
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


async def _shown(page: Page) -> list[str]:
    """What should not stand on paper and does."""
    found: list[str] = await page.locator(NOT_FOR_PAPER).evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => one.className)"
    )
    return found
