"""Which sessions and tokens no longer stand for anybody, asked for many at once."""

from typing import TypeAlias

import asyncpg
import pytest

from echange.members import ended_among
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def session(connection: Connection, town: Town) -> int:
    """A session of Bob's."""
    number: int = await connection.fetchval(
        "INSERT INTO session (member_id, key_hash) VALUES ($1, 'clé') RETURNING id", town["bob"]
    )
    return number


@pytest.fixture
async def token(connection: Connection, town: Town) -> int:
    """A personal token of Bob's."""
    number: int = await connection.fetchval(
        """INSERT INTO personal_token (member_id, label, key_hash, created_at)
           VALUES ($1, 'Sauvegarde', 'clé', now()) RETURNING id""",
        town["bob"],
    )
    return number


async def test_what_is_open_has_not_ended(orm: None, session: int, token: int) -> None:
    assert await ended_among([session], [token]) == (set(), set())
    assert await ended_among([], []) == (set(), set())


async def test_what_was_never_there_or_was_taken_away_has_ended(
    orm: None, session: int, token: int, connection: Connection
) -> None:
    assert await ended_among([session, 999_999], [token, 999_999]) == ({999_999}, {999_999})
    await connection.execute("DELETE FROM session")
    await connection.execute("DELETE FROM personal_token")
    assert await ended_among([session, session], [token]) == ({session}, {token})


async def test_a_session_nobody_used_for_sixty_days_has_ended(
    orm: None, session: int, token: int, connection: Connection
) -> None:
    await connection.execute("UPDATE session SET seen_at = now() - interval '59 days'")
    assert await ended_among([session], [token]) == (set(), set())
    await connection.execute("UPDATE session SET seen_at = now() - interval '60 days'")
    assert await ended_among([session], [token]) == ({session}, set())


async def test_whoever_is_gone_has_nothing_open(
    orm: None, session: int, token: int, connection: Connection, town: Town
) -> None:
    gone = "UPDATE member SET leaving_at = now(), left_at = now() WHERE id = $1"
    await connection.execute(gone, town["bob"])
    assert await ended_among([session], [token]) == ({session}, {token})


async def test_whoever_is_hidden_by_a_moderator_still_reads(
    orm: None, session: int, token: int, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE member SET hidden_at = now() WHERE id = $1", town["bob"])
    assert await ended_among([session], [token]) == (set(), set())


async def test_somebody_who_pauses_stays_and_somebody_leaving_only_keeps_their_session(
    orm: None, session: int, token: int, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    assert await ended_among([session], [token]) == (set(), set())
    await connection.execute("UPDATE member SET leaving_at = now() WHERE id = $1", town["bob"])
    assert await ended_among([session], [token]) == (set(), {token})
