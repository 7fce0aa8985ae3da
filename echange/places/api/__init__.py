"""Places in JSON."""

from typing import Final

from echange.places.api import hours, places

routes: Final = [*places.routes, *hours.routes]
