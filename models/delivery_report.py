"""What the provider reports about a text, in any order and any number of times: kept raw, once each, worked on in a job."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.delivery import Delivery
from models.handover import later
from models.incoming_text import opt_out
from models.message import Message
from models.owned import ShopOwned

OPTED_OUT = "21610"


class DeliveryReport(ShopOwned, Base):
    __tablename__ = "delivery_reports"
    __table_args__ = (UniqueConstraint("provider_id", "status"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    provider_id: Mapped[str]
    status: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    raw: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    worked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)

    message: Mapped[Message] = relationship()

    @classmethod
    def take(cls, uid: str, provider_id: str, status: str, code: str, raw: dict[str, Any]) -> "DeliveryReport | None":
        """Keep it and hand it to a worker; None where it was kept before, or where no message of ours has that id."""
        message = db.session.scalars(select(Message).where(Message.uid == uid, Message.direction == "out")).first()
        if message is None or db.session.scalar(select(cls.id).where(cls.provider_id == provider_id, cls.status == status)):
            return None
        report = cls(shop_id=message.shop_id, message=message, provider_id=provider_id, status=status, code=code, raw=raw)
        db.session.add(report)
        db.session.flush()
        later("jobs.delivery_reports.work", report.id)
        return report

    @classmethod
    def waiting(cls) -> list["DeliveryReport"]:
        return list(db.session.scalars(select(cls).where(cls.worked_at.is_(None)).order_by(cls.id)))

    def work(self) -> None:
        """Move the message as far as this report says; a later or final state stays."""
        if self.worked_at:
            return
        self.worked_at = clock.now()
        message = self.message
        if message.provider_id is None:
            message.provider_id = self.provider_id
        if self.status in {"delivered", "read"}:
            message.arrived()
        elif self.status in {"undelivered", "failed", "canceled"}:
            message.refused(self.code or "30008")
        elif message.state in {Delivery.sending, Delivery.unknown}:
            # any other report proves that the provider took it, though its answer to us got lost
            message.accepted(self.provider_id)
        if self.code == OPTED_OUT:
            opt_out(message.shop, message.address, source="provider", wording=OPTED_OUT, by=Actor("provider", "Twilio"))
