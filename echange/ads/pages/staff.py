"""What the staff sees of an annonce: what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.addresses import ad_url
from echange.ads.kinds import ending_label
from echange.ads.models import Ad, AdEvent
from echange.http import NotFound, render
from echange.i18n import gettext as _
from echange.i18n import mark

HAPPENED: Final = {
    "published": mark("Publiée"),
    "held": mark("Mise en attente de relecture"),
    "released": mark("Mise en ligne après relecture"),
    "edited": mark("Modifiée"),
    "renewed": mark("Prolongée"),
    "expired": mark("Expirée"),
    "reserved": mark("Réservée"),
    "unreserved": mark("Libérée"),
    "closed": mark("Terminée"),
    "reopened": mark("Rouverte"),
    "hidden": mark("Masquée par la modération"),
    "restored": mark("Rétablie par la modération"),
}
FIELDS: Final = {
    "title": mark("titre"),
    "body": mark("texte"),
    "category": mark("catégorie"),
    "quartier_id": mark("quartier"),
    "price_text": mark("prix"),
    "condition": mark("état"),
    "weight_grams": mark("poids"),
    "fair": mark("file équitable"),
    "lend_days": mark("durée du prêt"),
    "terms": mark("conditions"),
    "when_text": mark("moment"),
    "happened_on": mark("date"),
    "standing": mark("offre permanente"),
    "noindex": mark("moteurs de recherche"),
}
# Follows from another one.
SILENT: Final = frozenset({"price_cents"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; `by` is nobody for the clock."""

    at: datetime
    what: str
    more: str
    by: str
    by_url: str


async def history(request: Request) -> Response:
    """GET /annonces/12/historique"""
    ad = await Ad.filter(published_at__isnull=False).get_or_none(id=request.path_params["id"])
    if ad is None:
        raise NotFound
    events = await AdEvent.filter(ad_id=ad.id).order_by("-id").limit(500).select_related("by")
    context = {
        "ad": {"id": ad.id, "title": ad.title, "url": ad_url(ad.id, ad.title), "state": ad.state},
        "lines": [_line(ad, event) for event in events],
    }
    return render(request, "ads/history.html", context)


def _line(ad: Ad, event: AdEvent) -> Line:
    what = _(HAPPENED[event.kind]) if event.kind in HAPPENED else event.kind
    by = event.by
    return Line(event.at, what, _more(ad, event), by.name if by else "", by.url if by else "")


def _more(ad: Ad, event: AdEvent) -> str:
    if event.kind == "closed":
        return _(ending_label(ad.kind, str(event.data.get("outcome", ""))))
    names = [name for name in event.data.get("fields", []) if name not in SILENT]
    return ", ".join(_(FIELDS[name]) if name in FIELDS else str(name) for name in names)
