"""What a town needs before its first member: quartiers and skills."""

import asyncpg

from echange.members.names import fold
from echange.members.taxonomy import QUARTIERS, SKILLS


async def furnish(url: str) -> None:
    """Put in the default quartiers where there are none, and the skills that are missing."""
    connection = await asyncpg.connect(url)
    try:
        await _quartiers(connection)
        await _skills(connection)
    finally:
        await connection.close()


async def _quartiers(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.execute(
        """INSERT INTO quartier (slug, name, position)
           SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
           WHERE NOT EXISTS (SELECT FROM quartier) ON CONFLICT DO NOTHING""",
        [slug for slug, _ in QUARTIERS],
        [name for _, name in QUARTIERS],
    )


async def _skills(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    keys = [fold(skill.name) for skill in SKILLS]
    known = await connection.fetchval("SELECT count(*) FROM skill WHERE key = ANY($1)", keys)
    if known == len(keys):
        return
    await connection.executemany(
        """INSERT INTO skill (key, name, field, synonyms) VALUES ($1, $2, $3, $4)
           ON CONFLICT (key) DO NOTHING""",
        [
            (key, skill.name, skill.field, [fold(word) for word in skill.synonyms])
            for key, skill in zip(keys, SKILLS, strict=True)
        ],
    )
