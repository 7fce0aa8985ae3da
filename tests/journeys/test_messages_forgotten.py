"""A page that was away while the town forgot goes on where something is left."""

from datetime import timedelta
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, expect

from echange.chat import retention
from tests.chat.conftest import talk as talk
from tests.chat.groups import say
from tests.conftest import Served, signed_in_context

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.mark.browser
async def test_what_was_missed_and_forgotten_leaves_no_hole(
    served: Served, browser: Browser, alice: httpx.AsyncClient, talk: int, connection: Raw
) -> None:
    await say(alice, talk, "Lu depuis longtemps")
    context = await signed_in_context(browser, served, "bob")
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"/messages/{talk}")
    await context.set_offline(True)
    for body in ("Manqué", "Manqué aussi"):
        await say(alice, talk, body)
    await retention.forget_old(timedelta(0))
    await say(alice, talk, "Du neuf")
    await context.set_offline(False)
    await expect(page.locator("#log")).to_contain_text("Du neuf", timeout=20_000)
    await say(alice, talk, "Et encore")
    await expect(page.locator("#log")).to_contain_text("Et encore")
    assert len([url for url in asked if "/events?" in url]) < 10, "it does not ask for ever"
    await context.close()
