"""Mandates and people without a mailbox, made as the pages make them."""

import re
from typing import Any

import httpx

ODILE = {"name": "Odile Perrin", "phone": "0612345678", "quartier": "", "wants": "Jardinage"}
TERMS = {"days": "31", "scopes": ["help"]}


async def settle(desk: httpx.AsyncClient, **changed: str) -> int:
    """Somebody without a mailbox, by the desk's form; their id."""
    answer = await desk.post("/administration/membres/nouveau", data={**ODILE, **changed})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


async def sign(desk: httpx.AsyncClient, member_id: int, **changed: Any) -> int:
    """A mandate made at the desk, for it or for a helper; its id."""
    form = {**TERMS, "consent": "signed", **changed}
    answer = await desk.post(f"/administration/membres/{member_id}/mandat", data=form)
    assert answer.status_code == 303, answer.text
    return number(answer)


async def ask(client: httpx.AsyncClient, who: str, part: str = "helper", **changed: Any) -> int:
    """A mandate asked of somebody; its id."""
    answer = await client.post("/moi/mandats/nouveau", data={**TERMS, "who": who, "part": part, **changed})
    assert answer.status_code == 303, answer.text
    return number(answer)


def number(answer: httpx.Response) -> int:
    found = re.fullmatch(r"/moi/mandats/(\d+)", answer.headers["location"])
    assert found, answer.headers["location"]
    return int(found[1])


async def wear(client: httpx.AsyncClient, mandate_id: int | None) -> httpx.Response:
    return await client.post("/moi/agir-pour", data={"mandate": mandate_id or "", "suite": "/annonces"})


async def behalf(client: httpx.AsyncClient) -> str | None:
    """For whom the API says this browser acts."""
    worn: dict[str, Any] | None = (await client.get("/api/v1/me")).json()["behalf"]
    return worn["name"] if worn else None
