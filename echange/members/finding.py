"""The directory: who offers what, when, and on which terms.

Nobody is found by what they do not show: each condition asks of its field whether the reader may see it
(showing.py). Lists show everybody as neighbours see them, to the staff too.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from echange.database import fetch
from echange.http import Page, Viewer, cut
from echange.http.pagination import Position
from echange.i18n import gettext as _
from echange.members.faces import Face, photo_url
from echange.members.names import fold
from echange.members.showing import eyes_of, is_met, seen_by
from echange.members.taxonomy import translated_keys

SKILLS_SHOWN: Final = 3
_EMPTY_WORDS: Final = frozenset(
    (
        "a", "au", "aux", "avec", "besoin", "cherche", "chez", "comment", "cours", "d", "de", "des", "du",
        "en", "et", "faire", "j", "je", "l", "la", "le", "les", "ma", "me", "mes", "mon", "pour", "quelqu",
        "qui", "sur", "un", "une",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MemberCard(Face):
    """A neighbour in a list; `photo` is an address, or ""."""

    id: int
    handle: str
    name: str
    headline: str
    quartier: str
    skills: list[str]
    photo: str
    created_at: datetime
    verified: bool
    kind: None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for in the directory; what is left empty leaves it open.

    `week`: slots of which one at least must be free (see week.py).
    """

    words: str = ""
    field: str = ""
    skill: str = ""
    quartier: str = ""
    week: int = 0
    terms: str = ""
    verified_only: bool = False
    experts_only: bool = True

    @property
    def name(self) -> str:
        """Words that may be somebody's name; who asks for a field or terms asks for somebody who offers."""
        return "" if self.field or self.skill or self.terms else fold(self.words)

    @property
    def asks_for_offers(self) -> bool:
        return self.experts_only or bool(self.words or self.skill or self.field or self.terms)


_FIND: Final = f"""
    SELECT m.id, m.handle, m.name, m.created_at, m.verified_at IS NOT NULL AS verified,
           CASE WHEN {seen_by("$1", "headline")} THEN m.headline ELSE '' END AS headline,
           CASE WHEN {seen_by("$1", "quartier")} THEN coalesce(q.name, '') ELSE '' END AS quartier,
           (SELECT p.id FROM portrait p WHERE p.member_id = m.id AND {seen_by("$1", "photo")}) AS photo_id,
           ARRAY(SELECT s.name FROM member_skill o JOIN skill s ON s.id = o.skill_id
                 WHERE o.member_id = m.id AND NOT o.wanted AND {seen_by("$1", "offers")}
                 ORDER BY (o.skill_id = ANY($3::int[])) IS TRUE DESC, o.position, o.id LIMIT {SKILLS_SHOWN}
           ) AS skills
    FROM member m LEFT JOIN quartier q ON q.id = m.quartier_id
    WHERE {is_met("$2::int[]")}
      AND ($4::int IS NULL OR m.id < $4)
      AND ($5 = '' OR (q.slug = $5 AND {seen_by("$1", "quartier")}))
      AND ($6::int = 0 OR (m.availability & $6 <> 0 AND {seen_by("$1", "availability")}))
      AND (NOT $7 OR m.verified_at IS NOT NULL)
      AND (NOT $8
           OR ($9 <> '' AND strpos(' ' || m.sort_key, ' ' || $9) > 0)
           OR ({seen_by("$1", "offers")} AND CASE
               -- Nearly everybody offers something: asked of each. A certain skill: looked up once for all.
               WHEN $3::int[] IS NULL AND $10 = ''
               THEN (SELECT true FROM member_skill o WHERE o.member_id = m.id AND NOT o.wanted LIMIT 1)
               ELSE m.id IN (SELECT o.member_id FROM member_skill o
                             WHERE NOT o.wanted AND ($3 IS NULL OR o.skill_id = ANY($3))
                               AND ($10 = '' OR $10 = ANY(o.terms))) END))
    ORDER BY m.id DESC LIMIT $11"""  # noqa: S608 — our own words


async def find_members(
    wish: Wish, viewer: Viewer | None, limit: int, position: Position | None
) -> Page[MemberCard]:
    """Confirmed members whose skills or name answer the wish, newest first.

    Words meet skills through synonyms; plurals, accents and slips of the finger are forgiven.
    """
    rows = await fetch(
        _FIND,
        int(eyes_of(viewer)),
        list(viewer.unseen) if viewer else [],
        await _skills_meant(wish),
        position[1] if position else None,
        wish.quartier,
        wish.week,
        wish.verified_only,
        wish.asks_for_offers,
        wish.name,
        wish.terms,
        limit + 1,
    )
    return cut([_card_of(row) for row in rows], limit, lambda card: (card.created_at, card.id))


def _card_of(row: asyncpg.Record) -> MemberCard:
    return MemberCard(
        id=row["id"],
        handle=row["handle"],
        name=row["name"],
        headline=row["headline"],
        quartier=row["quartier"],
        skills=[_(name) for name in row["skills"]],
        photo=photo_url(row["handle"], row["photo_id"]) if row["photo_id"] else "",
        created_at=row["created_at"],
        verified=row["verified"],
    )


async def _skills_meant(wish: Wish) -> list[int] | None:
    """Ids of the skills a wish names; None when it names none."""
    meant: list[set[int]] = []
    if wish.words:
        meant.append(set(await skills_like(wish.words)))
    if wish.skill or wish.field:
        key = fold(wish.skill)
        rows = await fetch(
            """SELECT id FROM skill
               WHERE ($1 = '' OR key = $1 OR $1 = ANY(synonyms)) AND ($2 = '' OR field = $2)""",
            dict(translated_keys()).get(key, key),
            wish.field,
        )
        meant.append({row["id"] for row in rows})
    return sorted(set.intersection(*meant)) if meant else None


async def skills_like(words: str) -> list[int]:
    """Skills close to these words, in their names or synonyms; the closest and those nearly as close."""
    asked = _stems(words)
    if not asked:
        return []
    told = translated_keys()
    rows = await fetch(
        """WITH said AS (
               SELECT id, key || ' ' || array_to_string(synonyms, ' ') AS words FROM skill
               UNION ALL
               SELECT id, t.name
               FROM unnest($2::text[], $3::text[]) t (name, key) JOIN skill USING (key)),
           word AS (
               SELECT DISTINCT id, w FROM said, regexp_split_to_table(words, '[^a-z0-9]+') w
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
        [name for name, _key in told],
        [key for _name, key in told],
    )
    return [row["id"] for row in rows]


def _stems(words: str) -> list[str]:
    found = re.findall(r"[a-z0-9]+", fold(words))
    telling = [word for word in found if word not in _EMPTY_WORDS and len(word) > 1] or found
    return [word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in telling[:8]]
