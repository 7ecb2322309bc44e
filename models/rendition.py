"""One of the files that were made of a photo or video: its picture in two sizes as WebP and JPEG, and of a video the video."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.stored_file import StoredFile


class Rendition(Base):
    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("attachment_id", "shape", "content_type"),)

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"))
    shape: Mapped[str]  # small, large, video
    content_type: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
