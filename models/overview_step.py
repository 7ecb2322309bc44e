"""How far an overview has come, as lists and the status bar say it; counted by the database, see ``overview_lists``."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from models.delivery import Delivery

if TYPE_CHECKING:
    from models.message import Message

ASTRAY = (Delivery.failed, Delivery.unknown, Delivery.held)


class Step(StrEnum):
    sent = "sent"
    opened = "opened"
    answered = "answered"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {Step.sent: _l("Overview sent"), Step.opened: _l("Opened"), Step.answered: _l("Answered")}


class Stepping:
    if TYPE_CHECKING:
        opened_at: Mapped[datetime | None]
        message: Mapped[Message | None]
        asked_count: Mapped[int]  # items that the customer decides on
        answered_count: Mapped[int]  # of those, as they are now
        open_remarks: Mapped[int]  # of its order, that nobody has read yet
        undecided_count: Mapped[int]  # of those, the ones without a thumb since
        replied_at: Mapped[datetime | None]  # when the customer last sent something

    @property
    def step(self) -> Step:
        if self.replied_at or (self.asked_count and self.answered_count == self.asked_count):
            return Step.answered
        return Step.opened if self.opened_at else Step.sent

    @property
    def waits_for_thumbs(self) -> bool:
        """The customer has decided, the desk has not."""
        return self.undecided_count > 0

    @property
    def is_astray(self) -> bool:
        """Its message did not get there, as far as is known, and nobody has seen it."""
        return self.opened_at is None and self.message is not None and self.message.state in ASTRAY
