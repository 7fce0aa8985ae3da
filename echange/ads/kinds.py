"""The nine kinds of annonce, and what follows from each."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from echange.i18n import mark

Kind = Literal[
    "give", "sell", "swap", "lend", "seek", "service_offered", "service_sought", "lost", "found"
]  # fmt: skip
Condition = Literal["", "new", "good", "worn", "repair"]
Terms = Literal["", "free", "hours", "quote"]
Outcome = Literal["given", "sold", "found", "done", "withdrawn"]
WITHDRAWN: Final = ("withdrawn", mark("Je la retire, sans suite"))


@dataclass(frozen=True, slots=True)
class KindOfAd:
    """How a kind is chosen, filtered and ended, and which own fields its second screen asks for.

    Labels are French; translate them where they are shown.
    """

    slug: str
    label: str
    hint: str
    icon: str
    filter: str
    endings: tuple[tuple[str, str], ...]
    price: str = ""
    price_hint: str = ""
    fields: tuple[str, ...] = ()


_TABLE: Final = (
    KindOfAd(
        "give", mark("Je donne"), mark("Un objet, gratuitement"), "gift", mark("À donner"),
        (("given", mark("C’est donné")),),
        fields=("condition", "weight_grams", "fair",),
    ),
    KindOfAd(
        "sell", mark("Je vends"), mark("Un objet, à un prix d’ami"), "tag", mark("À vendre"),
        (("sold", mark("C’est vendu")),),
        mark("Votre prix"), mark("Par exemple : 20 €, à débattre."),
        fields=("price_text", "condition",),
    ),
    KindOfAd(
        "swap", mark("Je troque"), mark("Un objet contre un autre"), "repeat", mark("À troquer"),
        (("done", mark("Le troc est fait")),),
        mark("Contre quoi ?"), mark("Par exemple : des pots de confiture."),
        fields=("price_text", "condition",),
    ),
    KindOfAd(
        "lend", mark("Je prête"), mark("Pour un jour ou une semaine"), "package", mark("À emprunter"),
        (("done", mark("Le prêt est fini")),),
        mark("Une caution ?"), mark("Par exemple : 40 €, rendus au retour."),
        fields=("price_text", "lend_days", "standing",),
    ),
    KindOfAd(
        "seek", mark("Je cherche un objet"), mark("Quelqu’un l’a peut-être"), "megaphone",
        mark("Objets cherchés"), (("found", mark("J’ai trouvé")),),
        mark("Votre budget"), mark("Par exemple : 15 € au plus, ou en prêt."),
        fields=("price_text",),
    ),
    KindOfAd(
        "service_offered", mark("Je propose un coup de main"), mark("Un savoir-faire, un peu de temps"),
        "hand-helping", mark("Coups de main proposés"), (("done", mark("C’est fait")),),
        mark("En échange de quoi ?"), mark("Par exemple : un café, le prix des pièces."),
        fields=("terms", "price_text", "when_text", "standing",),
    ),
    KindOfAd(
        "service_sought", mark("Je demande un coup de main"), mark("Dites lequel, quelqu’un saura"),
        "hand-heart", mark("Coups de main demandés"), (("done", mark("C’est fait, merci")),),
        mark("En échange de quoi ?"), mark("Par exemple : du temps, un gâteau."),
        fields=("terms", "price_text", "when_text",),
    ),
    KindOfAd(
        "lost", mark("J’ai perdu"), mark("Un objet, un animal"), "search-x", mark("Perdu"),
        (("found", mark("Je l’ai retrouvé")),),
        fields=("happened_on",),
    ),
    KindOfAd(
        "found", mark("J’ai trouvé"), mark("Pour le rendre à quelqu’un"), "search-check", mark("Trouvé"),
        (("done", mark("C’est rendu")),),
        fields=("happened_on",),
    ),
)  # fmt: skip

CONDITIONS: Final = {
    "new": mark("Comme neuf"),
    "good": mark("Bon état"),
    "worn": mark("Usé, mais il sert"),
    "repair": mark("À réparer"),
}
TERMS: Final = {
    "free": mark("Gratuitement"),
    "hours": mark("Contre du temps, heure pour heure"),
    "quote": mark("Sur devis"),
}
# What an own field says when nothing is said.
EMPTY: Final[dict[str, Any]] = {
    "price_text": "", "condition": "", "weight_grams": None, "fair": False, "lend_days": None,
    "terms": "", "when_text": "", "happened_on": None, "standing": False,
}  # fmt: skip

BY_SLUG: Final = {kind.slug: kind for kind in _TABLE}
KINDS: Final = tuple(BY_SLUG)
OUTCOMES: Final = ("given", "sold", "found", "done", "withdrawn")


def endings_of(kind: str) -> tuple[tuple[str, str], ...]:
    """How an annonce of this kind may end: (outcome, French label)."""
    return (*BY_SLUG[kind].endings, WITHDRAWN)


def ending_label(kind: str, outcome: str) -> str:
    """The French label of an outcome, as said on a closed annonce."""
    if outcome == "withdrawn":
        return mark("Retirée par son auteur")
    return dict(BY_SLUG[kind].endings).get(outcome, mark("Terminée"))
