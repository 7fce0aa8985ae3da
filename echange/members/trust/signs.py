"""Why to trust somebody, as another one may see it: each sign with who gave it and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from echange.database import fetch
from echange.http import Viewer


@dataclass(frozen=True, slots=True)
class Sign:
    """Given by somebody on a day; without a name when the one who looks may not meet them."""

    at: datetime
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """The signs of a member. `vouched` by the viewer, who `may_vouch` when verified and somebody else."""

    verified: bool
    desk: Sign | None
    neighbours: Sequence[Sign]
    vouched: bool = False
    may_vouch: bool = False

    def __bool__(self) -> bool:
        return self.desk is not None or bool(self.neighbours)


async def trust_of(member_id: int, viewer: Viewer | None) -> Trust:
    """The signs that count, as this viewer may see them, in one look-up."""
    rows = await fetch(
        """SELECT true AS desk, true AS counts, v.at, by.id, by.name, by.handle, by.away,
                  m.verified_at IS NOT NULL AS verified
           FROM verification v JOIN member m ON m.id = v.member_id JOIN member by ON by.id = v.by_id
           WHERE m.id = $1
           UNION ALL
           SELECT false, by.verified_at IS NOT NULL AND by.left_at IS NULL AND by.hidden_at IS NULL,
                  c.at, by.id, by.name, by.handle, by.away, m.verified_at IS NOT NULL
           FROM cooptation c JOIN member m ON m.id = c.member_id JOIN member by ON by.id = c.by_id
           WHERE m.id = $1
           ORDER BY at, id""",
        member_id,
    )
    unseen = viewer.unseen if viewer else frozenset()
    neighbours = [row for row in rows if not row["desk"]]
    return Trust(
        verified=any(row["verified"] for row in rows),
        desk=next((_sign(row, unseen) for row in rows if row["desk"]), None),
        neighbours=[sign for row in neighbours if row["counts"] and (sign := _sign(row, unseen)).name],
        vouched=viewer is not None and any(row["id"] == viewer.id for row in neighbours),
        may_vouch=viewer is not None and viewer.verified and viewer.id != member_id,
    )


def _sign(row: asyncpg.Record, unseen: frozenset[int]) -> Sign:
    if row["away"] or row["id"] in unseen:
        return Sign(row["at"])
    return Sign(row["at"], row["name"], f"/membres/{row['handle']}")
