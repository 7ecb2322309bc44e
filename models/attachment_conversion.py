"""What becomes of a photo or video on its way through a worker: claimed, a few percent further, ready or refused.

A worker can die at any moment. Its claim is a lease: who has given no sign of life for a while has lost it, and the sweeper hands the work
to another. ``attempts`` numbers the claims, so that a worker who comes back from the dead changes nothing any more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import ColumnElement, ForeignKey, and_, or_, select, update
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models import clock
from models.attachment_reason import OURS, words_for
from models.base import db
from models.handover import touch
from models.owned import ShopOwned
from models.photo import Drawn
from models.stored_file import StoredFile

MOST_ATTEMPTS = 3
SILENCE = timedelta(minutes=2)  # of a worker, until its work is given to another


class Convertible(ShopOwned):
    topic: ClassVar[str]  # what is said to open screens when it changes

    if TYPE_CHECKING:
        id: Mapped[int]

        @property
        def job(self) -> str:
            """The dotted name of what converts it."""

        def _keep(self, files: Sequence[tuple[str, StoredFile]]) -> None:
            """Point at what was made, each with its shape; the files are flushed."""

    name: Mapped[str]  # what the sender's camera called it
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_by: Mapped[str]
    # on its way to something that browsers can show
    original_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None] = mapped_column(default=None)  # the worker's last sign of life
    progress: Mapped[int] = mapped_column(default=0)  # percent
    refused_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")  # a word of attachment_reason
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    width: Mapped[int | None] = mapped_column(default=None)  # pixels, of the large picture
    height: Mapped[int | None] = mapped_column(default=None)
    seconds: Mapped[int | None] = mapped_column(default=None)  # a video's
    removed_at: Mapped[datetime | None] = mapped_column(index=True, default=None)

    @declared_attr
    def original(cls) -> Mapped[StoredFile | None]:  # noqa: N805  the class is what SQLAlchemy gives it
        return relationship(StoredFile, foreign_keys=[cls.original_id])  # type: ignore[list-item]

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    @property
    def is_settled(self) -> bool:
        return self.ready_at is not None or self.refused_at is not None

    @property
    def is_at_work(self) -> bool:
        return not self.is_settled and self.seen_at is not None

    @property
    def why_refused(self) -> str:
        return words_for(self.reason) if self.reason else ""

    @property
    def can_be_tried_again(self) -> bool:
        return self.refused_at is not None and self.reason in OURS and self.original_id is not None

    def claim(self) -> bool:
        """Take it on, and commit; false if it is settled, gone, in other hands, or was tried often enough."""
        free = and_(_unsettled(type(self)), _in_no_hands(type(self)), type(self).attempts < MOST_ATTEMPTS)
        claimed = self._change(free, attempts=self.attempts + 1, seen_at=clock.now(), progress=0)
        db.session.commit()
        return claimed

    def reached(self, percent: int) -> bool:
        """A sign of life, and how far it got; commits. False: this work is no longer ours, or nobody wants it any more."""
        going_on = self._change(_unsettled(type(self)), seen_at=clock.now(), progress=min(99, percent))
        db.session.commit()
        return going_on

    def ready(self, pictures: Sequence[Drawn], video: StoredFile | None = None, seconds: int | None = None) -> bool:
        """This can be shown from now on; commits. The bytes are written first, and no transaction waits for them."""
        files = [(one.shape, StoredFile.written(self.shop_id, one.file, one.content_type, one.width, one.height)) for one in pictures]
        files += [("video", video)] if video else []
        large = next(one for one in pictures if one.shape == "large")
        facts = {"ready_at": clock.now(), "progress": 100, "width": large.width, "height": large.height, "seconds": seconds}
        if not self._change(_unsettled(type(self)), **facts):
            db.session.commit()
            for _shape, file in files:
                file.discard()
            return False
        db.session.add_all(file for _shape, file in files)
        db.session.flush()
        self._keep(files)
        db.session.commit()
        return True

    def refuse(self, reason: str) -> None:
        """Nothing can be made of it; commits. Without a transaction of its own it would keep others waiting for the bytes to go."""
        self._change(_unsettled(type(self)), refused_at=clock.now(), reason=reason)
        db.session.commit()

    def _change(self, condition: ColumnElement[bool], **values: Any) -> bool:
        """Write these if the condition holds and the claim is still the one that we know; true if it was so."""
        noun = type(self)
        mine = update(noun).where(noun.id == self.id, noun.attempts == self.attempts, condition)
        changed = db.session.execute(mine.values(**values).execution_options(synchronize_session=False)).rowcount == 1  # type: ignore[attr-defined]
        if changed:
            db.session.refresh(self)
            touch(self.shop_id, self.topic)
        return changed

    # what the ticker asks

    @classmethod
    def waiting(cls) -> Sequence[Self]:
        """Not settled, and in nobody's hands: new, or left by a worker that died."""
        return db.session.scalars(select(cls).where(_unsettled(cls), _in_no_hands(cls), cls.attempts < MOST_ATTEMPTS)).all()

    @classmethod
    def given_up(cls) -> Sequence[Self]:
        """Tried as often as we try, and left each time."""
        return db.session.scalars(select(cls).where(_unsettled(cls), _in_no_hands(cls), cls.attempts >= MOST_ATTEMPTS)).all()


def _unsettled(noun: type[Convertible]) -> ColumnElement[bool]:
    return and_(noun.ready_at.is_(None), noun.refused_at.is_(None), noun.removed_at.is_(None))


def _in_no_hands(noun: type[Convertible]) -> ColumnElement[bool]:
    return or_(noun.seen_at.is_(None), noun.seen_at <= clock.now() - SILENCE)
