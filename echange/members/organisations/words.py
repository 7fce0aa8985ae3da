"""Kinds and roles in the words of the screen."""

from echange.i18n import gettext as _


def kind_word(kind: str) -> str:
    """« Association »."""
    return {
        "association": _("Association"),
        "professional": _("Professionnel"),
        "municipal": _("Service de la ville"),
    }.get(kind, "")


def role_word(role: str) -> str:
    """« Responsable »."""
    return {"owner": _("Responsable"), "manager": _("Porte-parole"), "member": _("Membre")}.get(role, "")


def role_choices() -> list[tuple[str, str, str]]:
    """For a form: value, word, what it allows."""
    return [
        ("member", role_word("member"), _("En fait partie, sans parler en son nom.")),
        ("manager", role_word("manager"), _("Publie et écrit en son nom, tient sa page à jour.")),
        ("owner", role_word("owner"), _("Comme un porte-parole, et décide qui en fait partie.")),
    ]
