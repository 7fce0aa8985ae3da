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


_KNOWN = """known AS (
    SELECT key, name, field, string_to_array(words, '|') AS synonyms
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) list (key, name, field, words))"""


async def _skills(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    values = (
        [fold(skill.name) for skill in SKILLS],
        [skill.name for skill in SKILLS],
        [skill.field for skill in SKILLS],
        ["|".join(map(fold, skill.synonyms)) for skill in SKILLS],
    )
    # What somebody proposed and the list has learnt since belongs to the list from then on.
    await connection.execute(
        f"""WITH {_KNOWN}
            UPDATE skill s SET name = known.name, field = known.field, synonyms = known.synonyms,
                               proposed_by_id = NULL
            FROM known WHERE s.key = known.key
              AND (s.name, s.field, s.synonyms, s.proposed_by_id)
                  IS DISTINCT FROM (known.name, known.field, known.synonyms, NULL)""",  # noqa: S608
        *values,
    )
    await connection.execute(
        f"""WITH {_KNOWN}
            INSERT INTO skill (key, name, field, synonyms)
            SELECT * FROM known WHERE NOT EXISTS (SELECT FROM skill s WHERE s.key = known.key)
            ON CONFLICT (key) DO NOTHING""",  # noqa: S608 — our own words
        *values,
    )
