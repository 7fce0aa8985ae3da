"""What this room says no with."""

from echange.http import Refusal
from echange.i18n import mark


class AlreadyPublished(Refusal):
    code = "already_published"
    sentence = mark("Cette annonce est déjà publiée. Vous pouvez la modifier depuis sa page.")


class NotPublished(Refusal):
    code = "not_published"
    sentence = mark("Cette annonce n’est pas encore publiée.")


class QuartierMissing(Refusal):
    code = "quartier_missing"
    sentence = mark("Dites dans quel quartier cela se passe avant de publier.")


class AlreadyClosed(Refusal):
    code = "already_closed"
    sentence = mark("Cette annonce est terminée.")


class NotClosed(Refusal):
    code = "not_closed"
    sentence = mark("Cette annonce est déjà ouverte.")


class KindIsFixed(Refusal):
    code = "kind_is_fixed"
    sentence = mark("La nature d’une annonce publiée ne change plus. Publiez-en plutôt une autre.")


class TooEarly(Refusal):
    code = "too_early"
    sentence = mark("Elle est en ligne pour longtemps : vous pourrez la prolonger deux semaines avant.")


class NotHeld(Refusal):
    code = "not_held"
    sentence = mark("Cette annonce n’attend plus de relecture.")


class AddressUnconfirmed(Refusal):
    code = "address_unconfirmed"
    sentence = mark("Son auteur n’a pas encore confirmé son adresse : l’annonce attend cela d’abord.")


class HiddenAd(Refusal):
    code = "hidden"
    sentence = mark("La modération a masqué cette annonce.")


class NotHidden(Refusal):
    code = "not_hidden"
    sentence = mark("Cette annonce n’est pas masquée.")


class AwayOwner(Refusal):
    code = "away"
    sentence = mark("Votre compte est en pause : vos annonces ne peuvent pas paraître pour l’instant.")


class QueueIsFixed(Refusal):
    code = "queue_is_fixed"
    sentence = mark("Des voisins ont déjà répondu : on ne change plus la façon de choisir.")


class OwnAd(Refusal):
    code = "own_ad"
    sentence = mark("C’est votre annonce : les réponses des voisins arrivent dans vos messages.")


class Expired(Refusal):
    code = "expired"
    sentence = mark("Cette annonce a expiré : on ne peut plus y répondre.")


class Paused(Refusal):
    code = "paused"
    sentence = mark("Votre compte est en pause : reprenez-le avant de répondre.")


class AlreadyReserved(Refusal):
    code = "already_reserved"
    sentence = mark("C’est déjà réservé pour quelqu’un. Libérez d’abord cette réservation.")


class QueueDecides(Refusal):
    code = "queue_decides"
    sentence = mark("La file équitable choisit à votre place : vous n’avez rien à faire.")


class PromiseOver(Refusal):
    code = "promise_over"
    sentence = mark("Cette réservation a pris fin entre-temps.")


class TooLate(Refusal):
    code = "too_late"
    sentence = mark("Le délai pour dire oui est passé : c’est le tour de la personne suivante.")


class NotYetAccepted(Refusal):
    code = "not_yet_accepted"
    sentence = mark("La personne n’a pas encore dit oui. Attendez sa réponse.")


class NotInTheFuture(Refusal):
    status = 422
    code = "invalid"
    sentence = mark("Choisissez un moment à venir, dans les trois mois.")


class NothingToAgree(Refusal):
    code = "nothing_to_agree"
    sentence = mark("Il n’y a pas de proposition à accepter : proposez un moment.")


class QueueNotNow(Refusal):
    code = "queue_not_now"
    sentence = mark("La file s’ouvre deux heures au plus tôt après la première réponse, et une seule fois.")
