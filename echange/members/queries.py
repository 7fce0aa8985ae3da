"""Hand-written reads: who offers what, and the plain values that pages and the API show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch
from echange.http import Page, cut
from echange.http.pagination import Position
from echange.http.viewer import Portrait
from echange.members.faces import Face
from echange.members.names import fold

_EMPTY_WORDS: Final = frozenset(
    (
        "a", "au", "aux", "avec", "chez", "cours", "d", "de", "des", "du", "en", "et", "faire", "je", "l",
        "la", "le", "les", "ma", "mes", "mon", "pour", "quelqu", "qui", "sur", "un", "une",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A line of « Je propose » or « Je cherche »."""

    id: int
    skill_id: int
    name: str
    note: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class MemberCard(Face):
    """A neighbour in a list."""

    id: int
    handle: str
    name: str
    headline: str
    quartier: str
    skills: list[str]
    created_at: datetime
    kind: None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for in the directory; empty words leave it open."""

    words: str = ""
    field: str = ""
    skill: str = ""
    quartier: str = ""
    experts_only: bool = True


async def find_members(wish: Wish, limit: int, position: Position | None) -> Page[MemberCard]:
    """Confirmed members whose skills or name answer the wish, newest first.

    Words meet skills through synonyms; plurals, accents and slips of the finger are forgiven.
    """
    skills = await _skills_meant(wish)
    rows = await fetch(
        """SELECT m.id, m.handle, m.name, m.headline, m.created_at, coalesce(q.name, '') AS quartier,
                  ARRAY(SELECT s.name FROM member_skill o JOIN skill s ON s.id = o.skill_id
                        WHERE o.member_id = m.id AND NOT o.wanted
                        ORDER BY (o.skill_id = ANY($1::int[])) IS TRUE DESC, o.position, o.id LIMIT 3
                  ) AS skills
           FROM member m LEFT JOIN quartier q ON q.id = m.quartier_id
           WHERE m.confirmed_at IS NOT NULL
             AND ($2::int IS NULL OR m.id < $2)
             AND ($3 = '' OR q.slug = $3)
             AND (NOT $4 OR EXISTS (SELECT FROM member_skill o WHERE o.member_id = m.id AND NOT o.wanted))
             AND ($1::int[] IS NULL
                  OR m.id IN (SELECT o.member_id FROM member_skill o
                              WHERE NOT o.wanted AND o.skill_id = ANY($1::int[]))
                  OR ($5 <> '' AND strpos(' ' || m.sort_key, ' ' || $5) > 0))
           ORDER BY m.id DESC LIMIT $6""",
        skills,
        position[1] if position else None,
        wish.quartier,
        wish.experts_only,
        "" if wish.field or wish.skill else fold(wish.words),
        limit + 1,
    )
    return cut([MemberCard(**row) for row in rows], limit, lambda card: (card.created_at, card.id))


async def _skills_meant(wish: Wish) -> list[int] | None:
    """Ids of the skills a wish names; None when it names none."""
    meant: set[int] | None = None
    if wish.words:
        meant = set(await skills_like(wish.words))
    if wish.skill:
        rows = await fetch("SELECT id FROM skill WHERE key = $1 OR $1 = ANY(synonyms)", fold(wish.skill))
        meant = {row["id"] for row in rows} if meant is None else meant & {row["id"] for row in rows}
    if wish.field:
        rows = await fetch("SELECT id FROM skill WHERE field = $1", wish.field)
        meant = {row["id"] for row in rows} if meant is None else meant & {row["id"] for row in rows}
    return None if meant is None else sorted(meant)


async def skills_like(words: str) -> list[int]:
    """Skills close to these words, in their names or synonyms; the closest and those nearly as close."""
    asked = _stems(words)
    if not asked:
        return []
    rows = await fetch(
        """WITH word AS (
               SELECT DISTINCT s.id, w FROM skill s,
                   regexp_split_to_table(s.key || ' ' || array_to_string(s.synonyms, ' '), '[^a-z0-9]+') w
               WHERE length(w) > 1),
           met AS (
               SELECT word.id, asked, max(CASE
                   WHEN w = asked THEN 1.0
                   WHEN length(asked) >= 4 AND starts_with(w, asked) THEN 0.9
                   WHEN length(asked) >= 4 AND left(w, 1) = left(asked, 1)
                        AND abs(length(w) - length(asked)) <= 2 AND similarity(w, asked) >= 0.3
                        THEN 0.5 + similarity(w, asked) * 0.4
                   ELSE 0 END) AS score
               FROM word, unnest($1::text[]) asked GROUP BY word.id, asked),
           scored AS (SELECT id, avg(score) AS score FROM met GROUP BY id)
           SELECT id FROM scored WHERE score >= 0.36 AND score >= 0.75 * (SELECT max(score) FROM scored)""",
        asked,
    )
    return [row["id"] for row in rows]


def _stems(words: str) -> list[str]:
    found = re.findall(r"[a-z0-9]+", fold(words))
    telling = [word for word in found if word not in _EMPTY_WORDS and len(word) > 1] or found
    return [word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in telling[:8]]


async def skills_of(member_id: int) -> list[SkillLine]:
    """What a member offers and looks for, in their order."""
    rows = await fetch(
        """SELECT o.id, o.skill_id, s.name, o.note, o.wanted FROM member_skill o
           JOIN skill s ON s.id = o.skill_id WHERE o.member_id = $1 ORDER BY o.position, o.id""",
        member_id,
    )
    return [SkillLine(**row) for row in rows]


async def skill_names() -> list[str]:
    """The town's skills by name, for suggestions while typing; those somebody proposed are not suggested."""
    rows = await fetch("SELECT name FROM skill WHERE proposed_by_id IS NULL ORDER BY key")
    return [row["name"] for row in rows]


