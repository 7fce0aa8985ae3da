"""Pictures as cameras, drawing programs and attackers make them, drawn by code."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

SCRIPT = b"<html><body><script>alert(document.cookie)</script></body></html>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><rect/></svg>"


def scene(width: int = 90, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right: one can see how it was turned."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    picture.paste((30, 30, 200), (width // 2, 0, width, height))
    return picture.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """A picture that compresses badly."""
    return Image.effect_noise((width, height), 90).convert("RGB")


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif_with_position(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Marque de l'appareil"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (IFDRational(48), IFDRational(51), IFDRational(7))
    return exif


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def red_for_blue_profile() -> bytes:
    """A profile of a screen whose red and blue lamps are exchanged (ICC.1, 7.3: the table of tags)."""
    profile = bytearray(srgb_profile())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def lab_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def png_claiming(width: int, height: int, scanlines: bytes = b"") -> bytes:
    """A grey PNG whose header claims any size, with whatever pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(scanlines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def png_with_texts(count: int) -> bytes:
    """A PNG with texts that unfold to a megabyte each."""
    header = struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0)
    text = b"Comment\0\0" + zlib.compress(bytes(1_000_000), 9)
    chunks = [
        (b"IHDR", header),
        *[(b"zTXt", text)] * count,
        (b"IDAT", zlib.compress(bytes(110))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def webp_claiming(width: int, height: int) -> bytes:
    """An animated WebP whose canvas claims any size."""
    data = bytearray(encoded(scene(), "WEBP", save_all=True, append_images=[scene(mode="L")]))
    data[24:27] = (width - 1).to_bytes(3, "little")
    data[27:30] = (height - 1).to_bytes(3, "little")
    return bytes(data)


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose frame header (ITU T.81, B.2.2) claims any size."""
    data = bytearray(encoded(scene()))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)
