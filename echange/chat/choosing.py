"""Whom one may ask into a group: neighbours one talks with, or those called by a name."""

from collections.abc import Collection, Sequence
from typing import Final

from echange.chat import inbox
from echange.database import fetch
from echange.http import Viewer
from echange.members import fold

SHOWN: Final = 20
RECENT_TALKS: Final = 50
_MET: Final = """m.confirmed_at IS NOT NULL AND NOT m.away AND m.id <> $1 AND m.id <> ALL($2::int[])"""
_CALLED: Final = f"""
    SELECT m.id FROM member m WHERE {_MET} AND strpos(' ' || m.sort_key, ' ' || $3) > 0
    ORDER BY m.sort_key, m.id LIMIT $4"""  # noqa: S608 — our own words
_KNOWN: Final = f"""
    SELECT m.id FROM (
        SELECT c.members, c.last_at FROM participant p JOIN conversation c ON c.id = p.conversation_id
        WHERE p.member_id = $1 AND c.head > 0 AND cardinality(c.members) <= $3
        ORDER BY c.last_at DESC LIMIT $3) AS recent
    CROSS JOIN LATERAL unnest(recent.members) AS one JOIN member m ON m.id = one
    WHERE {_MET} GROUP BY m.id ORDER BY max(recent.last_at) DESC LIMIT $4"""  # noqa: S608 — our own words


async def choosable(
    viewer: Viewer, *, name: str = "", chosen: Sequence[int] = (), besides: Collection[int] = ()
) -> list[tuple[int, str, str]]:
    """Ids, names and quartiers of those `chosen` already, then of neighbours called so, else of whom the
    viewer talked with lately. Nobody of `besides`, nobody whom the viewer may not meet.
    """
    unmet = sorted({*viewer.unseen, *besides})
    if name := fold(name):
        rows = await fetch(_CALLED, viewer.id, unmet, name, SHOWN)
    else:
        rows = await fetch(_KNOWN, viewer.id, unmet, RECENT_TALKS, SHOWN)
    ids = list(dict.fromkeys([*chosen, *(row["id"] for row in rows)]))
    people = await inbox.people(ids, viewer.id)
    shown = [people[one] for one in ids if one in people and one != viewer.id and one not in unmet]
    return [(one.id, one.name, one.quartier) for one in shown]
