"""What is not a photo, or would hurt, is refused with a clear message and leaves nothing behind."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from echange.media import MAX_BYTES, PhotoRefused, Store, take_photo
from tests.media.pictures import (
    SCRIPT,
    SVG,
    encoded,
    jpeg_claiming,
    png_claiming,
    png_with_texts,
    scene,
    webp_claiming,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


async def refusal(data: bytes, store: Store) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as refused:
        await take_photo(data, store)
    assert not store.folder.exists()
    return refused.value


async def test_an_empty_file_is_refused(store: Store) -> None:
    assert (await refusal(b"", store)).code == "empty"


async def test_more_than_ten_megabytes_are_refused(store: Store) -> None:
    photo = encoded(scene())
    assert (await refusal(photo + bytes(MAX_BYTES), store)).code == "too_heavy"
    await take_photo(photo + bytes(MAX_BYTES - len(photo)), store)


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        SCRIPT,
        b"GIF89a" + bytes(200),
        encoded(scene(), "GIF"),
        encoded(scene(), "TIFF"),
        encoded(scene(), "AVIF"),
        b"%PDF-1.7\n" + bytes(100),
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\xff\xd8",
    ],
    ids=["svg", "html", "false gif", "gif", "tiff", "avif", "pdf", "sound", "two bytes"],
)
async def test_only_jpeg_png_and_webp_are_photos_whatever_they_are_called(store: Store, data: bytes) -> None:
    refused = await refusal(data, store)

    assert refused.code == "not_a_photo"
    assert refused.message == "Ce fichier n’est pas une photo JPEG, PNG ou WebP."


@pytest.mark.parametrize("claiming", [png_claiming, webp_claiming, jpeg_claiming])
@pytest.mark.parametrize("size", [(8000, 6000), (12_000, 9_000), (65_000, 65_000)])
async def test_a_bomb_is_refused_by_what_its_header_claims(
    store: Store, claiming: Callable[[int, int], bytes], size: tuple[int, int]
) -> None:
    assert (await refusal(claiming(*size), store)).code == "too_many_pixels"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
async def test_a_photo_just_above_forty_megapixels_is_refused(store: Store) -> None:
    assert (await refusal(png_claiming(8001, 5000), store)).code == "too_many_pixels"


async def test_forty_megapixels_are_taken(store: Store) -> None:
    photo = await take_photo(png_claiming(8000, 5000, bytes(5000 * 8001)), store)

    assert (photo.width, photo.height) == (1280, 800)


async def test_a_bomb_of_texts_is_refused(store: Store) -> None:
    assert (await refusal(png_with_texts(50), store)).code == "broken"
    await take_photo(png_with_texts(2), store)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
async def test_a_photo_cut_short_is_refused(store: Store, kind: str, share: float) -> None:
    whole = encoded(scene(800, 600), kind)

    assert (await refusal(whole[: int(len(whole) * share)], store)).code == "broken"


@pytest.mark.parametrize(
    "data",
    [
        png_claiming(6000, 6000),
        png_claiming(100, 100, bytes(50)),
        b"\x89PNG\r\n\x1a\n" + SCRIPT + b"IEND\xaeB`\x82",
        b"\xff\xd8\xff\xe0" + SCRIPT + b"\xff\xd9",
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(100),
        encoded(scene(), "PNG").replace(b"IDAT", b"IDAX"),
    ],
    ids=["no pixels", "few pixels", "html in png", "html in jpeg", "empty webp", "wrong sum"],
)
async def test_a_broken_photo_is_refused(store: Store, data: bytes) -> None:
    refused = await refusal(data, store)

    assert refused.code == "broken"
    assert refused.message == "Cette photo est abîmée ou incomplète. Essayez-en une autre."


def _chunk(kind: bytes) -> bytes:
    return struct.pack(">I", 0) + kind + struct.pack(">I", zlib.crc32(kind))


def png_of_crumbs() -> bytes:
    """A good PNG with so many empty pieces in it that reading them takes seconds."""
    whole = encoded(scene(), "PNG")
    return whole[:33] + _chunk(b"abCd") * 100_000 + whole[33:]


def jpeg_of_comments() -> bytes:
    whole = encoded(scene())
    return whole[:2] + b"\xff\xfe\x00\x02" * 100_000 + whole[2:]


def jpeg_of_padding() -> bytes:
    whole = encoded(scene())
    return whole[:2] + b"\xff" * 100_000 + whole[2:]


def jpeg_of_scans() -> bytes:
    """Two hundred kilobytes that ask for a thousand looks at every pixel."""
    whole = encoded(scene(3000, 2000), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * 1000 + whole[-2:]


@pytest.mark.parametrize("made", [png_of_crumbs, jpeg_of_comments, jpeg_of_padding, jpeg_of_scans])
async def test_a_photo_in_countless_pieces_is_refused_before_it_is_decoded(
    store: Store, made: Callable[[], bytes]
) -> None:
    assert (await refusal(made(), store)).code == "broken"


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"comment": b"\xff\xda\xff\xd9"}]
)
async def test_what_cameras_write_between_pixels_is_no_reason_to_refuse(
    store: Store, options: dict[str, Any]
) -> None:
    assert (await take_photo(encoded(scene(400, 300), **options), store)).width == 400


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_cut_anywhere_is_refused(store: Store, kind: str) -> None:
    whole = encoded(scene(64, 48), kind)
    for end in range(16, len(whole) - 1, 7):
        with pytest.raises(PhotoRefused):
            await take_photo(whole[:end], store)
