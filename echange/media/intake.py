"""A file from a stranger becomes WebP pictures of ours, or a clear refusal."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, PngImagePlugin

from echange.media.outline import is_whole_jpeg, is_whole_png, is_whole_webp
from echange.media.pixels import UPRIGHT, orientation, plain
from echange.media.refusals import PhotoRefused
from echange.media.store import Store

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
WIDTHS: Final = (320, 640, 1280)
# A ribbon of a picture would otherwise pass WebP's own limit of 16 383 pixels.
MAX_HEIGHT: Final = 2 * WIDTHS[-1]

# Two at once: a decoded photo of 40 megapixels holds 160 MB.
_studio = ThreadPoolExecutor(max_workers=2, thread_name_prefix="photo")

# Pillow then refuses the largest bombs while it reads their header, before any decoder is made.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Compressed texts in a PNG, in bytes once unfolded: we keep none, so reading many is only a way to hurt.
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024


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
    picture = _decoded(data)
    name = secrets.token_hex(16)
    widths = (*(width for width in WIDTHS if width < picture.width), picture.width)
    store.keep(name, {width: _webp(picture, width) for width in widths})
    return StoredPhoto(name, picture.width, picture.height, widths)


def _decoded(data: bytes) -> Image.Image:
    """The first frame, upright, sRGB, no larger than our largest variant, with no metadata."""
    try:
        photo = _opened(data)
        turn = orientation(photo)
        size = _largest(photo, on_its_side=turn >= 5)
        # A JPEG can be decoded straight at a half, a quarter or an eighth of its size.
        photo.draft(None, size)
        picture = plain(photo, size)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused("too_many_pixels") from error
    except Exception as error:  # Decoders of hostile bytes raise nearly anything: each means the same here.
        raise PhotoRefused("broken") from error
    return picture.transpose(UPRIGHT[turn]) if turn in UPRIGHT else picture


def _opened(data: bytes) -> Image.Image:
    """The photo with only its header read. Raises PhotoRefused before anything large is allocated."""
    photo = Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
    if photo.width * photo.height > MAX_PIXELS:
        raise PhotoRefused("too_many_pixels")
    return photo


def _largest(photo: Image.Image, *, on_its_side: bool) -> tuple[int, int]:
    """The size of our largest variant, as the photo lies: within the limits, never upscaled."""
    width, height = (MAX_HEIGHT, WIDTHS[-1]) if on_its_side else (WIDTHS[-1], MAX_HEIGHT)
    scale = min(1.0, width / photo.width, height / photo.height)
    return max(1, round(photo.width * scale)), max(1, round(photo.height * scale))


def _webp(picture: Image.Image, width: int) -> bytes:
    height = max(1, round(picture.height * width / picture.width))
    sized = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
    out = BytesIO()
    sized.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
