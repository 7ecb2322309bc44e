"""A file of a shop (logo, document, photo, video): its bytes lie in the storage under a name nobody can guess, its facts here."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

import fsspec
from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db
from models.owned import ShopOwned

PIECE = 1024 * 1024  # bytes that are in memory at a time
BLOCK = 5 * 1024 * 1024  # bytes: S3 takes large files in parts of no less; s3fs would read 50 MB ahead for the first second of a video
OPTIONS: dict[str, dict[str, Any]] = {"file": {"auto_mkdir": True}, "s3": {"default_block_size": BLOCK}}


class StoredFile(ShopOwned, Base):
    __tablename__ = "stored_files"

    key: Mapped[str] = mapped_column(unique=True)
    content_type: Mapped[str]
    size: Mapped[int]  # bytes
    width: Mapped[int | None] = mapped_column(default=None)  # pixels, of pictures
    height: Mapped[int | None] = mapped_column(default=None)
    digest: Mapped[str] = mapped_column(default="", server_default="")  # SHA-256 of the bytes; empty for files of before it was kept
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def keep(cls, shop_id: int, content: bytes, content_type: str, width: int | None = None, height: int | None = None) -> "StoredFile":
        """Write the bytes, then the row: a crash between leaves a stray file, never a row without its bytes."""
        stored = cls.written(shop_id, BytesIO(content), content_type, width, height)
        db.session.add(stored)
        db.session.flush()
        return stored

    @classmethod
    def written(
        cls, shop_id: int, content: BinaryIO, content_type: str, width: int | None = None, height: int | None = None
    ) -> "StoredFile":
        """Write the bytes and leave the row to the caller, who adds it: a large file takes its time, and no transaction waits for it."""
        key, digest = f"{shop_id}/{secrets.token_urlsafe(24)}", hashlib.sha256()
        filesystem, path = _place(key)
        try:
            with filesystem.open(path, "wb") as file:
                while piece := content.read(PIECE):
                    digest.update(piece)
                    file.write(piece)
                size = file.tell()
        except OSError:  # no room: half a file would only take more of it
            _remove(key)
            raise
        facts = {"content_type": content_type, "size": size, "width": width, "height": height, "digest": digest.hexdigest()}
        return cls(shop_id=shop_id, key=key, **facts)

    @classmethod
    def announced(cls, shop_id: int, content: bytes, content_type: str) -> "StoredFile":
        """The row first, for bytes that come out of the very rows which this transaction erases; ``fill`` writes them after it."""
        key, digest = f"{shop_id}/{secrets.token_urlsafe(24)}", hashlib.sha256(content).hexdigest()
        return cls(shop_id=shop_id, key=key, content_type=content_type, size=len(content), digest=digest)

    def fill(self, content: bytes) -> None:
        """Doing it twice does it once."""
        filesystem, path = _place(self.key)
        with filesystem.open(path, "wb") as file:
            file.write(content)

    def copied(self) -> "StoredFile":
        """The same bytes under a name of their own; the caller adds the row."""
        with self.open() as file:
            return self.written(self.shop_id, file, self.content_type, self.width, self.height)

    def open(self) -> BinaryIO:
        """The bytes as a file that can be sought in; the caller closes it."""
        filesystem, path = _place(self.key)
        file: BinaryIO = filesystem.open(path, "rb")
        return file

    def read(self) -> bytes:
        with self.open() as file:
            return file.read()

    @classmethod
    def unused(cls, among: Sequence[int] | None = None) -> Sequence[int]:
        """Ids of the files, or of these, that no row of any table points at any more."""
        keys = (key for table in Base.metadata.tables.values() for key in table.foreign_keys)
        pointing = [key.parent for key in keys if key.column.table is cls.__table__]
        query = select(cls.id).where(*(~exists().where(column == cls.id) for column in pointing))
        return db.session.scalars(query if among is None else query.where(cls.id.in_(among))).all()

    def erase(self) -> None:
        """For good: the bytes first, then the row."""
        self.discard()
        db.session.delete(self)

    def discard(self) -> None:
        """Remove the bytes, for good; the row is the caller's to delete, after them, so that none are left without it."""
        _remove(self.key)


def _remove(key: str) -> None:
    filesystem, path = _place(key)
    with suppress(FileNotFoundError):
        filesystem.rm_file(path)


def _place(key: str) -> tuple[Any, str]:
    """The file system, the same one each time, and the path in it."""
    address = f"{current_app.extensions['settings'].storage_url.rstrip('/')}/{key}"
    place: tuple[Any, str] = fsspec.core.url_to_fs(address, **OPTIONS[address.partition(":")[0]])
    return place
