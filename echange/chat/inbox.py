"""A member's conversations as the list and the API show them, in one look-up for the rows."""

from collections.abc import Collection, Sequence
from typing import Any, Final, Literal, TypeAlias

import asyncpg
import orjson

from echange.chat.reading import UNREAD
from echange.chat.subjects import Card, Subjects
from echange.chat.talk import Other, Talk
from echange.database import fetch
from echange.http import NotFound, Viewer
from echange.http.pagination import Page, Position, cut
from echange.members import seen_by

Shelf: TypeAlias = Literal["", "non-lus", "groupes", "archivees"]
"""Which conversations: all that are not put away, or some of them."""
FACES_SHOWN: Final = 4
PICTURE_WIDTH: Final = 320

# The words of message `e` as they stand: those of its last edit.
STANDING: Final = """coalesce((
    SELECT x.data ->> 'body' FROM event x
    WHERE x.conversation_id = e.conversation_id AND x.target = e.seq AND x.kind = 'edit' AND NOT x.gone
    ORDER BY x.seq DESC LIMIT 1), e.data ->> 'body', '')"""
_GONE: Final = """(o.away OR EXISTS (
    SELECT FROM block WHERE (by_id = $1 AND member_id = o.id) OR (by_id = o.id AND member_id = $1)))"""
_PERSON: Final = f"""o.id, o.name, o.handle, {_GONE} AS gone,
    CASE WHEN {seen_by("1", "quartier", "o")} THEN coalesce(q.name, '') ELSE '' END AS quartier"""
_SHELVES: Final[dict[Shelf, str]] = {
    "": "NOT put_away",
    "non-lus": f"NOT put_away AND p.muted_at IS NULL AND c.said_seq > p.read_seq AND {UNREAD} > 0",
    "groupes": "NOT put_away AND c.is_group",
    "archivees": "put_away",
}
_STILL_MET: Final = f"""(c.is_group OR NOT EXISTS (
    SELECT FROM member o WHERE o.id = ANY(c.members) AND o.id <> $1 AND {_GONE}))"""
# Who was asked to join an old group finds it where a new one would be.
_MINE: Final = """
    FROM participant p JOIN conversation c ON c.id = p.conversation_id
    CROSS JOIN LATERAL (SELECT
        CASE WHEN c.is_group THEN greatest(c.last_at, p.joined_at) ELSE c.last_at END AS lively_at,
        (p.archived_seq >= c.said_seq) IS TRUE AS put_away) AS at
    WHERE p.member_id = $1"""
# Said last, as it stands now; nothing for whom it was said too early or by somebody kept apart.
_SHOWN: Final = f"""
    SELECT c.id, c.is_group, c.title, cardinality(c.members) AS count, c.about_kind, c.about_id, c.head,
           p.role, p.read_seq, p.from_seq, p.muted_at IS NOT NULL AS muted, mine.put_away, mine.lively_at,
           {UNREAD} AS unread, picture.id AS picture_id, e.by_id, author.name AS by_name,
           e.gone OR (c.is_group AND EXISTS (SELECT FROM block WHERE (by_id = $1 AND member_id = e.by_id)
               OR (by_id = e.by_id AND member_id = $1))) AS last_gone,
           left({STANDING}, 200) AS body,
           (SELECT coalesce(json_agg(one), '[]')::text FROM (
               SELECT {_PERSON} FROM member o LEFT JOIN quartier q ON q.id = o.quartier_id
               WHERE o.id = ANY(c.members) AND o.id <> $1 ORDER BY o.id LIMIT $2) AS one) AS people
    FROM mine JOIN conversation c USING (id)
    JOIN participant p ON p.conversation_id = c.id AND p.member_id = $1
    LEFT JOIN group_picture picture ON picture.conversation_id = c.id
    LEFT JOIN event e ON e.conversation_id = c.id AND e.seq = c.said_seq AND e.seq >= p.from_seq
    LEFT JOIN member author ON author.id = e.by_id
    ORDER BY mine.lively_at DESC, c.id DESC"""  # noqa: S608 — our own words


