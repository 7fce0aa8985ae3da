"""Annonces reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request
from tortoise.queryset import QuerySet

from echange.ads.holding import draft_key_of
from echange.ads.models import Ad
from echange.http import NotAllowed, NotFound, viewer_of


def whole(ads: QuerySet[Ad]) -> QuerySet[Ad]:
    """With all that a page or the API shows of them."""
    related = ads.select_related("quartier", "owner", "owner__quartier", "organisation")
    return related.prefetch_related("photos", "closure")


async def visible_ad(request: Request) -> Ad:
    """The annonce of the address, with all that its page shows. Raises NotFound."""
    seen = Ad.visible_to(viewer_of(request), draft_key_of(request))
    ad = await whole(seen.filter(id=request.path_params["id"])).first()
    if ad is None:
        raise NotFound
    return ad


async def own_ad(request: Request) -> Ad:
    """The annonce of the address, for who may change it. Raises NotFound, NotAllowed."""
    ad = await visible_ad(request)
    if not ad.can_be_edited_by(viewer_of(request), draft_key_of(request)):
        raise NotAllowed
    return ad
