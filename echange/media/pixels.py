"""From whatever a camera or a drawing program wrote to plain upright sRGB."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

ORIENTATION: Final = 0x0112
# EXIF 2.32, 4.6.4: how the stored picture must be turned to be seen upright.
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
WHITE: Final = (255, 255, 255)
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def orientation(photo: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 when it is absent or makes no sense."""
    try:
        value = photo.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 — broken metadata must not cost a neighbour their photo.
        return 1
    return value if value in UPRIGHT else 1


def plain(photo: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The photo at this size, eight bits of sRGB on white paper, without any metadata."""
    # Shrunk before anything costly; Pillow weighs colours by their alpha while it does.
    small = _eight_bits(photo).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    alpha = small.getchannel("A") if small.mode == "RGBA" else None
    colours = small.convert("RGB") if alpha else small
    paper = Image.new("RGB", size, WHITE)
    paper.paste(_srgb(colours, photo.info.get("icc_profile")), mask=alpha)
    return paper


def _eight_bits(photo: Image.Image) -> Image.Image:
    if photo.mode.startswith("I"):
        # Pillow clips sixteen bits to eight instead of scaling them.
        return photo.point(lambda level: level * (1 / 256)).convert("L")
    if photo.mode != "RGBA" and photo.has_transparency_data:
        return photo.convert("RGBA")
    return photo if photo.mode in {"L", "RGB", "RGBA", "CMYK"} else photo.convert("RGB")


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None  # A profile that does not fit the picture: its plain colours are the best guess.
        if converted:
            return converted
    return picture.convert("RGB")
