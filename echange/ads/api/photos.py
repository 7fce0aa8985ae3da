"""Photos of annonces in JSON."""

from echange.ads.addresses import photo_url
from echange.ads.loading import own_ad
from echange.ads.models import AdPhoto
from echange.media.album_api import PhotoOut, photo_api_routes


def photo_out(photo: AdPhoto) -> PhotoOut:
    """A photo by its largest file."""
    url = photo_url(photo.ad_id, photo.id, max(photo.widths))
    return PhotoOut(id=photo.id, url=url, width=photo.width, height=photo.height, alt=photo.alt)


routes = photo_api_routes("/ads/{id:id}", own_ad, AdPhoto, photo_out)
