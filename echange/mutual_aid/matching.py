"""Whom a help fits, and which helps fit somebody: one question to the database, asked from either end.

A skill that is asked for meets those who offer it, what is offered those who look for it, and either meets
open helps of the other kind. An ask without a skill meets neighbours of its quartier who offer something.
Nobody is met by whom they block, by adults unknown to them while under age, or by what they put aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from echange.database import fetch
from echange.http.dates import today, town_zone

# How long « not for me » says it of all that asks for the same skills.
LEARNED_DAYS: Final = 180
# As the database’s trigger has it.
A_DAY: Final = 3
_TODAY: Final = "$2::date"
_ZONE: Final = "$3::text"

# Helps `h` of `p` that are still wanted.
OPEN: Final = """h.ended_at IS NULL AND h.hidden_at IS NULL AND NOT p.away
        AND (h.expires_at IS NULL OR h.expires_at > now()) AND (h.kind = 'offer' OR h.taken < h.people)
        AND (NOT EXISTS (SELECT FROM help_slot WHERE help_id = h.id)
             OR EXISTS (SELECT FROM help_slot WHERE help_id = h.id AND ends_at > now()))"""
# Moments of a week as profiles tell them: a bit for morning, noon (to six o’clock) and evening of each day.
_WEEK: Final = f"""(SELECT coalesce(bit_or((
            CASE WHEN extract(hour FROM starts) < 12 THEN 1 ELSE 0 END
            | CASE WHEN extract(hour FROM starts) < 18 AND ends > noon THEN 2 ELSE 0 END
            | CASE WHEN ends > noon + interval '6 hours' THEN 4 ELSE 0 END
        ) << ((extract(isodow FROM starts)::int - 1) * 3)), 0)
        FROM (SELECT starts_at AT TIME ZONE {_ZONE} AS starts, ends_at AT TIME ZONE {_ZONE} AS ends
              FROM help_slot WHERE help_id = h.id AND ends_at > now()) local,
             LATERAL (SELECT date_trunc('day', starts) + interval '12 hours' AS noon) day)"""  # noqa: S608


def may_know(one: str, other: str, today: str) -> str:
    """In SQL: whether two member rows may be brought together: both of age or both under age, else only by
    who belongs to the staff or to an organisation of the other's.
    """
    young, old = (f"coalesce({row}.minor_until > {today}, false)" for row in (one, other))
    return f"""({young} = {old} OR EXISTS (
            SELECT FROM staff_role WHERE member_id = CASE WHEN {young} THEN {other}.id ELSE {one}.id END
                AND role IN ('concierge', 'moderator', 'admin'))
        OR EXISTS (SELECT FROM membership mine JOIN membership theirs USING (organisation_id)
                   WHERE mine.member_id = {one}.id AND theirs.member_id = {other}.id))"""  # noqa: S608


def apart(one: str, other: str) -> str:
    """In SQL: whether a block keeps two members apart."""
    return f"""EXISTS (SELECT FROM block WHERE (by_id = {one}.id AND member_id = {other}.id)
                                   OR (by_id = {other}.id AND member_id = {one}.id))"""


def _question(helps: str, whose: str, met: str) -> str:
    """The question, for these helps `h` and for these members (a condition on {0}, an expression)."""
    return f"""
    WITH aid AS MATERIALIZED (
        SELECT h.id, h.kind, h.quartier_id, h.person_id, h.by_id, {_WEEK} AS week,
               ARRAY(SELECT skill_id FROM help_skill WHERE help_id = h.id) AS skills
        FROM help h JOIN member p ON p.id = h.person_id WHERE {OPEN} AND {helps}),
    because AS (
        SELECT a.id AS help_id, a.kind, o.member_id, o.skill_id, 'skill:' || o.skill_id AS reason,
               coalesce(o.level, 2) AS level
        FROM aid a JOIN member_skill o ON o.skill_id = ANY(a.skills) AND o.wanted = (a.kind = 'offer')
        WHERE {whose.format("o.member_id")}
        UNION ALL
        SELECT a.id, a.kind, h.person_id, x.skill_id, h.kind || ':' || h.id, 3
        FROM aid a JOIN help_skill x ON x.skill_id = ANY(a.skills)
        JOIN help h ON h.id = x.help_id AND h.kind <> a.kind JOIN member p ON p.id = h.person_id
        WHERE {whose.format("h.person_id")} AND {OPEN}
        UNION ALL
        SELECT a.id, a.kind, m.id, NULL, 'quartier', 0
        FROM aid a JOIN member m ON m.quartier_id = a.quartier_id
        WHERE {whose.format("m.id")} AND a.kind = 'ask' AND a.skills = '{{}}'
            AND EXISTS (SELECT FROM member_skill WHERE member_id = m.id AND NOT wanted)),
    fit AS (
        SELECT help_id, member_id, array_agg(DISTINCT reason) AS reasons, max(level) AS level
        FROM because b WHERE NOT EXISTS (
            SELECT FROM help_match d JOIN help h ON h.id = d.help_id
            LEFT JOIN help_skill x ON x.help_id = h.id
            WHERE d.member_id = b.member_id AND d.dismissed_at > now() - interval '{LEARNED_DAYS} days'
                AND h.kind = b.kind AND x.skill_id IS NOT DISTINCT FROM b.skill_id)
        GROUP BY help_id, member_id),
    told AS (
        SELECT f.help_id, f.member_id, f.level, m.name, m.handle, m.kept_by_desk, x.told_at,
               f.reasons || CASE WHEN m.quartier_id = a.quartier_id AND 'quartier' <> ALL(f.reasons)
                                 THEN ARRAY['quartier'] ELSE '{{}}' END
                         || CASE WHEN a.week & m.availability <> 0 THEN ARRAY['moment'] ELSE '{{}}' END
                         AS reasons,
               a.week <> 0 AND m.availability <> 0 AND a.week & m.availability = 0 AS busy,
               (SELECT count(*) FROM help_telling t
                WHERE t.member_id = m.id AND t.at > now() - interval '1 day') AS today,
               (SELECT count(*) FROM help_telling t
                WHERE t.member_id = m.id AND t.at > now() - interval '7 days') AS lately,
               (SELECT count(*) FROM exchange e WHERE e.giver_id = m.id AND e.state = 'settled'
                AND (a.skills = '{{}}' OR e.skill_id = ANY(a.skills))) AS practised
        FROM fit f JOIN aid a ON a.id = f.help_id
        JOIN member m ON m.id = f.member_id JOIN member p ON p.id = a.person_id
        LEFT JOIN help_match x ON x.help_id = f.help_id AND x.member_id = f.member_id
        WHERE m.id <> a.person_id AND m.id <> a.by_id AND x.dismissed_at IS NULL AND {met}
            AND NOT {apart("m", "p")} AND {may_know("m", "p", _TODAY)}
            AND NOT EXISTS (SELECT FROM exchange e WHERE e.about_kind = 'help' AND e.about_id = a.id
                            AND m.id IN (e.giver_id, e.receiver_id)))
    SELECT *, level * 3 + CASE WHEN 'quartier' = ANY(reasons) THEN 5 ELSE 0 END
              + CASE WHEN 'moment' = ANY(reasons) THEN 4 ELSE 0 END
              + least(practised, 3) * 2 - lately * 2 - CASE WHEN busy THEN 10 ELSE 0 END AS worth
    FROM told"""  # noqa: S608 — our own words


_OF_HELP: Final = (
    _question("h.id = $1::int", "true", "m.confirmed_at IS NOT NULL AND NOT m.away AND NOT m.kept_by_desk")
    + f" WHERE told_at IS NULL AND today < {A_DAY} AND NOT busy"
    + " ORDER BY worth DESC, lately, member_id LIMIT $4"
)
# To be asked by the desk: also who has no mailbox, who was told, who is not free.
_FOR_DESK: Final = (
    _question("h.id = $1::int", "true", "m.confirmed_at IS NOT NULL AND NOT m.away")
    + " ORDER BY told_at IS NOT NULL, worth DESC, member_id LIMIT $4"
)
_OF_MEMBER: Final = (
    _question("true", "{0} = $1::int", "true") + " ORDER BY busy, worth DESC, help_id DESC LIMIT $4"
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A neighbour and a help that fit, and why: `skill:ID`, `offer:ID` or `ask:ID` (their own open help),
    `quartier`, `moment`.

    `full`: they were told three times within a day; `told`: of this very help.
    """

    help_id: int
    member_id: int
    name: str
    handle: str
    reasons: tuple[str, ...]
    told: bool
    full: bool
    busy: bool
    kept_by_desk: bool

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"


