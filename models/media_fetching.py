"""How a file on its way gets on: fetched from the provider, converted, ready or given up.

``due_at`` says when somebody may take it on: whoever does so moves it ahead by a lease, so that the work of a worker that died comes up
again, and clears it at the end. ``attempts`` numbers the claims, so that a worker who comes back from the dead changes nothing any more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db
from models.handover import later, touch
from models.media_content import words_for
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.document import Document
    from models.stored_file import StoredFile

LEASES = {"jobs.message_media.fetch": timedelta(minutes=3), "jobs.message_videos.convert": timedelta(minutes=31)}
PAUSES = (5, 20, 60, 300, 1200, 3600)  # seconds until the next attempt
OURS = {"not_fetched", "gone", "gave_up", "no_program"}  # another try may help


class Fetchable(ShopOwned, Base):
    __abstract__ = True

    provider_url: Mapped[str] = mapped_column(default="")  # where the provider has it; empty once it was deleted there
    said_type: Mapped[str] = mapped_column(default="")  # what the provider takes it for
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True, default=None)
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    refused_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")  # a word of media_content

    if TYPE_CHECKING:
        original_id: Mapped[int | None]
        own_file: Mapped[StoredFile | None]
        small: Mapped[StoredFile | None]
        original: Mapped[StoredFile | None]
        document: Mapped[Document | None]

    @property
    def job(self) -> str:
        """Whose work it is next: a video that we have is converted, all else is fetched, or deleted at the provider."""
        return "jobs.message_videos.convert" if self.original_id and not self.is_ready else "jobs.message_media.fetch"

    @property
    def is_ready(self) -> bool:
        return self.document.is_ready if self.document else self.ready_at is not None

    @property
    def is_on_its_way(self) -> bool:
        return not self.is_ready and self.refused_at is None

    @property
    def is_being_fetched(self) -> bool:
        return self.is_on_its_way and bool(self.provider_url) and self.original_id is None

    @property
    def why_refused(self) -> str:
        return words_for(self.reason) if self.reason else ""

    @property
    def can_be_tried_again(self) -> bool:
        return self.refused_at is not None and self.reason in OURS

    @classmethod
    def waiting(cls) -> Sequence[Self]:
        """What somebody may take on now."""
        return db.session.scalars(select(cls).where(cls.due_at <= clock.now())).all()

    def claim(self) -> bool:
        """Take it on, and commit; false if it is in other hands, or there is nothing to do."""
        noun, now = type(self), clock.now()
        free = update(noun).where(noun.id == self.id, noun.attempts == self.attempts, noun.due_at <= now)
        values = {"due_at": now + LEASES[self.job], "attempts": self.attempts + 1}
        claimed = db.session.execute(free.values(**values).execution_options(synchronize_session=False)).rowcount == 1  # type: ignore[attr-defined]
        db.session.refresh(self)
        db.session.commit()
        return claimed

    def is_mine(self, attempt: int) -> bool:
        """Whether the claim of that number still holds; if so the row is locked until the transaction ends."""
        noun = type(self)
        locked = select(noun).where(noun.id == self.id).with_for_update(of=noun).execution_options(populate_existing=True)
        known = db.session.scalars(locked).first()
        return known is not None and known.attempts == attempt and known.refused_at is None

    def put_off(self, reason: str) -> None:
        """It did not work this time: once more after a while, if it was not tried often enough."""
        if self.attempts > len(PAUSES):
            self.refuse(reason)
        else:
            self.due_at = clock.now() + timedelta(seconds=PAUSES[self.attempts - 1])

    def refuse(self, reason: str) -> None:
        """Nothing can be made of it. What was ready stays so: only its copy at the provider could not be deleted."""
        self.due_at = None
        if not self.is_ready:
            self.refused_at, self.reason = clock.now(), reason
            touch(self.shop_id, "messages")

    def ready(self, file: "StoredFile | None", small: "StoredFile | None") -> None:
        """This can be shown and sent from now on; what was sent is needed no more, nor the provider's copy."""
        self.own_file, self.small, self.original = file, small, None
        self.ready_at, self.attempts, self.due_at = clock.now(), 0, clock.now() if self.provider_url else None
        db.session.flush()
        later("jobs.files.tidy")
        if self.provider_url:
            later("jobs.message_media.fetch", self.id)
        touch(self.shop_id, "messages")

    def forgotten(self) -> None:
        """The provider has it no more."""
        self.provider_url, self.due_at = "", None
