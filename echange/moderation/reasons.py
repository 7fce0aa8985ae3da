"""Why people report, and what moderators often answer; both in plain words, shown through gettext."""

from collections.abc import Iterable
from typing import Final

from echange.i18n import gettext as _
from echange.i18n import mark

REASONS: Final = {
    "scam": mark("Une arnaque, ou de l’argent demandé d’avance"),
    "illegal": mark("Quelque chose que la loi interdit"),
    "hateful": mark("Des insultes ou des propos haineux"),
    "danger": mark("Un danger pour quelqu’un"),
    "harassment": mark("Du harcèlement, de la pression"),
    "private": mark("La vie privée de quelqu’un, une photo sans son accord"),
    "spam": mark("De la publicité, toujours le même message"),
    "wrong_place": mark("Ce n’est pas au bon endroit, ou c’est déjà parti"),
    "other": mark("Autre chose"),
}

# What a moderator can choose instead of writing; each names its rule (DSA, art. 17 (3) d and e).
CANNED: Final = {
    "truth": mark("La charte demande de dire vrai : ce qui est écrit ne correspond pas à la réalité."),
    "courtesy": mark("La charte demande de rester courtois : ni insulte, ni pression."),
    "trade": mark("La charte réserve échange à l’entraide : ni boutique, ni crédit, ni travail caché."),
    "forbidden": mark("La charte et la loi interdisent de proposer cela."),
    "hatred": mark("La loi interdit les propos contre quelqu’un pour ce qu’il est, et la charte aussi."),
    "privacy": mark("La charte demande de garder les autres pour soi : cela touche à la vie privée."),
    "scam": mark("Cela ressemble à une arnaque : la charte demande de dire vrai et de protéger ses voisins."),
    "repeated": mark("La même chose a déjà été publiée plusieurs fois : une seule annonce suffit."),
    "nothing": mark("Nous avons lu : rien ici ne va contre la charte ni contre la loi."),
    "settled": mark("C’est déjà réglé."),
    "mistake": mark("Nous avons relu, et nous nous étions trompés. Merci de l’avoir dit."),
    "stays": mark("Nous avons lu votre réponse avec soin : la décision reste la même."),
}

_WRONG: Final = ("truth", "courtesy", "trade", "forbidden", "hatred", "privacy", "scam", "repeated")
_FITTING: Final = {
    "hide": _WRONG,
    "warn": _WRONG,
    "dismiss": ("nothing", "settled"),
    "restore": ("mistake",),
    "confirm": ("stays",),
}


def reason_words(reason: str) -> str:
    """Why somebody reported, in the reader's language."""
    return _(REASONS[reason])


def canned_for(acts: Iterable[str]) -> list[tuple[str, str]]:
    """The sentences that fit these acts, by slug."""
    fitting = dict.fromkeys(slug for act in acts for slug in _FITTING[act])
    return [(slug, _(CANNED[slug])) for slug in fitting]


def whole_reason(canned: str, words: str) -> str:
    """A chosen sentence and own words, in the reader's language."""
    return "\n\n".join(part for part in (_(CANNED[canned]) if canned else "", words) if part)
