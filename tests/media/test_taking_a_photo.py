"""What a neighbour's photo becomes."""

from pathlib import Path

import pytest
from PIL import Image

from echange.media import Store, StoredPhoto, take_photo
from tests.media.pictures import (
    SCRIPT,
    encoded,
    exif_with_position,
    lab_profile,
    red_for_blue_profile,
    scene,
    srgb_profile,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


def kept(store: Store, photo: StoredPhoto, width: int | None = None) -> Image.Image:
    picture = Image.open(store.path(photo.name, width or photo.width))
    picture.load()
    return picture


def colour(picture: Image.Image, x: float, y: float) -> str:
    """The dominant colour at a place given as fractions of the sides."""
    rgb = picture.convert("RGB").getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))
    assert isinstance(rgb, tuple)
    return "red" if rgb[0] > rgb[2] + 60 else "blue" if rgb[2] > rgb[0] + 60 else "grey"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_is_redrawn_as_webp_in_three_widths(store: Store, kind: str) -> None:
    photo = await take_photo(encoded(scene(2000, 1500), kind), store)

    assert (photo.width, photo.height, photo.widths) == (1280, 960, (320, 640, 1280))
    for width in photo.widths:
        variant = kept(store, photo, width)
        assert variant.format == "WEBP"
        assert variant.size == (width, width * 3 // 4)
        assert (colour(variant, 0.2, 0.5), colour(variant, 0.8, 0.5)) == ("red", "blue")


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, (1,)), (320, (320,)), (500, (320, 500)), (640, (320, 640)), (1280, (320, 640, 1280))],
)
async def test_a_small_photo_is_never_upscaled(store: Store, width: int, widths: tuple[int, ...]) -> None:
    photo = await take_photo(encoded(scene(width, 200)), store)

    assert photo.widths == widths
    assert kept(store, photo).size == (width, 200)


