"""The demo's neighbours, settled in a test database."""

from dataclasses import dataclass

import asyncpg
from argon2 import PasswordHasher

from echange.demo.neighbours import NEIGHBOURS, PASSWORD, Neighbour

# One cheap hash for all: tests sign in often, and argon2's cost has a test of its own.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Town:
    """Ids by handle, and of the quartiers by slug."""

    ids: dict[str, int]
    quartiers: dict[str, int]

    def __getitem__(self, handle: str) -> int:
        return self.ids[handle]


async def settle(url: str) -> Town:
    """Alice and the others move in."""
    connection = await asyncpg.connect(url)
    try:
        quartiers = {
            row["slug"]: row["id"] for row in await connection.fetch("SELECT slug, id FROM quartier")
        }
        ids = {one.handle: await _move_in(connection, one, quartiers) for one in NEIGHBOURS}
        # The desk has met everybody, somebody else the desk; the database then says that they are verified.
        await connection.execute(
            """INSERT INTO verification (member_id, by_id)
               SELECT id, CASE WHEN id = $1 THEN $2 ELSE $1 END FROM member""",
            ids["concierge"],
            ids["admin"],
        )
        return Town(ids, quartiers)
    finally:
        await connection.close()


async def _move_in(
    connection: "asyncpg.Connection[asyncpg.Record]", one: Neighbour, quartiers: dict[str, int]
) -> int:
    from echange.members import fold

    member_id: int = await connection.fetchval(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at, password_hash,
                               quartier_id, headline, about)
           VALUES ($1, $2, $3, $4, now(), $5, $6, $7, $8) RETURNING id""",
        one.handle, one.name, fold(one.name), one.email, _HASH, quartiers[one.quartier],
        one.headline, one.about,
    )  # fmt: skip
    for wanted, names in ((False, one.offers), (True, one.wants)):
        for position, name in enumerate(names):
            await connection.execute(
                """INSERT INTO member_skill (member_id, skill_id, wanted, position)
                   SELECT $1, id, $2, $3 FROM skill WHERE key = $4""",
                member_id, wanted, position, fold(name),
            )  # fmt: skip
    for role in one.roles:
        await connection.execute("INSERT INTO staff_role (member_id, role) VALUES ($1, $2)", member_id, role)
    return member_id
