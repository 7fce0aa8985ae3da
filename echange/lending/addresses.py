"""Addresses of what is lent, and of its photos."""

import re
from functools import lru_cache
from typing import Final

from echange.members import fold

LONGEST_SLUG: Final = 60


def item_url(item_id: int, title: str) -> str:
    """/prets/12-perceuse"""
    return f"/prets/{item_id}-{slug(title)}"


def photo_url(item_id: int, photo_id: int, width: int) -> str:
    """The file of one width, in pixels."""
    return f"/prets/{item_id}/photos/{photo_id}-{width}.webp"


def unit_url(code: str) -> str:
    """Where a label leads."""
    return f"/prets/u/{code}"


@lru_cache(maxsize=4096)
def slug(title: str) -> str:
    """A title as letters and dashes; « objet » when none is left (emoji, other scripts)."""
    return "-".join(re.findall("[a-z0-9]+", fold(title)))[:LONGEST_SLUG].strip("-") or "objet"
