"""Finding annonces and keeping them, in JSON."""

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.api.annonces import AdPage, ad_out
from echange.ads.asking import AdsQuery
from echange.ads.loading import visible_ad, whole
from echange.ads.models import Ad, Favourite
from echange.ads.quartiers import quartier_named
from echange.ads.refusals import NotPublished
from echange.ads.searching import Search, find_ids
from echange.http import Invalid, Viewer, anyone, api, member, read_query, signed_in, viewer_of
from echange.http import answer as reply


async def list_ads(request: Request) -> Response:
    """Open annonces: those that say the words in their title first, then the newest."""
    bound = read_query(request, AdsQuery)
    if bound.data is None:
        raise Invalid(bound.errors)
    query, viewer = bound.data, viewer_of(request)
    ids, following = await find_ids(await _search(query, viewer), query.limit, query.cursor)
    ads = {ad.id: ad for ad in await whole(Ad.visible_to(viewer).filter(id__in=ids))}
    return reply(AdPage(items=[ad_out(ads[ad_id]) for ad_id in ids if ad_id in ads], next=following))


async def keep_ad(request: Request) -> Response:
    ad = await visible_ad(request)
    if ad.published_at is None:
        raise NotPublished
    await Favourite.keep(ad, by=signed_in(request))
    return reply(None, 204)


async def drop_ad(request: Request) -> Response:
    await Favourite.drop(request.path_params["id"], by=signed_in(request))
    return reply(None, 204)


async def _search(query: AdsQuery, viewer: Viewer | None) -> Search:
    return Search(
        words=query.q,
        kinds=(query.kind,) if query.kind else (),
        categories=(query.category,) if query.category else (),
        quartiers=((await quartier_named(query.quartier)).id,) if query.quartier else (),
        free=query.free,
        price_max=query.price_max,
        with_photo=query.with_photo,
        owner=query.owner,
        organisation=query.organisation,
        unseen=viewer.unseen if viewer else frozenset(),
    )


routes = [
    api("GET", "/ads", list_ads, who=anyone,
        summary="Les annonces ouvertes, les plus récentes d’abord ; avec des mots, les titres qui les disent",
        query=AdsQuery, answer=AdPage),
    api("PUT", "/ads/{id:id}/favourite", keep_ad, who=member, summary="Garder une annonce",
        status=204),
    api("DELETE", "/ads/{id:id}/favourite", drop_ad, who=member, summary="Ne plus garder une annonce",
        status=204),
]  # fmt: skip
