"""What a neighbour calls a file, made fit to be written on anybody's disk."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 100
# What Windows and Unix do not take in a name, and what would be one more folder.
_UNFIT: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
# What Windows keeps for itself, with or without an ending.
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
# Invisible, turning the direction of what follows, half characters, of private use.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def fit_name(name: str, ending: str) -> str:
    """The last part of a path, readable, 100 characters at most, with the ending that its content has."""
    last = _UNFIT.sub(" ", re.split(r"[/\\]", name)[-1])
    seen = (char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char) not in _UNSEEN)
    stem = " ".join("".join(seen).split()).strip(". ")
    if stem.lower().endswith(f".{ending}"):
        stem = stem[: -len(ending) - 1].strip(". ")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"document {stem}".strip()
    return f"{stem[: LONGEST - len(ending) - 1].strip('. ')}.{ending}"
