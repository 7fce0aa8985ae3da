"""Alice and Bob write to each other while the server starts anew."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from playwright.async_api import Browser, expect
from starlette.applications import Starlette

from tests.conftest import Served
from tests.journeys.writing import both, open_talk, write
from tests.journeys.writing import quick as quick
from tests.neighbours import Town

pytestmark = pytest.mark.browser


@asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """The application behind a server of its own; its end closes every socket with 1012."""
    config = uvicorn.Config(
        app, lifespan="off", log_level="warning", access_log=False, ws="echange.live.transport:LineProtocol",
        ws_per_message_deflate=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 — uvicorn tells it by a flag only
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_after_a_restart_both_come_back_and_nothing_is_missing(
    app: Starlette, town: Town, browser: Browser
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Served(app, address(listener))
        async with serving(app, listener.dup()):
            talk = await open_talk(served, town)
            alice, bob = await both(browser, served, talk)
            await write(alice, "avant")
            await expect(bob.locator(".message-theirs")).to_have_count(1)
        await write(alice, "pendant")
        async with serving(app, listener.dup()):
            await expect(bob.locator(".message-theirs .message-text").last).to_have_text("pendant")
            await write(bob, "après")
            await expect(alice.locator(".message-text")).to_have_text(["avant", "pendant", "après"])
            await expect(alice.locator("#connection")).to_be_hidden()
