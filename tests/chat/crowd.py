"""Many people at once: members with a session each, put straight into the database."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
import httpx

from echange.members.keys import fresh_key, hash_key
from tests.chat.sockets import Talker

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Person:
    """`cookies` open a page or a socket."""

    id: int
    cookies: str


async def arrive(raw: Raw, many: int) -> list[Person]:
    """This many members nobody has met, each signed in on one device."""
    keys = [fresh_key() for _ in range(many)]
    ids = await raw.fetch(
        """WITH m AS (
               INSERT INTO member (handle, name, sort_key, email, confirmed_at, password_hash)
               SELECT $1 || n, 'Personne', 'personne', $1 || n || '@echange.example', now(), 'aucun'
               FROM generate_series(1, $2) n RETURNING id
           ), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM m), s AS (
               INSERT INTO session (member_id, key_hash, device)
               SELECT id, ($3::bytea[])[n], 'Appareil' FROM numbered
           )
           SELECT id FROM numbered ORDER BY n""",
        f"foule-{secrets.token_hex(4)}-",
        many,
        [hash_key(key) for key in keys],
    )
    return [Person(row["id"], f"session={key}") for row, key in zip(ids, keys, strict=True)]


async def token_of(raw: Raw, person: Person) -> str:
    """A personal token of theirs."""
    token = fresh_key()
    await raw.execute(
        "INSERT INTO personal_token (label, key_hash, member_id) VALUES ('essai', $1, $2)",
        hash_key(token),
        person.id,
    )
    return token


async def gather_in(raw: Raw, people: Sequence[Person], *, group: bool = False) -> int:
    """A conversation of these people, in which nothing was said yet."""
    opened: int = await raw.fetchval("INSERT INTO conversation (is_group) VALUES ($1) RETURNING id", group)
    await raw.execute(
        """INSERT INTO participant (conversation_id, member_id, role)
           SELECT $1, m, CASE WHEN $3 AND m = $4 THEN 'owner' ELSE 'member' END FROM unnest($2::int[]) m""",
        opened,
        [one.id for one in people],
        group,
        people[0].id,
    )
    return opened


async def waits_for_a_lock(raw: Raw, statement: str, many: int = 1) -> None:
    """Return once so many statements like this one wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1"
    async with asyncio.timeout(10):
        while await raw.fetchval(waiting, statement) < many:
            await asyncio.sleep(0.01)
            # Within a transaction the first look would be the last.
            await raw.execute("SELECT pg_stat_clear_snapshot()")


@asynccontextmanager
async def page(url: str, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser without a screen, at this server."""
    headers = {"origin": url, "cookie": person.cookies}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        yield client


async def events(who: Talker, many: int) -> list[dict[str, Any]]:
    """The first events that a socket hears, once there are so many; one's own come before their ack."""
    while len(heard := [frame for frame in who.heard if frame["type"] == "event"]) < many:
        await who.hears("event")
    return heard[:many]


async def seqs(who: Talker, many: int) -> list[int]:
    """The numbers of these."""
    return [event["seq"] for event in await events(who, many)]


async def acks(who: Talker, many: int) -> dict[str, int]:
    """The first acks that a socket hears, by the client's names."""
    while len(heard := [frame for frame in who.heard if frame["type"] == "ack"]) < many:
        await who.hears("ack")
    return {ack["client_id"]: ack["seq"] for ack in heard[:many]}
