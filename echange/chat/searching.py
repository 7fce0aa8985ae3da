"""Finding words in one's own conversations.

Writing pays nothing for it: whoever searches first has what was written since indexed, so much at a time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from markupsafe import Markup, escape

from echange.chat import inbox
from echange.chat.inbox import STANDING
from echange.chat.talk import Talk
from echange.database import execute, fetch, fetch_one, fetch_value, in_transaction
from echange.http import Invalid, Viewer
from echange.http.pagination import Position, decode, encode
from echange.i18n import gettext as _
from echange.members import fold

MOST_WORDS: Final = 12
# Events: those of one conversation are held up for so long as one part takes.
PART: Final = 100
MOST_INDEXED: Final = 2000
MOST_TALKS: Final = 100
EXCERPT: Final = 200
BEFORE_WORD: Final = 60
_WORD: Final = re.compile(r"\w+")

_BEHIND: Final = """
    SELECT c.id FROM participant p JOIN conversation c ON c.id = p.conversation_id
    WHERE p.member_id = $1 AND c.words_to < c.head ORDER BY c.last_at DESC LIMIT $2"""
# An edit is indexed in its own turn: its message anew.
_INDEX: Final = f"""
    INSERT INTO message_words (conversation_id, seq, words)
    SELECT $1, e.seq, to_tsvector('public.town', public.folded_words({STANDING})) FROM event e
    WHERE e.conversation_id = $1 AND e.kind = 'message' AND NOT e.gone AND e.seq IN (
        SELECT coalesce(target, seq) FROM event
        WHERE conversation_id = $1 AND seq > $2 AND seq <= $3 AND kind IN ('message', 'edit'))
    ON CONFLICT (conversation_id, seq) DO UPDATE SET words = excluded.words"""  # noqa: S608 — our own words
_FIND: Final = f"""
    SELECT e.conversation_id, e.seq, e.by_id, e.at, o.name, {STANDING} AS body
    FROM participant p JOIN conversation c ON c.id = p.conversation_id
    JOIN message_words w ON w.conversation_id = c.id AND w.seq >= p.from_seq
    JOIN event e ON e.conversation_id = w.conversation_id AND e.seq = w.seq AND NOT e.gone
    JOIN member o ON o.id = e.by_id
    WHERE p.member_id = $1 AND w.words @@ $2::tsquery AND NOT (c.is_group AND e.by_id = ANY($3::int[]))
      AND ($4::timestamptz IS NULL OR (e.at, e.conversation_id, e.seq) < ($4, $5, $6))
    ORDER BY e.at DESC, e.conversation_id DESC, e.seq DESC LIMIT $7"""  # noqa: S608 — our own words
_SAID_ALIKE: Final = """
    SELECT word FROM unnest($1::text[]) AS word
    WHERE to_tsvector('public.town', public.folded_words(word)) @@ asked_for($2)"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, as it stands; `words` are those of it that were looked for."""

    talk: Talk
    seq: int
    by: int
    name: str
    at: datetime
    body: str
    words: frozenset[str]

    @property
    def url(self) -> str:
        """The message in its place."""
        return f"{self.talk.url}?autour={self.seq}#m{self.seq}"

    @property
    def excerpt(self) -> Markup:
        """Some of its words, those looked for marked."""
        text = " ".join(self.body.split())
        found = [word for word in _WORD.finditer(text) if word[0] in self.words]
        start, end = _window(text, found[0].start() if found else 0)
        parts, at = [escape("…" if start else "")], start
        for word in found:
            if start <= word.start() and word.end() <= end:
                parts += [escape(text[at : word.start()]), Markup("<mark>{}</mark>").format(word[0])]
                at = word.end()
        return Markup("").join([*parts, escape(text[at:end]), "…" if end < len(text) else ""])


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, newest first. Not `complete`: older messages are not looked through yet."""

    hits: Sequence[Hit]
    next: str | None
    complete: bool


async def find(viewer: Viewer, question: str, *, limit: int, cursor: str = "") -> Found:
    """Messages in the viewer's conversations that say all these words, in whatever form.

    Only what they may read: from their coming on, nothing deleted, nothing of those kept apart in groups.
    Raises Invalid for a cursor that is not ours.
    """
    position, seq = _place_in(cursor) if cursor else (None, 0)
    words = _WORD.findall(fold(question))[:MOST_WORDS]
    asked = await fetch_value("SELECT asked_for($1)::text", "\n".join(words))
    if not asked:
        return Found([], None, True)
    complete = await _index(viewer.id)
    rows = await fetch(
        _FIND, viewer.id, asked, sorted(viewer.unseen), *(position or (None, 0)), seq, limit + 1
    )
    hits = await _hits(rows[:limit], viewer.id, words)
    return Found(hits, _cursor(rows[limit - 1]) if len(rows) > limit else None, complete)


async def _index(member_id: int) -> bool:
    """Index what was said in the member's conversations since the last search; whether all of it is."""
    left = MOST_INDEXED
    behind = await fetch(_BEHIND, member_id, MOST_TALKS + 1)
    for row in behind[:MOST_TALKS]:
        done = PART
        while done == PART:
            done = await _index_part(row["id"])
            left -= done
            if left <= 0:
                return False
    return len(behind) <= MOST_TALKS


