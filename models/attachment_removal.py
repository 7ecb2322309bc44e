"""How what was sent goes: out of sight at once with a way back, for good a day later, and the original as soon as nobody needs it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, false, or_, select

from models import clock
from models.actor import Actor
from models.attachment_conversion import Convertible
from models.attachment_reason import OURS, words_for
from models.base import db
from models.handover import later
from models.refused import Refused

UNDO = timedelta(hours=24)  # how long what was removed can be brought back


class Removable(Convertible):
    if TYPE_CHECKING:

        def _noted(self, verb: str, by: Actor) -> None:
            """Write it into the log, and tell open screens."""

        def _erase_made(self) -> None:
            """Remove what was made of it: the bytes first, then the rows."""

    def remove(self, by: Actor) -> None:
        """Out of sight at once, gone for good after ``UNDO``. Doing it twice does it once."""
        if self.removed_at is None:
            self.removed_at = clock.now()
            self._noted("removed", by)

    def restore(self, by: Actor) -> None:
        """Back as it was. Doing it twice does it once."""
        if self.removed_at is not None:
            self.removed_at = self.seen_at = None
            self._noted("restored", by)
            if not self.is_settled:
                later(self.job, self.id)

    def try_again(self, by: Actor) -> None:
        """Once more from the start, where that may help. Raises Refused: it would not."""
        if not self.can_be_tried_again:
            raise Refused(words_for("broken"))
        self.refused_at, self.seen_at, self.reason, self.attempts, self.progress = None, None, "", 0, 0
        self._noted("retried", by)
        later(self.job, self.id)

    # what nobody needs any more

    @property
    def is_kept_for_good(self) -> bool:
        """Whether what was made of it stays, also after it was removed."""
        return False

    @classmethod
    def kept_for_good(cls) -> ColumnElement[bool]:
        """The same, asked of the database."""
        return false()

    @classmethod
    def to_tidy(cls) -> Sequence[int]:
        """Ids of those that hold something which nobody needs any more: what was sent and is converted, what was removed."""
        long_ago = clock.now() - UNDO
        useless = or_(cls.ready_at.is_not(None), and_(cls.refused_at.is_not(None), cls.reason.not_in(OURS)), cls.refused_at <= long_ago)
        ended = and_(cls.removed_at <= long_ago, ~cls.kept_for_good())
        return db.session.scalars(select(cls.id).where(or_(and_(cls.original_id.is_not(None), useless), ended))).all()

    def tidy(self) -> None:
        """Remove what nobody needs any more of this one, if anything."""
        long_ago = clock.now() - UNDO
        if self.removed_at and self.removed_at <= long_ago and not self.is_kept_for_good:
            self.erase()
        elif self.is_ready or (self.refused_at and (self.reason not in OURS or self.refused_at <= long_ago)):
            self.drop_original()

    def drop_original(self) -> None:
        """What was sent holds the place where it was taken, and nobody needs it any more: the bytes first, then the row."""
        if self.original:
            self.original.discard()
            db.session.delete(self.original)
            self.original = None

    def erase(self) -> None:
        """For good: the bytes first, then the rows, so that a crash between leaves nothing that nobody knows of."""
        self.drop_original()
        self._erase_made()
        db.session.delete(self)
