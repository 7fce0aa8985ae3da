"""What members are told about their organisations."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members.organisations.words import role_word
from echange.notifications import Kind


def _accepted(data: Mapping[str, Any]) -> str:
    return _("{name} a accepté votre invitation et fait partie de « {organisation} »").format(
        name=data.get("name", ""), organisation=data.get("organisation", "")
    )


def _role(data: Mapping[str, Any]) -> str:
    return _("Votre rôle dans « {organisation} » a changé. Vous y êtes maintenant : {role}").format(
        organisation=data.get("organisation", ""), role=role_word(str(data.get("role", ""))).lower()
    )


def _removed(data: Mapping[str, Any]) -> str:
    return _("Vous ne faites plus partie de « {organisation} »").format(
        organisation=data.get("organisation", "")
    )


def _verified(data: Mapping[str, Any]) -> str:
    return _("La conciergerie a vérifié « {organisation} » : sa page le montre").format(
        organisation=data.get("organisation", "")
    )


def _unverified(data: Mapping[str, Any]) -> str:
    return _("« {organisation} » n’est plus marquée comme vérifiée. Raison : {reason}").format(
        organisation=data.get("organisation", ""), reason=data.get("reason", "")
    )


kinds: Final = (
    Kind("invitation_accepted", _accepted, label=mark("Une invitation acceptée")),
    Kind("organisation_role", _role, label=mark("Mon rôle dans une association"), mail=True),
    Kind("organisation_removed", _removed, label=mark("Je ne fais plus partie d’une association"), mail=True),
    Kind("organisation_verified", _verified, label=mark("Mon association est vérifiée"), mail=True),
    Kind(
        "organisation_unverified", _unverified, label=mark("Mon association n’est plus vérifiée"), mail=True
    ),
)
