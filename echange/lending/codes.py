"""Codes on labels: short, read aloud without a mistake, each once in town."""

import re
from typing import Final

from echange.database import execute, fetch_value
from echange.lending.refusals import TooManyUnits
from echange.members import fold

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
LETTERS: Final = 3
DIGITS: Final = 3
MOST: Final = 99_999
_SMALL: Final = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une")
)
_SIGN: Final = re.compile(r"[^A-Z0-9]+")


def tidied(text: str) -> str:
    """A code as somebody types it, as it is kept: « fet 12 » is FET-12. It may still be no code."""
    return _SIGN.sub("-", fold(text).upper()).strip("-")


def prefix_of(name: str) -> str:
    """Three letters of a name: « Les Fêtes de la Redoute » gives FRE, « La Forge » FOR, « Ana Lopes » ALO."""
    words = [word for word in re.findall("[a-z0-9]+", fold(name)) if word not in _SMALL]
    if len(words) >= LETTERS:
        letters = "".join(word[0] for word in words[:LETTERS])
    elif len(words) == 2:
        letters = words[0][0] + words[1]
    else:
        letters = "".join(words)
    return letters[:LETTERS].upper() if len(letters) > 1 else "OBJ"


async def next_codes(name: str, count: int) -> list[str]:
    """So many codes nobody has yet, in the caller's transaction: FOR-001, FOR-002… Raises TooManyUnits."""
    prefix = prefix_of(name)
    # Two who number theirs with the same letters at once, one after the other.
    await execute("SELECT pg_advisory_xact_lock(hashtextextended('unit code ' || $1, 0))", prefix)
    last: int = await fetch_value(
        """SELECT coalesce(max(split_part(code, '-', 2)::int), 0) FROM unit
           WHERE code LIKE $1 || '-%' AND code ~ '^[A-Z0-9]+-[0-9]{1,5}$'""",
        prefix,
    )
    if last + count > MOST:
        raise TooManyUnits(most=MOST)
    return [f"{prefix}-{number:0{DIGITS}}" for number in range(last + 1, last + count + 1)]
