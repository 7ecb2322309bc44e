"""A picture that somebody uploaded, made safe: known by its content, drawn anew, without anything that came along in the file."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from models.refused import Refused

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST = 5 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000  # decoded: about 100 MB of memory; a photo of a telephone has 12 million, a bomb thousands of millions
WIDEST = 512  # pixels, either way
# what Pillow raises on broken files, whichever part of it finds out
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    content_type: str
    width: int
    height: int

    @classmethod
    def drawn_anew(cls, uploaded: bytes, field: str = "logo") -> "Picture":
        """A JPEG of a JPEG, a PNG of all else, at most 512 pixels wide and high, upright and without metadata.

        Raises Refused: no picture of a kind we take, broken, too large in bytes or pixels. The file's name says nothing.
        """
        if len(uploaded) > LARGEST:
            raise Refused(_("This file is larger than %(size)s MB.", size=LARGEST // 1024 // 1024), field=field)
        try:
            with strictly(), Image.open(BytesIO(uploaded), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:  # known from the header: nothing is unpacked yet
                    raise Image.DecompressionBombError
                return cls._encoded(_small(image), "JPEG" if image.format == "JPEG" else "PNG")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
            size = MOST_PIXELS // 1_000_000
            raise Refused(_("This picture has too many pixels. Use one of at most %(size)s million.", size=size), field=field) from problem
        except UnidentifiedImageError as problem:
            raise Refused(_("This is no picture that we can use. Choose a PNG, JPEG or WebP file."), field=field) from problem
        except BROKEN as problem:
            raise Refused(_("This picture is broken. Save it once more, then try again."), field=field) from problem

    @classmethod
    def _encoded(cls, image: Image.Image, kind: str) -> "Picture":
        buffer = BytesIO()
        image.save(buffer, kind, optimize=True, **({"quality": 88} if kind == "JPEG" else {}))
        return cls(buffer.getvalue(), f"image/{kind.lower()}", image.width, image.height)


def _small(image: Image.Image) -> Image.Image:
    """A fresh picture with these pixels and nothing else of the file, turned upright and made small."""
    image.draft("RGB", (WIDEST * 2, WIDEST * 2))  # a JPEG can be read at half, a quarter … of its size, which is much faster
    upright = ImageOps.exif_transpose(image)
    see_through = image.format != "JPEG" and upright.has_transparency_data
    pixels = upright.convert("RGBA" if see_through else "RGB")
    pixels.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    return fresh


@contextmanager
def strictly() -> Iterator[None]:
    """What is cut off is refused, not shown half black: WeasyPrint switches that off for its whole process when it is imported."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
