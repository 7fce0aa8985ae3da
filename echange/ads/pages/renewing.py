"""One more time: the link of a mail renews an annonce without signing in."""

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.links import is_spent, read_renewal
from echange.ads.loading import whole
from echange.ads.models import Ad
from echange.ads.refusals import AlreadyClosed, HiddenAd, TooEarly
from echange.ads.showing import detail_of
from echange.http import NotFound, redirect, render
from echange.http.dates import day
from echange.i18n import gettext as _


async def ask_renewal(request: Request) -> Response:
    """GET /renouveler/…: one button; reading a mail renews nothing."""
    ad, spent = await _meant(request)
    is_open = ad.state in {"published", "reserved", "expired"}
    context = {"ad": detail_of(ad, None), "spent": spent, "is_open": is_open, "path": request.url.path}
    return render(request, "ads/renew.html", context)


async def renew_by_link(request: Request) -> Response:
    """POST /renouveler/…"""
    ad, spent = await _meant(request)
    here = request.url.path
    if spent:
        return redirect(request, here)
    try:
        await ad.renew()
    except (TooEarly, AlreadyClosed, HiddenAd) as refusal:
        return redirect(request, here, say=refusal.title, kind="info")
    return redirect(request, here, say=renewed_words(ad))


def renewed_words(ad: Ad) -> str:
    """What is said once it is done."""
    if ad.expires_at is None:
        return _("C’est noté : votre offre est toujours valable. Merci !")
    return _("C’est prolongé : votre annonce est en ligne jusqu’au {day}.").format(day=day(ad.expires_at))


async def _meant(request: Request) -> tuple[Ad, bool]:
    """The annonce of a signed link, and whether it was vouched for since. Raises NotFound."""
    signed = read_renewal(request.app.state.secret, request.path_params["token"])
    ad = signed and await whole(Ad.filter(id=signed[0], published_at__isnull=False)).first()
    if not signed or not ad:
        raise NotFound
    return ad, is_spent(signed[1], ad.vouched_at)
