"""Reports of anything by anybody, and what moderators decide, with the reason told and an answer heard.

Each room says what can be reported (`reportable.py`); app.py gathers them. The reporter gets a receipt and
hears the outcome (DSA, art. 16); whom a decision concerns reads what, why, by which rule, and answers once
(DSA, art. 17 and 20): another moderator reads that answer.
"""

from echange.moderation.matters import held_count, waiting_count
from echange.moderation.reportables import Reportables

__all__ = ["Reportables", "held_count", "waiting_count"]
