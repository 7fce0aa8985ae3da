"""A poster with tear-offs for a notice board: the annonce on paper, and the way back to it."""

from io import BytesIO
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.addresses import ad_url
from echange.ads.loading import visible_ad
from echange.ads.models import Ad
from echange.ads.showing import detail_of
from echange.http import NotFound, render, viewer_of
from echange.http.crosssite import own_origin

STRIPS: Final = 8
# What fits on a sheet beside a picture, read from two metres.
LONGEST_TEXT: Final = 480
QR_SECONDS: Final = 86_400


async def poster(request: Request) -> Response:
    """GET /annonces/12/affiche: one sheet to print, by anybody."""
    ad = await _open_ad(request)
    text = "\n".join(line for line in ad.body.splitlines() if line.strip())
    context = {
        "ad": detail_of(ad, viewer_of(request)),
        "text": text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rsplit(" ", 1)[0] + "…",
        "address": _address(request, ad).split("://", 1)[1],
        "qr": f"/annonces/{ad.id}/qr.svg",
        "back": ad_url(ad.id, ad.title),
        "strips": STRIPS,
    }
    return render(request, "ads/poster.html", context)


async def qr(request: Request) -> Response:
    """GET /annonces/12/qr.svg: its short address as a QR code (ISO/IEC 18004), a sixth of it may be dirty."""
    import segno

    ad = await _open_ad(request)
    drawn = BytesIO()
    code = segno.make(_address(request, ad), error="m", micro=False)
    code.save(drawn, kind="svg", border=2, dark="#000", light="#fff", omitsize=True)
    headers = {"cache-control": f"private, max-age={QR_SECONDS}"}
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers=headers)


async def _open_ad(request: Request) -> Ad:
    ad = await visible_ad(request)
    if ad.state not in {"published", "reserved"}:
        raise NotFound
    return ad


def _address(request: Request, ad: Ad) -> str:
    settings = request.app.state.settings
    origin = own_origin(request, settings) or f"http://127.0.0.1:{settings.port}"
    return f"{origin}/a/{ad.id}"
