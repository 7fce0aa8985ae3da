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


class OwnAd(Refusal):
    code = "own_ad"
    sentence = mark("C’est votre annonce : les réponses des voisins arrivent dans vos messages.")


class TooManyPhotos(Refusal):
    code = "too_many_photos"
    sentence = mark("Six photos au plus par annonce. Retirez-en une pour en ajouter.")


class NoRoomForPhotos(Refusal):
    status = 507
    code = "storage_full"
    sentence = mark(
        "La photo n’a pas pu être enregistrée : il n’y a plus de place ici. "
        "Réessayez plus tard ou publiez sans photo."
    )
