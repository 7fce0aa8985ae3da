"""A first visit: what somebody says they offer and look for meets real neighbours at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from echange.database import fetch
from echange.http import Viewer
from echange.http.dates import today
from echange.i18n import gettext as _
from echange.members import Face, seen_by
from echange.mutual_aid.matching import apart, may_know
from echange.mutual_aid.matching_mine import Match, matches_for
from echange.mutual_aid.matching_reasons import all_of, in_a_sentence

SHOWN: Final = 2

# $1 who looks, $2 whether with a proved address, $3 what they look for (else what they offer), $4 today.
_NEIGHBOURS: Final = f"""
    SELECT m.id, m.name, m.handle, m.verified_at IS NOT NULL AS verified,
           array_agg(s.name ORDER BY theirs.level DESC NULLS LAST, mine.position) AS skills,
           bool_or(m.quartier_id = me.quartier_id AND {seen_by("$2::int", "quartier")}) IS TRUE AS near,
           EXISTS (SELECT FROM member_skill a JOIN member_skill b ON b.skill_id = a.skill_id
                   WHERE a.member_id = me.id AND b.member_id = m.id AND a.wanted <> $3 AND b.wanted = $3
                       AND CASE WHEN $3 THEN {seen_by("$2::int", "wants")}
                                ELSE {seen_by("$2::int", "offers")} END) AS both_ways
    FROM member me JOIN member_skill mine ON mine.member_id = me.id AND mine.wanted = $3
    JOIN member_skill theirs ON theirs.skill_id = mine.skill_id AND theirs.wanted <> $3
    JOIN member m ON m.id = theirs.member_id JOIN skill s ON s.id = mine.skill_id
    WHERE me.id = $1 AND m.id <> me.id AND m.confirmed_at IS NOT NULL AND NOT m.away AND NOT m.kept_by_desk
        AND CASE WHEN $3 THEN {seen_by("$2::int", "offers")} ELSE {seen_by("$2::int", "wants")} END
        AND NOT {apart("m", "me")} AND {may_know("m", "me", "$4::date")}
    GROUP BY me.id, m.id
    ORDER BY both_ways DESC, near DESC, max(coalesce(theirs.level, 2)) DESC, verified DESC, m.id DESC
    LIMIT {SHOWN}"""  # noqa: S608 — our own words


@dataclass(frozen=True, slots=True)
class Found(Face):
    """A neighbour who fits, and why; `skills` in the reader's language."""

    id: int
    name: str
    handle: str
    verified: bool
    skills: Sequence[str]
    near: bool
    why: str
    kind: None = None
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who offers what they look for; helps that ask for what they offer, else who looks for it.

    `described`: whether they said anything yet.
    """

    helpers: Sequence[Found]
    helps: Sequence[Match]
    seekers: Sequence[Found]
    wants: Sequence[str]
    offers: Sequence[str]

    @property
    def described(self) -> bool:
        return bool(self.wants or self.offers)

    @property
    def is_empty(self) -> bool:
        return not (self.helpers or self.helps or self.seekers)


async def visit_of(viewer: Viewer) -> Visit:
    """What waits for somebody who has just said what they offer and look for."""
    skills = await fetch(
        """SELECT s.name, o.wanted FROM member_skill o JOIN skill s ON s.id = o.skill_id
           WHERE o.member_id = $1 ORDER BY o.position, o.id""",
        viewer.id,
    )
    helps = [match for match in await matches_for(viewer.id, viewer) if match.card.kind == "ask"][:SHOWN]
    return Visit(
        helpers=await _neighbours(viewer, wanted=True),
        helps=helps,
        seekers=[] if helps else await _neighbours(viewer, wanted=False),
        wants=[in_a_sentence(row["name"]) for row in skills if row["wanted"]],
        offers=[in_a_sentence(row["name"]) for row in skills if not row["wanted"]],
    )


async def _neighbours(viewer: Viewer, *, wanted: bool) -> list[Found]:
    rows = await fetch(_NEIGHBOURS, viewer.id, int(viewer.confirmed), wanted, today())
    return [_found(row, wanted=wanted) for row in rows]


def _found(row: asyncpg.Record, *, wanted: bool) -> Found:
    skills = all_of([in_a_sentence(name) for name in row["skills"]])
    told = [
        _("s’y connaît en {skills}").format(skills=skills)
        if wanted
        else _("cherche quelqu’un en {skills}").format(skills=skills)
    ]
    if row["near"]:
        told.append(_("habite votre quartier"))
    return Found(
        id=row["id"],
        name=row["name"],
        handle=row["handle"],
        verified=row["verified"],
        skills=[_(name) for name in row["skills"]],
        near=row["near"],
        why=all_of(told),
    )
