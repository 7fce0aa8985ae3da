"""The pages of the desk: the day, handovers and returns, deposits, cases, figures."""

from typing import Final

from echange.http import GuardedRoute, Rate, member, page
from echange.lending.pages import deposits, desk, handover, incidents, returning, statistics
from echange.lending.pages.desk_seen import SEEN_BODY

ACTS: Final = Rate("desk", 240, 600)
_ONE: Final = "/prets/demandes/{id:id}"
_CASE: Final = "/prets/incidents/{id:id}"

routes: Final[list[GuardedRoute]] = [
    page("/prets/comptoir", desk.show_desk, who=member),
    page("/prets/comptoir/code", desk.find_code, who=member),
    page("/prets/comptoir/exemplaires/{id:id}", desk.show_unit, who=member),
    page(f"{_ONE}/sortie", handover.ask_handover, who=member),
    page(f"{_ONE}/sortie", handover.hand, who=member, methods=("POST",), limit=ACTS, max_body=SEEN_BODY),
    page(f"{_ONE}/retour", returning.ask_return, who=member),
    page(
        f"{_ONE}/retour", returning.bring_back, who=member, methods=("POST",), limit=ACTS, max_body=SEEN_BODY
    ),
    page(f"{_ONE}/perte", returning.ask_loss, who=member),
    page(f"{_ONE}/perte", returning.lose, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/dommage", returning.ask_damage, who=member),
    page(f"{_ONE}/dommage", returning.damage, who=member, methods=("POST",), limit=ACTS, max_body=SEEN_BODY),
    page(f"{_ONE}/caution", deposits.take, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/caution/recu", deposits.show_receipt, who=member),
    page(f"{_ONE}/caution/rendue", deposits.give_back, who=member, methods=("POST",), limit=ACTS),
    page(
        "/prets/etats/{id:id}/photos/{photo:id}-{width:int}.webp", handover.show_condition_photo, who=member
    ),
    page("/prets/incidents", incidents.list_cases, who=member),
    page(_CASE, incidents.show_case, who=member),
    page(f"{_CASE}/reponse", incidents.answer_case, who=member, methods=("POST",), limit=ACTS),
    page(f"{_CASE}/decision", incidents.decide_case, who=member, methods=("POST",), limit=ACTS),
    page("/prets/cautions", deposits.show_book, who=member),
    page("/prets/cautions.csv", deposits.book_sheet, who=member),
    page("/prets/chiffres", statistics.show_figures, who=member),
    page("/prets/chiffres.csv", statistics.figures_sheet, who=member),
]
