"""What the provider reports about a text, in any order and any number of times: kept raw, once each, worked on in a job."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import db, kept
from models.delivery import Delivery
from models.failure import OFTEN_PASSES
from models.handover import later
from models.message import Message
from models.webhook import Webhook

ARRIVED, FAILED = frozenset({"delivered", "read"}), frozenset({"undelivered", "failed", "canceled"})


class DeliveryReport(Webhook):
    __tablename__ = "delivery_reports"
    __table_args__ = (UniqueConstraint("provider_id", "status"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    provider_id: Mapped[str]
    status: Mapped[str]
    code: Mapped[str] = mapped_column(default="")

    message: Mapped[Message] = relationship()

    @classmethod
    def take(cls, uid: str, provider_id: str, status: str, code: str, raw: dict[str, Any]) -> "DeliveryReport | None":
        """Keep it and hand it to a worker; None where it was kept before, or where no message of ours has that id."""
        message = db.session.scalars(select(Message).where(Message.uid == uid, Message.direction == "out")).first()
        if message is None:
            return None
        report = cls(shop_id=message.shop_id, message_id=message.id, provider_id=provider_id, status=status, code=code, raw=raw)
        if not kept(report):
            return None
        later("jobs.delivery_reports.drain")
        return report

    @classmethod
    def about(cls, message: Message) -> Sequence["DeliveryReport"]:
        """Everything that was reported about it, in the order in which it came."""
        return db.session.scalars(select(cls).where(cls.message_id == message.id).order_by(cls.id)).all()

    def work(self) -> None:
        """Move the message as far as this report says; a later or final state stays."""
        if not self._begun():
            return
        message, earlier = self.message, self._earlier_failures()
        if self.provider_id in earlier and self.status not in ARRIVED:
            return  # of the first of two attempts: it says nothing of the second
        if message.provider_id is None:
            message.provider_id = self.provider_id
        if self.status in ARRIVED:
            message.arrived()
        elif self.status in FAILED:
            if earlier or self.code not in OFTEN_PASSES or not message.once_more(self.code):
                message.refused(self.code or "30008")
        elif message.state in {Delivery.queued, Delivery.sending, Delivery.unknown}:
            # any other report proves that the provider took it, though its answer to us got lost
            message.accepted(self.provider_id)

    def _earlier_failures(self) -> set[str]:
        """The provider's ids of attempts at this message that had failed before this was reported."""
        failed = DeliveryReport.message_id == self.message_id, DeliveryReport.status.in_(FAILED), DeliveryReport.id < self.id
        return set(db.session.scalars(select(DeliveryReport.provider_id).where(*failed)))