async def inbox(
    member_id: int,
    *,
    limit: int,
    position: Position | None = None,
    shelf: Shelf = "",
    met_only: bool = False,
    faces: int = FACES_SHOWN,
) -> Page[Talk]:
    """The conversations in which something happened, liveliest first; perhaps only with those still met."""
    rows = await fetch(
        f"""WITH mine AS (
                SELECT c.id, put_away, lively_at {_MINE} AND c.head > 0 AND {_SHELVES[shelf]}
                    {f"AND {_STILL_MET}" if met_only else ""}
                    AND ($3::timestamptz IS NULL OR (lively_at, c.id) < ($3, $4))
                ORDER BY lively_at DESC, c.id DESC LIMIT $5)
            {_SHOWN}""",
        member_id,
        faces,
        *(position or (None, 0)),
        limit + 1,
    )
    return cut([_talk(row) for row in rows], limit, lambda talk: (talk.last_at, talk.id))


async def named(member_id: int, name: str, limit: int) -> Sequence[Talk]:
    """The liveliest conversations whose group or other person is called so; `name` is folded."""
    rows = await fetch(
        f"""WITH mine AS (
                SELECT c.id, put_away, lively_at {_MINE} AND c.head > 0 AND strpos(' ' || CASE
                    WHEN c.is_group
                    THEN translate(lower(public.unaccent('public.unaccent', c.title)), '''-', '  ')
                    ELSE (SELECT o.sort_key FROM member o WHERE o.id = ANY(c.members) AND o.id <> $1) END,
                    ' ' || $3) > 0
                ORDER BY lively_at DESC, c.id DESC LIMIT $4)
            {_SHOWN}""",  # noqa: S608 — our own words
        member_id,
        FACES_SHOWN,
        name,
        limit,
    )
    return [_talk(row) for row in rows]


async def one(conversation_id: int, member_id: int, *, faces: int = FACES_SHOWN) -> Talk:
    """One conversation of the member's; raises NotFound when they take no part in it."""
    found = await some([conversation_id], member_id, faces=faces)
    if not found:
        raise NotFound
    return found[conversation_id]


async def some(ids: Collection[int], member_id: int, *, faces: int = FACES_SHOWN) -> dict[int, Talk]:
    """Those of these conversations in which the member takes part."""
    rows = await fetch(
        f"WITH mine AS (SELECT c.id, put_away, lively_at {_MINE} AND c.id = ANY($3::int[])) {_SHOWN}",
        member_id,
        faces,
        list(ids),
    )
    return {row["id"]: _talk(row) for row in rows}


async def cards(talks: Sequence[Talk], subjects: Subjects, viewer: Viewer) -> dict[int, Card]:
    """What each conversation is about, by conversation; what is gone is missing."""
    found = await subjects.cards({talk.about for talk in talks if talk.about}, viewer)
    return {talk.id: found[talk.about] for talk in talks if talk.about in found}


async def people(ids: Sequence[int], viewer_id: int) -> dict[int, Other]:
    """Members by id as this viewer sees them in a conversation, those who have left it too."""
    rows = await fetch(
        f"""SELECT {_PERSON} FROM member o LEFT JOIN quartier q ON q.id = o.quartier_id
            WHERE o.id = ANY($2::int[])""",  # noqa: S608 — our own words
        viewer_id,
        list(ids),
    )
    return {row["id"]: _other(dict(row)) for row in rows}


def picture_url(conversation_id: int, picture_id: int, width: int = PICTURE_WIDTH) -> str:
    """The address of a group's picture; another picture has another one, so that no old one is kept."""
    return f"/messages/{conversation_id}/image-{width}.webp?v={picture_id}"


def _talk(row: asyncpg.Record) -> Talk:
    gone = bool(row["last_gone"])
    return Talk(
        id=row["id"],
        is_group=row["is_group"],
        name=row["title"],
        people=tuple(_other(person) for person in orjson.loads(row["people"])),
        count=row["count"],
        role=row["role"],
        photo=picture_url(row["id"], row["picture_id"]) if row["picture_id"] else "",
        about=(row["about_kind"], row["about_id"]) if row["about_kind"] else None,
        head=row["head"],
        read_seq=row["read_seq"],
        from_seq=row["from_seq"],
        unread=row["unread"],
        muted=row["muted"],
        archived=row["put_away"],
        last_at=row["lively_at"],
        last_by=row["by_id"],
        last_name=row["by_name"] or "",
        last_body="" if gone else row["body"],
        last_gone=gone,
    )


def _other(row: dict[str, Any]) -> Other:
    gone = row["gone"]
    return Other(row["id"], row["name"], row["handle"], "" if gone else row["quartier"], gone)
