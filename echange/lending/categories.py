"""What a thing is for: those categories of annonces in which things are lent, and their drawings."""

from typing import Final

from echange import ads
from echange.lending.kinds import ON_THE_SPOT

SLUGS: Final = (
    "bricolage", "travaux", "jardin", "terre", "fetes", "repas", "cuisine", "electromenager", "musique",
    "image", "instruments", "informatique", "sport", "velo", "demenagement", "enfants", "meubles",
    "vetements", "livres", "divers",
)  # fmt: skip
CATEGORIES: Final = {slug: ads.CATEGORIES[slug] for slug in SLUGS}
OTHER: Final = "divers"
ROOMS: Final = "board"


def suggested_for(title: str, kind: str = "thing") -> str:
    """The category that a title speaks of; what is used on the spot has none."""
    if kind in ON_THE_SPOT:
        return ""
    suggested = ads.suggested_for(title)
    return suggested if suggested in CATEGORIES else OTHER


def drawing_of(category: str, kind: str = "thing") -> str:
    """The drawing that stands in for a photo."""
    known = CATEGORIES.get(category)
    if known is not None:
        return known.drawing
    return ROOMS if kind == "room" else CATEGORIES[OTHER].drawing
