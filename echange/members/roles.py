"""Roles of the staff in words."""

from typing import Final

from echange.i18n import gettext as _
from echange.i18n import mark

NAMES: Final = {
    "concierge": mark("Conciergerie"),
    "moderator": mark("Modération"),
    "organiser": mark("Animation"),
    "admin": mark("Administration"),
}
OPENS: Final = {
    "concierge": mark("Accueille et vérifie les habitants, lit les premières annonces, rend un accès perdu."),
    "moderator": mark("Lit les signalements et les premières annonces, cache ou rétablit."),
    "organiser": mark("Prépare les rendez-vous de la ville."),
    "admin": mark("Peut tout cela, et nomme l’équipe."),
}


def role_name(role: str) -> str:
    """The role in the reader's language."""
    return _(NAMES.get(role, role))
