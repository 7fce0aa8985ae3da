"""What waiting for a thing is refused with."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class FreeNow(Refusal):
    code: ClassVar[str] = "free_now"
    sentence: ClassVar[str] = mark("C’est libre à ces dates : demandez-le tout de suite.")


class TooManyWaits(Refusal):
    code: ClassVar[str] = "too_many_waits"
    sentence: ClassVar[str] = mark("Vous attendez déjà {limit} choses : quittez d’abord une de ces listes.")