async def quartier_choices() -> list[tuple[str, str]]:
    """Slug and name of every quartier."""
    rows = await fetch("SELECT slug, name FROM quartier ORDER BY position")
    return [(row["slug"], row["name"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Hat(Portrait):
    """A member's part in an association, or an association's person."""

    name: str
    url: str
    role: str
    id: int
    kind: str | None = None


async def organisations_of(member_id: int) -> list[Hat]:
    """The associations of a member."""
    rows = await fetch(
        """SELECT o.id, o.name, '/associations/' || o.slug AS url, p.role, 'association' AS kind
           FROM membership p JOIN organisation o ON o.id = p.organisation_id
           WHERE p.member_id = $1 ORDER BY o.sort_key""",
        member_id,
    )
    return [Hat(**row) for row in rows]


async def people_of(organisation_id: int) -> list[Hat]:
    """The people of an association, those who answer for it first."""
    rows = await fetch(
        """SELECT m.id, m.name, '/membres/' || m.handle AS url, p.role
           FROM membership p JOIN member m ON m.id = p.member_id WHERE p.organisation_id = $1
           ORDER BY array_position(ARRAY['owner', 'manager', 'member'], p.role::text), m.sort_key
           LIMIT 100""",
        organisation_id,
    )
    return [Hat(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class OrganisationCard(Portrait):
    """An association in a list."""

    id: int
    slug: str
    name: str
    headline: str
    quartier: str
    skills: Sequence[str] = ()
    kind: str = "association"
    verified: bool = False

    @property
    def url(self) -> str:
        return f"/associations/{self.slug}"


async def all_organisations() -> list[OrganisationCard]:
    """The associations of the town by name; a town has some hundreds."""
    rows = await fetch(
        """SELECT o.id, o.slug, o.name, coalesce(q.name, '') AS quartier,
                  CASE WHEN length(o.about) > 160 THEN left(o.about, 157) || '…' ELSE o.about END AS headline
           FROM organisation o LEFT JOIN quartier q ON q.id = o.quartier_id
           ORDER BY o.sort_key, o.id LIMIT 1000"""
    )
    return [OrganisationCard(**row) for row in rows]
