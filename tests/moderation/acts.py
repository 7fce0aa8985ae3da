"""What people do in tests of reports and decisions."""

import re

import httpx


async def report(client: httpx.AsyncClient, kind: str, number: int, **fields: object) -> httpx.Response:
    """Through the form."""
    data = {
        "kind": kind,
        "id": str(number),
        "reason": "scam",
        **{name: str(value) for name, value in fields.items()},
    }
    return await client.post("/signaler", data=data)


async def decide(
    client: httpx.AsyncClient, kind: str, number: int, act: str, **fields: object
) -> httpx.Response:
    """As the page offers it: what the moderator has read goes with it."""
    page = (await client.get(f"/moderation/{kind}/{number}")).text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    data = {
        "act": act,
        "canned": "courtesy",
        "seen": seen[1] if seen else "0",
        **{name: str(value) for name, value in fields.items()},
    }
    return await client.post(f"/moderation/{kind}/{number}/decisions", data=data)


async def decision_told_to(client: httpx.AsyncClient) -> str:
    """The address of the newest decision among somebody's notices."""
    page = (await client.get("/avis")).text
    notice = re.search(r'action="(/avis/\d+/lecture)"', page)
    assert notice, page
    answer = await client.post(notice[1])
    return str(answer.headers["location"])
