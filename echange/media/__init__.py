"""Safe intake of photos and files: nothing that a neighbour sends is kept under a name of theirs.

A photo is decoded and redrawn as WebP: its metadata and whatever hides in it are gone (`take_photo`).
A file is kept as it is, but only of a few kinds, known by their content (`take_file`).
"""

from echange.media.files import StoredFile, take_file
from echange.media.intake import MAX_BYTES, MAX_PIXELS, WIDTHS, StoredPhoto, is_photo, take_photo
from echange.media.refusals import FileRefused, PhotoRefused
from echange.media.store import StorageFull, Store

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "WIDTHS",
    "FileRefused",
    "PhotoRefused",
    "StorageFull",
    "Store",
    "StoredFile",
    "StoredPhoto",
    "is_photo",
    "take_file",
    "take_photo",
]
