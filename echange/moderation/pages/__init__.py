"""Pages of reports and decisions."""

from typing import Final

from echange.http import Rate, anyone, member, moderator, page, staff
from echange.moderation.pages import deciding, held, reporting, told

REPORTS: Final = Rate("report", 10, 3600)
REPLIES: Final = Rate("reply", 10, 3600)

routes = [
    page("/signaler", reporting.ask, who=anyone),
    page("/signaler", reporting.report, who=anyone, methods=("POST",), limit=REPORTS),
    page("/signalements/{key:word}", reporting.receipt, who=anyone),
    page("/decisions/{id:id}", told.show_decision, who=member),
    page("/decisions/{id:id}/reponse", told.reply, who=member, methods=("POST",), limit=REPLIES),
    page("/moderation", deciding.show_waiting, who=moderator),
    page("/moderation/{kind:word}/{id:id}", deciding.show_matter, who=moderator),
    page("/moderation/{kind:word}/{id:id}/decisions", deciding.decide_matter, who=moderator,
         methods=("POST",)),
    page("/moderation/annonces", held.show_held_ads, who=staff),
    page("/moderation/annonces/{id:id}/publication", held.release, who=staff, methods=("POST",)),
    page("/moderation/annonces/{id:id}/refus", held.ask_refusal, who=staff),
    page("/moderation/annonces/{id:id}/refus", held.refuse, who=staff, methods=("POST",)),
]  # fmt: skip
