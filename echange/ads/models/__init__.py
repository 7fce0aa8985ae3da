"""The nouns of this room."""

from echange.ads.models.ad import Ad
from echange.ads.models.answer import Answer
from echange.ads.models.closure import Closure
from echange.ads.models.event import AdEvent
from echange.ads.models.favourite import Favourite
from echange.ads.models.photo import AdPhoto
from echange.ads.models.reservation import Reservation

__all__ = ["Ad", "AdEvent", "AdPhoto", "Answer", "Closure", "Favourite", "Reservation"]
