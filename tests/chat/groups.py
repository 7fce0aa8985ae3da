"""What the tests of groups, lists and searches share."""

from typing import Any

import httpx

from echange.chat import client_id


async def opened(client: httpx.AsyncClient, members: list[int], title: str = "") -> int:
    """A conversation with these members: a group with a title or more than one."""
    answer = await client.post("/api/v1/conversations", json={"members": members, "title": title})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def say(client: httpx.AsyncClient, conversation: int, body: str) -> int:
    """Write a message; its number."""
    message = {"client_id": client_id(), "body": body}
    answer = await client.post(f"/api/v1/conversations/{conversation}/messages", json=message)
    assert answer.status_code == 201, answer.text
    seq: int = answer.json()["seq"]
    return seq


async def events(client: httpx.AsyncClient, conversation: int, after: int = 0) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/conversations/{conversation}/events?after={after}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def place(conversation: int, member: int) -> str:
    return f"/api/v1/conversations/{conversation}/members/{member}"
