"""The nouns of this room."""

from echange.lending.models.calendar_key import CalendarKey
from echange.lending.models.condition import ConditionPhoto, ConditionReport
from echange.lending.models.deposit import Deposit
from echange.lending.models.device import DeskAct, DeskDevice
from echange.lending.models.importing import LendingImport
from echange.lending.models.incident import Incident
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.models.loan_event import LoanEvent
from echange.lending.models.parts import Accessory, KitPart
from echange.lending.models.photo import ItemPhoto
from echange.lending.models.refused_ask import RefusedAsk
from echange.lending.models.training import Trained, Training
from echange.lending.models.unit import Maintenance, Unit
from echange.lending.models.waiter import Waiter

__all__ = [
    "Accessory",
    "CalendarKey",
    "ConditionPhoto",
    "ConditionReport",
    "Deposit",
    "DeskAct",
    "DeskDevice",
    "Incident",
    "Item",
    "ItemPhoto",
    "KitPart",
    "Lender",
    "LendingImport",
    "Loan",
    "LoanEvent",
    "Maintenance",
    "RefusedAsk",
    "Trained",
    "Training",
    "Unit",
    "Waiter",
]
