"""Uploaded pictures: known by their content, drawn anew, bombs refused."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from models import Refused
from models.picture import LARGEST, WIDEST, Picture
from tests.ground.each import each

pytestmark = pytest.mark.one_database


def drawn(kind: str, size: tuple[int, int] = (900, 300), mode: str = "RGB", **options: Any) -> bytes:
    buffer = BytesIO()
    Image.new(mode, size, "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims so many pixels and holds them, packed."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compressobj(9)
    line = b"\0" + b"\0" * (width // 8)
    packed = b"".join(rows.compress(line) for _row in range(min(height, 2000))) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "becomes"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/png")])
def test_a_picture_is_drawn_anew_and_made_small(app: Flask, kind: str, becomes: str) -> None:
    picture = Picture.drawn_anew(drawn(kind))
    assert (picture.content_type, picture.width, picture.height) == (becomes, WIDEST, 171)
    with Image.open(BytesIO(picture.content)) as image:
        assert (image.format, image.size) == (becomes.removeprefix("image/").upper(), (WIDEST, 171))


@each(("mode", "kind"), [("P", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")])
def test_every_way_to_keep_colours_is_taken(app: Flask, mode: str, kind: str) -> None:
    buffer = BytesIO()
    Image.new(mode, (40, 20)).save(buffer, kind)
    assert Picture.drawn_anew(buffer.getvalue()).width == 40


def test_what_can_be_seen_through_stays_so(app: Flask) -> None:
    buffer = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(BytesIO(Picture.drawn_anew(buffer.getvalue()).content)) as image:
        assert image.getpixel((5, 5)) == (255, 0, 0, 0)


def test_place_camera_and_comments_are_gone_and_it_stands_upright(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    picture = Picture.drawn_anew(drawn("JPEG", (400, 200), exif=exif, comment=b"SecretWords"))
    assert (picture.width, picture.height) == (200, 400)
    assert b"Secret" not in picture.content
    with Image.open(BytesIO(picture.content)) as image:
        assert dict(image.getexif()) == {}
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretAuthor")
    with Image.open(BytesIO(Picture.drawn_anew(drawn("PNG", pnginfo=text)).content)) as image:
        assert image.info == {}


@each(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"BM" + b"\0" * 100,
        drawn("GIF"),
        drawn("TIFF"),
        drawn("BMP"),
        drawn("ICO", (32, 32)),
    ],
)
def test_what_is_no_png_jpeg_or_webp_is_refused_whatever_it_is_called(app: Flask, content: bytes) -> None:
    with pytest.raises(Refused, match="no picture that we can use"):
        Picture.drawn_anew(content)


@pytest.mark.parametrize("size", [(6000, 6000), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(app: Flask, size: tuple[int, int]) -> None:
    bomb = a_bomb(*size)
    assert len(bomb) < 100_000
    with pytest.raises(Refused, match="too many pixels"):
        Picture.drawn_anew(bomb)


def test_a_file_of_more_than_five_megabytes_is_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="larger than 5 MB"):
        Picture.drawn_anew(drawn("PNG") + b"\0" * LARGEST)


@given(kind=st.sampled_from(["PNG", "JPEG", "WEBP"]), data=st.data())
def test_a_broken_file_is_refused_in_words_or_drawn(app: Flask, kind: str, data: st.DataObject) -> None:
    content = bytearray(drawn(kind, (64, 48)))
    for _time in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert Picture.drawn_anew(bytes(content[: data.draw(st.integers(1, len(content)))])).width <= WIDEST


def test_nothing_of_a_file_that_is_two_things_at_once_is_left(app: Flask, tmp_path: Path) -> None:
    picture = Picture.drawn_anew(drawn("PNG") + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in picture.content
