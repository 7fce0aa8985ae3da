"""Organisations and their people, for tests."""

from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from echange.http import Viewer
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
REDOUTE = "les-fetes-de-la-redoute"


@dataclass(frozen=True)
class Home:
    """An organisation that stands in the database."""

    id: int
    slug: str = REDOUTE

    @property
    def url(self) -> str:
        return f"/associations/{self.slug}"


async def settle_redoute(connection: Connection, town: Town, **roles: str) -> Home:
    """Les Fêtes de la Redoute with its keeper, and others by handle and role."""
    home = Home(
        await connection.fetchval(
            """INSERT INTO organisation (slug, name, sort_key, rna, about)
               VALUES ($1, 'Les Fêtes de la Redoute', 'les fetes de la redoute', 'W941002617', 'On fête.')
               RETURNING id""",
            REDOUTE,
        )
    )
    for handle, role in {"redoute": "owner", **roles}.items():
        await connection.execute(
            "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, $3)",
            home.id, town[handle], role,
        )  # fmt: skip
    return home


async def role_of(connection: Connection, home: Home, member_id: int) -> str | None:
    role: str | None = await connection.fetchval(
        "SELECT role FROM membership WHERE organisation_id = $1 AND member_id = $2", home.id, member_id
    )
    return role


def seen(
    town: Town, handle: str, *roles: str, confirmed: bool = True, unseen: set[int] | None = None
) -> Viewer:
    """A neighbour as verbs see them."""
    return Viewer(
        town[handle], handle, handle, confirmed, roles=frozenset(roles), unseen=frozenset(unseen or ())
    )
