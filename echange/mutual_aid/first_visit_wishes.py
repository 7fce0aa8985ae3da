"""« Vous serez prévenu »: whoever looks for a skill is told of neighbours who came later and offer it."""

from datetime import datetime, timedelta
from typing import Any, Final

from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http.dates import now, today
from echange.members import seen_by
from echange.mutual_aid.matching import apart, may_know
from echange.mutual_aid.telling import is_night, may_be_told
from echange.notifications import tell

EVERY: Final = timedelta(hours=1)
# Two neighbours for a wish, then it is quiet: the directory has the others.
ENOUGH: Final = 2
AT_ONCE: Final = 500

_LATER: Final = f"""
    SELECT * FROM (
        SELECT w.member_id, m.id AS other_id, m.name, m.handle, w.skill_id, s.name AS skill,
               (m.quartier_id = me.quartier_id AND {seen_by("1", "quartier")}) IS TRUE AS near,
               row_number() OVER (PARTITION BY w.member_id, w.skill_id
                   ORDER BY m.quartier_id = me.quartier_id DESC NULLS LAST, o.level DESC NULLS LAST, o.id
               ) AS place,
               (SELECT count(*) FROM skill_match
                WHERE member_id = w.member_id AND skill_id = w.skill_id) AS told
        FROM member_skill o JOIN member m ON m.id = o.member_id
        JOIN member_skill w ON w.skill_id = o.skill_id AND w.wanted JOIN member me ON me.id = w.member_id
        JOIN skill s ON s.id = o.skill_id
        WHERE NOT o.wanted AND greatest(o.at, m.confirmed_at) > greatest(w.at, now() - interval '7 days')
            AND m.id <> me.id AND m.confirmed_at IS NOT NULL AND NOT m.away AND NOT m.kept_by_desk
            AND me.confirmed_at IS NOT NULL AND NOT me.away AND NOT me.kept_by_desk
            AND {seen_by("1", "offers")} AND NOT {apart("m", "me")} AND {may_know("m", "me", "$1::date")}
            AND NOT EXISTS (SELECT FROM skill_match WHERE member_id = w.member_id AND other_id = m.id)) later
    WHERE told + place <= {ENOUGH} ORDER BY member_id, place, other_id LIMIT {AT_ONCE}"""  # noqa: S608


class _ToldEnough(Exception):
    """Three times today: another day."""


async def go_on(_: dict[str, Any] | None = None, moment: datetime | None = None) -> None:
    """What the clock does: tell of those who came since; forget when others were told long ago."""
    await execute("DELETE FROM help_telling WHERE at < now() - interval '8 days'")
    if is_night(moment or now()):
        return
    for row in await fetch(_LATER, today()):
        await _tell(row)


async def _tell(row: Any) -> None:  # noqa: ANN401 — a record
    try:
        async with in_transaction():
            await _tell_once(row)
    except _ToldEnough:
        return


async def _tell_once(row: Any) -> None:  # noqa: ANN401 — a record
    noted = await fetch_value(
        """INSERT INTO skill_match (member_id, other_id, skill_id) VALUES ($1, $2, $3)
           ON CONFLICT (member_id, other_id) DO NOTHING RETURNING id""",
        row["member_id"],
        row["other_id"],
        row["skill_id"],
    )
    if noted is None:
        return
    if not await may_be_told(row["member_id"]):
        raise _ToldEnough
    await tell(
        row["member_id"],
        "skill_found",
        link=f"/membres/{row['handle']}",
        name=row["name"],
        skill=row["skill"],
        quartier=row["near"],
        by=row["other_id"],
    )
