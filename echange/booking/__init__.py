"""Calendars that cannot overlap: sites with their hours, units, and who has which unit when.

They know neither equipment nor people: other rooms point at sites, models, units and bookings.
"""

from echange.booking.affected import Affected, affected, closed_during
from echange.booking.alternatives import alternatives
from echange.booking.availability import can_take, days, diary_of, slots
from echange.booking.breaches import (
    ClosedThen,
    EmptyPeriod,
    InThePast,
    NotOpenThroughout,
    OffStep,
    TooFar,
    TooLong,
    TooShort,
    TooSoon,
)
from echange.booking.calendar_import import Imported, import_closures
from echange.booking.calendar_reading import NotACalendar, Unclear
from echange.booking.diary import Day, Diary, Slot
from echange.booking.holding import Back, Holding, hand_out, holder_of, take_back
from echange.booking.hours import Opening, asked_instant
from echange.booking.periods import Period
from echange.booking.pinning import pin
from echange.booking.proof import Proof, Wrong, prove
from echange.booking.refusals import AlreadyOut, BackBeforeOut, HoldLapsed, NotFree, NotOfBooking
from echange.booking.restoring import restore
from echange.booking.retiming import retime
from echange.booking.rules import Rules
from echange.booking.sites import (
    Closure,
    close_site,
    closures,
    hours_of,
    hours_of_sites,
    is_open,
    make_site,
    next_opening,
    opening_times,
    openings,
    reopen_site,
    set_openings,
)
from echange.booking.taking import Booked, confirm, free, take, units_of
from echange.booking.units import add_units, make_model, move_model, rules_of, set_rules
from echange.booking.withdrawing import Displaced, end_maintenance, maintain, ripple, withdraw

__all__ = [
    "Affected",
    "AlreadyOut",
    "Back",
    "BackBeforeOut",
    "Booked",
    "ClosedThen",
    "Closure",
    "Day",
    "Diary",
    "Displaced",
    "EmptyPeriod",
    "HoldLapsed",
    "Holding",
    "Imported",
    "InThePast",
    "NotACalendar",
    "NotFree",
    "NotOfBooking",
    "NotOpenThroughout",
    "OffStep",
    "Opening",
    "Period",
    "Proof",
    "Rules",
    "Slot",
    "TooFar",
    "TooLong",
    "TooShort",
    "TooSoon",
    "Unclear",
    "Wrong",
    "add_units",
    "affected",
    "alternatives",
    "asked_instant",
    "can_take",
    "close_site",
    "closed_during",
    "closures",
    "confirm",
    "days",
    "diary_of",
    "end_maintenance",
    "free",
    "hand_out",
    "holder_of",
    "hours_of",
    "hours_of_sites",
    "import_closures",
    "is_open",
    "maintain",
    "make_model",
    "make_site",
    "move_model",
    "next_opening",
    "opening_times",
    "openings",
    "pin",
    "prove",
    "reopen_site",
    "restore",
    "retime",
    "ripple",
    "rules_of",
    "set_openings",
    "set_rules",
    "slots",
    "take",
    "take_back",
    "units_of",
    "withdraw",
]
