"""What makes a place reachable: known facts, each with its icon and its words."""

from typing import Final, Literal, get_args

from echange.i18n import gettext as _
from echange.i18n import mark

Fact = Literal["step_free", "lift", "toilet", "hearing_loop", "parking", "tactile", "quiet", "sign_language"]
FACTS: Final[tuple[Fact, ...]] = get_args(Fact)
_TOLD: Final = {
    "step_free": ("accessibility", mark("De plain-pied ou avec une rampe")),
    "lift": ("arrow-up-down", mark("Ascenseur")),
    "toilet": ("toilet", mark("Toilettes accessibles en fauteuil")),
    "hearing_loop": ("ear", mark("Boucle pour appareils auditifs")),
    "parking": ("square-parking", mark("Stationnement réservé tout près")),
    "tactile": ("hand", mark("Repères au toucher, en relief ou en braille")),
    "quiet": ("volume-x", mark("Un coin calme")),
    "sign_language": ("hand-metal", mark("Accueil en langue des signes")),
}


def fact_icon(fact: str) -> str:
    """The name of its icon."""
    return _TOLD[fact][0]


def fact_words(fact: str) -> str:
    """The fact in the reader's language."""
    return _(_TOLD[fact][1])


def in_order(facts: list[str]) -> list[str]:
    """The same facts, each once, as they are always told."""
    return [fact for fact in FACTS if fact in facts]
