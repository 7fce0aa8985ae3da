"""Two neighbours before their browsers, and an exchange led through its pages."""

from dataclasses import dataclass
from typing import Any

import httpx

from echange.exchanges import clock
from echange.exchanges.models import Exchange
from tests.exchanges.twos import days_earlier, proposed
from tests.neighbours import Town


@dataclass(frozen=True)
class Two:
    """Alice receives, Bob gives and has proposed."""

    alice: httpx.AsyncClient
    bob: httpx.AsyncClient
    town: Town

    def of(self, who: str) -> httpx.AsyncClient:
        return self.alice if who == "alice" else self.bob


# What leads to a state from the one before it.
_STEPS = {
    "accepted": ("proposed", "alice", "accord", {}),
    "under_way": ("accepted", "bob", "debut", {}),
    "declared": ("under_way", "bob", "temps", {"minutes": "1 h 30"}),
    "disputed": ("declared", "alice", "desaccord", {"reason": "C’était une heure."}),
    "settled": ("declared", "alice", "confirmation", {"seen": "90"}),
    "declined": ("proposed", "alice", "refus", {}),
    "cancelled": ("accepted", "bob", "annulation", {"words": "Je suis malade."}),
}


async def lead(two: Two, state: str) -> Exchange:
    """An exchange led to this state by its buttons; to `expired` by time."""
    if state == "proposed":
        return await proposed(two.town)
    if state == "expired":
        it = await proposed(two.town)
        await days_earlier(it, 15)
        await clock.tick()
        return it
    before, who, act, words = _STEPS[state]
    it = await lead(two, before)
    answer = await press(two.of(who), it, act, words)
    assert (answer.status_code, at(answer)) == (303, it.url), answer.text
    return it


async def press(client: httpx.AsyncClient, it: Exchange, act: str, words: dict[str, Any]) -> httpx.Response:
    """Send one of the forms of its page."""
    return await client.post(f"{it.url}/{act}", data=words)


def at(answer: httpx.Response) -> str:
    return str(answer.headers.get("location", ""))


def title_of(answer: httpx.Response) -> str:
    return answer.text.partition("<title>")[2].partition("</title>")[0]
