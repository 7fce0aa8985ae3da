"""What rotas say no with."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class NotAnAsk(Refusal):
    code: ClassVar[str] = "not_an_ask"
    sentence: ClassVar[str] = mark("Un planning va avec une demande, pas avec une offre.")


class TooManySlots(Refusal):
    code: ClassVar[str] = "too_many_slots"
    sentence: ClassVar[str] = mark("{most} créneaux par semaine, pas plus.")


class SlotOver(Refusal):
    code: ClassVar[str] = "slot_over"
    sentence: ClassVar[str] = mark("Ce créneau n’a plus lieu.")


class ShiftsTaken(Refusal):
    """`n` shifts to come have people: to be kept, or called off?"""

    code: ClassVar[str] = "shifts_taken"
    sentence: ClassVar[str] = mark(
        "Des voisins viennent déjà ({n} fois). Dites ce que l’on fait de ces jours-là."
    )


class ReasonMissing(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark("Dites pourquoi : ceux qui devaient venir le liront.")


class ShiftStarted(Refusal):
    code: ClassVar[str] = "shift_started"
    sentence: ClassVar[str] = mark("Ce créneau a commencé, ou il est passé.")


class ShiftCancelled(Refusal):
    code: ClassVar[str] = "shift_cancelled"
    sentence: ClassVar[str] = mark("Ce créneau est annulé.")


class OwnShift(Refusal):
    code: ClassVar[str] = "own_help"
    sentence: ClassVar[str] = mark("C’est votre demande : d’autres viennent vous aider.")


class ElsewhereThen(Refusal):
    code: ClassVar[str] = "elsewhere_then"
    sentence: ClassVar[str] = mark("Vous venez déjà à un autre créneau à cette heure-là.")


class NotComing(Refusal):
    code: ClassVar[str] = "not_coming"
    sentence: ClassVar[str] = mark("Il n’y a pas d’inscription à ce créneau.")


class NotOneOfThem(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark("Choisissez quelqu’un du groupe, ou qui est déjà venu.")


class NoOffer(Refusal):
    code: ClassVar[str] = "no_offer"
    sentence: ClassVar[str] = mark("Personne ne vous a proposé ce créneau.")