@pytest.mark.parametrize(("size", "expected"), [((1000, 30000), (85, 2560)), ((30000, 10), (1280, 1))])
async def test_a_ribbon_is_kept_whole_within_our_limits(
    store: Store, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    photo = await take_photo(encoded(scene(*size)), store)

    assert kept(store, photo).size == (photo.width, photo.height) == expected


async def test_names_are_ours_and_differ_each_time(store: Store) -> None:
    data = encoded(scene())
    first, second = await take_photo(data, store), await take_photo(data, store)

    assert first.name != second.name
    assert len(bytes.fromhex(first.name)) == 16


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_where_and_by_what_it_was_taken_is_forgotten(store: Store, kind: str) -> None:
    secrets = {
        "exif": exif_with_position(),
        "icc_profile": srgb_profile(),
        "xmp": b"<x:xmpmeta>Alice</x:xmpmeta>",
    }
    data = encoded(scene(), kind, **secrets, **({"comment": b"chez Alice"} if kind == "JPEG" else {}))
    assert b"Marque" in data

    photo = await take_photo(data, store)

    content = store.path(photo.name, photo.width).read_bytes()
    for trace in (b"Marque", b"Alice", b"EXIF", b"XMP ", b"ICCP"):
        assert trace not in content
    assert dict(kept(store, photo).getexif()) == {}


LEFT_TOP, RIGHT_TOP, LEFT_BOTTOM, RIGHT_BOTTOM = (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)


@pytest.mark.parametrize(
    ("orientation", "red", "blue"),
    [
        (1, LEFT_TOP, RIGHT_TOP),
        (2, RIGHT_TOP, LEFT_TOP),
        (3, RIGHT_BOTTOM, LEFT_BOTTOM),
        (4, LEFT_BOTTOM, RIGHT_BOTTOM),
        (5, LEFT_TOP, LEFT_BOTTOM),
        (6, RIGHT_TOP, RIGHT_BOTTOM),
        (7, RIGHT_BOTTOM, RIGHT_TOP),
        (8, LEFT_BOTTOM, LEFT_TOP),
        (99, LEFT_TOP, RIGHT_TOP),
    ],
)
async def test_a_photo_taken_on_its_side_stands_upright(
    store: Store, orientation: int, red: tuple[float, float], blue: tuple[float, float]
) -> None:
    picture = scene(3000, 2000)
    picture.paste((128, 128, 128), (0, 1000, 3000, 2000))
    photo = await take_photo(encoded(picture, exif=exif_with_position(orientation)), store)

    upright = kept(store, photo)
    assert upright.size == ((1280, 1920) if 5 <= orientation <= 8 else (1280, 853))
    assert (colour(upright, *red), colour(upright, *blue)) == ("red", "blue")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
async def test_broken_metadata_does_not_cost_the_photo(store: Store) -> None:
    data = encoded(scene(), exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f" + b"\xff" * 20)

    photo = await take_photo(data, store)

    assert colour(kept(store, photo), 0.1, 0.5) == "red"


async def test_what_hides_behind_a_photo_is_dropped(store: Store) -> None:
    photo = await take_photo(encoded(scene(), comment=SCRIPT) + SCRIPT, store)

    assert b"script" not in store.path(photo.name, photo.width).read_bytes()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_an_animation_becomes_its_first_picture(store: Store, kind: str) -> None:
    green = Image.new("RGB", (90, 60), (0, 200, 0))
    photo = await take_photo(encoded(scene(), kind, save_all=True, append_images=[green]), store)

    picture = kept(store, photo)
    assert getattr(picture, "n_frames", 1) == 1
    assert colour(picture, 0.1, 0.5) == "red"


async def test_several_pictures_in_one_jpeg_become_the_first(store: Store) -> None:
    data = encoded(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (90, 60), (0, 200, 0))])

    photo = await take_photo(data, store)

    assert colour(kept(store, photo), 0.1, 0.5) == "red"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("1", "PNG"),
        ("L", "PNG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
    ],
)
async def test_every_kind_of_colours_becomes_plain_rgb(store: Store, mode: str, kind: str) -> None:
    photo = await take_photo(encoded(scene(mode=mode), kind), store)

    picture = kept(store, photo)
    assert picture.mode == "RGB"
    expected = ("grey", "grey") if mode in {"1", "L"} else ("red", "blue")
    assert (colour(picture, 0.1, 0.5), colour(picture, 0.9, 0.5)) == expected


async def test_sixteen_bits_of_grey_keep_their_tones(store: Store) -> None:
    deep = Image.new("I;16", (90, 60), 128 * 256)

    picture = kept(store, await take_photo(encoded(deep, "PNG"), store))

    assert picture.convert("L").getpixel((45, 30)) == pytest.approx(128, abs=8)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
async def test_what_is_transparent_lies_on_white_paper(store: Store, mode: str) -> None:
    clear = Image.new("RGBA", (90, 60), (0, 0, 0, 0))
    clear.paste((200, 30, 30, 255), (0, 0, 45, 60))
    options = {"transparency": 0} if mode == "P" else {}
    picture = Image.new("P", (90, 60), 0) if mode == "P" else clear.convert(mode)

    photo = await take_photo(encoded(picture, "PNG", **options), store)

    white = kept(store, photo).getpixel((80, 30))
    assert isinstance(white, tuple)
    assert min(white) >= 250


@pytest.mark.parametrize("profile", [srgb_profile(), lab_profile(), b"not a profile"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
async def test_a_colour_profile_is_applied_or_ignored(store: Store, profile: bytes, mode: str) -> None:
    photo = await take_photo(encoded(scene(mode=mode), "PNG", icc_profile=profile), store)

    assert colour(kept(store, photo), 0.1, 0.5) == "red"


async def test_the_colours_of_a_profile_are_carried_over(store: Store) -> None:
    photo = await take_photo(encoded(scene(), icc_profile=red_for_blue_profile()), store)

    picture = kept(store, photo)
    assert (colour(picture, 0.1, 0.5), colour(picture, 0.9, 0.5)) == ("blue", "red")
