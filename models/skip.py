"""Somebody decided that one message which the rules would let go shall not go: by whom, when."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.delivery import Delivery
from models.entry import record
from models.handover import touch
from models.message import Message
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.appointment import Appointment


class Skip(ShopOwned, Base):
    __tablename__ = "skips"
    __table_args__ = (UniqueConstraint("shop_id", "what"),)

    what: Mapped[str]  # the message's key, written or not: of a date that is moved nothing is skipped any more
    kind: Mapped[str]
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True, default=None)
    revision: Mapped[int | None] = mapped_column(default=None)  # of the appointment
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(default=None)
    actor_name: Mapped[str]

    @classmethod
    def of(cls, appointment: "Appointment", what: str, *, by: Actor) -> "Skip":
        """That message about the appointment shall not go. Twice is once. Raises Refused: it has gone, or its moment is past."""
        appointment._lock()
        if found := cls._kept(appointment, what):
            return found
        kind, revision = _check_still_to_come(appointment, what)
        skip = cls(shop_id=appointment.shop_id, what=what, kind=kind, appointment_id=appointment.id, revision=revision, at=clock.now())
        skip.actor_kind, skip.actor_id, skip.actor_name = by.kind, by.id, by.name
        appointment.skips.append(skip)
        db.session.flush()
        record(appointment, "message.skipped", by)
        _tell(appointment)
        return skip

    @classmethod
    def undo(cls, appointment: "Appointment", what: str, *, by: Actor) -> None:
        """It goes after all, if the rules let it. Doing it twice does it once. Raises Refused: its moment is past."""
        appointment._lock()
        skip = cls._kept(appointment, what)
        if skip is None:
            return
        _check_still_to_come(appointment, what)
        appointment.skips.remove(skip)
        db.session.delete(skip)
        record(appointment, "message.unskipped", by)
        _tell(appointment)

    @classmethod
    def _kept(cls, appointment: "Appointment", what: str) -> "Skip | None":
        return db.session.scalars(select(cls).where(cls.shop_id == appointment.shop_id, cls.what == what)).first()


def _check_still_to_come(appointment: "Appointment", what: str) -> tuple[str, int | None]:
    """Its kind, and the revision that it is about. Raises Refused: nothing of that name is to come."""
    message = next((message for message in appointment.messages if message.dedupe_key == what), None)
    if message and message.state in {Delivery.planned, Delivery.queued}:
        return message.kind, message.revision
    if message is None and appointment.follow_up_at and what == Message.key_of(appointment, "follow_up"):
        return "follow_up", appointment.revision
    raise Refused(_("Its moment is past: it went, or it was called off."))


def _tell(appointment: "Appointment") -> None:
    db.session.flush()
    db.session.expire(appointment, ["follow_up_skip"])
    touch(appointment.shop_id, "messages")
    touch(appointment.shop_id, "appointments")
