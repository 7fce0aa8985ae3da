"""Safe photo intake: what a neighbour sends is decoded, redrawn as WebP and kept under a name of ours.

`take_photo` never keeps a byte of the original: its metadata, its name and whatever hides in it are gone.
"""

from echange.media.intake import MAX_BYTES, MAX_PIXELS, WIDTHS, StoredPhoto, take_photo
from echange.media.refusals import PhotoRefused
from echange.media.store import StorageFull, Store

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "WIDTHS",
    "PhotoRefused",
    "StorageFull",
    "Store",
    "StoredPhoto",
    "take_photo",
]
