"""Whom one may ask into a group: neighbours one talks with, or those called by a name."""

from collections.abc import Collection, Sequence
from typing import Final

from echange.chat import inbox
from echange.database import fetch
from echange.http import Viewer
from echange.members import fold, is_met

SHOWN: Final = 20
RECENT_TALKS: Final = 50
_MET: Final = is_met("$1::int[]")
_TICKED: Final = f"SELECT m.id FROM member m WHERE {_MET} AND m.id = ANY($2::int[])"  # noqa: S608 — our own words
_CALLED: Final = f"""
    SELECT m.id FROM member m WHERE {_MET} AND strpos(' ' || m.sort_key, ' ' || $2) > 0
    ORDER BY m.sort_key, m.id LIMIT $3"""  # noqa: S608 — our own words
_KNOWN: Final = f"""
    SELECT m.id FROM (
        SELECT c.members, c.last_at FROM participant p JOIN conversation c ON c.id = p.conversation_id
        WHERE p.member_id = $2 AND c.head > 0 AND cardinality(c.members) <= $3
        ORDER BY c.last_at DESC LIMIT $3) AS recent
    CROSS JOIN LATERAL unnest(recent.members) AS one JOIN member m ON m.id = one
    WHERE {_MET} GROUP BY m.id ORDER BY max(recent.last_at) DESC LIMIT $4"""  # noqa: S608 — our own words


async def choosable(
    viewer: Viewer, *, name: str = "", chosen: Sequence[int] = (), besides: Collection[int] = ()
) -> list[tuple[int, str, str]]:
    """Ids, names and quartiers of those `chosen` already, then of neighbours called so, else of whom the
    viewer talked with lately. Nobody of `besides`, nobody whom the viewer may not meet, chosen or not.
    """
    unmet = sorted({viewer.id, *viewer.unseen, *besides})
    ticked = {row["id"] for row in await fetch(_TICKED, unmet, list(chosen))} if chosen else set()
    if name := fold(name):
        rows = await fetch(_CALLED, unmet, name, SHOWN)
    else:
        rows = await fetch(_KNOWN, unmet, viewer.id, RECENT_TALKS, SHOWN)
    ids = dict.fromkeys([*(one for one in chosen if one in ticked), *(row["id"] for row in rows)])
    people = await inbox.people(list(ids), viewer.id)
    shown = [people[one] for one in ids if one in people]
    return [(one.id, one.name, one.quartier) for one in shown]
