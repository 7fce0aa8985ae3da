"""Who looks: a cookie or a personal token becomes a viewer, in one look-up."""

from typing import Any, Final

from starlette.requests import Request

from echange.database import execute, fetch_one
from echange.http import SignedOut, Viewer, viewer_of
from echange.members.keys import hash_key
from echange.members.models import Member

SESSION_IDLE_DAYS: Final = 60

_BY_SESSION: Final = """
    SELECT m.id, m.name, m.handle, m.locale, m.confirmed_at IS NOT NULL AS confirmed,
           s.id AS session_id, NULL::integer AS token_id, s.seen_at < now() - interval '1 hour' AS stale,
           ARRAY(SELECT role FROM staff_role WHERE member_id = m.id) AS roles
    FROM session s JOIN member m ON m.id = s.member_id
    WHERE s.key_hash = $1 AND s.seen_at > now() - $2 * interval '1 day'"""
_BY_BEARER: Final = """
    SELECT m.id, m.name, m.handle, m.locale, m.confirmed_at IS NOT NULL AS confirmed,
           NULL::bigint AS session_id, t.id AS token_id,
           coalesce(t.used_at < now() - interval '1 hour', true) AS stale,
           ARRAY(SELECT role FROM staff_role WHERE member_id = m.id) AS roles
    FROM personal_token t JOIN member m ON m.id = t.member_id
    WHERE t.key_hash = $1"""


async def load_viewer(session_key: str | None, bearer: str | None) -> Viewer | None:
    """The member a session cookie or a personal token stands for; a session idle for 60 days is nobody's."""
    if bearer:
        row = await fetch_one(_BY_BEARER, hash_key(bearer))
    elif session_key:
        row = await fetch_one(_BY_SESSION, hash_key(session_key), SESSION_IDLE_DAYS)
    else:
        return None
    if row is None:
        return None
    if row["stale"]:
        await _note_use(row)
    return Viewer(
        id=row["id"],
        name=row["name"],
        handle=row["handle"],
        confirmed=row["confirmed"],
        locale=row["locale"],
        roles=frozenset(row["roles"]),
        session_id=row["session_id"],
        token_id=row["token_id"],
    )


async def _note_use(row: Any) -> None:  # noqa: ANN401 — a record of either look-up
    if row["session_id"] is not None:
        await execute("UPDATE session SET seen_at = now() WHERE id = $1", row["session_id"])
    else:
        await execute("UPDATE personal_token SET used_at = now() WHERE id = $1", row["token_id"])


async def current_member(request: Request) -> Member:
    """The signed-in member of a request; raises SignedOut."""
    viewer = viewer_of(request)
    member = viewer and await Member.get_or_none(id=viewer.id)
    if not member:
        raise SignedOut
    return member
