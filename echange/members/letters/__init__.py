"""The mails of this room: who asked, what to do with one link, and what if it was not you."""

from echange.members.letters.addresses import (
    ask_change,
    offer_recovery,
    tell_address_wanted,
    tell_changed_away,
    tell_changed_here,
    tell_recovery,
)
from echange.members.letters.joining import (
    ask_confirmation,
    ask_reset,
    send_way_in,
    tell_already_here,
    tell_nobody_here,
)
from echange.members.letters.leaving import tell_gone, tell_leaving

__all__ = [
    "ask_change",
    "ask_confirmation",
    "ask_reset",
    "offer_recovery",
    "send_way_in",
    "tell_address_wanted",
    "tell_already_here",
    "tell_changed_away",
    "tell_changed_here",
    "tell_gone",
    "tell_leaving",
    "tell_nobody_here",
    "tell_recovery",
]
