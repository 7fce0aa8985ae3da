"""Why two fit, in words: to the one who is told, and of them to the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from echange.database import fetch
from echange.i18n import current_locale
from echange.i18n import gettext as _

_HELPS: Final = ("offer", "ask")


@dataclass(frozen=True, slots=True)
class Names:
    """What reasons name by number: skills, and titles of helps."""

    skills: Mapping[int, str]
    helps: Mapping[int, str]


async def names_in(reasons: Iterable[str]) -> Names:
    """The names of all skills and helps in some reasons; those gone are missing."""
    told = [one.partition(":") for one in set(reasons)]
    skills = [int(number) for kind, _colon, number in told if kind == "skill"]
    helps = [int(number) for kind, _colon, number in told if kind in _HELPS]
    named = await fetch("SELECT id, name FROM skill WHERE id = ANY($1)", skills) if skills else []
    titled = await fetch("SELECT id, title FROM help WHERE id = ANY($1)", helps) if helps else []
    return Names({row["id"]: row["name"] for row in named}, {row["id"]: row["title"] for row in titled})


def why_you(kind: str, reasons: Sequence[str], names: Names) -> list[str]:
    """To the one whom a help of this kind fits: « vous vous y connaissez en couture », « c’est dans votre
    quartier ».
    """
    skills = _skills(reasons, names)
    own = _("vous proposez « {title} »") if kind == "ask" else _("vous demandez « {title} »")
    told = [own.format(title=title) for title in _titles(reasons, names)]
    if skills:
        told.append(
            _("vous vous y connaissez en {skills}").format(skills=skills)
            if kind == "ask"
            else _("vous cherchez quelqu’un en {skills}").format(skills=skills)
        )
    if "quartier" in reasons:
        told.append(_("c’est dans votre quartier"))
    if "moment" in reasons:
        told.append(_("vous êtes libre à ce moment-là"))
    return told


def why_they(kind: str, reasons: Sequence[str], names: Names) -> str:
    """Of them, to the one whose help it is: « s’y connaît en couture et habite votre quartier »."""
    skills = _skills(reasons, names)
    own = _("propose « {title} »") if kind == "ask" else _("demande « {title} »")
    told = [own.format(title=title) for title in _titles(reasons, names)]
    if skills:
        told.append(
            _("s’y connaît en {skills}").format(skills=skills)
            if kind == "ask"
            else _("cherche quelqu’un en {skills}").format(skills=skills)
        )
    if "quartier" in reasons:
        told.append(_("habite ce quartier"))
    if "moment" in reasons:
        told.append(_("est libre à ce moment-là"))
    return all_of(told)


def all_of(parts: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} et {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def in_a_sentence(skill: str) -> str:
    """A skill's name where a sentence goes on: « couture », but « CAO » and, in English, “French”."""
    name = _(skill)
    if current_locale.get() == "en" or name[1:2].isupper():
        return name
    return name[:1].lower() + name[1:]


def _skills(reasons: Sequence[str], names: Names) -> str:
    return all_of(
        [in_a_sentence(names.skills[one]) for one in _numbers(reasons, "skill") if one in names.skills]
    )


def _titles(reasons: Sequence[str], names: Names) -> list[str]:
    return [names.helps[one] for one in _numbers(reasons, *_HELPS) if one in names.helps]


def _numbers(reasons: Sequence[str], *kinds: str) -> list[int]:
    parts = [one.partition(":") for one in reasons]
    return [int(number) for kind, _colon, number in parts if kind in kinds]
