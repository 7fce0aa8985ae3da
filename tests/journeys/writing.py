"""Neighbours who write to each other, each in a browser of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.chat.groups import opened
from tests.conftest import Served, sign_in, signed_in_context
from tests.neighbours import Town

NARROW: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is there is looked at so often that a story can wait for it."""
    monkeypatch.setattr("echange.chat.presence.PERIOD_SECONDS", 0.5)
    monkeypatch.setattr("echange.chat.presence.READ_AFTER_SECONDS", 0.2)
    monkeypatch.setattr("echange.chat.presence.GREETED_TOGETHER_SECONDS", 0.05)


@asynccontextmanager
async def programme(served: Served, handle: str) -> AsyncIterator[httpx.AsyncClient]:
    """A neighbour without a browser."""
    async with httpx.AsyncClient(base_url=served.url, headers={"origin": served.url}) as client:
        await sign_in(client, handle)
        yield client


async def open_talk(served: Served, town: Town) -> int:
    """The conversation of Alice and Bob."""
    async with programme(served, "alice") as alice:
        return await opened(alice, [town["bob"]])


async def both(
    browser: Browser, served: Served, talk: int, *, phone: bool = False, **options: Any
) -> tuple[Page, Page]:
    """Alice and Bob before their conversation; with `phone`, Bob's window is as narrow as one."""
    alices = await signed_in_context(browser, served, "alice", **options)
    bobs = await signed_in_context(browser, served, "bob", **options, **(NARROW if phone else {}))
    return await thread(alices, talk), await thread(bobs, talk)


async def reading(browser: Browser, served: Served, handle: str, talk: int, **options: Any) -> Page:
    """One neighbour before the conversation, in a window with these options."""
    return await thread(await signed_in_context(browser, served, handle, **options), talk)


async def thread(context: BrowserContext, talk: int) -> Page:
    """The conversation in one more tab; its `troubles` are what the browser complains of."""
    page = await context.new_page()
    page.set_default_timeout(10_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.troubles = troubles  # type: ignore[attr-defined]
    await page.goto(f"/messages/{talk}")
    return page


async def write(page: Page, words: str) -> None:
    await page.get_by_label("Écrire à").fill(words)
    await page.get_by_role("button", name="Envoyer").click()
