"""The nouns of this room."""

from echange.ads.models.ad import MOST_PHOTOS, Ad
from echange.ads.models.answer import Answer
from echange.ads.models.closure import Closure
from echange.ads.models.photo import AdPhoto

__all__ = ["MOST_PHOTOS", "Ad", "AdPhoto", "Answer", "Closure"]
