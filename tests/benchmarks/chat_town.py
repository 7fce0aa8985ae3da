"""Neighbours with sessions, and conversations between them, put into a town's database the quick way."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from echange.members.keys import fresh_key, hash_key

# Here for a year and verified: nothing that holds for newcomers holds for them.
SETTLE: Final = """
    INSERT INTO member (handle, name, sort_key, email, created_at, confirmed_at, verified_at)
    SELECT handle, 'Camille', 'camille', handle || '@echange.example',
           now() - interval '1 year', now() - interval '1 year', now() - interval '1 year'
    FROM unnest($1::text[]) AS handle RETURNING id"""
LET_IN: Final = """
    INSERT INTO session (member_id, key_hash, device)
    SELECT member_id, key_hash, 'Banc' FROM unnest($1::int[], $2::bytea[]) AS new (member_id, key_hash)"""
OPEN: Final = "INSERT INTO conversation (is_group) SELECT unnest($1::boolean[]) RETURNING id"
JOIN: Final = """
    INSERT INTO participant (conversation_id, member_id) SELECT * FROM unnest($1::int[], $2::int[])"""


@dataclass(frozen=True)
class Neighbours:
    """Session keys, and conversations that stand in the order of the groups asked for."""

    keys: tuple[str, ...]
    conversations: tuple[int, ...]


async def settle(url: str, groups: Sequence[Sequence[int]]) -> Neighbours:
    """New neighbours and a conversation for each group of them; they are numbered from 0."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            return await _settle(connection, groups)
    finally:
        await connection.close()


async def _settle(connection: "asyncpg.Connection[Any]", groups: Sequence[Sequence[int]]) -> Neighbours:
    count = 1 + max(max(group) for group in groups)
    keys = [fresh_key() for _ in range(count)]
    members = [
        row["id"] for row in await connection.fetch(SETTLE, [f"banc-{secrets.token_hex(8)}" for _ in keys])
    ]
    await connection.execute(LET_IN, members, [hash_key(key) for key in keys])
    opened = [row["id"] for row in await connection.fetch(OPEN, [len(group) > 2 for group in groups])]
    places = [(talk, members[one]) for talk, group in zip(opened, groups, strict=True) for one in group]
    await connection.execute(JOIN, [talk for talk, _ in places], [member for _, member in places])
    return Neighbours(tuple(keys), tuple(opened))