async def neighbours_for(help_id: int, limit: int) -> list[Fit]:
    """The best neighbours to tell of a help now: not told yet, not told too often, free when it is needed."""
    return await _ask(_OF_HELP, help_id, limit)


async def neighbours_for_desk(help_id: int, limit: int = 10) -> list[Fit]:
    """All whom the desk may propose, those not told yet first."""
    return await _ask(_FOR_DESK, help_id, limit)


async def helps_for(member_id: int, limit: int = 50) -> list[Fit]:
    """The open helps that fit a member, the best first."""
    return await _ask(_OF_MEMBER, member_id, limit)


async def _ask(sql: str, which: int, limit: int) -> list[Fit]:
    rows = await fetch(sql, which, today(), town_zone.get().key, limit)
    return [_fit(row) for row in rows]


def _fit(row: asyncpg.Record) -> Fit:
    return Fit(
        help_id=row["help_id"],
        member_id=row["member_id"],
        name=row["name"],
        handle=row["handle"],
        reasons=in_order(row["reasons"]),
        told=row["told_at"] is not None,
        full=row["today"] >= A_DAY,
        busy=row["busy"],
        kept_by_desk=row["kept_by_desk"],
    )


def in_order(reasons: Sequence[str]) -> tuple[str, ...]:
    """What somebody does first, then where, then when."""
    ranks = {"offer": 0, "ask": 0, "skill": 1, "quartier": 2, "moment": 3}
    return tuple(sorted(reasons, key=lambda one: (ranks.get(one.partition(":")[0], 4), one)))
