"""Annonces: what neighbours give, sell, swap, lend, seek, offer to do, lose and find.

A draft is made in three screens, signed out too; its owner publishes it, corrects it, closes it with its
outcome and may open it again. A neighbour answers: their message to the owner opens a conversation.
"""

from echange.ads.cards import AdCard
from echange.ads.categories import CATEGORIES, Category, suggested_for
from echange.ads.kinds import KINDS, OUTCOMES
from echange.ads.models import Ad, Answer, Closure, Reservation
from echange.ads.prices import cents_in
from echange.ads.queries import Waiting, mine_waiting, recent
from echange.ads.schedule import schedules
from echange.ads.seeing import REREADING
from echange.ads.spelling import slips_between
from echange.ads.structured import indexable
from echange.ads.waiting import (
    Appointment,
    ToAccept,
    ToChoose,
    answers_waiting,
    appointments,
    promises_to_accept,
)
from echange.ads.words import question_of, respelled

__all__ = [
    "CATEGORIES",
    "KINDS",
    "OUTCOMES",
    "REREADING",
    "Ad",
    "AdCard",
    "Answer",
    "Appointment",
    "Category",
    "Closure",
    "Reservation",
    "ToAccept",
    "ToChoose",
    "Waiting",
    "answers_waiting",
    "appointments",
    "cents_in",
    "indexable",
    "mine_waiting",
    "promises_to_accept",
    "question_of",
    "recent",
    "respelled",
    "schedules",
    "slips_between",
    "suggested_for",
]