async def _index_part(conversation_id: int) -> int:
    """Index the next events of a conversation; how many they were.

    Under its lock: nobody edits or deletes there until the words that stand now are kept.
    """
    async with in_transaction():
        row = await fetch_one(
            "SELECT words_to, head FROM conversation WHERE id = $1 FOR NO KEY UPDATE", conversation_id
        )
        if row is None or row["words_to"] >= row["head"]:
            return 0
        reached = min(row["head"], row["words_to"] + PART)
        await execute(_INDEX, conversation_id, row["words_to"], reached)
        await execute("UPDATE conversation SET words_to = $2 WHERE id = $1", conversation_id, reached)
        return int(reached - row["words_to"])


async def _hits(rows: Sequence[asyncpg.Record], viewer_id: int, words: Sequence[str]) -> list[Hit]:
    talks = await inbox.some({row["conversation_id"] for row in rows}, viewer_id)
    alike = await _said_alike([row["body"] for row in rows], words)
    # Who was put out while we looked finds nothing any more.
    return [_hit(row, talks, alike) for row in rows if row["conversation_id"] in talks]


def _hit(row: asyncpg.Record, talks: Mapping[int, Talk], alike: frozenset[str]) -> Hit:
    body: str = row["body"]
    return Hit(
        talk=talks[row["conversation_id"]],
        seq=row["seq"],
        by=row["by_id"],
        name=row["name"],
        at=row["at"],
        body=body,
        words=alike & frozenset(_WORD.findall(body)),
    )


async def _said_alike(bodies: Sequence[str], words: Sequence[str]) -> frozenset[str]:
    """Which words of these texts are what was looked for, as the index sees them."""
    # Every form of a word begins like it: few are worth asking about.
    letters = {word[0] for word in words}
    said = {word for body in bodies for word in _WORD.findall(body) if fold(word)[:1] in letters}
    rows = await fetch(_SAID_ALIKE, sorted(said), "|".join(words))
    return frozenset(row["word"] for row in rows)


def _window(text: str, at: int) -> tuple[int, int]:
    """Where an excerpt around place `at` begins and ends, between words."""
    start = at - BEFORE_WORD
    start = text.rfind(" ", 0, start) + 1 if start > 0 else 0
    end = start + EXCERPT
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", at, end), at) or end


def _cursor(row: asyncpg.Record) -> str:
    return f"{encode((row['at'], row['conversation_id']))}.{row['seq']}"


def _place_in(cursor: str) -> tuple[Position, int]:
    position, _dot, seq = cursor.rpartition(".")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 10):
        raise Invalid({"cursor": [_("Cette suite de liste n’existe pas.")]})
    return decode(position), int(seq)
