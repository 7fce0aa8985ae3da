"""Pages of places, and of their hours."""

from typing import Final

from starlette.requests import Request

from echange.http import GuardedRoute
from echange.i18n import gettext as _
from echange.places.hours_pages import SiteOwner, hours_routes
from echange.places.loading import kept_place
from echange.places.pages import places


async def owner_of(request: Request) -> SiteOwner:
    """The place of the address, whose hours may be changed. Raises NotFound, NotAllowed."""
    place = await kept_place(request)
    return SiteOwner(place.site_id, place.name, place.url, ((_("Lieux"), "/lieux"), (place.name, place.url)))


routes: Final[list[GuardedRoute]] = [*places.routes, *hours_routes("/lieux/{slug:slug}", owner_of)]
