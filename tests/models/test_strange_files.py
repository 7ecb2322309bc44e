"""Files that are two things at once, or another than they say: what is taken is drawn anew, the rest is refused."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from models import Refused
from models.media_content import sort_of
from models.media_kind import HEAD, kind_of
from models.photo import Unusable, drawn_anew
from models.picture import Picture

pytestmark = pytest.mark.one_database

SCRIPT = b"<script>alert(1)</script>"


def a_picture(kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, kind, **options)
    return buffer.getvalue()


NO_PICTURES = {
    "a page": b"<!doctype html><html>" + SCRIPT,
    "a drawing with a script": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "a program": b"MZ" + b"\0" * 200,
    "an archive": b"PK\x03\x04" + b"\0" * 200,
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(file) run",
    "a playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a Windows metafile": b"\xd7\xcd\xc6\x9a" + b"\0" * 200,
    "a page that begins like a GIF": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "the beginning of a JPEG, then a page": b"\xff\xd8\xff\xe0" + SCRIPT * 9,
    "nothing": b"",
}
TWO_THINGS = {
    "a page behind a JPEG": a_picture("JPEG") + SCRIPT,
    "a page in a JPEG's remark": a_picture("JPEG", comment=SCRIPT),
    "a page behind a PNG": a_picture("PNG") + SCRIPT,
    "an archive behind a WebP": a_picture("WEBP") + b"PK\x03\x04" + SCRIPT,
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused_whatever_it_is_called(app: Flask, content: bytes) -> None:
    with pytest.raises(Refused):
        Picture.drawn_anew(content)
    with pytest.raises(Unusable):
        drawn_anew(BytesIO(content))


@pytest.mark.parametrize("content", TWO_THINGS.values(), ids=TWO_THINGS.keys())
def test_of_what_is_two_things_the_picture_alone_is_kept(app: Flask, content: bytes) -> None:
    logo, photos = Picture.drawn_anew(content).content, drawn_anew(BytesIO(content))
    assert len(photos) > 1
    for kept in (logo, *(photo.content for photo in photos)):
        assert b"script" not in kept
        assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize("name", ["a page", "a drawing with a script", "a program", "an archive", "PostScript", "a playlist"])
def test_the_kind_is_told_by_what_is_in_it(name: str) -> None:
    assert kind_of(NO_PICTURES[name][:HEAD]) is None
    assert sort_of(BytesIO(NO_PICTURES[name])) is None


def test_a_picture_that_says_where_it_was_taken_says_so_no_more(app: Flask) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "a camera with a number of its own"
    content = a_picture("JPEG", exif=exif)
    assert b"a camera" in content
    for kept in (Picture.drawn_anew(content).content, *(photo.content for photo in drawn_anew(BytesIO(content)))):
        with Image.open(BytesIO(kept)) as image:
            assert dict(image.getexif()) == {}
        assert b"a camera" not in kept
