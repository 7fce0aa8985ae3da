"""How well, and on which terms, somebody does what they offer: in the words of the screen."""

from typing import Final

from echange.i18n import gettext as _

TERM_ICONS: Final = {"free": "gift", "hours": "clock", "quote": "file-text"}


def level_choices() -> list[tuple[int, str]]:
    """For the form, said by oneself."""
    return [(1, _("Je débute")), (2, _("Je suis à l’aise")), (3, _("C’est mon métier, ou presque"))]


def level_said(level: int | None) -> str:
    """Beside a skill, said of somebody; "" when they do not say."""
    return {1: _("débute"), 2: _("à l’aise"), 3: _("c’est son métier, ou presque")}.get(level or 0, "")


def term_choices() -> list[tuple[str, str, str]]:
    """For the form: value, words, what it means."""
    return [
        ("free", _("Gratuit"), _("Pour rendre service.")),
        ("hours", _("Contre du temps"), _("Une heure pour une heure.")),
        ("quote", _("Sur devis"), _("Un prix convenu avant.")),
    ]


def term_said(term: str) -> str:
    """« gratuit »."""
    return {"free": _("gratuit"), "hours": _("contre du temps"), "quote": _("sur devis")}.get(term, term)
