"""Mutual aid: help asked for and offered, rotas, groups of helpers, and who fits what.

Somebody asks for a hand or offers one; a neighbour answers by proposing an exchange between the two, which
goes on by itself (see `exchanges`).
"""

from echange.mutual_aid.cards import HelpCard
from echange.mutual_aid.models import Help
from echange.mutual_aid.queries import indexable, recent_helps
from echange.mutual_aid.schedule import schedules
from echange.mutual_aid.telling_desk import cases
from echange.mutual_aid.warnings import trade_note

__all__ = ["Help", "HelpCard", "cases", "indexable", "recent_helps", "schedules", "trade_note"]
