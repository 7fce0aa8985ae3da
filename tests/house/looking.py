"""Pages in a real browser: nothing for axe, nothing in the console, nothing that scrolls sideways."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, Page

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
