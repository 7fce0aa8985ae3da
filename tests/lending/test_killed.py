"""PostgreSQL and the server are killed while neighbours ask for loans: what was answered stands, whole."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, takewhile
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import pytest

from echange.database import fetch, fetch_value, open_pools
from echange.http.dates import today
from echange.lending import Item
from echange.lending.life import RUNNING, replayed
from echange.running import find_running
from tests.chat.crowd import Person, arrive
from tests.lending.test_rooms import at, room
from tests.lending.things import kit, lent
from tests.neighbours import settle_at
from tests.starting.commands import Echange

NEIGHBOURS: Final = 8
# Loans answered before each kill.
BETWEEN: Final = 12
REFUSED: Final = {409, 422}
RESERVATIONS: Final = "/api/v1/reservations"
Told = dict[str, Any]


@pytest.fixture
def echange(tmp_path: Path) -> Iterator[Echange]:
    """A town of its own with a PostgreSQL of its own, which waits for its disk."""
    command = Echange(tmp_path / "var", {"ECHANGE_RATE_FACTOR": "0"})
    try:
        command.serve()
        yield command
    finally:
        for each in command.started:
            each.end()


@dataclass
class Asked:
    """A request, and by whom; the key is also what the loan is for, so that its row tells which it is."""

    key: str
    person: Person
    item: Item
    body: Told


@dataclass
class Story:
    """What was asked, and what was answered: by key the first answer, by loan how it stood last."""

    echange: Echange
    items: list[Item]
    asked: dict[str, Asked] = field(default_factory=dict)
    answered: dict[str, Told] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    states: dict[int, str] = field(default_factory=dict)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    async def borrow(self, person: Person) -> None:
        """Ask and ask; of what was not answered, two in three are asked again until they are."""
        chance = random.Random(person.id)
        async with httpx.AsyncClient(headers={"cookie": person.cookies}, timeout=10) as client:
            for turn in takewhile(lambda _: not self.over, count()):
                asked = self._wish(person, turn, chance)
                answer = await self._ask(client, asked, patient=turn % 3 > 0)
                if answer is not None:
                    await self._go_on(client, answer, turn)

    def _wish(self, person: Person, turn: int, chance: random.Random) -> Asked:
        item, key = chance.choice(self.items), f"{person.id} {turn}"
        day = today() + timedelta(days=chance.randint(3, 90))
        last = day if item.on_the_spot else day + timedelta(days=chance.randint(1, 3))
        body = {
            "start": at(day, 10).isoformat(),
            "end": at(last, 12).isoformat(),
            "purpose": key,
            "hold": chance.random() < 0.3,
        }
        return self.asked.setdefault(key, Asked(key, person, item, body))

    async def _ask(self, client: httpx.AsyncClient, asked: Asked, *, patient: bool) -> Told | None:
        answer = await self._answered(client, *self.call(asked), patient=patient)
        if answer is None:
            return None
        if answer.status_code in REFUSED:
            self.refused.add(asked.key)
            return None
        assert answer.status_code == 201, answer.text
        told: Told = answer.json()
        self.answered[asked.key] = told
        self.states[told["id"]] = told["state"]
        self.heard.set()
        return told

    def call(self, asked: Asked) -> tuple[str, str, Told]:
        return f"/api/v1/items/{asked.item.id}/reservations", asked.key, asked.body

    async def _go_on(self, client: httpx.AsyncClient, told: Told, turn: int) -> None:
        """What is held is confirmed now and then; what stands is now and then called off."""
        verbs = {1: "confirmation"} if told["state"] == "held" else {}
        verb = {**verbs, 2: "cancellation"}.get(turn % 4)
        if verb is None:
            return
        path = f"{RESERVATIONS}/{told['id']}/{verb}"
        answer = await self._answered(client, path, f"{verb} {told['id']}", {}, patient=True)
        assert answer is not None
        assert answer.status_code == 200, answer.text
        self.states[told["id"]] = answer.json()["state"]

    async def _answered(
        self, client: httpx.AsyncClient, path: str, key: str, body: Told, *, patient: bool
    ) -> httpx.Response | None:
        """The answer; None for whoever is not patient, when there is none, or only that none can be given."""
        while True:
            with suppress(httpx.TransportError):
                answer = await self.post(client, path, key, body)
                if answer.status_code != 503:
                    return answer
                assert int(answer.headers["retry-after"]) > 0
            if not patient:
                return None
            await asyncio.sleep(0.05)

    async def post(self, client: httpx.AsyncClient, path: str, key: str, body: Told) -> httpx.Response:
        # Of the one that was open last; nobody listens there once it is killed.
        url = [one for one in self.echange.started if "Ctrl-C" in one.said][-1].url
        headers = {"origin": url, "idempotency-key": key}
        return await client.post(url + path, json=body, headers=headers)

    async def until(self, more: int) -> None:
        """Return once so many more are answered."""
        wanted = len(self.answered) + more
        while len(self.answered) < wanted:
            await self.heard.wait()
            self.heard.clear()


async def kill_postgresql(echange: Echange) -> None:
    """It is back by its launcher."""
    os.kill(echange.postgres_pid(), signal.SIGKILL)


async def kill_the_server(echange: Echange) -> None:
    """Its PostgreSQL goes with it."""
    serving = echange.started[-1]
    serving.process.kill()
    await asyncio.to_thread(serving.process.wait)
    await asyncio.to_thread(echange.serve)


async def kill_both(echange: Echange) -> None:
    await kill_postgresql(echange)
    await kill_the_server(echange)


@pytest.mark.parametrize(
    "kills",
    [
        (kill_postgresql, kill_the_server),
        pytest.param((kill_both, kill_postgresql, kill_the_server, kill_both), marks=pytest.mark.long),
    ],
    ids=["one-then-the-other", "together"],
)
async def test_whatever_is_killed_a_loan_that_was_answered_stands_and_none_by_half(
    echange: Echange, kills: Sequence[Callable[[Echange], Awaitable[None]]]
) -> None:
    story, people = await _prepared(echange)
    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(story.borrow(person))
        for kill in kills:
            await story.until(BETWEEN)
            await kill(echange)
        await story.until(BETWEEN)
        story.over = True
    async with open_pools(_database_url(echange), pool_size=2):
        await _compare(story)
    await _say_all_again(story)


async def _prepared(echange: Echange) -> tuple[Story, list[Person]]:
    """Something of every kind to borrow, and people who may."""
    url = _database_url(echange)
    raw = await asyncpg.connect(url)
    try:
        assert await raw.fetchval("SHOW fsync") == await raw.fetchval("SHOW synchronous_commit") == "on"
        town = await settle_at(url)
        people = await arrive(raw, NEIGHBOURS)
        await raw.execute(
            "INSERT INTO verification (member_id, by_id) SELECT unnest($1::int[]), $2",
            [one.id for one in people],
            town["concierge"],
        )
    finally:
        await raw.close()
    async with open_pools(url, pool_size=2):
        tables, tent = await lent(town, "Table", units=3), await lent(town, "Barnum", approval="owner")
        both = await kit(town, "Fête", (tables, 2), (tent, 1))
        return Story(echange, [tables, tent, both, await room(town)]), people


def _database_url(echange: Echange) -> str:
    running = find_running(echange.data_dir)
    assert running
    return running.database_url


async def _compare(story: Story) -> None:
    rows = await fetch(
        """SELECT l.id, l.state, l.purpose, l.borrower_id, l.item_id,
               ARRAY(SELECT e.kind FROM loan_event e WHERE e.loan_id = l.id ORDER BY e.id) AS events,
               (SELECT count(*) FROM booking_allocation a WHERE a.booking_id = l.booking_id) AS units,
               (SELECT count(*) FROM conversation c JOIN event e ON e.conversation_id = c.id
                WHERE c.about_kind = 'loan' AND c.about_id = l.id AND e.data->>'body' = l.purpose) AS said
           FROM loan l"""
    )
    there = {row["purpose"]: row["id"] for row in rows}
    assert len(there) == len(rows), "what was asked once stands once"
    assert {key: told["id"] for key, told in story.answered.items()}.items() <= there.items()
    assert there.keys() <= story.asked.keys() - story.refused
    for row in rows:
        asked = story.asked[row["purpose"]]
        assert (row["borrower_id"], row["item_id"]) == (asked.person.id, asked.item.id)
        # Nobody heard what became of those that are asked for once only.
        assert row["state"] == story.states.get(row["id"], row["state"])
        assert replayed(row["events"]) == row["state"]
        running = row["state"] in RUNNING
        assert row["units"] == ((3 if asked.item.is_kit else 1) if running else 0), dict(row)
        assert row["said"] == (set(row["events"]) != {"held"} and row["events"] != ["held", "cancelled"])
    strays = await fetch_value(
        """SELECT count(*) FROM booking_allocation a
           WHERE NOT EXISTS (SELECT FROM loan l WHERE l.booking_id = a.booking_id)"""
    )
    overlaps = await fetch_value(
        """SELECT count(*) FROM booking_allocation a JOIN booking_allocation b
           ON a.id < b.id AND a.unit_id = b.unit_id AND a.padded && b.padded"""
    )
    assert (strays, overlaps) == (0, 0)


async def _say_all_again(story: Story) -> None:
    """The same key is the same answer, word for word; and the calendars are what was done to them."""
    async with httpx.AsyncClient(timeout=60) as client:
        for key, told in story.answered.items():
            asked = story.asked[key]
            client.headers["cookie"] = asked.person.cookies
            answer = await story.post(client, *story.call(asked))
            assert (answer.status_code, answer.json()) == (201, told)
        proof = (await client.get(story.echange.started[-1].url + "/api/v1/booking/proof")).json()
    assert (proof["ok"], proof["first_wrong"]) == (True, None)
    assert proof["events"] >= len(story.answered)
