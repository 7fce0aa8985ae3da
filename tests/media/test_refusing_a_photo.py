"""What is not a photo, or would hurt, is refused with a clear message and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

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
