"""Somebody who joins."""

from typing import Any

import httpx

from echange.config import Settings
from tests.members.mailbox import letters_to, path_in

GOOD_PASSWORD = "trois tortues jaunes"


def joining(**changed: str) -> dict[str, str]:
    """The form of a newcomer, filled in."""
    filled = {"name": "Mona Diallo", "email": "mona@voisins.example", "password": GOOD_PASSWORD, "age": "on"}
    return {**filled, **changed}


async def join(client: httpx.AsyncClient, **changed: str) -> httpx.Response:
    return await client.post("/inscription", data=joining(**changed))


async def confirm(client: httpx.AsyncClient, settings: Settings, address: str) -> httpx.Response:
    """Follow the newest confirmation mail."""
    letter = (await letters_to(settings, address))[-1]
    return await client.post(path_in(letter, "/confirmation/"))


async def viewer_id(client: httpx.AsyncClient) -> int | None:
    """Who the API says this browser is."""
    answer = await client.get("/api/v1/me")
    body: dict[str, Any] = answer.json()
    return body["id"] if answer.status_code == 200 else None


def plain(page: str) -> str:
    """A page with ordinary spaces."""
    return page.replace("\u00a0", " ").replace("&nbsp;", " ")
