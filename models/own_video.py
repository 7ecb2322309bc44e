"""A video of the shop's own, shown to customers beside the explanations."""

import secrets
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.actor import Actor
from models.attachment_removal import Removable
from models.base import Base, db
from models.entry import record
from models.handover import later, touch
from models.media_kind import MediaKind
from models.refused import NotFound, Refused
from models.sent_file import SentFile
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST_TITLE = 80  # characters


class OwnVideo(Removable, Base):
    topic = "explanations"
    job = "jobs.videos.convert_own"
    __tablename__ = "own_videos"
    __table_args__ = (UniqueConstraint("shop_id", "token"), Index("ix_own_videos_waiting", "ready_at", "refused_at"))

    title: Mapped[str]
    token: Mapped[str]  # of the form that sent it
    # In the address that customers get. The shop shows it to whom it likes, so it is kept as it is, and only hard to guess.
    code: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_urlsafe(16))
    poster_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)
    film_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)

    shop: Mapped["Shop"] = relationship()
    poster: Mapped[StoredFile | None] = relationship(foreign_keys=[poster_id])
    film: Mapped[StoredFile | None] = relationship(foreign_keys=[film_id])

    @classmethod
    def take(cls, shop: "Shop", sent: SentFile, by: Actor) -> "OwnVideo":
        """Keep what was sent, titled by the file's name for now. Sent again under the same token it is kept once.

        Raises Refused: it is a photo.
        """
        if sent.kind is not MediaKind.video:
            sent.original.discard()
            raise Refused(_("This is a photo. Choose a video: MP4, MOV or WebM."), field="files")
        shop.lock()  # two of one token: the second waits
        known = db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.token == sent.token)).first()
        if known:
            sent.original.discard()
            known.restore(by)
            return known
        title = PurePosixPath(sent.name).stem[:LONGEST_TITLE] or _("Video")
        taken = cls(shop_id=shop.id, shop=shop, title=title, name=sent.name, token=sent.token, sent_by=by.name, original=sent.original)
        db.session.add(taken)
        db.session.flush()
        taken._noted("added", by)
        later(taken.job, taken.id)
        return taken

    # questions

    @classmethod
    def of_and_removed(cls, shop: "Shop") -> tuple[list["OwnVideo"], list["OwnVideo"]]:
        """The shop's, by title, and beside them what was removed and can be brought back."""
        every = db.session.scalars(select(cls).where(cls.shop_id == shop.id).order_by(cls.title, cls.id)).all()
        return [one for one in every if not one.removed_at], [one for one in every if one.removed_at]

    @classmethod
    def known(cls, shop: "Shop", code: str) -> "OwnVideo":
        """By the code in its address. Raises NotFound: not ready, removed, or another shop's."""
        found = db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.code == code)).first()
        if found is None or found.removed_at or not found.is_ready:
            raise NotFound(cls.__name__)
        return found

    @property
    def path(self) -> str:
        return f"/x/{self.shop.slug}/v/{quote(self.code)}"

    @property
    def link(self) -> str:
        """The whole address, for a text."""
        return f"{self.shop.base_url}{self.path}"

    def file(self, shape: str) -> StoredFile:
        """``poster`` or ``film``. Raises NotFound: there is none."""
        found = self.poster if shape == "poster" else self.film
        if found is None:
            raise NotFound("StoredFile")
        return found

    # verbs

    def call_it(self, title: str, by: Actor) -> None:
        """What customers read above it. Raises Refused: nothing, too long, more than a line."""
        title = " ".join(title.split())
        if not title:
            raise Refused(_("Give it a title; customers read it above the video."), field=f"title-{self.id}")
        if len(title) > LONGEST_TITLE or not title.isprintable():
            raise Refused(_("Please keep it under %(count)s characters, on one line.", count=LONGEST_TITLE), field=f"title-{self.id}")
        if title != self.title:
            self.title = title
            self._noted("titled", by)

    def _noted(self, verb: str, by: Actor) -> None:
        record(self, f"own_video.{verb}", by, title=self.title)
        touch(self.shop_id, self.topic)

    def _keep(self, files: Sequence[tuple[str, StoredFile]]) -> None:
        made = dict(files)
        self.poster_id, self.film_id = made["large"].id, made["video"].id

    def _erase_made(self) -> None:
        for file in (self.poster, self.film):
            if file:
                file.erase()
