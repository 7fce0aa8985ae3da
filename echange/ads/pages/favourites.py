"""Annonces kept in sight."""

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.loading import visible_ad
from echange.ads.models import Ad, Favourite
from echange.ads.queries import cards
from echange.ads.refusals import NotPublished
from echange.http import redirect, render, signed_in
from echange.i18n import gettext as _

MOST_SHOWN = 200


async def favourites(request: Request) -> Response:
    """GET /moi/favoris: those that can still be seen, the last kept first."""
    viewer = signed_in(request)
    kept = Ad.visible_to(viewer).filter(favourites__member_id=viewer.id, published_at__isnull=False)
    ids = await kept.order_by("-favourites__id").limit(MOST_SHOWN).values_list("id", flat=True)
    return render(request, "ads/favourites.html", {"ads": await cards([int(str(one)) for one in ids])})


async def keep(request: Request) -> Response:
    """POST /annonces/12/favori"""
    ad = await visible_ad(request)
    if ad.published_at is None:
        raise NotPublished
    await Favourite.keep(ad, by=signed_in(request))
    return redirect(
        request,
        ad.url,
        say=_("C’est gardé dans vos favoris."),
        undo_url=f"/annonces/{ad.id}/favori/retrait?vers=annonce",
    )


async def drop(request: Request) -> Response:
    """POST /annonces/12/favori/retrait"""
    viewer, ad_id = signed_in(request), request.path_params["id"]
    await Favourite.drop(ad_id, by=viewer)
    ad = await Ad.visible_to(viewer).get_or_none(id=ad_id)
    return redirect(
        request,
        ad.url if ad and request.query_params.get("vers") == "annonce" else "/moi/favoris",
        say=_("L’annonce n’est plus dans vos favoris."),
        undo_url=f"/annonces/{ad_id}/favori" if ad else None,
    )
