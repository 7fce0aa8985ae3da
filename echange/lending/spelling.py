"""What a slip of the finger meant: the nearest word of a title that stands in the catalogue."""

from collections.abc import Iterable
from typing import Final

from echange import ads
from echange.database import fetch

SHORTEST: Final = 3
LONGEST: Final = 40
# As many slips as a word of this length may hold.
SLIPS: Final = ((5, 1), (9, 2), (LONGEST, 3))
MOST_CANDIDATES: Final = 40


async def nearest_words(words: Iterable[str]) -> dict[str, str]:
    """The unknown ones among these folded words, each with the spelling of the nearest known word."""
    spellings: dict[str, str] = {}
    for word in words:
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            continue
        spelling = await _nearest(word)
        if spelling and spelling != word:
            spellings[word] = spelling
    return spellings


async def _nearest(word: str) -> str | None:
    rows = await fetch(
        """SELECT word FROM (
               SELECT DISTINCT string_to_table(btrim(folded_words(title)), ' ') AS word FROM item
               WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND hidden_at IS NULL) known
           WHERE word ~ '^[a-z]{3,40}$' AND length(word) BETWEEN length($1) - 3 AND length($1) + 3
           ORDER BY similarity(word, $1) DESC, word LIMIT $2""",
        word,
        MOST_CANDIDATES,
    )
    near = {row["word"]: ads.slips_between(word, row["word"]) for row in rows}
    most = next(slips for length, slips in SLIPS if len(word) <= length)
    return min((one for one, slips in near.items() if slips <= most), key=near.__getitem__, default=None)
