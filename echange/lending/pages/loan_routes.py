"""The pages of borrowing: a thing, the request, one's loans, the board of whoever lends."""

from typing import Final

from echange.http import GuardedRoute, Rate, anyone, member, page
from echange.lending.pages import board, item, loan_acting, loan_windows, loans

ASKED: Final = Rate("loan_asked", 30, 600)
# Each of these tells the other side, by mail too.
ACTS: Final = Rate("loan", 60, 600)
_ONE: Final = "/prets/demandes/{id:id}"

routes: Final[list[GuardedRoute]] = [
    page("/prets/tableau", board.show_board, who=member),
    page(
        "/prets/tableau/{id:id}/proposition", board.propose_opening, who=member, methods=("POST",), limit=ACTS
    ),
    page("/prets/{id:id}", item.find_item, who=anyone),
    page("/prets/{id:id}-{slug}", item.show_item, who=anyone),
    page("/prets/{id:id}/demande", item.ask, who=member, methods=("POST",), limit=ASKED),
    page(_ONE, loan_acting.show, who=member),
    page(f"{_ONE}/confirmation", loan_acting.confirm, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/accord", loan_acting.approve, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/refus", loan_acting.ask_refusal, who=member),
    page(f"{_ONE}/refus", loan_acting.refuse, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/annulation", loan_acting.ask_cancel, who=member),
    page(f"{_ONE}/annulation", loan_acting.cancel, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/preparation", loan_acting.prepare, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/absence", loan_acting.miss, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/erreur", loan_acting.reinstate, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/cloture", loan_acting.close, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/dates", loan_windows.ask_change, who=member),
    page(f"{_ONE}/dates", loan_windows.change, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/proposition", loan_windows.ask_proposal, who=member),
    page(f"{_ONE}/proposition", loan_windows.propose, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/prolongation", loan_acting.ask_renewal, who=member),
    page(f"{_ONE}/prolongation", loan_acting.renew, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/message", loan_acting.write, who=member, methods=("POST",), limit=ACTS),
    page("/moi/prets", loans.show_mine, who=member),
]
