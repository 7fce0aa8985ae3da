"""An annonce as it is pinned on the conversations about it."""

from collections.abc import Sequence
from typing import Final

from echange.ads.categories import drawing_of
from echange.ads.models import Ad
from echange.ads.showing import photos_of
from echange.chat import Card
from echange.http import Viewer
from echange.i18n import gettext as _


class AdSubject:
    """Annonces to talk about."""

    kind = "ad"

    async def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        """The cards of these annonces; those gone or hidden are missing."""
        ads = await Ad.visible_to(viewer).filter(id__in=list(ids)).prefetch_related("photos")
        return {ad.id: _card(ad, viewer) for ad in ads}

    async def counterpart(self, about_id: int, viewer: Viewer) -> int | None:
        """The owner of an open annonce of somebody else."""
        ad = await Ad.visible_to(viewer).get_or_none(id=about_id)
        return ad.owner_id if ad and ad.can_be_answered_by(viewer) else None


def _card(ad: Ad, viewer: Viewer) -> Card:
    return Card(
        kind=ad.kind,
        title=ad.title,
        url=ad.url,
        state="closed" if ad.closed_at else "",
        next_step=_next_step(ad, viewer),
        drawing=drawing_of(ad.category),
        photo=next(iter(photos_of(ad)), None),
    )


def _next_step(ad: Ad, viewer: Viewer) -> str:
    mine = ad.owner_id == viewer.id
    if ad.closed_at:
        return _("Vous pouvez la rouvrir depuis sa page.") if mine else _("Cette annonce est terminée.")
    if mine:
        return _("C’est réglé ? Dites-le depuis sa page, les autres le verront.")
    return _("Convenez ensemble du jour et du lieu.")


subject: Final = AdSubject()
