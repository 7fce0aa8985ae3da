"""What members are told of the signs on their profile."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind


def _verified(data: Mapping[str, Any]) -> str:
    return _("L’accueil vous a rencontré : votre profil est maintenant vérifié")


def _verification_withdrawn(data: Mapping[str, Any]) -> str:
    return _("L’accueil a retiré la vérification de votre profil : {reason}").format(
        reason=str(data.get("reason", "")).rstrip(".")
    )


def _vouched(data: Mapping[str, Any]) -> str:
    return _("{name} dit vous connaître : cela se voit sur votre profil").format(name=data.get("name", ""))


def _trusted(data: Mapping[str, Any]) -> str:
    return _("Deux voisins disent vous connaître : votre profil est maintenant vérifié")


def _trusted_no_more(data: Mapping[str, Any]) -> str:
    return _("Votre profil n’est plus vérifié : passez à l’accueil, ou demandez à un voisin qui vous connaît")


kinds: Final = (
    Kind("verified", _verified, label=mark("L’accueil vérifie mon profil"), mail=True),
    Kind(
        "verification_withdrawn",
        _verification_withdrawn,
        label=mark("L’accueil retire la vérification de mon profil"),
        mail=True,
    ),
    Kind("vouched", _vouched, label=mark("Un voisin dit me connaître")),
    Kind("trusted", _trusted, label=mark("Des voisins ont fait vérifier mon profil")),
    Kind("trusted_no_more", _trusted_no_more, label=mark("Mon profil n’est plus vérifié")),
)
