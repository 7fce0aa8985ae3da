"""What somebody wants done with hours: those they cannot keep, and those left when they go."""

from dataclasses import dataclass
from typing import Final

from echange.database import execute, fetch, fetch_one
from echange.hours.refusals import NotAChoice
from echange.hours.settle import Above
from echange.members import fold

FOUND_AT_MOST: Final = 30
# An association of theirs, or one that the desk has checked.
_MAY_RECEIVE: Final = """
    o.kind = 'association' AND NOT o.away AND (o.verified_at IS NOT NULL OR EXISTS (
        SELECT FROM membership WHERE organisation_id = o.id AND member_id = $1))"""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`left_to` is the id and name of an association, None the solidarity fund."""

    above: Above
    left_to: tuple[int, str] | None


async def preferences_of(member_id: int) -> Preferences:
    """As they were chosen; an association that has closed since gives way to the fund."""
    row = await fetch_one(
        """SELECT m.above_ceiling, o.id, o.name FROM member m
           LEFT JOIN organisation o ON o.id = m.hours_left_to_id AND NOT o.away WHERE m.id = $1""",
        member_id,
    )
    if row is None:
        return Preferences("fund", None)
    return Preferences(row["above_ceiling"], (row["id"], row["name"]) if row["id"] else None)


async def prefer(member_id: int, above: Above) -> None:
    """Have what is above the ceiling given to the fund, or declined."""
    await execute("UPDATE member SET above_ceiling = $2 WHERE id = $1", member_id, above)


async def leave_to(member_id: int, organisation_id: int | None) -> None:
    """Have what is left in the end given to an association, or to the fund. Raises NotAChoice."""
    changed = await execute(
        f"""UPDATE member SET hours_left_to_id = $2 WHERE id = $1 AND ($2::int IS NULL OR EXISTS (
                SELECT FROM organisation o WHERE o.id = $2 AND {_MAY_RECEIVE}))""",  # noqa: S608 — our own words
        member_id,
        organisation_id,
    )
    if not changed:
        raise NotAChoice


async def may_receive(member_id: int, name: str = "") -> list[tuple[int, str]]:
    """Ids and names of the associations one may leave hours to, one's own first; those called `name`."""
    rows = await fetch(
        f"""SELECT o.id, o.name FROM organisation o
            WHERE {_MAY_RECEIVE} AND ($2 = '' OR strpos(' ' || o.sort_key, ' ' || $2) > 0)
            ORDER BY EXISTS (SELECT FROM membership WHERE organisation_id = o.id AND member_id = $1) DESC,
                     o.sort_key, o.id LIMIT $3""",  # noqa: S608 — our own words
        member_id,
        fold(name),
        FOUND_AT_MOST,
    )
    return [(row["id"], row["name"]) for row in rows]
