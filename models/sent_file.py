"""A file on its way in: looked at, stored, and nobody's yet."""

from dataclasses import dataclass
from hashlib import sha256
from io import SEEK_END
from typing import BinaryIO

from models.attachment_reason import PHOTO_MB, VIDEO_MB, words_for
from models.media_kind import HEAD, MediaKind, kind_of
from models.refused import Refused
from models.stored_file import StoredFile

MEGABYTE = 1024 * 1024
LARGEST = {MediaKind.photo: PHOTO_MB * MEGABYTE, MediaKind.video: VIDEO_MB * MEGABYTE}  # bytes
LONGEST_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class SentFile:
    """Its bytes lie in the storage already. The same file sent again in the same form has the same ``token``."""

    original: StoredFile
    kind: MediaKind
    name: str
    token: str

    @classmethod
    def stored(cls, shop_id: int, content: BinaryIO, name: str, form: str) -> "SentFile":
        """Look at the file and store it; the database isn't asked. Raises Refused: empty, neither photo nor video, too large."""
        head, size = content.read(HEAD), content.seek(0, SEEK_END)
        content.seek(0)
        kind = kind_of(head)
        if kind is None:
            raise Refused(words_for("unknown" if size else "empty"), field="files")
        if size > LARGEST[kind]:
            raise Refused(words_for(f"{kind}_size"), field="files")
        shown = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).strip()[:LONGEST_NAME]
        token = sha256(f"{form}/{size}/{shown}".encode()).hexdigest()[:32]
        return cls(StoredFile.written(shop_id, content, "application/octet-stream"), kind, shown, token)
