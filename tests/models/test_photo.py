"""Photos drawn anew: upright, in sRGB, in two sizes, with nothing else of the file; what is none is refused."""

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from models.photo import MOST_PIXELS, Drawn, Unusable, drawn_anew, fitted
from tests.ground.films import a_bomb, a_photo, place_and_turn


def made_of(content: bytes) -> dict[tuple[str, str], Drawn]:
    return {(one.shape, one.content_type): one for one in drawn_anew(BytesIO(content))}


def seen(drawn: Drawn) -> Image.Image:
    with Image.open(drawn.file) as image:
        return image.convert("RGB")


def is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 180 and pixel[2] < 80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_of_a_telephone_stands_upright_in_two_sizes_and_two_formats_and_its_place_is_gone(kind: str) -> None:
    content = a_photo(kind, (2000, 1000), exif=place_and_turn())
    assert b"SecretCamera" in content
    made = made_of(content)
    assert {key: (one.width, one.height) for key, one in made.items()} == {
        ("small", "image/webp"): (240, 480),
        ("small", "image/jpeg"): (240, 480),
        ("large", "image/webp"): (800, 1600),
        ("large", "image/jpeg"): (800, 1600),
    }
    for one in made.values():
        image = seen(one)
        assert image.size == (one.width, one.height)
        assert is_red(image.getpixel((one.width // 2, one.height // 8)))  # what was left is above
        assert not is_red(image.getpixel((one.width // 2, one.height * 7 // 8)))
        with Image.open(one.file) as opened:
            assert dict(opened.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened.info)
        assert b"Secret" not in one.content


def test_words_and_comments_in_the_file_are_gone() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretAuthor")
    for content in (a_photo("PNG", pnginfo=text), a_photo("JPEG", comment=b"SecretWords"), a_photo("WEBP", xmp=b"<x>SecretXmp</x>")):
        assert all(b"Secret" not in one.content for one in drawn_anew(BytesIO(content)))


def test_wide_colours_are_brought_to_srgb_before_their_profile_goes() -> None:
    """A profile whose red is sRGB's green, so that nobody can overlook whether it was heeded."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    pixel = seen(made_of(a_photo("JPEG", icc_profile=bytes(profile)))["large", "image/jpeg"]).getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert pixel[1] > 180 > pixel[0]


def test_a_profile_that_is_broken_is_as_good_as_none() -> None:
    for profile in (b"no profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()[:200]):
        assert is_red(seen(made_of(a_photo("JPEG", icc_profile=profile))["large", "image/jpeg"]).getpixel((10, 10)))


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("RGBA", "HEIF")],
)
def test_every_way_to_keep_colours_is_taken(mode: str, kind: str) -> None:
    buffer = BytesIO()
    Image.new(mode, (40, 20)).save(buffer, kind)
    assert made_of(buffer.getvalue())["large", "image/webp"].width == 40


def test_what_can_be_seen_through_stands_on_white() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(buffer, "PNG")
    assert seen(made_of(buffer.getvalue())["small", "image/jpeg"]).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_moving_pictures_the_first_is_kept(kind: str) -> None:
    buffer = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], **({"lossless": True} if kind == "WEBP" else {}))
    made = made_of(buffer.getvalue())
    assert is_red(seen(made["large", "image/webp"]).getpixel((20, 20)))
    assert len(made) == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unknown"),
        (b"GIF89a" + b"\0" * 100, "unknown"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "unknown"),
        (a_bomb(20_000, 20_000), "pixels"),
        (a_bomb(60_000, 60_000), "pixels"),
        (a_photo("PNG", (300, 300))[:120], "broken"),
        (a_photo("JPEG", (1200, 900))[:3000], "broken"),
        (a_photo("HEIF", (600, 600))[:400], "unknown"),
    ],
    ids=["nothing", "svg", "gif", "postscript", "bomb", "larger bomb", "png cut off", "jpeg cut off", "heic cut off"],
)
def test_what_is_no_photo_is_refused(content: bytes, reason: str) -> None:
    if len(content) > 1000:
        assert len(content) < 100_000
    with pytest.raises(Unusable) as refused:
        drawn_anew(BytesIO(content))
    assert refused.value.reason in {reason, "broken"}


def test_a_photo_that_was_cut_off_is_refused_in_a_process_that_also_prints() -> None:
    import weasyprint  # noqa: F401  it tells Pillow to be lenient

    assert ImageFile.LOAD_TRUNCATED_IMAGES
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = a_photo(kind, (1200, 900))
        with pytest.raises(Unusable):
            drawn_anew(BytesIO(whole[: len(whole) // 2]))


def test_the_limit_of_pixels_lets_every_telephone_through() -> None:
    assert 8064 * 6048 < MOST_PIXELS < 10_000 * 10_000


@pytest.mark.parametrize(("size", "small"), [((4032, 3024), (480, 360)), ((100, 50), (100, 50)), ((10_000, 1), (480, 1))])
def test_a_picture_is_made_smaller_and_never_larger(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert fitted(*size, 480) == small


@given(kind=st.sampled_from(["PNG", "JPEG", "WEBP", "HEIF"]), data=st.data())
def test_a_broken_file_is_refused_in_words_or_drawn(kind: str, data: st.DataObject) -> None:
    content = bytearray(a_photo(kind, (64, 48)))
    for _time in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unusable):
        assert len(drawn_anew(BytesIO(content[: data.draw(st.integers(1, len(content)))]))) == 4
