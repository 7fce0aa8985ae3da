"""Places of the town where neighbours meet, collect and use things: their hours, and how to reach them."""

from echange.places.api.hours import hours_api_routes
from echange.places.closing import ClosureListener, Touched
from echange.places.hours import DayLine, OpenState, short_clock, span_said, state_at, week_of
from echange.places.hours_pages import SiteOwner, hours_routes
from echange.places.models import Place
from echange.places.parts import PlacePart
from echange.places.queries import sitemap_places

__all__ = [
    "ClosureListener",
    "DayLine",
    "OpenState",
    "Place",
    "PlacePart",
    "SiteOwner",
    "Touched",
    "hours_api_routes",
    "hours_routes",
    "short_clock",
    "sitemap_places",
    "span_said",
    "state_at",
    "week_of",
]
