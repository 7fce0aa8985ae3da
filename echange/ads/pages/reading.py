"""An annonce and its photos."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from echange.ads.addresses import ad_url
from echange.ads.forms import AnswerForm
from echange.ads.holding import draft_key_of
from echange.ads.line import answer_box
from echange.ads.loading import visible_ad
from echange.ads.models import Ad, AdPhoto, Favourite
from echange.ads.queries import near
from echange.ads.showing import detail_of
from echange.ads.structured import sharing_of
from echange.chat import client_id
from echange.http import NotFound, blank, render, viewer_of
from echange.http.crosssite import own_origin
from echange.media import Store
from echange.members import face_photo, trust_of


async def find_ad(request: Request) -> Response:
    """GET /annonces/12: to its full address."""
    ad = await Ad.visible_to(viewer_of(request), draft_key_of(request)).get_or_none(
        id=request.path_params["id"]
    )
    if ad is None:
        raise NotFound
    return _moved(_home_of(ad))


async def show_ad(request: Request) -> Response:
    """GET /annonces/12-fauteuil-crapaud"""
    ad = await visible_ad(request)
    if request.url.path != _home_of(ad):
        return _moved(_home_of(ad))
    return render(request, "ads/show_ad.html", await page_of(ad, request))


async def page_of(ad: Ad, request: Request) -> dict[str, Any]:
    """What the page of an annonce needs, with an empty answer."""
    viewer = viewer_of(request)
    owner = None if ad.organisation_id else ad.owner
    detail = detail_of(ad, viewer, await face_photo(owner, viewer) if owner else "")
    settings = request.app.state.settings
    origin = own_origin(request, settings) or ""
    return {
        "ad": detail,
        "sharing": sharing_of(ad, detail, origin, settings.town_name),
        "trust": await trust_of(owner.id, viewer) if owner else None,
        "others": await near(ad.id, ad.category, ad.quartier_id, viewer),
        "is_favourite": await Favourite.is_kept(ad.id, viewer),
        **await answer_box(ad, viewer),
        "form": blank(AnswerForm, client_id=client_id()),
        "origin": origin,
    }


async def show_photo(request: Request) -> Response:
    """GET /annonces/12/photos/7-640.webp, for whoever may see the annonce."""
    place: Mapping[str, int] = request.path_params
    ad = await Ad.visible_to(viewer_of(request), draft_key_of(request)).get_or_none(id=place["id"])
    photo = ad and await AdPhoto.get_or_none(id=place["photo"], ad_id=ad.id)
    if not ad or not photo or place["width"] not in photo.widths:
        raise NotFound
    store: Store = request.app.state.store
    path = store.path(photo.name, place["width"])
    if not path.is_file():
        raise NotFound
    # A photo never changes under its address; a draft's is nobody's business yet.
    kept = "private, max-age=31536000, immutable" if ad.published_at else "private, no-store"
    return FileResponse(path, media_type="image/webp", headers={"cache-control": kept})


def _home_of(ad: Ad) -> str:
    return ad_url(ad.id, ad.title) if ad.published_at else f"/publier/{ad.id}/apercu"


def _moved(address: str) -> Response:
    # Not to be remembered: titles change, and change back.
    return RedirectResponse(address, status_code=301, headers={"cache-control": "no-cache"})
