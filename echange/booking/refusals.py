"""What calendars say no with; what the rules of a model refuse stands in `breaches`."""

from typing import ClassVar

from echange.http.refusals import Refusal
from echange.i18n import mark


class NotFree(Refusal):
    """Fewer than asked for are free then: `free` of `model_id`, the first that lacks; 0 when not counted."""

    code: ClassVar[str] = "not_free"
    sentence: ClassVar[str] = mark("Ce n’est pas libre à ce moment-là.")

    def __init__(self, model_id: int = 0, free: int = 0) -> None:
        super().__init__(model_id=model_id, free=free)
        self.model_id, self.free = model_id, free


class HoldLapsed(Refusal):
    """What was held for a while has been given to somebody else."""

    code: ClassVar[str] = "hold_lapsed"
    sentence: ClassVar[str] = mark(
        "Le délai est passé : ce n’est plus gardé pour vous. Choisissez à nouveau vos dates."
    )


class AlreadyOut(Refusal):
    """Somebody has this unit in hand."""

    code: ClassVar[str] = "already_out"
    sentence: ClassVar[str] = mark("Cet objet est déjà sorti : il faut d’abord noter son retour.")


class NotOfBooking(Refusal):
    """This unit was not booked under this number, or not any more."""

    code: ClassVar[str] = "not_of_booking"
    sentence: ClassVar[str] = mark("Cet objet ne fait pas partie de cette réservation.")


class BackBeforeOut(Refusal):
    code: ClassVar[str] = "back_before_out"
    sentence: ClassVar[str] = mark("Le retour ne peut pas précéder la sortie.")
