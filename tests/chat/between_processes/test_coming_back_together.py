"""All at once, as after a restart: everybody is let in, for a number of queries that only people multiply."""

import asyncio
from pathlib import Path

import orjson
import pytest

from tests.chat.crowd import Person, Raw, arrive, gather_in
from tests.chat.processes import Processes
from tests.chat.sockets import talker

TALKS_EACH = 5
MISSED = 3
# Who it is, where the conversations stand, from where on they may be read, what is missing; and one to spare.
QUERIES_EACH = 5
# What the house asks for itself meanwhile.
QUERIES_BESIDE = 150
PATIENCE_SECONDS = 90


async def test_a_hundred_come_back_at_once(processes: Processes, raw: Raw) -> None:
    await _come_back(processes, raw, 100)


@pytest.mark.long
async def test_a_thousand_come_back_at_once(processes: Processes, raw: Raw) -> None:
    await _come_back(processes, raw, 1000)


async def _come_back(processes: Processes, raw: Raw, many: int) -> None:
    people = await arrive(raw, many)
    talks = [await _have_talked(raw, people[start : start + 10]) for start in range(0, many, 10)]
    log = processes.postgres.data_dir / "postgresql.log"
    await _have_statements_logged(raw, "all")
    before = log.stat().st_size
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        for number, person in enumerate(people):
            group.create_task(_come(processes.urls[number % 2], person, talks[number // 10]))
    await _have_statements_logged(raw, "none")
    assert _statements(log, before) <= QUERIES_EACH * many + QUERIES_BESIDE


async def _come(url: str, person: Person, talks: list[int]) -> None:
    """Come back three messages late in each conversation, and stay until all is there."""
    async with talker(url, person.cookies, open_timeout=PATIENCE_SECONDS) as one:
        await one.say("hello", cursors=dict.fromkeys(talks, 0))
        heard: list[tuple[int, int]] = []
        while len(heard) < TALKS_EACH * MISSED:
            frame = orjson.loads(await one.socket.recv())
            if frame["type"] == "event":
                heard.append((frame["conversation"], frame["seq"]))
    assert heard == [(talk, seq) for talk in talks for seq in range(1, MISSED + 1)]


async def _have_talked(raw: Raw, people: list[Person]) -> list[int]:
    talks = [await gather_in(raw, people, group=True) for _ in range(TALKS_EACH)]
    await raw.execute(
        """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data)
           SELECT talk, n, 'message', $2, 'ancien-' || n, '{"body": "mot"}'
           FROM unnest($1::int[]) talk, generate_series(1, $3) n""",
        talks,
        people[0].id,
        MISSED,
    )
    await raw.execute(
        "UPDATE participant SET joined_at = now() - interval '1 day' WHERE conversation_id = ANY($1::int[])",
        talks,
    )
    await raw.execute(
        "UPDATE conversation SET head = $2, said_seq = $2 WHERE id = ANY($1::int[])", talks, MISSED
    )
    return talks


async def _have_statements_logged(raw: Raw, which: str) -> None:
    await raw.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
    await raw.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(10):
        while await raw.fetchval("SHOW log_statement") != which:  # noqa: ASYNC110 — only PostgreSQL knows
            await asyncio.sleep(0.01)


def _statements(log: Path, start: int) -> int:
    with log.open("rb") as said:
        said.seek(start)
        return sum(line.count(b"LOG:  execute") for line in said)
