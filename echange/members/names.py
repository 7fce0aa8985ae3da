"""Names of people: folded for sorting and comparing, made into addresses, kept apart from the staff's."""

import re
import secrets
import unicodedata
from typing import Final

_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "’": "'", "ʼ": "'"})
# What is drawn like a Latin letter (after Unicode's confusables.txt, the common ones); l counts as i.
_LOOK_ALIKES: Final = str.maketrans(
    {
        **dict(zip("аеёорсухіїјѕһԁԛԝкмтнвгпиц", "aeeopcyxiijshdqwkmthbrnuu", strict=True)),
        **dict(zip("αβγεηικνορτυχωϲ", "abyenikvoptuxwc", strict=True)),
        **dict(zip("013457689@$|!lıɩℓ", "oieastgbgasiiiiii", strict=True)),
    }
)
_ROOTS: Final = ("concierge", "moderat", "administrat", "mairie", "echange")
_WORDS: Final = ("admin", "modo", "support", "staff", "systeme", "root", "equipe", "municipalite")
_WHOLE: Final = ("laforge", "police", "prefecture", "villedefontenay", "villedefontenaysousbois")
_ALPHABETS: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
_LONGEST_HANDLE: Final = 32
_TITLES: Final = frozenset(
    {"m", "mme", "mlle", "mr", "mrs", "ms", "dr", "monsieur", "madame", "mademoiselle"}
)


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: what two spellings of one word share."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(bare.split())


def first_name(name: str) -> str:
    """« Odile » for « Odile Perrin »; « Mme Odile » for whoever is called « Mme Odile Perrin »."""
    first, *more = name.split() or [""]
    return f"{first} {more[0]}" if more and fold(first).rstrip(".") in _TITLES else first


def slug(text: str) -> str:
    """`text` for an address: letters a–z, digits and hyphens; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def handle_for(name: str) -> str:
    """The address of somebody's profile, made from the name."""
    return slug(name)[:_LONGEST_HANDLE].strip("-") or "voisin"


def numbered(handle: str, attempt: int) -> str:
    """The handle itself at first, then with a number nobody can foresee."""
    return handle if attempt == 0 else f"{handle}-{secrets.randbelow(9_000) + 1_000}"


def sounds_like_staff(name: str) -> bool:
    """Whether a name could be taken for the desk, the moderators, the town or échange itself."""
    words = [_skeleton(word) for word in fold(name).replace("-", " ").split()]
    whole = "".join(words)
    return (
        whole in map(_skeleton, _WHOLE)
        or any(_skeleton(root) in whole for root in _ROOTS)
        or any(_skeleton(word) in words for word in _WORDS)
    )


def mixes_alphabets(name: str) -> bool:
    """Whether one word borrows letters of several alphabets: nobody's name does, disguises do."""
    return any(len(_alphabets(word)) > 1 for word in name.split())


def _skeleton(word: str) -> str:
    bare = "".join(char for char in word if unicodedata.category(char) != "Cf")
    return re.sub(r"[^a-z]", "", bare.translate(_LOOK_ALIKES)).replace("rn", "m").replace("vv", "w")


def _alphabets(word: str) -> set[str]:
    return {unicodedata.name(char, "?").split()[0] for char in word if char.isalpha()} & _ALPHABETS
