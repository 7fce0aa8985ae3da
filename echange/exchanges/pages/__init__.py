"""Pages of exchanges: mine, proposing, one and what is done in it, thanks, disagreements to decide."""

from typing import Final

from echange.exchanges.pages import acting, arbitrating, listing, proposing, thanking
from echange.http import GuardedRoute, Rate, member, moderator, page

PROPOSALS: Final = Rate("proposal", 20, 600)
# Each of these tells the other one, by mail too.
ACTS: Final = Rate("exchange", 60, 600)
_ONE: Final = "/echanges/{id:id}"
_DISPUTE: Final = "/moderation/echanges/{id:id}"

routes: Final[list[GuardedRoute]] = [
    page("/echanges", listing.show_mine, who=member),
    page("/echanges/proposer", proposing.ask, who=member),
    page("/echanges/proposer", proposing.propose, who=member, methods=("POST",), limit=PROPOSALS),
    page(_ONE, acting.show, who=member),
    page(f"{_ONE}/accord", acting.accept, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/refus", acting.decline, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/debut", acting.start, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/temps", acting.declare, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/reprise", acting.take_back, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/confirmation", acting.confirm, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/autre-temps", acting.counter, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/desaccord", acting.ask_dispute, who=member),
    page(f"{_ONE}/desaccord", acting.dispute, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/annulation", acting.ask_cancel, who=member),
    page(f"{_ONE}/annulation", acting.cancel, who=member, methods=("POST",), limit=ACTS),
    page(f"{_ONE}/merci", acting.thank, who=member, methods=("POST",), limit=ACTS),
    page("/mercis/{id:id}/retrait", thanking.ask_removal, who=member),
    page("/mercis/{id:id}/retrait", thanking.remove, who=member, methods=("POST",)),
    page("/mercis/{id:id}/remise", thanking.put_back, who=member, methods=("POST",)),
    page("/moderation/echanges", arbitrating.show_disputes, who=moderator),
    page(_DISPUTE, arbitrating.show_dispute, who=moderator),
    page(f"{_DISPUTE}/decision", arbitrating.decide, who=moderator, methods=("POST",)),
]
