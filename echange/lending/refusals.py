"""What this room says no with, when things are told, shown and withdrawn."""

from echange.http import Refusal
from echange.i18n import mark


class CodeTaken(Refusal):
    code = "code_taken"
    sentence = mark("Un autre objet porte déjà ce code. Choisissez-en un autre.")


class NotACode(Refusal):
    code = "not_a_code"
    sentence = mark("Un code a 2 à 20 signes : des lettres, des chiffres, des tirets. Par exemple FOR-012.")


class TooManyUnits(Refusal):
    code = "too_many_units"
    sentence = mark("Pas plus de {most} exemplaires d’un même objet.")


class OneUnitOnly(Refusal):
    code = "one_unit_only"
    sentence = mark("Une salle, un poste ou une machine se réserve un par un : publiez l’autre à part.")


class KitHasNoUnits(Refusal):
    code = "kit_has_no_units"
    sentence = mark("Un lot n’a pas d’exemplaires à lui : ce sont ceux des objets qui le composent.")


class WasLent(Refusal):
    code = "was_lent"
    sentence = mark("Il a déjà été emprunté : son historique reste. Retirez-le du catalogue plutôt.")


class InAKit(Refusal):
    code = "in_a_kit"
    sentence = mark("Il fait partie du lot « {kit} ». Retirez-le d’abord de ce lot.")


class ItemHidden(Refusal):
    code = "hidden"
    sentence = mark("La modération a masqué cette page.")


class ItemNotHidden(Refusal):
    code = "not_hidden"
    sentence = mark("Cette page n’est pas masquée.")


class ItemNotPublished(Refusal):
    code = "not_published"
    sentence = mark("Ce n’est pas encore publié.")


class NothingToLend(Refusal):
    code = "nothing_to_lend"
    sentence = mark("Il n’y a encore rien à prêter : ajoutez au moins un exemplaire, ou un objet à ce lot.")


class LenderAway(Refusal):
    code = "paused"
    sentence = mark("Votre compte est en pause : reprenez-le d’abord.")


class LenderUnconfirmed(Refusal):
    code = "unconfirmed"
    sentence = mark(
        "Confirmez d’abord votre adresse : le lien est dans votre boîte aux lettres électronique."
    )


class NoLinksInItem(Refusal):
    code = "no_links_yet"
    sentence = mark("Vous venez d’arriver : pas encore de lien ici. Retirez-le, puis renvoyez.")


class TooManyItems(Refusal):
    code = "too_many_items"
    sentence = mark(
        "Vous venez d’arriver : cinq objets par jour, pas plus. Reprenez demain, ou passez à l’accueil "
        "vous faire connaître."
    )


class PartElsewhere(Refusal):
    code = "part_elsewhere"
    sentence = mark("Un lot réunit des objets d’un même prêteur, retirés au même endroit.")


class UnitOut(Refusal):
    code = "unit_out"
    sentence = mark("Cet exemplaire est chez quelqu’un : enregistrez d’abord son retour, ou sa perte.")


class UnitWithdrawn(Refusal):
    code = "unit_withdrawn"
    sentence = mark("Cet exemplaire est retiré : il n’est plus prêté.")


class RunningLoans(Refusal):
    code = "running_loans"
    sentence = mark("Des prêts sont en cours : ils gardent leur lieu de retrait. Attendez leur fin.")
