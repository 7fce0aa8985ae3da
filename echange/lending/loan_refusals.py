"""What borrowing is refused with: each names its rule. What the calendars refuse with stands in `booking`."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import gettext as _
from echange.i18n import mark, ngettext


class NotNow(Refusal):
    code: ClassVar[str] = "not_now"
    sentence: ClassVar[str] = mark(
        "Le prêt a changé entre-temps. Relisez où il en est, puis choisissez à nouveau."
    )


class NotYourTurn(Refusal):
    """The other side has to do this."""

    code: ClassVar[str] = "not_your_turn"
    sentence: ClassVar[str] = mark("C’est à l’autre personne de le faire.")


class HoldOver(Refusal):
    """Ten minutes are over."""

    code: ClassVar[str] = "hold_over"
    sentence: ClassVar[str] = mark(
        "Le temps pour confirmer est passé, et ces dates ne vous sont plus gardées. Choisissez à nouveau."
    )


class NotVerified(Refusal):
    code: ClassVar[str] = "not_verified"
    sentence: ClassVar[str] = mark(
        "Pour emprunter, faites-vous d’abord connaître : passez à la conciergerie, "
        "ou demandez à deux voisins."
    )


class MembersOnly(Refusal):
    code: ClassVar[str] = "members_only"
    sentence: ClassVar[str] = mark("« {title} » ne se prête qu’aux membres : {name}.")


class TrainingNeeded(Refusal):
    code: ClassVar[str] = "training_needed"
    sentence: ClassVar[str] = mark("« {title} » demande d’abord une formation : {training}.")


class OwnItem(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "own_item"
    sentence: ClassVar[str] = mark("C’est à vous : on ne s’emprunte rien à soi-même.")


class PausedBorrower(Refusal):
    code: ClassVar[str] = "paused"
    sentence: ClassVar[str] = mark("Votre compte est en pause : reprenez-le avant d’emprunter.")


class Overdue(Refusal):
    """Something is late: nothing new until it is back."""

    code: ClassVar[str] = "overdue"
    sentence: ClassVar[str] = mark(
        "« {title} » aurait dû revenir : rendez-le d’abord, ou prévenez qui le prête."
    )


class _OverLimit(Refusal):
    """`limit` is how many it may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.limit = limit


class TooManyRunning(_OverLimit):
    code: ClassVar[str] = "too_many_running"

    @property
    def title(self) -> str:
        return ngettext(
            "Ici, chacun a {limit} prêt en cours au plus : rendez d’abord le vôtre.",
            "Ici, chacun a {limit} prêts en cours au plus : rendez-en d’abord un.",
            self.limit,
        ).format(limit=self.limit)


class TooManyOfCategory(_OverLimit):
    code: ClassVar[str] = "too_many_of_category"

    @property
    def title(self) -> str:
        return ngettext(
            "Ici, chacun a {limit} prêt de cette catégorie au plus : rendez d’abord le vôtre.",
            "Ici, chacun a {limit} prêts de cette catégorie au plus : rendez-en d’abord un.",
            self.limit,
        ).format(limit=self.limit)


class TooManyAtOnce(_OverLimit):
    code: ClassVar[str] = "too_many_at_once"

    @property
    def title(self) -> str:
        return _("On en emprunte {limit} à la fois au plus.").format(limit=self.limit)


class NotForLoan(Refusal):
    """Withdrawn, or without anything to lend yet."""

    code: ClassVar[str] = "not_for_loan"
    sentence: ClassVar[str] = mark("« {title} » ne se prête pas en ce moment.")


class NoMoreRenewals(Refusal):
    code: ClassVar[str] = "no_more_renewals"
    sentence: ClassVar[str] = mark("Ce prêt ne se prolonge plus : rendez-le, puis demandez-le à nouveau.")


class SomebodyWaits(Refusal):
    code: ClassVar[str] = "somebody_waits"
    sentence: ClassVar[str] = mark("Quelqu’un attend son tour : ce prêt ne peut pas être prolongé.")


class TooEarly(Refusal):
    """Not before the pick-up is over."""

    code: ClassVar[str] = "too_early"
    sentence: ClassVar[str] = mark("Le premier jour de ce prêt n’est pas passé : attendez encore un peu.")


class NotSettled(Refusal):
    code: ClassVar[str] = "deposit_not_settled"
    sentence: ClassVar[str] = mark(
        "Il reste une caution à rendre ou un dossier à décider : ce prêt reste ouvert."
    )


class MistakeTooOld(Refusal):
    """More than a week after it was noted that nobody came."""

    code: ClassVar[str] = "mistake_too_old"
    sentence: ClassVar[str] = mark(
        "Cela se corrige pendant sept jours. {name} peut maintenant faire une nouvelle demande."
    )


class WindowOver(Refusal):
    code: ClassVar[str] = "window_over"
    sentence: ClassVar[str] = mark("Les dates de ce prêt sont passées. {name} peut en demander d’autres.")


class TakenSince(Refusal):
    code: ClassVar[str] = "taken_since"
    sentence: ClassVar[str] = mark(
        "« {title} » est réservé par quelqu’un d’autre entre-temps. {name} peut demander d’autres dates."
    )


class BorrowerGone(Refusal):
    code: ClassVar[str] = "borrower_gone"
    sentence: ClassVar[str] = mark("{name} n’est plus là pour emprunter : ce prêt reste terminé.")
