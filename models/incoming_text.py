"""A text as the provider handed it in: kept raw, once, answered fast, worked on in a job."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, keyword
from models.actor import Actor
from models.base import Base, db
from models.consent import MARKETING, SERVICE, Consent
from models.customer import Customer, CustomerPhone
from models.delivery import Delivery
from models.handover import later, touch
from models.message import Message
from models.message_template import MessageTemplate
from models.owned import ShopOwned
from models.shop import Shop
from models.wording import fill, shop_values

KEYWORD_CONSENT_VERSION = "keyword-2026-11"


class IncomingText(ShopOwned, Base):
    __tablename__ = "incoming_texts"

    provider_id: Mapped[str] = mapped_column(unique=True)  # repeats of the webhook find it taken
    sender: Mapped[str]
    body: Mapped[str]
    raw: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    worked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)

    shop: Mapped[Shop] = relationship()

    @classmethod
    def take(cls, shop: Shop, provider_id: str, sender: str, body: str, raw: dict[str, Any]) -> "IncomingText | None":
        """Keep it and hand it to a worker; None where it was kept before."""
        if db.session.scalar(select(cls.id).where(cls.provider_id == provider_id)):
            return None
        text = cls(shop_id=shop.id, shop=shop, provider_id=provider_id, sender=sender, body=body, raw=raw)
        db.session.add(text)
        db.session.flush()
        later("jobs.incoming.work", text.id)
        return text

    @classmethod
    def waiting(cls) -> list["IncomingText"]:
        return list(db.session.scalars(select(cls).where(cls.worked_at.is_(None)).order_by(cls.id)))

    def work(self) -> None:
        """Do what it says, once: opt-out first, before anything else; then it joins the shop's messages."""
        locked = select(IncomingText).where(IncomingText.id == self.id).with_for_update()
        if db.session.scalars(locked.execution_options(populate_existing=True)).one().worked_at:
            return
        self.worked_at = clock.now()
        customer = self._sender()
        match keyword.meaning(self.body, self.shop.location.consent_keyword) or self._provider_says():
            case "stop":
                self._stop(customer)
            case "start":
                self._start(customer)
            case "consent":
                self._consent(customer)
            case "help":
                self._answer("help_reply", customer)
        Message.received(self.shop, self.sender, self.body, self.provider_id, customer)

    def _provider_says(self) -> str | None:
        """What the provider made of it (Twilio's OptOutType), in languages whose words we don't know."""
        return {"STOP": "stop", "START": "start", "HELP": "help"}.get(str(self.raw.get("OptOutType", "")))

    def _sender(self) -> Customer | None:
        """Whose number it is; of two who share it, nobody's in particular."""
        query = select(Customer).join(Customer.phones).where(Customer.shop_id == self.shop_id, CustomerPhone.number == self.sender)
        found = db.session.scalars(query).all()
        return found[0] if len(found) == 1 else None

    def _by(self, customer: Customer | None) -> Actor:
        return Actor("customer", customer.name if customer else self.sender, customer.id if customer else None)

    def _stop(self, customer: Customer | None) -> None:
        opt_out(self.shop, self.sender, source="stop", wording=self.body, by=self._by(customer))
        self._answer("stop_reply", customer)

    def _start(self, customer: Customer | None) -> None:
        """START gives back what STOP took, and nothing that was never given."""
        restored = [scope for scope in (SERVICE, MARKETING) if _taken_by_stop(self.shop, self.sender, scope)]
        for scope in restored:
            Consent.note(self.shop, self.sender, given=True, source="start", scope=scope, wording=self.body, by=self._by(customer))
        if restored:
            self._answer("start_reply", customer)

    def _consent(self, customer: Customer | None) -> None:
        noted = Consent.note(
            self.shop, self.sender, given=True, source="keyword", wording=self.body, version=KEYWORD_CONSENT_VERSION, by=self._by(customer)
        )
        if noted:
            self._answer("consent_reply", customer)

    def _answer(self, key: str, customer: Customer | None) -> None:
        if key != "consent_reply" and self.shop.location.provider_answers_keywords:
            return
        language = (customer.language if customer else None) or self.shop.language
        template = MessageTemplate.of(self.shop, key, "text", language)
        body = fill(template, shop_values(self.shop)).body
        Message.reply(self.shop, self.sender, key, body, once_key=f"incoming:{self.id}:{key}", language=language)


def opt_out(shop: Shop, number: str, *, source: str, wording: str, by: Actor) -> None:
    """End consent for every scope at once, and hold back what is queued for that number."""
    for scope in (SERVICE, MARKETING):
        newest = Consent.of(shop, number, scope)
        if scope == SERVICE or (newest and newest.given):
            Consent.note(shop, number, given=False, source=source, scope=scope, wording=wording, by=by)
    waiting = select(Message).where(Message.shop_id == shop.id, Message.address == number, Message.channel == "text", Message.direction == "out")
    for message in db.session.scalars(waiting.where(Message.state.in_((Delivery.planned, Delivery.queued)))):
        message.hold("opted_out")
    touch(shop.id, "messages")


def _taken_by_stop(shop: Shop, number: str, scope: str) -> bool:
    facts = [fact for fact in Consent.history(shop, number) if fact.scope == scope]
    return bool(facts) and not facts[0].given and facts[0].source in {"stop", "provider"} and any(fact.given for fact in facts[1:])
