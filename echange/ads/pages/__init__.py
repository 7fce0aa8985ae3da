"""Pages of annonces: the list, one of them, publishing, keeping, answering."""

from typing import Final

from echange.ads.pages import answering, keeping, listing, publishing, reading
from echange.ads.pages.photos import PHOTOS_BODY
from echange.http import Rate, anyone, member, page

DRAFTS: Final = Rate("draft", 30, 3600)
PHOTOS: Final = Rate("photo", 60, 3600)
ANSWERS: Final = Rate("answer", 20, 600)

routes = [
    page("/annonces", listing.list_ads, who=anyone),
    page("/annonces/{id:id}", reading.find_ad, who=anyone),
    page("/annonces/{id:id}-{slug}", reading.show_ad, who=anyone),
    page("/annonces/{id:id}/photos/{photo:id}-{width:id}.webp", reading.show_photo, who=anyone),
    page("/annonces/{id:id}/reponses", answering.answer, who=member, methods=("POST",), limit=ANSWERS),
    page("/annonces/{id:id}/modifier", keeping.edit, who=member),
    page("/annonces/{id:id}/modifier", keeping.correct, who=member, methods=("POST",),
         limit=PHOTOS, max_body=PHOTOS_BODY),
    page("/annonces/{id:id}/cloture", keeping.ask_closure, who=member),
    page("/annonces/{id:id}/cloture", keeping.close, who=member, methods=("POST",)),
    page("/annonces/{id:id}/reouverture", keeping.reopen, who=member, methods=("POST",)),
    page("/annonces/{id:id}/suppression", keeping.ask_deletion, who=member),
    page("/annonces/{id:id}/suppression", keeping.delete, who=member, methods=("POST",)),
    page("/moi/annonces", keeping.my_ads, who=member),
    page("/publier", publishing.new, who=anyone),
    page("/publier", publishing.create, who=anyone, methods=("POST",), limit=DRAFTS, max_body=PHOTOS_BODY),
    page("/publier/{id:id}", publishing.start, who=anyone),
    page("/publier/{id:id}", publishing.restart, who=anyone, methods=("POST",),
         limit=PHOTOS, max_body=PHOTOS_BODY),
    page("/publier/{id:id}/details", publishing.details, who=anyone),
    page("/publier/{id:id}/details", publishing.write_details, who=anyone, methods=("POST",),
         limit=PHOTOS, max_body=PHOTOS_BODY),
    page("/publier/{id:id}/apercu", publishing.preview, who=anyone),
    page("/publier/{id:id}/publication", publishing.publish, who=member, methods=("POST",)),
    page("/publier/{id:id}/abandon", publishing.ask_abandon, who=anyone),
    page("/publier/{id:id}/abandon", publishing.abandon, who=anyone, methods=("POST",)),
]  # fmt: skip
