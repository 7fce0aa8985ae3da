"""Reads of rotas in hand-written SQL."""

from datetime import datetime
from typing import TYPE_CHECKING

from echange.database import execute, fetch, fetch_one, fetch_value

if TYPE_CHECKING:
    from echange.mutual_aid.models.help import Help


async def comes_elsewhere(member_id: int, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether they come to another shift then."""
    does: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM shift_signup u JOIN shift t ON t.id = u.shift_id
                          WHERE u.member_id = $1 AND u.ended_at IS NULL AND NOT u.waiting
                            AND t.cancelled_at IS NULL AND t.starts_at < $3 AND t.ends_at > $2)""",
        member_id,
        starts_at,
        ends_at,
    )
    return does


async def next_in_line(shift_id: int, person_id: int) -> tuple[int, int] | None:
    """The first who waits for a place and can come: signup and member. Who comes elsewhere then is passed
    over and waits on; who cannot come any more waits no more.
    """
    await execute(
        """UPDATE shift_signup u SET ended_at = now() FROM member m
           WHERE u.shift_id = $1 AND u.ended_at IS NULL AND u.waiting AND m.id = u.member_id
             AND (m.away OR m.id = $2 OR EXISTS (
                     SELECT FROM block WHERE (by_id, member_id) IN ((m.id, $2), ($2, m.id))))""",
        shift_id,
        person_id,
    )
    row = await fetch_one(
        """SELECT u.id, u.member_id FROM shift_signup u JOIN shift here ON here.id = u.shift_id
           WHERE u.shift_id = $1 AND u.ended_at IS NULL AND u.waiting AND NOT EXISTS (
               SELECT FROM shift_signup other JOIN shift t ON t.id = other.shift_id
               WHERE other.member_id = u.member_id AND other.ended_at IS NULL AND NOT other.waiting
                 AND t.cancelled_at IS NULL AND t.starts_at < here.ends_at AND t.ends_at > here.starts_at)
           ORDER BY u.id LIMIT 1""",
        shift_id,
    )
    return (row["id"], row["member_id"]) if row else None


async def may_be_asked(aid: "Help", shift_id: int) -> dict[int, str]:
    """Names, by id, of those to whom a shift may be proposed: of the group or seen before, not yet asked,
    not coming, neither away nor apart from whose help it is.
    """
    rows = await fetch(
        """SELECT m.id, m.name FROM member m
           WHERE NOT m.away AND m.id <> $2 AND m.id IN (
               SELECT member_id FROM helper WHERE group_id = $3 AND accepted_at IS NOT NULL
               UNION SELECT coordinator_id FROM helper_group WHERE id = $3
               UNION SELECT u.member_id FROM shift_signup u JOIN shift t ON t.id = u.shift_id
                     JOIN rota_slot s ON s.id = t.slot_id
                     WHERE s.help_id = $1 AND NOT u.waiting
                       AND (u.ended_at IS NULL OR t.closed_at IS NOT NULL))
             AND NOT EXISTS (SELECT FROM shift_signup
                             WHERE shift_id = $4 AND member_id = m.id AND ended_at IS NULL)
             AND NOT EXISTS (SELECT FROM shift_offer WHERE shift_id = $4 AND member_id = m.id)
             AND NOT EXISTS (SELECT FROM block WHERE (by_id, member_id) IN ((m.id, $2), ($2, m.id)))
           ORDER BY m.sort_key, m.id LIMIT 200""",
        aid.id,
        aid.person_id,
        aid.group_id,
        shift_id,
    )
    return {row["id"]: row["name"] for row in rows}


async def who_could_swap(aid: "Help", shift_id: int, member_id: int) -> list[int]:
    """The others of this rota and of its group, who are asked to come instead: at most sixty."""
    rows = await fetch(
        """SELECT m.id FROM member m
           WHERE NOT m.away AND m.id NOT IN ($2, $5) AND m.id IN (
               SELECT member_id FROM helper WHERE group_id = $3 AND accepted_at IS NOT NULL
               UNION SELECT u.member_id FROM shift_signup u JOIN shift t ON t.id = u.shift_id
                     JOIN rota_slot s ON s.id = t.slot_id
                     WHERE s.help_id = $1 AND u.ended_at IS NULL AND t.ends_at > now() - interval '60 days')
             AND NOT EXISTS (SELECT FROM shift_signup
                             WHERE shift_id = $4 AND member_id = m.id AND ended_at IS NULL)
             AND NOT EXISTS (SELECT FROM block WHERE (by_id, member_id)
                             IN ((m.id, $2), ($2, m.id), (m.id, $5), ($5, m.id)))
           ORDER BY m.id LIMIT 60""",
        aid.id,
        aid.person_id,
        aid.group_id,
        shift_id,
        member_id,
    )
    return [row["id"] for row in rows]
