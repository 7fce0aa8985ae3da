"""Photos of annonces in JSON."""

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.addresses import photo_url
from echange.ads.forms import PhotoPatch
from echange.ads.loading import own_ad
from echange.ads.models import Ad, AdPhoto
from echange.http import NotFound, Out, Rate, api, member, read_json
from echange.http import answer as reply
from echange.media.album_forms import add_sent_photo


class PhotoOut(Out):
    id: int
    url: str
    width: int
    height: int
    alt: str


async def add_photo(request: Request) -> Response:
    """Multipart: `file`, and `alt` for what one sees on it."""
    ad = await own_ad(request)
    return reply(photo_out(await add_sent_photo(request, ad, AdPhoto)), 201)


async def change_photo(request: Request) -> Response:
    """What one sees on it, or that it comes first."""
    ad, photo = await _own_photo(request)
    form = await read_json(request, PhotoPatch)
    if form.alt is not None:
        await AdPhoto.filter(id=photo.id).update(alt=form.alt)
    if form.first:
        await AdPhoto.move(ad, photo.id, "first")
    return reply(photo_out(await AdPhoto.get(id=photo.id)))


async def delete_photo(request: Request) -> Response:
    ad, photo = await _own_photo(request)
    await AdPhoto.forget(ad, [photo.id], request.app.state.store)
    return reply(None, 204)


async def _own_photo(request: Request) -> tuple[Ad, AdPhoto]:
    ad = await own_ad(request)
    photo = await AdPhoto.get_or_none(id=request.path_params["photo"], ad_id=ad.id)
    if photo is None:
        raise NotFound
    return ad, photo


def photo_out(photo: AdPhoto) -> PhotoOut:
    """A photo by its largest file."""
    url = photo_url(photo.ad_id, photo.id, max(photo.widths))
    return PhotoOut(id=photo.id, url=url, width=photo.width, height=photo.height, alt=photo.alt)


routes = [
    api("POST", "/ads/{id:id}/photos", add_photo, who=member, summary="Ajouter une photo (champ « file »)",
        answer=PhotoOut, upload=True, status=201, limit=Rate("photo", 60, 3600)),
    api("PATCH", "/ads/{id:id}/photos/{photo:id}", change_photo, who=member,
        summary="Dire ce que montre une photo, ou la mettre en premier", body=PhotoPatch, answer=PhotoOut),
    api("DELETE", "/ads/{id:id}/photos/{photo:id}", delete_photo, who=member, summary="Retirer une photo",
        status=204),
]  # fmt: skip
