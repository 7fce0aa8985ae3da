"""Neighbours who know how to do things, and a clock that is turned by hand."""

from datetime import UTC, datetime
from typing import Any

from echange.http import Viewer
from echange.mutual_aid import Help
from echange.mutual_aid.details import Details
from echange.mutual_aid.telling import climb_on, go_on
from tests.mutual_aid.helps import Connection, somebody
from tests.neighbours import Town

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
# 23 h 30 in town.
NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
SKILL = "Plomberie"


async def neighbour(connection: Connection, handle: str, **changes: Any) -> int:
    """A confirmed neighbour of « Les Larris »; other columns by name."""
    columns = {
        "handle": handle,
        "name": handle.capitalize(),
        "sort_key": handle,
        "email": f"{handle}@voisins.example",
        "confirmed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "quartier_id": await connection.fetchval("SELECT id FROM quartier WHERE slug = 'les-larris'"),
        **changes,
    }
    names = ", ".join(columns)
    marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    member_id: int = await connection.fetchval(
        f"INSERT INTO member ({names}) VALUES ({marks}) RETURNING id", *columns.values()
    )
    return member_id


async def knows(
    connection: Connection,
    member_id: int,
    skill: str = SKILL,
    *,
    wanted: bool = False,
    level: int | None = None,
) -> None:
    await connection.execute(
        """INSERT INTO member_skill (member_id, skill_id, wanted, level)
           SELECT $1, id, $2, $3 FROM skill WHERE name = $4""",
        member_id,
        wanted,
        level,
        skill,
    )


async def plumber(connection: Connection, handle: str, **changes: Any) -> int:
    level = changes.pop("level", None)
    member_id = await neighbour(connection, handle, **changes)
    await knows(connection, member_id, level=level)
    return member_id


async def leak(town: Town, handle: str = "alice", kind: str = "ask", **changes: Any) -> Help:
    """Alice's tap drips."""
    told = {
        "title": "Un robinet qui fuit",
        "minutes": 60,
        "quartier": "les-larris",
        "skills": (SKILL,),
        **changes,
    }
    return await Help.publish(kind, Details(**told), by=somebody(town, handle))


def looker(member_id: int, **changes: Any) -> Viewer:
    return Viewer(id=member_id, name="Quelqu’un", handle="quelqu-un", confirmed=True, **changes)


async def told_of_it(connection: Connection, aid: Help) -> set[int]:
    """Who was told of a help by notice."""
    rows = await connection.fetch(
        "SELECT member_id FROM notice WHERE kind = 'help_fits' AND link = $1", aid.url
    )
    return {row["member_id"] for row in rows}


async def age(connection: Connection, aid: Help, hours: float) -> None:
    """It was said so many hours earlier."""
    await connection.execute(
        """UPDATE help SET published_at = published_at - $2 * interval '1 hour',
                           vouched_at = vouched_at - $2 * interval '1 hour' WHERE id = $1""",
        aid.id,
        hours,
    )


async def at_noon() -> None:
    """The clock's jobs, by day."""
    await climb_on(moment=NOON)
    await go_on(moment=NOON)
