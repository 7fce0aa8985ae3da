"""Pages of annonces: the list, one of them, publishing, keeping, answering."""

from typing import Final

from echange.ads.pages import (
    answering,
    appointment,
    favourites,
    feed,
    keeping,
    listing,
    poster,
    publishing,
    reading,
    renewing,
    reserving,
    staff,
)
from echange.http import Rate, anyone, member, page
from echange.http import staff as of_staff
from echange.media.album_forms import PHOTOS_BODY

DRAFTS: Final = Rate("draft", 30, 3600)
PHOTOS: Final = Rate("photo", 60, 3600)
RENEWALS: Final = Rate("renewal", 30, 600)
ANSWERS: Final = Rate("answer", 20, 600)
MEETINGS: Final = Rate("meeting", 30, 3600)
# Each of these tells everybody who waits, by mail.
TURNS: Final = Rate("turn", 30, 600)

routes = [
    page("/annonces", listing.list_ads, who=anyone),
    page("/annonces.atom", feed.feed, who=anyone),
    page("/annonces/{id:id}/favori", favourites.keep, who=member, methods=("POST",)),
    page("/annonces/{id:id}/favori/retrait", favourites.drop, who=member, methods=("POST",)),
    page("/moi/favoris", favourites.favourites, who=member),
    page("/annonces/{id:id}", reading.find_ad, who=anyone),
    page("/annonces/{id:id}-{slug}", reading.show_ad, who=anyone),
    page("/a/{id:id}", reading.find_ad, who=anyone),
    page("/annonces/{id:id}/affiche", poster.poster, who=anyone),
    page("/annonces/{id:id}/qr.svg", poster.qr, who=anyone),
    page("/annonces/{id:id}/photos/{photo:id}-{width:id}.webp", reading.show_photo, who=anyone),
    page("/annonces/{id:id}/reponses", answering.answers, who=member),
    page("/annonces/{id:id}/reponses", answering.answer, who=member, methods=("POST",), limit=ANSWERS),
    page("/annonces/{id:id}/reponses/retrait", answering.withdraw, who=member, methods=("POST",)),
    page("/annonces/{id:id}/file", answering.start_queue, who=member, methods=("POST",)),
    page("/annonces/{id:id}/reservation", reserving.show, who=member),
    page("/annonces/{id:id}/reservation", reserving.reserve, who=member, methods=("POST",), limit=TURNS),
    page("/annonces/{id:id}/reservation/oui", reserving.accept, who=member, methods=("POST",)),
    page("/annonces/{id:id}/reservation/non", reserving.decline, who=member, methods=("POST",)),
    page("/annonces/{id:id}/reservation/liberation", reserving.release, who=member, methods=("POST",),
         limit=TURNS),
    page("/annonces/{id:id}/reservation/absence", reserving.fall_through, who=member, methods=("POST",),
         limit=TURNS),
    page("/annonces/{id:id}/reservation/remise", reserving.hand_over, who=member, methods=("POST",),
         limit=TURNS),
    page("/annonces/{id:id}/rendez-vous", appointment.propose, who=member, methods=("POST",), limit=MEETINGS),
    page("/annonces/{id:id}/rendez-vous/accord", appointment.agree, who=member, methods=("POST",)),
    page("/annonces/{id:id}/rendez-vous.ics", appointment.calendar_file, who=member),
    page("/comment-ca-marche/file-equitable", answering.explain_queue, who=anyone),
    page("/annonces/{id:id}/modifier", keeping.edit, who=member),
    page("/annonces/{id:id}/modifier", keeping.correct, who=member, methods=("POST",),
         limit=PHOTOS, max_body=PHOTOS_BODY),
    page("/annonces/{id:id}/cloture", keeping.ask_closure, who=member),
    page("/annonces/{id:id}/cloture", keeping.close, who=member, methods=("POST",), limit=TURNS),
    page("/annonces/{id:id}/reouverture", keeping.reopen, who=member, methods=("POST",), limit=TURNS),
    page("/annonces/{id:id}/renouvellement", keeping.renew, who=member, methods=("POST",)),
    page("/annonces/{id:id}/historique", staff.history, who=of_staff),
    page("/renouveler/{token:word}", renewing.ask_renewal, who=anyone),
    page("/renouveler/{token:word}", renewing.renew_by_link, who=anyone, methods=("POST",), limit=RENEWALS),
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
