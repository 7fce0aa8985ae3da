"""Annonces as reports and moderators see them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tortoise.queryset import QuerySet

from echange.ads.addresses import photo_url
from echange.ads.models import Ad
from echange.http import Viewer
from echange.http.excerpts import beginning_of
from echange.members import Reportable, Reported, speakers_of

_PAGE: Final = re.compile(r"/annonces/([1-9][0-9]{0,8})(?:[-/].*)?")


class ReportableAd:
    """An annonce that was published; drafts are nobody's business."""

    kind = "ad"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        found = _PAGE.fullmatch(path)
        return int(found[1]) if found else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        found = await _published(Ad.visible_to(viewer)).filter(id=thing_id).first()
        return await _reported(found) if found else None

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        return {ad.id: await _reported(ad) for ad in await _published(Ad.filter(id__in=list(ids)))}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        ad = await Ad.get(id=thing_id).prefetch_related("photos")
        return {
            "title": ad.title,
            "text": "\n\n".join(part for part in (ad.body, ad.price_text) if part),
            "photos": [photo_url(ad.id, photo.id, max(photo.widths)) for photo in ad.photos],
        }

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await (await Ad.get(id=thing_id)).hide(by=by)

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await (await Ad.get(id=thing_id)).restore(by=by)


def _published(ads: QuerySet[Ad]) -> QuerySet[Ad]:
    return ads.filter(published_at__isnull=False)


async def _reported(ad: Ad) -> Reported:
    speakers = await speakers_of(ad.organisation_id) if ad.organisation_id else frozenset()
    return Reported(
        kind="ad",
        id=ad.id,
        title=ad.title,
        url=ad.url,
        excerpt=beginning_of(ad.body),
        owner_id=ad.owner_id,
        hidden=ad.hidden_at is not None,
        involved=speakers | ({ad.owner_id} if ad.owner_id else frozenset()),
    )


reportables: Final[tuple[Reportable, ...]] = (ReportableAd(),)
