"""What people are told of their mandates. `name`: who did it; `person`: for whom one acts."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind


def _entrusted(data: Mapping[str, Any]) -> str:
    return _("{name} vous demande d’agir en son nom : dites oui ou non").format(**data)


def _offered(data: Mapping[str, Any]) -> str:
    return _("{name} vous propose d’agir en votre nom : dites oui ou non").format(**data)


def _agreed(data: Mapping[str, Any]) -> str:
    return _("{name} est d’accord : le mandat commence").format(**data)


def _signed(data: Mapping[str, Any]) -> str:
    if not data["you"]:
        return _("Vous pouvez maintenant agir au nom de {person}").format(**data)
    if data["desk"]:
        return _("La conciergerie peut maintenant agir en votre nom, comme convenu")
    return _("Quelqu’un peut maintenant agir en votre nom, comme convenu à la conciergerie")


def _declined(data: Mapping[str, Any]) -> str:
    return _("Le mandat demandé ne se fera pas")


def _ended(data: Mapping[str, Any]) -> str:
    if data["you"]:
        return _("Un mandat pour agir en votre nom a pris fin")
    return _("Le mandat pour agir au nom de {person} a pris fin").format(**data)


kinds: Final = (
    Kind("mandate_entrusted", _entrusted, mark("Un voisin me demande d’agir en son nom"), mail=True),
    Kind("mandate_offered", _offered, mark("Un voisin propose d’agir en mon nom"), mail=True),
    Kind("mandate_agreed", _agreed, mark("Un mandat est accepté"), mail=True),
    Kind("mandate_signed", _signed, mark("Un mandat est fait à la conciergerie"), mail=True),
    Kind("mandate_declined", _declined, mark("Un mandat ne se fait pas")),
    Kind("mandate_ended", _ended, mark("Un mandat prend fin"), mail=True),
)
