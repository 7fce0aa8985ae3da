"""Addresses of annonces and their photos."""

import re
from functools import lru_cache
from typing import Final

from echange.members import fold

LONGEST_SLUG: Final = 60


def ad_url(ad_id: int, title: str) -> str:
    """/annonces/12-fauteuil-crapaud"""
    return f"/annonces/{ad_id}-{slug(title)}"


def photo_url(ad_id: int, photo_id: int, width: int) -> str:
    """The file of one width, in pixels."""
    return f"/annonces/{ad_id}/photos/{photo_id}-{width}.webp"


@lru_cache(maxsize=4096)
def slug(title: str) -> str:
    """A title as letters and dashes; « annonce » when none is left (emoji, other scripts)."""
    return "-".join(re.findall("[a-z0-9]+", fold(title)))[:LONGEST_SLUG].strip("-") or "annonce"
