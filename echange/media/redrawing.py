"""A photo decoded and drawn anew as WebP, in the sizes we keep; done in a thread."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, PngImagePlugin

from echange.media.intake import MAX_PIXELS, WIDTHS
from echange.media.pixels import UPRIGHT, orientation, plain
from echange.media.refusals import PhotoRefused

# A ribbon of a picture would otherwise pass WebP's own limit of 16 383 pixels.
MAX_HEIGHT: Final = 2 * WIDTHS[-1]

# Pillow then refuses the largest bombs while it reads their header, before any decoder is made.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Compressed texts in a PNG, in bytes once unfolded: we keep none, so reading many is only a way to hurt.
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class Redrawn:
    """The size in pixels of the largest variant, and every variant as WebP by its width."""

    width: int
    height: int
    variants: dict[int, bytes]


def redrawn(data: bytes) -> Redrawn:
    """The photo in these bytes, redrawn. Raises PhotoRefused."""
    picture = _decoded(data)
    widths = (*(width for width in WIDTHS if width < picture.width), picture.width)
    return Redrawn(picture.width, picture.height, {width: _webp(picture, width) for width in widths})


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
