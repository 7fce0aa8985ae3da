"""The default quartiers of Fontenay-sous-Bois, and a French list of what neighbours know how to do."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from echange.i18n import current_locale, mark
from echange.i18n import gettext as _
from echange.members.names import fold
from echange.members.taxonomy.daily import DAILY
from echange.members.taxonomy.learning import LEARNING

# To be confirmed by the town: a default set.
QUARTIERS: Final = (
    ("les-larris", "Les Larris"),
    ("val-de-fontenay", "Val de Fontenay"),
    ("les-alouettes", "Les Alouettes"),
    ("la-redoute", "La Redoute"),
    ("le-plateau", "Le Plateau"),
    ("les-parapluies", "Les Parapluies"),
    ("le-village", "Le Village"),
    ("jean-zay", "Jean-Zay"),
    ("les-rigollots", "Les Rigollots"),
)

# Key, label, icon.
FIELDS: Final = (
    ("jardin", mark("Jardin et nature"), "sprout"),
    ("bricolage", mark("Bricolage et travaux"), "hammer"),
    ("reparation", mark("Réparation et vélo"), "wrench"),
    ("couture", mark("Couture et fil"), "scissors"),
    ("cuisine", mark("Cuisine et conserves"), "chef-hat"),
    ("numerique", mark("Ordinateur et téléphone"), "laptop"),
    ("demarches", mark("Démarches et papiers"), "file-text"),
    ("langues", mark("Langues"), "languages"),
    ("scolaire", mark("Soutien scolaire et études"), "graduation-cap"),
    ("musique", mark("Musique et scène"), "music"),
    ("animaux", mark("Animaux"), "heart"),
    ("transport", mark("Trajets et déménagement"), "package"),
    ("art", mark("Arts et image"), "palette"),
    ("sport", mark("Sport et bien-être"), "bike"),
    ("enfants", mark("Enfants et familles"), "baby"),
    ("presence", mark("Présence et écoute"), "hand-heart"),
    ("fete", mark("Fêtes et vie locale"), "users"),
    ("metier", mark("Métiers et conseil"), "lightbulb"),
    ("autre", mark("Autre chose"), "ellipsis"),
)


@dataclass(frozen=True, slots=True)
class KnownSkill:
    """A skill of the default list: its French name, its field, other words for it."""

    name: str
    field: str
    synonyms: tuple[str, ...]


SKILLS: Final = tuple(
    KnownSkill(name, field, tuple(words.split(", ")))
    for field, skills in {**DAILY, **LEARNING}.items()
    for name, words in skills
)


def field_name(key: str) -> str:
    """A field of skills in the reader's language; "" for one that is not in the list."""
    return next((_(label) for known, label, _icon in FIELDS if known == key), "")


def skill_names() -> list[str]:
    """The list's names in the reader's language, for suggestions while typing."""
    return [name for name, _key in _told(current_locale.get())]


def translated_keys() -> list[tuple[str, str]]:
    """Folded names in the reader's language with the French keys they stand for; none in French itself."""
    locale = current_locale.get()
    return [] if locale == "fr" else [(fold(name), key) for name, key in _told(locale)]


@cache
def _told(locale: str) -> tuple[tuple[str, str], ...]:
    # `locale` is the reader's: it is asked for so that each language is kept apart.
    told = ((_(skill.name), fold(skill.name)) for skill in SKILLS)
    return tuple(sorted(told, key=lambda pair: fold(pair[0])))
