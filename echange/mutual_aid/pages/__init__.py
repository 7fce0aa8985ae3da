"""Pages of mutual aid: the list, one of them, telling, keeping, proposing."""

from typing import Final

from echange.http import Rate, anyone, member, page
from echange.mutual_aid.pages import (
    answering,
    first_visit,
    group_people,
    groups,
    keeping,
    listing,
    matches,
    publishing,
    reading,
    rota,
    shifts,
    unanswered,
)

TOLD: Final = Rate("help", 30, 3600)
PROPOSALS: Final = Rate("proposal", 20, 600)

helps = [
    page("/entraide", listing.list_helps, who=anyone),
    page("/entraide/demander", publishing.ask, who=anyone),
    page("/entraide/demander", publishing.publish_ask, who=anyone, methods=("POST",), limit=TOLD),
    page("/entraide/proposer", publishing.offer, who=anyone),
    page("/entraide/proposer", publishing.publish_offer, who=anyone, methods=("POST",), limit=TOLD),
    page("/entraide/{id:id}", reading.show_help, who=anyone),
    page("/entraide/{id:id}/propositions", answering.propose, who=member, methods=("POST",), limit=PROPOSALS),
    page("/entraide/{id:id}/modifier", keeping.edit, who=member),
    page("/entraide/{id:id}/modifier", keeping.correct, who=member, methods=("POST",)),
    page("/entraide/{id:id}/cloture", keeping.ask_closure, who=member),
    page("/entraide/{id:id}/cloture", keeping.close, who=member, methods=("POST",)),
    page("/entraide/{id:id}/reouverture", keeping.reopen, who=member, methods=("POST",)),
    page("/entraide/{id:id}/renouvellement", keeping.renew, who=member, methods=("POST",)),
    page("/moi/entraide", keeping.my_helps, who=member),
]  # fmt: skip

routes = [
    *helps,
    *rota.routes,
    *shifts.routes,
    *groups.routes,
    *group_people.routes,
    *matches.routes,
    *first_visit.routes,
    *unanswered.routes,
]
