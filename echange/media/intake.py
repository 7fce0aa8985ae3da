"""A file from a stranger becomes WebP pictures of ours, or a clear refusal."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from echange.media.outline import is_whole_jpeg, is_whole_png, is_whole_webp
from echange.media.refusals import PhotoRefused
from echange.media.store import Store

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
WIDTHS: Final = (320, 640, 1280)

# Two at once: a decoded photo of 40 megapixels holds 160 MB.
_studio = ThreadPoolExecutor(max_workers=2, thread_name_prefix="photo")


@dataclass(frozen=True)
class StoredPhoto:
    """A photo kept in the store: the size in pixels of its largest variant, and the widths that exist."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]


async def take_photo(data: bytes, store: Store) -> StoredPhoto:
    """Check, redraw and keep a JPEG, PNG or WebP photo of at most 10 MB and 40 megapixels.

    Raises PhotoRefused when it is not one, StorageFull when there is no room; nothing is kept then.
    """
    _check_bytes(data)
    return await asyncio.get_running_loop().run_in_executor(_studio, _take, data, store)


def _check_bytes(data: bytes) -> None:
    """What costs nothing to see is refused first, by content and never by declared type."""
    if not data:
        raise PhotoRefused("empty")
    if len(data) > MAX_BYTES:
        raise PhotoRefused("too_heavy")
    if not is_photo(data):
        raise PhotoRefused("not_a_photo")
    if not _is_whole(data):
        raise PhotoRefused("broken")


def is_photo(data: bytes) -> bool:
    """Whether these bytes begin as a JPEG, PNG or WebP does."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _is_webp(data)


def _is_webp(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def _is_whole(data: bytes) -> bool:
    """Whether the file's end is there; without it, a decoder works a second before it finds out."""
    if data.startswith(b"\x89PNG"):
        return is_whole_png(data)
    return is_whole_webp(data) if data.startswith(b"RIFF") else is_whole_jpeg(data)


def _take(data: bytes, store: Store) -> StoredPhoto:
    # Pillow comes with the first photo: a start is quicker without it, and a server at rest lighter.
    from echange.media.redrawing import redrawn

    drawn = redrawn(data)
    name = secrets.token_hex(16)
    store.keep(name, drawn.variants)
    return StoredPhoto(name, drawn.width, drawn.height, tuple(drawn.variants))
