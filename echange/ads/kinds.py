"""The nine kinds of annonce, and what follows from each."""

from dataclasses import dataclass
from typing import Final, Literal

from echange.i18n import mark

Kind = Literal[
    "give", "sell", "swap", "lend", "seek", "service_offered", "service_sought", "lost", "found"
]  # fmt: skip
Outcome = Literal["given", "sold", "found", "done", "withdrawn"]
WITHDRAWN: Final = ("withdrawn", mark("Je la retire, sans suite"))


@dataclass(frozen=True, slots=True)
class KindOfAd:
    """How a kind is chosen, filtered and ended. Labels are French; translate them where they are shown."""

    slug: str
    label: str
    hint: str
    icon: str
    filter: str
    endings: tuple[tuple[str, str], ...]
    price: str = ""
    price_hint: str = ""


_TABLE: Final = (
    KindOfAd(
        "give", mark("Je donne"), mark("Un objet, gratuitement"), "gift", mark("À donner"),
        (("given", mark("C’est donné")),),
    ),
    KindOfAd(
        "sell", mark("Je vends"), mark("Un objet, à un prix d’ami"), "tag", mark("À vendre"),
        (("sold", mark("C’est vendu")),),
        mark("Votre prix"), mark("Par exemple : 20 €, à débattre."),
    ),
    KindOfAd(
        "swap", mark("Je troque"), mark("Un objet contre un autre"), "repeat", mark("À troquer"),
        (("done", mark("Le troc est fait")),),
        mark("Contre quoi ?"), mark("Par exemple : des pots de confiture."),
    ),
    KindOfAd(
        "lend", mark("Je prête"), mark("Pour un jour ou une semaine"), "package", mark("À emprunter"),
        (("done", mark("Le prêt est fini")),),
        mark("Une caution ?"), mark("Par exemple : 40 €, rendus au retour."),
    ),
    KindOfAd(
        "seek", mark("Je cherche un objet"), mark("Quelqu’un l’a peut-être"), "megaphone",
        mark("Objets cherchés"), (("found", mark("J’ai trouvé")),),
        mark("Votre budget"), mark("Par exemple : 15 € au plus, ou en prêt."),
    ),
    KindOfAd(
        "service_offered", mark("Je propose un coup de main"), mark("Un savoir-faire, un peu de temps"),
        "hand-helping", mark("Coups de main proposés"), (("done", mark("C’est fait")),),
        mark("En échange de quoi ?"), mark("Par exemple : rien, du temps, un devis."),
    ),
    KindOfAd(
        "service_sought", mark("Je demande un coup de main"), mark("Dites lequel, quelqu’un saura"),
        "hand-heart", mark("Coups de main demandés"), (("done", mark("C’est fait, merci")),),
        mark("En échange de quoi ?"), mark("Par exemple : du temps, un gâteau."),
    ),
    KindOfAd(
        "lost", mark("J’ai perdu"), mark("Un objet, un animal"), "search-x", mark("Perdu"),
        (("found", mark("Je l’ai retrouvé")),),
    ),
    KindOfAd(
        "found", mark("J’ai trouvé"), mark("Pour le rendre à quelqu’un"), "search-check", mark("Trouvé"),
        (("done", mark("C’est rendu")),),
    ),
)  # fmt: skip

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
