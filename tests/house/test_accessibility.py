"""Every kind of page in a real browser: nothing for axe, the policy kept, nothing that scrolls sideways."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from echange.demo import load
from tests.conftest import Doors, Served, sign_in, signed_in_context
from tests.house.crawling import walk

WIDTHS: Final = (1280, 360)
SCHEMES: Final[Sequence[Any]] = ("light", "dark")
# At 400 % zoom a screen of 1280 has this width left.
NARROWEST: Final = 320
TABS: Final = 2
NOT_FOUND: Final = "/nulle-part"
AXE: Final = Axe()
LOOKING: Final = (
    f"known => {{ {AXE.axe_script}\n({Path(__file__).with_name('looking.js').read_text()})(known) }}"
)
LOOK: Final = "([scheme, colouredPart]) => lookWithAxe(scheme, colouredPart)"

# Looks that axe has let pass on some page before.
_passed: set[str] = set()

pytestmark = pytest.mark.browser


@pytest.fixture
async def lively(database_url: str, served: Served) -> Served:
    """A served town with something to see in it."""
    await load(database_url, members=30, ads=40)
    return served


async def test_every_page_open_to_anyone(lively: Served, browser: Browser) -> None:
    async with Doors(lively.app).open() as somebody:
        seen = await walk(lively.app, somebody)
    pages = [addresses[0] for route, addresses in seen.by_route.items() if addresses[0] in seen.pages]
    context = await browser.new_context(base_url=lively.url, locale="fr-FR")
    assert await faults_of(context, [*pages, NOT_FOUND]) == []


async def test_every_page_of_a_member(lively: Served, browser: Browser) -> None:
    async with Doors(lively.app).open() as anyone, Doors(lively.app).open() as alice:
        await sign_in(alice, "alice")
        open_to_anyone, hers = await walk(lively.app, anyone), await walk(lively.app, alice)
    own = [
        addresses[0]
        for route, addresses in hers.by_route.items()
        if addresses[0] in hers.pages and (route not in open_to_anyone.by_route or route == "/")
    ]
    context = await signed_in_context(browser, lively, "alice")
    assert await faults_of(context, own) == []


async def test_every_page_of_the_staff(lively: Served, browser: Browser) -> None:
    async with Doors(lively.app).open() as alice, Doors(lively.app).open() as admin:
        await sign_in(alice, "alice")
        await sign_in(admin, "admin")
        hers, theirs = await walk(lively.app, alice), await walk(lively.app, admin, "/administration")
    own = [
        addresses[0]
        for route, addresses in theirs.by_route.items()
        if addresses[0] in theirs.pages and route not in hers.by_route
    ]
    assert len(own) > 5
    context = await signed_in_context(browser, lively, "admin")
    assert await faults_of(context, own) == []


async def test_every_page_of_whoever_lends(lively: Served, browser: Browser) -> None:
    async with Doors(lively.app).open() as alice, Doors(lively.app).open() as keeper:
        await sign_in(alice, "alice")
        await sign_in(keeper, "redoute")
        hers, theirs = await walk(lively.app, alice), await walk(lively.app, keeper, "/prets/comptoir")
    own = [
        addresses[0]
        for route, addresses in theirs.by_route.items()
        if addresses[0] in theirs.pages and route not in hers.by_route
    ]
    own += ["/prets/comptoir", "/prets/comptoir/hors-ligne", "/prets/comptoir/conflits"]
    context = await signed_in_context(browser, lively, "redoute")
    assert await faults_of(context, own) == []


async def test_a_refused_form(lively: Served, browser: Browser) -> None:
    context = await browser.new_context(base_url=lively.url, locale="fr-FR")
    page = await context.new_page()
    await page.goto("/inscription")
    async with page.expect_navigation():
        await page.locator("main form[method=post]").first.evaluate("form => form.submit()")
    assert (await page.title()).startswith("Erreur")
    assert await looked_at(page) == []


async def test_faults_would_be_noticed(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content(
        """<html><title>Faute</title><style>p { color: #ddd; background: #fff; width: 500px }</style>
           <main><h1>Faute</h1><p>Trop pâle<img src="data:,"></p></main></html>"""
    )
    faults = " ".join(await looked_at(page))
    assert "light 1280: color-contrast" in faults
    assert "dark 1280: color-contrast" in faults
    assert "image-alt" in faults
    assert "px wide on 320" in faults


async def test_faults_of_narrow_screens_alone_would_be_noticed(browser: Browser) -> None:
    page = await browser.new_page()
    for narrow in (
        "p { color: #888 }",
        "body { background: #777 }",
        "main { background: #777 }",
        "div { background: #777 }",
        "div { opacity: 0.5 }",
        "h2 { font-size: 16px }",
        "em { display: inline }",
        "b { visibility: visible }",
        "a { text-decoration: none }",
        "i { position: static }",
    ):
        await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        await page.set_content(
            f"""<html lang="fr"><title>Faute</title>
                <style>
                    body {{ background: #fff; color: #333 }} a {{ color: #222 }}
                    h2 {{ font-size: 32px; font-weight: 400; color: #888 }}
                    em, b, i {{ color: #bbb }}
                    em {{ display: none }} b {{ visibility: hidden }} i {{ position: absolute; left: -999px }}
                    @media (max-width: 400px) {{ {narrow} }}
                </style>
                <main><h1>Titre</h1><h2>Grand et pâle</h2><div>
                <p>Un mot, <a href="#x">un lien</a> et encore un mot <em>vu</em> <b>parfois</b> <i>là</i></p>
                </div></main></html>"""
        )
        faults = await looked_at(page, "main")
        assert {fault.split(":")[0] for fault in faults} == {"light 360", "dark 360"}, (narrow, faults)


async def test_letters_that_passed_are_weighed_again_where_anything_differs(browser: Browser) -> None:
    page = await browser.new_page()
    written = "<p>Un mot</p><p>Un autre mot</p><p id='last'>Un dernier mot</p>"
    for different in (
        "#last { color: #aaa }",
        "main { background: #777 }",
        "div { opacity: 0.5 }",
        "#last { position: absolute; top: 2em } b { display: block; height: 9em; background: #444 }",
    ):
        everywhere = {f"{scheme} {width}" for scheme in SCHEMES for width in WIDTHS}
        for style, expected in (("", set[str]()), (different, everywhere)):
            await page.set_content(
                f"""<html lang="fr"><title>Mots</title>
                    <style>body {{ background: #fff; color: #333 }} {style}</style>
                    <main><b></b><h1>Titre</h1><div>{written}</div></main></html>"""
            )
            faults = await looked_at(page, "main")
            assert {fault.split(":")[0] for fault in faults} == expected, (style, faults)
            assert all("#last" in fault for fault in faults if "#last" in style)


async def faults_of(context: BrowserContext, addresses: Sequence[str]) -> list[str]:
    """What is wrong with the pages, a few tabs at a time."""
    ahead, faults = list(dict.fromkeys(addresses)), list[str]()
    same_around = set(ahead[1:])

    async def look_through() -> None:
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if _is_bad(message) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        while ahead:
            address = ahead.pop()
            await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            await page.emulate_media(color_scheme=SCHEMES[0], reduced_motion="reduce")
            await page.goto(address)
            expected = [text for text in said if address == NOT_FOUND and "404" in text]
            found = await looked_at(page, "main" if address in same_around else "html")
            faults.extend(f"{address} {fault}" for fault in [*found, *said] if fault not in expected)
            said.clear()

    await asyncio.gather(*(look_through() for _ in range(TABS)))
    return faults


def _is_bad(message: ConsoleMessage) -> bool:
    return message.type in {"error", "warning"}


async def looked_at(page: Page, coloured_part: str = "html") -> list[str]:
    """axe in both colours and both widths, then the width of the page on the narrowest screen."""
    await page.evaluate(LOOKING, sorted(_passed))
    faults = []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            # Without motion colours change at once: axe must not look at them half-way.
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = await page.evaluate(LOOK, [scheme, coloured_part])
            faults += [f"{scheme} {width}: {fault}" for fault in found["faults"]]
            _passed.update(found["passed"])
    await page.set_viewport_size({"width": NARROWEST, "height": 900})
    wide = await page.evaluate("() => document.scrollingElement.scrollWidth")
    if wide > NARROWEST:
        faults.append(f"{wide} px wide on {NARROWEST}")
    return faults
