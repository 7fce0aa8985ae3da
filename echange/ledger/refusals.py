"""What the ledger says no with."""

from typing import ClassVar

from echange.http.refusals import Refusal
from echange.i18n import mark


class BelowFloor(Refusal):
    """An account would fall below its floor."""

    code: ClassVar[str] = "below_floor"
    sentence: ClassVar[str] = mark("Il ne reste pas assez d’heures pour cela.")


class AboveCeiling(Refusal):
    """An account would rise above its ceiling."""

    code: ClassVar[str] = "above_ceiling"
    sentence: ClassVar[str] = mark("Ce compte a déjà toutes les heures qu’il peut garder.")


class AccountClosed(Refusal):
    code: ClassVar[str] = "account_closed"
    sentence: ClassVar[str] = mark("Ce compte d’heures est fermé.")


class AlreadyReversed(Refusal):
    code: ClassVar[str] = "already_reversed"
    sentence: ClassVar[str] = mark("Ce mouvement a déjà été annulé.")
