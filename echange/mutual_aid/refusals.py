"""What this room says no with."""

from echange.http import Refusal
from echange.i18n import mark


class Full(Refusal):
    code = "full"
    sentence = mark("Assez de voisins ont dit oui : merci, il n’y a plus de place.")


class RoleFull(Refusal):
    code = "role_full"
    sentence = mark("Il y a déjà assez de monde pour ce rôle. Choisissez-en un autre.")


class OnRota(Refusal):
    code = "on_rota"
    sentence = mark("Cette aide se partage par créneaux : choisissez un jour au planning.")


class Over(Refusal):
    code = "over"
    sentence = mark("Ce coup de main est terminé.")


class TooLateToReopen(Refusal):
    code = "too_late"
    sentence = mark("C’est terminé depuis trop longtemps. Publiez-en plutôt un autre : une minute suffit.")


class TooEarly(Refusal):
    code = "too_early"
    sentence = mark("Il reste du temps : vous pourrez prolonger trois jours avant la fin.")


class HiddenHelp(Refusal):
    code = "hidden"
    sentence = mark("La modération a masqué ce coup de main.")


class NotHidden(Refusal):
    code = "not_hidden"
    sentence = mark("Ce coup de main n’est pas masqué.")


class OwnHelp(Refusal):
    code = "own_help"
    sentence = mark("C’est vous qui l’avez publié : les propositions des voisins arrivent dans vos échanges.")


class Paused(Refusal):
    code = "paused"
    sentence = mark("Votre compte est en pause : reprenez-le d’abord.")


class QuartierMissing(Refusal):
    code = "quartier_missing"
    sentence = mark("Dites dans quel quartier cela se passe.")


class Unconfirmed(Refusal):
    code = "unconfirmed"
    sentence = mark(
        "Confirmez d’abord votre adresse : le lien est dans votre boîte aux lettres électronique."
    )


class TooManyHelps(Refusal):
    code = "too_many_helps"
    sentence = mark(
        "Vous venez d’arriver : trois par jour, pas plus. Reprenez demain, ou passez à l’accueil "
        "vous faire connaître."
    )


class NoLinksYet(Refusal):
    code = "no_links_yet"
    sentence = mark("Vous venez d’arriver : pas encore de lien ici. Retirez-le, puis renvoyez.")


class GuardianNeeded(Refusal):
    code = "guardian_needed"
    sentence = mark(
        "Avant 18 ans, il faut l’accord d’un parent ou d’un tuteur. Passez ensemble à la conciergerie : "
        "elle le note, et c’est fait une fois pour toutes."
    )


class PeopleComing(Refusal):
    code = "people_coming"
    sentence = mark("Plus de voisins que cela ont déjà dit oui : gardez au moins leurs places.")
