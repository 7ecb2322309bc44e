"""What an uploaded file is, by its first bytes."""

import pytest

from models.media_kind import MediaKind, kind_of
from tests.ground.films import a_film, a_photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_is_known(kind: str) -> None:
    assert kind_of(a_photo(kind, (40, 20))[:64]) is MediaKind.photo


@pytest.mark.parametrize(
    ("name", "codec", "turned"),
    [("film.mov", "libx265", True), ("film.mp4", "libx264", False), ("film.webm", "libvpx", False), ("film.3gp", "libx264", False)],
)
def test_a_film_is_known(name: str, codec: str, turned: bool) -> None:
    assert kind_of(a_film(name, codec, turned=turned)[:64]) is MediaKind.video


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", MediaKind.photo),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", None),
        (b"\0\0\0\x14ftypM4A \0\0\0\0", None),
        (b"\0\0\0\x08wide\0\0\0\0mdat", MediaKind.video),
        (b"", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"#EXTM3U\nhttp://127.0.0.1/secret", None),
        (b"ffconcat version 1.0\nfile /etc/passwd", None),
        (b"GIF89a", None),
        (b"%PDF-1.7", None),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"\xff\xfe", None),
    ],
)
def test_the_content_says_what_it_is(head: bytes, kind: MediaKind | None) -> None:
    assert kind_of(head) is kind
