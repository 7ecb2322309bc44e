"""A picture, PDF or video that goes with a text, or came with one: a draft's until the text is sent, then the text's for good."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock, media_link, phone
from models.actor import Actor
from models.base import db
from models.document import Document
from models.handover import later, touch
from models.media_content import MediaContent, MediaSort
from models.media_fetching import Fetchable
from models.refused import NotFound, Refused
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.message import Message
    from models.shop import Shop
    from models.staff_member import StaffMember
    from models.thread import Thread

MOST = 10  # files with one text, as the provider takes them
MOST_CARRIED = 5_000_000  # bytes of all of them together
LARGEST_OTHER = 500_000  # bytes of what is no picture, as the provider takes it
MMS_COUNTRIES = frozenset({"US", "CA"})  # elsewhere a text carries no files
FORGOTTEN = timedelta(days=30)  # since it was put to a text that never went
LONGEST_NAME = 120  # characters


class MessageMedia(Fetchable):
    __tablename__ = "message_media"
    __table_args__ = (Index("ix_message_media_draft", "thread_id", "staff_member_id"),)

    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), default=None)
    staff_member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), index=True, default=None)  # whose draft it is in
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True, default=None)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True, default=None)  # a paper of ours
    sort: Mapped[MediaSort | None] = mapped_column(default=None)  # none: not known yet
    name: Mapped[str] = mapped_column(default="")
    seed: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(16))  # of its links
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True, default=None)
    small_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True, default=None)
    original_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True, default=None)
    by_link: Mapped[bool] = mapped_column(default=False)  # its address stands in the text
    by_mms: Mapped[bool] = mapped_column(default=False)  # it goes with the text
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    shop: Mapped["Shop"] = relationship()
    own_file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])
    small: Mapped[StoredFile | None] = relationship(foreign_keys=[small_id])
    original: Mapped[StoredFile | None] = relationship(foreign_keys=[original_id])
    document: Mapped[Document | None] = relationship()

    # finding

    @classmethod
    def draft(cls, thread: "Thread", member: "StaffMember") -> Sequence["MessageMedia"]:
        """What goes with the text that this member is writing."""
        query = select(cls).where(cls.thread_id == thread.id, cls.staff_member_id == member.id, cls.message_id.is_(None))
        return db.session.scalars(query.options(joinedload(cls.own_file), joinedload(cls.small)).order_by(cls.id)).all()

    @classmethod
    def abandoned(cls) -> Sequence[int]:
        """Ids of what was put to texts that were never sent, and that nobody will finish any more."""
        drafts = cls.message_id.is_(None), cls.staff_member_id.is_not(None), cls.added_at < clock.now() - FORGOTTEN
        return db.session.scalars(select(cls.id).where(*drafts)).all()

    def discard(self) -> None:
        """Take it from its draft, unless it has gone with the text meanwhile; its files are thrown away when nobody needs them."""
        if self.message_id is None:
            db.session.delete(self)

    @classmethod
    def of(cls, messages: Iterable["Message"]) -> dict[int, list["MessageMedia"]]:
        """By the message's id, for all of a page at once."""
        query = select(cls).where(cls.message_id.in_([message.id for message in messages]))
        rows = db.session.scalars(query.options(*map(joinedload, (cls.own_file, cls.small, cls.document))).order_by(cls.id))
        found: dict[int, list[MessageMedia]] = defaultdict(list)
        for row in rows:
            found[row.message_id or 0].append(row)
        return found

    @classmethod
    def within(cls, shop_ids: Iterable[int], id: int) -> "MessageMedia":
        """One of these shops' own. Raises NotFound."""
        media = db.session.scalars(select(cls).where(cls.id == id, cls.shop_id.in_(shop_ids))).first()
        if media is None:
            raise NotFound("MessageMedia")
        return media

    def stored(self, shape: str = "large") -> StoredFile:
        """The file itself, or the small picture of it. Raises NotFound: there is none, or not yet."""
        stored = self.small if shape == "small" else self.file
        if stored is None:
            raise NotFound("StoredFile")
        return stored

    # questions

    @property
    def file(self) -> StoredFile | None:
        return self.document.file if self.document else self.own_file

    @property
    def is_picture(self) -> bool:
        return self.sort is MediaSort.picture

    @property
    def spoken(self) -> str:
        """What to say where it can't be seen."""
        words = {MediaSort.picture: _("Picture"), MediaSort.pdf: _("PDF"), MediaSort.video: _("Video")}
        return self.name or (words[self.sort] if self.sort else _("File"))

    @property
    def file_name(self) -> str:
        """What it is called when it is saved: by what it is, whatever its sender called it."""
        stem, kind = self.name.rpartition(".")[0] or self.name or "file", self.file.content_type if self.file else ""
        return f"{stem}{ {'image/jpeg': '.jpg', 'application/pdf': '.pdf', 'video/mp4': '.mp4'}.get(kind, '') }"

    def url(self) -> str:
        """The link for the customer."""
        return media_link.url(self)

    # with a text

    @classmethod
    def add(cls, thread: "Thread", member: "StaffMember", content: MediaContent, name: str) -> "MessageMedia":
        """Put a file to the text that this member is writing. Raises Refused: there are too many already."""
        if len(cls.draft(thread, member)) >= MOST:
            raise Refused(_("A text carries %(count)s files at most.", count=MOST), field="files")
        media = cls(shop_id=thread.shop_id, thread_id=thread.id, staff_member_id=member.id, name=_clean(name))
        db.session.add(media)
        media.keep(content)
        return media

    def keep(self, content: MediaContent) -> None:
        """This is what is in it; a video still has to be converted."""
        self.sort, self.own_file, self.small, self.original = content.sort, content.file, content.small, content.original
        if content.original:
            self.due_at, self.attempts = clock.now(), 0
            db.session.flush()
            later("jobs.message_videos.convert", self.id)
            touch(self.shop_id, "messages")
        else:
            self.ready(content.file, content.small)

    @classmethod
    def clear(cls, thread: "Thread", member: "StaffMember", id: int | None = None) -> int:
        """Take one, or all, from the text that this member is writing; returns how many. Doing it twice does it once."""
        cleared = [media for media in cls.draft(thread, member) if id in {None, media.id}]
        for media in cleared:
            db.session.delete(media)
        if cleared:
            later("jobs.files.tidy")
        return len(cleared)

    @classmethod
    def split(cls, shop: "Shop", number: str, media: Sequence["MessageMedia"]) -> tuple[list["MessageMedia"], list["MessageMedia"]]:
        """What can go with a text to that number, and what has to go as a link in it."""
        carried: list[MessageMedia] = []
        left = MOST_CARRIED if {phone.region(number), phone.region(shop.texting_number or "")} <= MMS_COUNTRIES else 0
        for one in media:
            size = one.file.size if one.file else MOST_CARRIED
            if size <= left and (one.is_picture or size <= LARGEST_OTHER):
                carried.append(one)
                left -= size
        return carried, [one for one in media if one not in carried]

    def go_with(self, message: "Message", *, by_link: bool) -> None:
        self.message_id, self.staff_member_id, self.by_link, self.by_mms = message.id, None, by_link, not by_link

    @classmethod
    def addresses(cls, message: "Message") -> tuple[str, ...]:
        """Where the provider can fetch what goes with the text, for as long as the text may wait there."""
        wanted = [one for one in cls.of([message]).get(message.id, []) if one.by_mms]
        carried, _too_large = cls.split(message.shop, message.address, wanted)
        return tuple(media_link.url_for_carriers(one) for one in carried[:MOST])

    # from a customer

    @classmethod
    def expect(cls, message: "Message", raw: dict[str, str]) -> None:
        """The provider says that these came with the text; a job fetches them."""
        count = raw.get("NumMedia", "0")
        for index in range(min(int(count), MOST) if count.isascii() and count.isdecimal() else 0):
            if address := raw.get(f"MediaUrl{index}", ""):
                media = cls(shop_id=message.shop_id, message_id=message.id, provider_url=address, due_at=clock.now())
                media.said_type = raw.get(f"MediaContentType{index}", "")[:100]
                db.session.add(media)
                db.session.flush()
                later("jobs.message_media.fetch", media.id)

    def try_again(self, *, by: Actor) -> None:
        """Once more from the start. Raises Refused: it would not help."""
        if not self.can_be_tried_again:
            raise Refused(_("Trying again would not help."))
        self.refused_at, self.reason, self.attempts, self.due_at = None, "", 0, clock.now()
        later(self.job, self.id)
        touch(self.shop_id, "messages")


def _clean(name: str) -> str:
    return "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).strip()[-LONGEST_NAME:]
