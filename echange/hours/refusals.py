"""What this room says no with."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark
from echange.ledger import BelowFloor


class NotVerified(Refusal):
    code: ClassVar[str] = "not_verified"
    sentence: ClassVar[str] = mark(
        "Pour offrir des heures, il faut d’abord être vérifié : passez à l’accueil, "
        "ou demandez à deux voisins qui vous connaissent."
    )


class Paused(Refusal):
    code: ClassVar[str] = "paused"
    sentence: ClassVar[str] = mark("Vous êtes en pause. Dites d’abord que vous êtes de retour.")


class GiftToOneself(Refusal):
    code: ClassVar[str] = "oneself"
    sentence: ClassVar[str] = mark("Ces heures y sont déjà : choisissez quelqu’un d’autre.")


class TooLate(Refusal):
    code: ClassVar[str] = "too_late"
    sentence: ClassVar[str] = mark("Les dix minutes sont passées : ce don ne peut plus être repris.")


class AlreadySpent(BelowFloor):
    sentence: ClassVar[str] = mark("Ces heures ont déjà servi : elles ne peuvent plus être reprises.")


class NotReversible(Refusal):
    code: ClassVar[str] = "not_reversible"
    sentence: ClassVar[str] = mark("Une annulation ne s’annule pas. Refaites plutôt le mouvement.")


class OwnHours(Refusal):
    code: ClassVar[str] = "own_hours"
    sentence: ClassVar[str] = mark("Ces heures vous concernent : demandez à quelqu’un d’autre de l’équipe.")


class NotAChoice(Refusal):
    code: ClassVar[str] = "not_a_choice"
    sentence: ClassVar[str] = mark(
        "Cette association ne peut pas recevoir d’heures. Choisissez-en une autre."
    )
