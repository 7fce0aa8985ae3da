"""Passwords: hashed with argon2id, weighed with zxcvbn, both in threads of their own (NIST SP 800-63B)."""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from echange.http import Refusal
from echange.i18n import mark
from echange.members.names import fold

SHORTEST: Final = 8
LONGEST: Final = 200
_STRONG_ENOUGH: Final = 2
# zxcvbn's time grows with the length, to seconds when all is made of l33t signs: only the ends are weighed.
_WEIGHED: Final = 24
_TOWN_WORDS: Final = (
    "echange", "fontenay", "bonjour", "bonsoir", "soleil", "motdepasse", "azerty", "azertyuiop", "doudou",
    "loulou", "chouchou", "marseille", "france", "paris", "coucou", "jetaime", "voiture", "maison",
    "famille", "voisin", "voisine", "conciergerie", "amour", "printemps",
)  # fmt: skip
# OWASP's argon2id for small servers: 19 MiB, two rounds. Two at once keep memory and cores free for pages.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")

T = TypeVar("T")


class WeakPassword(Refusal):
    status = 422
    code = "invalid"
    sentence = mark(
        "Ce mot de passe se devine trop vite. Trois mots sans rapport, par exemple, en font un bon."
    )


class CommonPassword(WeakPassword):
    sentence = mark(
        "Ce mot de passe est de ceux que les fraudeurs essaient en premier. Choisissez-en un autre."
    )


class PersonalPassword(WeakPassword):
    sentence = mark("Ce mot de passe ressemble trop à votre nom ou à votre adresse.")


class RegularPassword(WeakPassword):
    sentence = mark("Une suite ou une répétition se devine trop vite. Mélangez davantage.")


async def check_strength(password: str, *, name: str, email: str) -> None:
    """Raise WeakPassword, or one of its kinds that says why."""
    await _in_thread(lambda: _weigh(_written(password), name, email))


async def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return await _in_thread(lambda: _HASHER.hash(_written(password)))


async def is_password(password: str, kept: str | None) -> bool:
    """Whether `password` made the kept hash. Without one it takes as long and says no."""
    return await _in_thread(lambda: _verify(password, kept))


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def _written(password: str) -> str:
    # The same letters typed on two keyboards may differ in bytes.
    return unicodedata.normalize("NFKC", password)


def _verify(password: str, kept: str | None) -> bool:
    try:
        return _HASHER.verify(kept or _nobodys_hash(), _written(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("personne")


def _weigh(password: str, name: str, email: str) -> None:
    # Imported late: its word lists take memory that a server of readers never needs.
    from zxcvbn import zxcvbn

    words = (*fold(name).split(), *fold(email).replace("@", ".").split("."))
    personal = [word for word in words if len(word) > 2]
    ends = dict.fromkeys((password[:_WEIGHED], password[-_WEIGHED:]))
    found = [zxcvbn(end, user_inputs=[*personal, *_TOWN_WORDS]) for end in ends]
    weighed = max(found, key=lambda one: one["score"])
    if weighed["score"] < _STRONG_ENOUGH:
        raise _reason(weighed["sequence"], set(personal))


def _reason(sequence: Iterable[Mapping[str, Any]], personal: set[str]) -> WeakPassword:
    longest = max(sequence, key=lambda part: len(part["token"]))
    if any(part.get("matched_word") in personal for part in sequence):
        return PersonalPassword()
    if longest["pattern"] == "dictionary":
        return CommonPassword()
    if longest["pattern"] in {"sequence", "repeat", "spatial"}:
        return RegularPassword()
    return WeakPassword()
