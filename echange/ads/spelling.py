"""What a slip of the finger meant: the nearest word of a title that stands, or stood, in the lists."""

import re
from collections.abc import Iterable
from typing import Any, Final

from echange.database import execute, fetch, fetch_value

SHORTEST: Final = 3
LONGEST: Final = 40
MOST_CANDIDATES: Final = 80
# As many slips as a word of this length may hold.
SLIPS: Final = ((5, 1), (9, 2), (LONGEST, 3))
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("e?au", "o"), ("ph", "f"), ("qu|ck|k|c(?![eiyh])", "k"), ("y", "i"), ("th", "t"),
        ("[ae]m(?=[bp])|[ae]n(?![aeioun])", "an"), (r"(.)\1", r"\1"), ("(?<=..)[esxt]$", ""),
    )
)  # fmt: skip


async def nearest_words(words: Iterable[str]) -> dict[str, str]:
    """The unknown ones among these folded words, each with the spelling of the nearest known word."""
    spellings: dict[str, str] = {}
    for word in words:
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or await _is_known(word):
            continue
        if spelling := await _nearest(word):
            spellings[word] = spelling
    return spellings


async def relearn(_: dict[str, Any] | None = None) -> None:
    """Forget words that no title in the lists says any more."""
    await execute(
        """DELETE FROM known_word WHERE NOT EXISTS (
               SELECT FROM ad WHERE listed AND title_words @@ plainto_tsquery('town', known_word.word))
           AND numnode(plainto_tsquery('town', known_word.word)) > 0"""
    )


async def _is_known(word: str) -> bool:
    if await fetch_value("SELECT EXISTS (SELECT FROM known_word WHERE word = btrim(folded_words($1)))", word):
        return True
    # Materialised, or else PostgreSQL hopes to meet one soon and reads the whole table for a rare word.
    sql = """WITH met AS MATERIALIZED (
                 SELECT 1 FROM ad WHERE listed AND search @@ plainto_tsquery('town', folded_words($1)))
             SELECT 1 FROM met LIMIT 1"""
    return await fetch_value(sql, word) is not None


async def _nearest(word: str) -> str | None:
    rows = await fetch(
        """SELECT word, spelling FROM known_word
           WHERE word >= left($1, 1) AND word < chr(ascii($1) + 1)
             AND length(word) BETWEEN length($1) - 3 AND length($1) + 3
           ORDER BY similarity(word, $1) DESC LIMIT $2""",
        word,
        MOST_CANDIDATES,
    )
    near = {row["word"]: slips_between(word, row["word"]) for row in rows}
    fewest = min(near.values(), default=99)
    if fewest > next(slips for length, slips in SLIPS if len(word) <= length):
        return None
    spellings = {row["word"]: row["spelling"] for row in rows}
    return str(spellings[await _commonest([one for one, slips in near.items() if slips == fewest])])


async def _commonest(words: list[str]) -> str:
    counts = await fetch(
        """SELECT word FROM unnest($1::text[]) WITH ORDINALITY AS one(word, place)
           ORDER BY (SELECT count(*) FROM (SELECT FROM ad
                     WHERE listed AND title_words @@ plainto_tsquery('town', word) LIMIT 100) AS few
           ) DESC, place
           LIMIT 1""",
        words[:5],
    )
    return str(counts[0][0])


def slips_between(one: str, other: str) -> int:
    """How many letters differ, as written or as heard, whichever is less; two swapped ones count once."""
    return min(_distance(one, other), _distance(_sound(one), _sound(other)) + 1)


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def _distance(one: str, other: str) -> int:
    """The optimal string alignment distance (Damerau, Levenshtein)."""
    before, last = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, another in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
