"""What the staff did, in words."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members.roles import role_name

SENTENCES: Final = {
    "role_granted": mark("Rôle donné"),
    "role_revoked": mark("Rôle retiré"),
    "access_offered": mark("Accès rendu"),
    "member_settled": mark("Fiche ouverte, sans adresse e-mail"),
    "card_written": mark("Fiche modifiée"),
    "leaving_asked": mark("Départ demandé à la conciergerie"),
    "leaving_undone": mark("Départ annulé"),
    "mandate_made": mark("Mandat fait à la conciergerie"),
    "mandate_ended": mark("Mandat terminé par la conciergerie"),
    "verified": mark("Identité vérifiée"),
    "verification_withdrawn": mark("Vérification retirée"),
    "organisation_founded": mark("Service de la ville inscrit"),
    "organisation_verified": mark("Organisation vérifiée"),
    "organisation_unverified": mark("Vérification retirée"),
    "organisation_role": mark("Rôle changé dans l’organisation"),
    "organisation_removed": mark("Personne retirée de l’organisation"),
    "hide": mark("Caché"),
    "dismiss": mark("Signalement classé"),
    "restore": mark("Rétabli"),
    "warn": mark("Avertissement"),
    "confirm": mark("Décision maintenue"),
    "release": mark("Annonce publiée après relecture"),
    "hours_reversed": mark("Mouvement d’heures annulé"),
    "hours_solidarity": mark("Heures données du fonds de solidarité"),
    "hours_limits": mark("Limites du compte d’heures changées"),
    "exchange_arbitrated": mark("Désaccord tranché"),
    "help_suggested": mark("Voisin proposé pour une demande"),
    "help_closed": mark("Demande fermée par la conciergerie"),
    "text_written": mark("Texte réécrit"),
    "quartier_added": mark("Quartier ajouté"),
    "quartier_renamed": mark("Quartier renommé"),
    "quartier_confirmed": mark("Quartier confirmé par la ville"),
    "quartier_unconfirmed": mark("Quartier de nouveau à confirmer"),
    "place_made": mark("Lieu ajouté"),
    "place_rewritten": mark("Page d’un lieu modifiée"),
    "place_closed": mark("Page d’un lieu fermée"),
    "place_reopened": mark("Page d’un lieu rouverte"),
}


def act_said(what: str) -> str:
    """« Rôle donné »; the bare word of an act that nobody named."""
    return _(SENTENCES[what]) if what in SENTENCES else what.replace("_", " ")


def details_said(data: Mapping[str, Any]) -> str:
    """What was noted with it: a role, a reason, how somebody was known, a name it had before."""
    parts = [role_name(str(data["role"]))] if data.get("role") else []
    parts += [str(data[name]) for name in ("how", "reason", "address") if data.get(name)]
    parts += [_("s’appelait {name}").format(name=data["was"])] if data.get("was") else []
    return ", ".join(parts)
