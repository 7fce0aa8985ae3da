"""Sentences with choices in them: "Vélo {rouge|vert}, {n=14|16} pouces"; {n} later says the same again."""

import re
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

_CHOICE: Final = re.compile(r"\{(?:(\w+)=)?([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Choice:
    name: str | None
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Echo:
    name: str


def say(pattern: str, chance: Random, words: dict[str, str]) -> str:
    """One sentence out of `pattern`; named choices are kept in `words`, where later ones find them."""
    return "".join(part if isinstance(part, str) else _word(part, chance, words) for part in _parts(pattern))


def _word(part: _Choice | _Echo, chance: Random, words: dict[str, str]) -> str:
    if isinstance(part, _Echo):
        return words[part.name]
    word = part.options[int(chance.random() * len(part.options))]
    if part.name:
        words[part.name] = word
    return word


@cache
def _parts(pattern: str) -> tuple[str | _Choice | _Echo, ...]:
    parts: list[str | _Choice | _Echo] = []
    end = 0
    for found in _CHOICE.finditer(pattern):
        parts.append(pattern[end : found.start()])
        name, options = found.groups()
        parts.append(_Choice(name, tuple(options.split("|"))) if "|" in options else _Echo(options))
        end = found.end()
    return (*parts, pattern[end:])
