"""The demo's neighbours, settled in a test database."""

from dataclasses import dataclass
from typing import Any, Final

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


SETTLED: Final = (
    "member", "member_skill", "staff_role", "verification",
    "ledger_account", "ledger_transfer", "ledger_entry",
)  # fmt: skip
# Furnished too: the town's own accounts stand there before anybody moves in.
FURNISHED: Final = ("ledger_account",)
_settled: dict[str, Any] = {}


async def settle_again(connection: "asyncpg.Connection[asyncpg.Record]") -> Town:
    """The same neighbours once more, as they were the first time: copied, without asking any trigger."""
    if "town" not in _settled:
        # The janitor wakes no trigger; the first time they have their say.
        await connection.execute("SET session_replication_role = origin")
        _settled["town"] = await settle(connection)
        await connection.execute("RESET session_replication_role")
        await _remember(connection)
    else:
        await connection.execute("SELECT settled.settle()")
    town: Town = _settled["town"]
    return town


async def _remember(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    lines = []
    await connection.execute("CREATE SCHEMA settled")
    for table in SETTLED:
        await connection.execute(f"CREATE TABLE settled.{table} AS SELECT * FROM public.{table}")
        columns = await connection.fetchval(
            """SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
               WHERE attrelid = ('public.' || $1)::regclass AND attnum > 0 AND NOT attisdropped
               AND attgenerated = ''""",
            table,
        )
        if table in FURNISHED:
            lines.append(f"DELETE FROM public.{table};")
        lines.append(f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM settled.{table};")
        if table == "ledger_entry":
            continue  # Numbered by its account.
        lines.append(
            f"PERFORM setval('public.{table}_id_seq', (SELECT max(id) FROM settled.{table}))"
            f" WHERE EXISTS (SELECT FROM settled.{table});"
        )
    await connection.execute(
        f"""CREATE FUNCTION settled.settle() RETURNS void LANGUAGE plpgsql AS
            $body$ BEGIN {" ".join(lines)} END $body$"""
    )


async def settle_at(url: str) -> Town:
    """The same in a database that another process serves."""
    connection = await asyncpg.connect(url)
    try:
        return await settle(connection)
    finally:
        await connection.close()


async def settle(connection: "asyncpg.Connection[asyncpg.Record]") -> Town:
    """Alice and the others move in."""
    quartiers = {row["slug"]: row["id"] for row in await connection.fetch("SELECT slug, id FROM quartier")}
    async with connection.transaction():
        ids = {one.handle: await _move_in(connection, one, quartiers) for one in NEIGHBOURS}
        # The desk has met everybody, somebody else the desk; the database then says that they are verified.
        await connection.execute(
            """INSERT INTO verification (member_id, by_id)
               SELECT id, CASE WHEN id = $1 THEN $2 ELSE $1 END FROM member""",
            ids["concierge"],
            ids["admin"],
        )
    return Town(ids, quartiers)


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
