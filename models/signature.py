"""A signature drawn with the finger: read as a picture and drawn anew, black on white, so that nothing else of it is kept."""

import base64
import binascii
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from models.picture import BROKEN, strictly
from models.refused import Refused

LARGEST = 200_000  # bytes of the picture
SIDES = (1600, 800)  # pixels at most
_HEAD = "data:image/png;base64,"


def read_signature(text: str) -> bytes | None:
    """What a page's canvas gives (a ``data:`` address of a PNG); None: nothing was drawn. Raises Refused: it is no such picture."""
    if not text:
        return None
    try:
        if not text.startswith(_HEAD) or len(text) > len(_HEAD) + LARGEST * 4 // 3 + 4:
            raise ValueError("no picture of ours")
        drawn = base64.b64decode(text.removeprefix(_HEAD), validate=True)
        with strictly(), Image.open(BytesIO(drawn), formats=("PNG",)) as image:
            if image.width > SIDES[0] or image.height > SIDES[1]:
                raise ValueError("too large")
            return _anew(image)
    except (ValueError, binascii.Error, UnidentifiedImageError, Image.DecompressionBombError, *BROKEN) as problem:
        raise Refused(_("The signature could not be read. Please draw it again, or leave it empty."), field="signature") from problem


def _anew(image: Image.Image) -> bytes | None:
    paper = Image.new("RGB", image.size, "white")
    drawn = image.convert("RGBA")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    grey = paper.convert("L")
    if grey.getextrema()[0] == 255:  # nothing on it
        return None
    buffer = BytesIO()
    grey.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
