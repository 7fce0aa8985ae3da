"""Pages of hours: one's own, giving, on paper, the proof, the staff's."""

from typing import Final

from echange.hours.pages import giving, mine, paper, proof, staff
from echange.http import GuardedRoute, Rate, anyone, concierge, member, moderator, page
from echange.http import admin as admins

GIFTS: Final = Rate("gift", 30, 3600)
STAFF: Final = Rate("hours staff", 60, 3600)
_ACCOUNT: Final = "/administration/temps/comptes/{id:id}"
_MOVEMENT: Final = "/administration/temps/mouvements/{id:id}"
_AT_DESK: Final = "/administration/membres/{id:id}/temps"

routes: Final[list[GuardedRoute]] = [
    page("/temps", mine.show, who=member),
    page("/temps/preference", mine.prefer_above, who=member, methods=("POST",)),
    page("/temps/depart", mine.show_heir, who=member),
    page("/temps/depart", mine.choose_heir, who=member, methods=("POST",), while_leaving=True),
    page("/temps/offrir", giving.ask, who=member),
    page("/temps/offrir", giving.give, who=member, methods=("POST",), limit=GIFTS),
    page("/temps/dons/{id:id}/annulation", giving.take_back, who=member, methods=("POST",)),
    page("/temps/releve", paper.show, who=member),
    page("/temps/releve.csv", paper.file, who=member),
    page("/temps/preuve", proof.show, who=anyone),
    page(_AT_DESK, staff.show_paper, who=concierge),
    page(f"{_AT_DESK}/solidarite", staff.ask_solidarity, who=concierge),
    page(f"{_AT_DESK}/solidarite", staff.give_solidarity, who=concierge, methods=("POST",), limit=STAFF),
    page("/administration/temps", staff.look_up, who=moderator),
    page(_ACCOUNT, staff.show_account, who=moderator),
    page(f"{_ACCOUNT}/solidarite", staff.ask_solidarity_for, who=moderator),
    page(f"{_ACCOUNT}/solidarite", staff.give_solidarity_for, who=moderator, methods=("POST",), limit=STAFF),
    page(f"{_ACCOUNT}/limites", staff.ask_limits, who=admins),
    page(f"{_ACCOUNT}/limites", staff.change_limits, who=admins, methods=("POST",), limit=STAFF),
    page(_MOVEMENT, staff.ask_reversal, who=moderator),
    page(_MOVEMENT, staff.reverse, who=moderator, methods=("POST",), limit=STAFF),
]
