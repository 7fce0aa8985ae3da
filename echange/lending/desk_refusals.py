"""What the desk says no with: at handovers, returns, deposits and what is decided after damage."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class TooLongAgo(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "too_long_ago"
    sentence: ClassVar[str] = mark("On note après coup trente jours au plus.")


class NotYet(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "not_yet"
    sentence: ClassVar[str] = mark("Cette heure n’est pas encore passée.")


class BeforeLastEvent(Refusal):
    """Something happened to the unit since."""

    code: ClassVar[str] = "before_last_event"
    sentence: ClassVar[str] = mark(
        "{code} a changé de mains après cette heure : on ne note rien avant. Choisissez une heure "
        "plus récente."
    )


class NotOfLoan(Refusal):
    code: ClassVar[str] = "not_of_loan"
    sentence: ClassVar[str] = mark("{code} ne fait pas partie de ce prêt.")


class UnitTaken(Refusal):
    """Somebody has it, or was promised it and cannot have another."""

    code: ClassVar[str] = "unit_taken"
    sentence: ClassVar[str] = mark(
        "Cet exemplaire n’est pas libre : quelqu’un l’a, ou compte dessus. Prenez celui qui était prévu, "
        "ou un autre."
    )


class NoDeposit(Refusal):
    code: ClassVar[str] = "no_deposit"
    sentence: ClassVar[str] = mark("Ce prêt est sans caution.")


class DepositTooHigh(Refusal):
    code: ClassVar[str] = "deposit_too_high"
    sentence: ClassVar[str] = mark("C’est plus que la caution de ce prêt.")


class DepositTooLow(Refusal):
    """More would be given back or kept than was taken."""

    code: ClassVar[str] = "deposit_too_low"
    sentence: ClassVar[str] = mark("C’est plus que ce qui est gardé en caution pour ce prêt.")


class OwnIncident(Refusal):
    code: ClassVar[str] = "own_incident"
    sentence: ClassVar[str] = mark("C’est vous qui l’aviez emprunté : quelqu’un d’autre décide.")


class AlreadyDecided(Refusal):
    code: ClassVar[str] = "already_decided"
    sentence: ClassVar[str] = mark("C’est déjà décidé. Relisez ce qui a été dit.")
