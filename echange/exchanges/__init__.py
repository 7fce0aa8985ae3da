"""Exchanges between two neighbours: proposed, done, the time agreed by both, settled in hours, thanked for.

Another room proposes one in its own transaction: `await Exchange.propose(by=viewer, giver_id=…,
receiver_id=…, title=…, minutes=90, about=("help", help.id))`; `Exchange.agreed(…)` where both have
said yes before.
"""

from echange.exchanges.clock import schedules
from echange.exchanges.models import Exchange, Thanks
from echange.exchanges.queries import given_and_received, practised, thanks_of
from echange.exchanges.waiting import Waiting, disputes_count, waiting

__all__ = [
    "Exchange",
    "Thanks",
    "Waiting",
    "disputes_count",
    "given_and_received",
    "practised",
    "schedules",
    "thanks_of",
    "waiting",
]
