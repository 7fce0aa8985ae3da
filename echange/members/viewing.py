"""Who looks: a cookie or a personal token becomes a viewer, in one look-up."""

from typing import Any, Final

from starlette.requests import Request

from echange.database import execute, fetch_one
from echange.http import SignedOut, Viewer, viewer_of
from echange.http.viewer import Acting, Behalf
from echange.members.behalf import IN_FORCE
from echange.members.keys import hash_key
from echange.members.models import Member

SESSION_IDLE_DAYS: Final = 60

_WHO: Final = """
    m.id, m.name, m.handle, m.locale, m.confirmed_at IS NOT NULL AS confirmed, m.away,
    m.paused_at IS NOT NULL AS paused, m.leaving_at IS NOT NULL AS leaving,
    m.verified_at IS NOT NULL AS verified,
    ARRAY(SELECT role FROM staff_role WHERE member_id = m.id) AS roles,
    ARRAY(SELECT member_id FROM block WHERE by_id = m.id
          UNION SELECT by_id FROM block WHERE member_id = m.id) AS unseen,
    ARRAY(SELECT w.id || ' ' || w.name FROM membership s JOIN organisation w ON w.id = s.organisation_id
          WHERE s.member_id = m.id AND s.role IN ('owner', 'manager') AND NOT w.away
          ORDER BY w.sort_key, w.id) AS hats,
    o.id AS hat, o.name AS hat_name, o.slug AS hat_slug, o.kind AS hat_kind, p.role AS hat_role,
    g.id AS mandate, g.scopes, u.id AS person, u.name AS person_name"""
# A hat falls off with the role that allowed it, or with the organisation.
_HAT: Final = """
    LEFT JOIN membership p ON p.organisation_id = k.acting_for_id AND p.member_id = m.id
        AND p.role IN ('owner', 'manager')
    LEFT JOIN organisation o ON o.id = p.organisation_id AND NOT o.away"""
# So does the power to act for somebody, with the mandate that gave it.
_BEHALF: Final = f"""
    LEFT JOIN (mandate g JOIN member u ON u.id = g.person_id) ON g.id = k.mandate_id AND {IN_FORCE}"""
_BY_SESSION: Final = f"""
    SELECT {_WHO}, k.id AS session_id, NULL::integer AS token_id,
           k.seen_at < now() - interval '1 hour' AS stale
    FROM session k JOIN member m ON m.id = k.member_id {_HAT} {_BEHALF}
    WHERE k.key_hash = $1 AND k.seen_at > now() - $2 * interval '1 day'"""  # noqa: S608 — our own words
_BY_BEARER: Final = f"""
    SELECT {_WHO}, NULL::bigint AS session_id, k.id AS token_id,
           coalesce(k.used_at < now() - interval '1 hour', true) AS stale
    FROM personal_token k JOIN member m ON m.id = k.member_id {_HAT} {_BEHALF}
    WHERE k.key_hash = $1 AND m.leaving_at IS NULL"""  # noqa: S608 — our own words


_ENDED: Final = """
    SELECT ARRAY(SELECT asked FROM unnest($1::bigint[]) asked WHERE NOT EXISTS (
               SELECT FROM session k JOIN member m ON m.id = k.member_id
               WHERE k.id = asked AND k.seen_at > now() - $3 * interval '1 day'
                   AND m.left_at IS NULL)) AS sessions,
           ARRAY(SELECT asked FROM unnest($2::integer[]) asked WHERE NOT EXISTS (
               SELECT FROM personal_token k JOIN member m ON m.id = k.member_id
               WHERE k.id = asked AND m.leaving_at IS NULL)) AS tokens"""


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
        verified=row["verified"],
        away=row["away"],
        paused=row["paused"],
        leaving=row["leaving"],
        acting_for=_hat(row),
        hats=tuple(_numbered_name(hat) for hat in row["hats"]),
        behalf=_behalf(row),
        unseen=frozenset(row["unseen"]),
    )


async def ended_among(sessions: list[int], tokens: list[int]) -> tuple[set[int], set[int]]:
    """Those of these sessions and personal tokens whose sockets must close.

    They were signed out, revoked or idle too long, or their member has left. Somebody hidden by a
    moderator still reads what concerns them.
    """
    row = await fetch_one(_ENDED, sessions, tokens, SESSION_IDLE_DAYS)
    return (set(row["sessions"]), set(row["tokens"])) if row else (set(), set())


def _hat(row: Any) -> Acting | None:  # noqa: ANN401 — a record of either look-up
    if row["hat"] is None:
        return None
    return Acting(row["hat"], row["hat_name"], row["hat_slug"], row["hat_kind"], row["hat_role"])


def _behalf(row: Any) -> Behalf | None:  # noqa: ANN401 — a record of either look-up
    if row["mandate"] is None:
        return None
    return Behalf(row["person"], row["person_name"], row["mandate"], frozenset(row["scopes"]))


def _numbered_name(hat: str) -> tuple[int, str]:
    number, _space, name = hat.partition(" ")
    return int(number), name


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
