"""What is in a file that goes with a text or came with one: told by its content, and made into what phones and browsers show."""

from dataclasses import dataclass
from enum import StrEnum
from io import SEEK_END, BytesIO
from typing import BinaryIO

from flask_babel import lazy_gettext as _l
from PIL import Image

from models.attachment_reason import PHOTO_MB, VIDEO_MB
from models.attachment_reason import words_for as words_for_attachment
from models.media_kind import HEAD, kind_of
from models.photo import FORMATS, Unusable, drawn_anew
from models.stored_file import StoredFile

MEGABYTE = 1024 * 1024
PDF_MB, INCOMING_MB = 20, 10
CARRIED = 600_000  # bytes of a picture, which every carrier takes as it is
TAIL = 2048  # bytes at the end of a PDF in which it says that it ends
_SMALLER = ((1600, 76), (1280, 80), (1280, 68), (1024, 70), (800, 68), (640, 60))  # longer side in pixels, quality


class MediaSort(StrEnum):
    picture = "picture"
    pdf = "pdf"
    video = "video"


LARGEST = {MediaSort.picture: PHOTO_MB * MEGABYTE, MediaSort.pdf: PDF_MB * MEGABYTE, MediaSort.video: VIDEO_MB * MEGABYTE}  # bytes
_TOO_LARGE = {MediaSort.picture: "photo_size", MediaSort.pdf: "pdf_size", MediaSort.video: "video_size"}
_WORDS = {
    "media_unknown": _l("This is no picture, PDF or video that we can use. Pictures: JPEG, PNG, GIF, WebP, HEIC; videos: MP4, MOV, WebM."),
    "media_kind": _l("A file of a kind that can't be shown here. The provider still has it."),
    "media_size": _l("This file is larger than %(size)s MB.", size=INCOMING_MB),
    "pdf_size": _l("This PDF is larger than %(size)s MB.", size=PDF_MB),
    "not_fetched": _l("Could not be fetched from the provider. Try again, or ask the customer to send it once more."),
    "gone": _l("The provider does not have this file any more. Ask the customer to send it once more."),
    "expired": _l("No longer kept: older than the shop keeps files."),
    "stranger": _l("Not fetched: its address is not one of the provider's."),
}


def words_for(reason: str) -> str:
    """Why a file can't be shown or sent, and what to do."""
    return str(_WORDS[reason]) if reason in _WORDS else words_for_attachment(reason)


@dataclass(frozen=True, slots=True)
class MediaContent:
    """A file as it is kept, its bytes in the storage and its rows nobody's yet; of a video only what was sent, until it is converted."""

    sort: MediaSort
    file: StoredFile | None = None
    small: StoredFile | None = None  # of a picture
    original: StoredFile | None = None

    @classmethod
    def kept(cls, shop_id: int, content: BinaryIO) -> "MediaContent":
        """Look at it, make it anew and store that; the database isn't asked.

        Raises Unusable: none of the kinds that we take, whatever it is called; empty, broken, too large.
        """
        sort, size = sort_of(content), content.seek(0, SEEK_END)
        content.seek(0)
        if sort is None:
            raise Unusable("media_unknown" if size else "empty")
        if size > LARGEST[sort]:
            raise Unusable(_TOO_LARGE[sort])
        if sort is MediaSort.video:
            return cls(sort, original=StoredFile.written(shop_id, content, "application/octet-stream"))
        if sort is MediaSort.pdf:
            return cls(sort, StoredFile.written(shop_id, _whole_pdf(content), "application/pdf"))
        made = {one.shape: one for one in drawn_anew(content, (*FORMATS, "GIF")) if one.content_type == "image/jpeg"}
        small = made["small"]
        return cls(
            sort,
            file=StoredFile.written(shop_id, BytesIO(_carried(made["large"].content)), "image/jpeg"),
            small=StoredFile.written(shop_id, small.file, "image/jpeg", small.width, small.height),
        )

    def discard(self) -> None:
        """Nobody wants it any more, and it never had rows."""
        for file in filter(None, (self.file, self.small, self.original)):
            file.discard()


def sort_of(file: BinaryIO) -> MediaSort | None:
    """By its first bytes; the reader is left at the beginning."""
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return MediaSort.pdf
    if head.startswith((b"GIF87a", b"GIF89a")):
        return MediaSort.picture
    kind = kind_of(head)
    return None if kind is None else MediaSort.video if kind == "video" else MediaSort.picture


def _whole_pdf(content: BinaryIO) -> BinaryIO:
    """As it is: what is in it stays its author's. Raises Unusable: cut off."""
    content.seek(max(0, content.seek(0, SEEK_END) - TAIL))
    if b"%%EOF" not in content.read():
        raise Unusable("broken")
    content.seek(0)
    return content


def _carried(large: bytes) -> bytes:
    if len(large) <= CARRIED:
        return large
    with Image.open(BytesIO(large), formats=("JPEG",)) as picture:
        for side, quality in _SMALLER:
            smaller, buffer = picture.copy(), BytesIO()
            smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
            smaller.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            if buffer.tell() <= CARRIED:
                break
    return buffer.getvalue()
