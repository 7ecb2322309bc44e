"""A file of a shop (logo, document): its bytes lie in the storage under a name nobody can guess, its facts here."""

import secrets
from datetime import datetime

import fsspec
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db
from models.owned import ShopOwned


class StoredFile(ShopOwned, Base):
    __tablename__ = "stored_files"

    key: Mapped[str] = mapped_column(unique=True)
    content_type: Mapped[str]
    size: Mapped[int]  # bytes
    width: Mapped[int | None] = mapped_column(default=None)  # pixels, of pictures
    height: Mapped[int | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def keep(cls, shop_id: int, content: bytes, content_type: str, width: int | None = None, height: int | None = None) -> "StoredFile":
        """Write the bytes, then the row: a crash between leaves a stray file, never a row without its bytes."""
        key = f"{shop_id}/{secrets.token_urlsafe(24)}"
        with fsspec.open(_address(key), "wb", auto_mkdir=True) as file:
            file.write(content)
        stored = cls(shop_id=shop_id, key=key, content_type=content_type, size=len(content), width=width, height=height)
        db.session.add(stored)
        db.session.flush()
        return stored

    def read(self) -> bytes:
        with fsspec.open(_address(self.key), "rb") as file:
            content: bytes = file.read()
        return content


def _address(key: str) -> str:
    return f"{current_app.extensions['settings'].storage_url.rstrip('/')}/{key}"
