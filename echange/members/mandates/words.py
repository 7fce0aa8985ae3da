"""Mandates in words: how long, what for, how it was agreed, what was done."""

from typing import Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members.models.mandate import DAYS, State

LASTING: Final = {1: mark("Un jour"), 31: mark("Un mois"), 182: mark("Six mois"), 365: mark("Un an")}
SCOPES: Final = {
    "help": (mark("Entraide"), mark("Demander, proposer et conclure des coups de main.")),
    "lending": (mark("Prêts"), mark("Emprunter et prêter des objets.")),
    "appointments": (mark("Rendez-vous"), mark("Prendre, déplacer et annuler des rendez-vous.")),
}
CONSENTS: Final = {
    "signed": mark("Signé sur papier à la conciergerie"),
    "spoken": mark("Dit de vive voix à la conciergerie"),
    "online": mark("Accepté en ligne"),
}
STATES: Final = {
    "asked": mark("En attente d’une réponse"),
    "running": mark("En cours"),
    "ended": mark("Terminé"),
    "over": mark("Arrivé à son terme"),
    "lapsed": mark("Resté sans réponse"),
}
DONE: Final = {
    "worn": mark("A commencé à agir sous ce mandat"),
    "guardian_agreed": mark("Accord d’un parent ou d’un tuteur noté"),
    "help_published": mark("Coup de main demandé ou proposé"),
    "help_edited": mark("Demande d’entraide modifiée"),
    "help_renewed": mark("Demande d’entraide prolongée"),
    "help_closed": mark("Demande d’entraide terminée"),
    "help_reopened": mark("Demande d’entraide rouverte"),
    "help_entrusted": mark("Demande d’entraide confiée à un groupe"),
    "help_taken_back": mark("Demande d’entraide reprise au groupe"),
    "help_dismissed": mark("Demande d’entraide écartée"),
    "help_wanted_again": mark("Demande d’entraide reprise en compte"),
    "group_asked": mark("Demande d’entrer dans un groupe"),
    "group_left": mark("Groupe quitté"),
    "rota_changed": mark("Planning modifié"),
    "shift_taken": mark("Créneau pris"),
    "shift_freed": mark("Place libérée"),
    "shift_left": mark("Créneau laissé"),
    "shift_offered": mark("Créneau proposé à quelqu’un"),
    "shift_swap_asked": mark("Remplaçant demandé"),
    "shift_cancelled": mark("Créneau annulé"),
    "exchange_proposed": mark("Échange proposé"),
    "exchange_agreed": mark("Échange convenu"),
    "exchange_accepted": mark("Échange accepté"),
    "exchange_declined": mark("Échange refusé"),
    "exchange_started": mark("Échange commencé"),
    "exchange_declared": mark("Temps déclaré"),
    "exchange_countered": mark("Autre temps proposé"),
    "exchange_taken_back": mark("Temps déclaré repris"),
    "exchange_confirmed": mark("Temps confirmé"),
    "exchange_disputed": mark("Temps contesté"),
    "exchange_cancelled": mark("Échange annulé"),
    "thanked": mark("Remerciement écrit"),
    "thanks_removed": mark("Remerciement retiré du profil"),
    "thanks_put_back": mark("Remerciement remis sur le profil"),
    "item_lent": mark("Objet proposé au prêt"),
    "item_edited": mark("Objet prêté, modifié"),
    "item_published": mark("Objet mis au catalogue"),
    "item_withdrawn": mark("Objet retiré du catalogue"),
    "item_removed": mark("Objet effacé"),
    "kit_told": mark("Lot modifié"),
    "units_added": mark("Exemplaires ajoutés"),
    "unit_withdrawn": mark("Exemplaire retiré"),
    "unit_given_back": mark("Exemplaire de nouveau prêté"),
    "lender_told": mark("Réglages de prêt modifiés"),
    "loan_held": mark("Prêt choisi, à confirmer"),
    "loan_requested": mark("Prêt demandé"),
    "loan_agreed": mark("Prêt réservé ou accordé"),
    "loan_refused": mark("Prêt refusé"),
    "loan_cancelled": mark("Prêt annulé"),
    "loan_prepared": mark("Prêt préparé"),
    "loan_handed_over": mark("Prêt remis"),
    "loan_returned_part": mark("Prêt rendu en partie"),
    "loan_returned": mark("Prêt rendu"),
    "loan_damaged": mark("Prêt rendu abîmé"),
    "loan_lost": mark("Prêt noté perdu"),
    "loan_closed": mark("Prêt terminé"),
    "loan_no_show": mark("Prêt non retiré"),
    "loan_reinstated": mark("Prêt rétabli"),
    "loan_displaced": mark("Prêt privé de son exemplaire"),
    "loan_moved": mark("Autre exemplaire réservé"),
    "loan_changed": mark("Prêt changé"),
    "loan_renewed": mark("Prêt prolongé"),
    "loan_proposed": mark("Autres dates proposées"),
    "deposit_taken": mark("Caution notée"),
    "deposit_returned": mark("Caution rendue"),
    "incident_answered": mark("Réponse à un incident"),
    "incident_decided": mark("Suite décidée après un incident"),
    "loan_waited": mark("Inscription sur une liste d’attente"),
    "loan_expired": mark("Prêt resté sans suite"),
}
ABOUT: Final = {
    "help": mark("demande nº {n}"),
    "helper_group": mark("groupe de bénévoles nº {n}"),
    "exchange": mark("échange nº {n}"),
    "thanks": mark("remerciement nº {n}"),
    "item": mark("objet nº {n}"),
    "lender": mark("réglages de prêt nº {n}"),
    "loan": mark("prêt nº {n}"),
}


def day_choices() -> list[tuple[int, str]]:
    """How long, for the form."""
    return [(days, lasting_said(days)) for days in DAYS]


def lasting_said(days: int) -> str:
    """« Un mois »."""
    return _(LASTING[days])


def scope_choices() -> list[tuple[str, str, str]]:
    """What for, for the form: value, name, what it allows."""
    return [(key, _(name), _(meaning)) for key, (name, meaning) in SCOPES.items()]


def scopes_said(scopes: list[str]) -> list[tuple[str, str]]:
    """Name and meaning of each, in the order of the form."""
    return [(_(name), _(meaning)) for key, (name, meaning) in SCOPES.items() if key in scopes]


def consent_choices() -> list[tuple[str, str]]:
    """How the person agreed at the desk."""
    return [(key, _(CONSENTS[key])) for key in ("signed", "spoken")]


def consent_said(consent: str) -> str:
    """« Signé sur papier à la conciergerie »."""
    return _(CONSENTS[consent])


def state_said(state: State) -> str:
    """« En cours »."""
    return _(STATES[state])


def done_said(what: str) -> str:
    """« Coup de main demandé »; the bare word of an act that nobody named."""
    return _(DONE[what]) if what in DONE else what.replace("_", " ").capitalize()


def about_said(kind: str, number: int | None) -> str:
    """What an act was about, to whom may not see it: « échange nº 12 »."""
    return _(ABOUT[kind]).format(n=number) if kind in ABOUT and number is not None else ""
