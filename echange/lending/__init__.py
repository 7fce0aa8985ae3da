"""Equipment lent by associations, places and members, from request to return; rooms, desks and machines too.

When what is free, and which unit goes to whom, is asked of `booking`.
"""

from echange.lending.cards import ItemCard
from echange.lending.loans_waiting import LoanWaiting, loans_waiting
from echange.lending.managing import lenders_of, managers_of, may_manage
from echange.lending.models import Accessory, Item, KitPart, Lender, Loan, Unit
from echange.lending.queries import count_listed, indexable_items, lent_by, recent_items

__all__ = [
    "Accessory",
    "Item",
    "ItemCard",
    "KitPart",
    "Lender",
    "Loan",
    "LoanWaiting",
    "Unit",
    "count_listed",
    "indexable_items",
    "lenders_of",
    "lent_by",
    "loans_waiting",
    "managers_of",
    "may_manage",
    "recent_items",
]
