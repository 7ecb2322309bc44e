"""What a print service reports about a card, in any order and any number of times: kept raw, once each, worked on in a job."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.actor import Actor
from models.base import db, kept
from models.delivery import Delivery
from models.handover import later, touch
from models.message import Message
from models.print_service import PrintService
from models.printed_card import PrintedCard
from models.returned_address import ReturnedAddress
from models.webhook import Webhook

OF_CARDS = "postcard."
BY = Actor("provider", "Print service")
FAILED = frozenset({"failed", "rejected"})
KEPT = ("id", "reference_id", "event_type", "date_created")  # the rest repeats the customer's address, which we have


class PrintReport(Webhook):
    __tablename__ = "print_reports"
    __table_args__ = (UniqueConstraint("shop_id", "event_id"),)

    card_id: Mapped[int] = mapped_column(ForeignKey("printed_cards.id"), index=True)
    event_id: Mapped[str]
    provider_id: Mapped[str]
    kind: Mapped[str]

    card: Mapped[PrintedCard] = relationship()

    @classmethod
    def take(cls, service: PrintService, event: dict[str, Any]) -> "PrintReport | None":
        """Keep it and hand it to a worker; None where it was kept before, or is about none of this shop's cards."""
        kind, about = _text(_part(event, "event_type"), "id"), _part(event, "body")
        event_id, provider_id = _text(event, "id"), _text(event, "reference_id") or _text(about, "id")
        if not (kind.startswith(OF_CARDS) and event_id and provider_id):
            return None
        card = _card(service.shop_id, provider_id, _text(_part(about, "metadata"), "message"))
        if card is None:
            return None
        report = cls(shop_id=service.shop_id, card_id=card.id, event_id=event_id, provider_id=provider_id)
        report.kind, report.raw = kind.removeprefix(OF_CARDS), {name: event[name] for name in KEPT if name in event}
        if not kept(report):
            return None
        later("jobs.print_orders.hear")
        return report

    def work(self) -> None:
        """Move the card as far as this report says; what is final stays, only that it came back outweighs that it arrived."""
        if not self._begun():
            return
        card, message = self.card, self.card.message
        if self.provider_id in card.former_ids:
            return
        if message.provider_id is None and message.state in {Delivery.queued, Delivery.sending, Delivery.unknown}:
            message.accepted(self.provider_id)  # it proves that the service took it, though its answer to us got lost
        if message.provider_id != self.provider_id:
            return
        card.reported(self.kind)
        if self.kind == "delivered":
            message.arrived()
        elif self.kind == "returned_to_sender":
            message.advance("bounce", failure="returned")
            ReturnedAddress.note(message.shop, card.line or message.address, message.id, by=BY)
        elif self.kind in FAILED:
            message.advance("refuse", failure="print_failed")
        elif self.kind == "deleted":
            card.deleted_there()
        touch(self.shop_id, "messages")


def _card(shop_id: int, provider_id: str, uid: str) -> PrintedCard | None:
    """By the service's id for it, else by ours, which it got with the card."""
    query = select(PrintedCard).join(PrintedCard.message).where(Message.shop_id == shop_id)
    found = db.session.scalars(query.where(Message.provider_id == provider_id)).first()
    return found or (db.session.scalars(query.where(Message.uid == uid)).first() if uid else None)


def _part(thing: dict[str, Any], name: str) -> dict[str, Any]:
    found = thing.get(name)
    return found if isinstance(found, dict) else {}


def _text(thing: dict[str, Any], name: str) -> str:
    found = thing.get(name)
    return found[:200] if isinstance(found, str) else ""
