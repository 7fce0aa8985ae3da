"""What members are told about their account."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members.roles import role_name
from echange.notifications import Kind


def _granted(data: Mapping[str, Any]) -> str:
    return _("Vous faites maintenant partie de l’équipe : {role}").format(role=role_name(data["role"]))


def _revoked(data: Mapping[str, Any]) -> str:
    return _("Vous n’avez plus ce rôle dans l’équipe : {role}").format(role=role_name(data["role"]))


kinds: Final[tuple[Kind, ...]] = (
    Kind("role_granted", _granted, mark("Un rôle donné dans l’équipe"), mail=True),
    Kind("role_revoked", _revoked, mark("Un rôle retiré dans l’équipe"), mail=True),
)
