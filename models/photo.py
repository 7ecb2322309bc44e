"""A photo, and the poster of a video: drawn anew in the sizes that pages show, upright, in sRGB, with nothing else of the file."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from models.picture import BROKEN, strictly

pillow_heif.register_heif_opener(thumbnails=False)

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = 64_000_000  # decoded: 200 MB of memory; the finest setting of today's telephones is 48 or 50 million
SIZES = {"small": 480, "large": 1600}  # pixels, the longer side
QUALITY = {"WEBP": {"quality": 80, "method": 4}, "JPEG": {"quality": 84, "optimize": True, "progressive": True}}
_SRGB = ImageCms.createProfile("sRGB")


class Unusable(Exception):
    """Nothing can be made of this file; ``reason`` is a word of ``models.attachment_reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture, ready to be stored: which size it is, and its bytes."""

    shape: str
    content: bytes
    content_type: str
    width: int
    height: int

    @property
    def file(self) -> BinaryIO:
        return BytesIO(self.content)


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """The size of this picture made so small that neither side is longer; never made larger."""
    share = min(1.0, longest / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def drawn_anew(file: BinaryIO, formats: tuple[str, ...] = FORMATS) -> list[Drawn]:
    """Each of ``SIZES`` as WebP and as JPEG. Raises Unusable: it is none of our formats, broken, or has too many pixels."""
    try:
        with strictly(), Image.open(file, formats=formats) as image:
            if image.width * image.height > MOST_PIXELS:  # known from the header: nothing is unpacked yet
                raise Unusable("pixels")
            return list(_sizes(_upright(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise Unusable("pixels") from problem
    except UnidentifiedImageError as problem:
        raise Unusable("unknown") from problem
    except (*BROKEN, RuntimeError) as problem:  # libheif's own complaints are RuntimeErrors
        raise Unusable("broken") from problem


def _upright(image: Image.Image) -> Image.Image:
    """The first picture in the file as it was meant to be looked at, in plain RGB on white."""
    if image.mode not in {"RGB", "RGBA", "CMYK", "L"}:  # what is left has no shades between two colours, or too many for one
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # small at once: a JPEG can be read at half, a quarter … of its size, which is much faster
    image.thumbnail((SIZES["large"], SIZES["large"]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    upright = _in_srgb(ImageOps.exif_transpose(image))
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    see_through = upright.convert("RGBA")
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(see_through, mask=see_through.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image) -> Image.Image:
    """Telephones keep wider colours and say so in a profile. Without it they would look pale: they are converted before it goes."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    with suppress(ImageCms.PyCMSError, *BROKEN):  # a profile that is broken is as good as none
        mode = "RGB" if image.mode in {"CMYK", "L"} else image.mode
        converted = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), _SRGB, outputMode=mode)
        return converted or image
    return image


def _sizes(image: Image.Image) -> Iterator[Drawn]:
    for shape, longest in SIZES.items():
        size = fitted(image.width, image.height, longest)
        fresh = Image.new("RGB", size)  # these pixels and nothing else of the file
        fresh.paste(image if size == image.size else image.resize(size, Image.Resampling.LANCZOS))
        for kind, options in QUALITY.items():
            buffer = BytesIO()
            fresh.save(buffer, kind, **options)
            yield Drawn(shape, buffer.getvalue(), f"image/{kind.lower()}", *size)
