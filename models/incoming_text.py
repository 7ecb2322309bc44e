"""A text as the provider handed it in: kept raw, once, answered fast, worked on in a job."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import keyword, refusal
from models.actor import Actor
from models.after_hours import answer_after_hours
from models.base import db, kept
from models.consent import MARKETING, SERVICE, Consent
from models.consent_wording import version_in
from models.counter_code import printed_wording
from models.customer import Customer
from models.customer_contact import CustomerPhone
from models.handover import later
from models.message import Message
from models.message_media import MessageMedia
from models.message_template import MessageTemplate
from models.opt_out import opt_in, opt_out, still_stopped, taken_by_stop
from models.shop import Shop
from models.stop_alarm import StopAlarm
from models.webhook import Webhook
from models.wording import fill, shop_values

KEYWORD_CONSENT_VERSION = "keyword-2026-11"


class IncomingText(Webhook):
    __tablename__ = "incoming_texts"

    provider_id: Mapped[str] = mapped_column(unique=True)  # repeats of the webhook find it taken
    sender: Mapped[str]
    body: Mapped[str]

    shop: Mapped[Shop] = relationship()

    @classmethod
    def take(cls, shop: Shop, provider_id: str, sender: str, body: str, raw: dict[str, Any]) -> "IncomingText | None":
        """Keep it and hand it to a worker; None where it was kept before."""
        text = cls(shop_id=shop.id, shop=shop, provider_id=provider_id, sender=sender, body=body, raw=raw)
        if not kept(text):
            return None
        later("jobs.incoming.drain")
        return text

    def work(self) -> None:
        """Do what it says, once: opt-out first, before anything else; then it joins the shop's messages."""
        if not self._begun():
            return
        customer = self._sender()
        word = keyword.meaning(self.body, self.shop.location.consent_keyword) or self._provider_says()
        answer = self._obey(word, customer)
        message = Message.received(self.shop, self.sender, self.body, self.provider_id, customer)
        MessageMedia.expect(message, self.raw)
        if answer:
            self._answer(answer, customer)
        if word is None and (meant := refusal.meant(self.body)):
            StopAlarm.sound(message, meant, by=self._by(customer))
        elif word is None:
            answer_after_hours(self.shop, self.sender, customer)

    def _obey(self, word: str | None, customer: Customer | None) -> str:
        """Do what the word says; returns what is to be answered, if anything."""
        match word:
            case "stop":
                return self._stop(customer)
            case "start":
                return self._start(customer)
            case "consent":
                return self._consent(customer, "keyword", self.body, KEYWORD_CONSENT_VERSION)
            case "counter":
                return self._consent(customer, "counter", printed_wording(self.shop), version_in(self.shop, self.shop.language))
        return "help_reply" if word == "help" else ""

    def _provider_says(self) -> str | None:
        """What the provider made of it (Twilio's OptOutType), in languages whose words we don't know."""
        return {"STOP": "stop", "START": "start", "HELP": "help"}.get(str(self.raw.get("OptOutType", "")).upper())

    def _sender(self) -> Customer | None:
        """Whose number it is; of two who share it, nobody's in particular."""
        query = select(Customer).join(Customer.phones).where(Customer.shop_id == self.shop_id, CustomerPhone.number == self.sender)
        found = db.session.scalars(query).all()
        return found[0] if len(found) == 1 else None

    def _by(self, customer: Customer | None) -> Actor:
        return Actor("customer", customer.name if customer else self.sender, customer.id if customer else None)

    def _stop(self, customer: Customer | None) -> str:
        opt_out(self.shop, self.sender, source="stop", wording=self.body, by=self._by(customer))
        StopAlarm.answered_by_stop(self.shop, self.sender, by=self._by(customer))
        return "stop_reply"

    def _start(self, customer: Customer | None) -> str:
        """START gives back what STOP took, and nothing that was never given."""
        restored = [scope for scope in (SERVICE, MARKETING) if taken_by_stop(self.shop, self.sender, scope)]
        for scope in restored:
            opt_in(self.shop, self.sender, source="start", scope=scope, wording=self.body, by=self._by(customer))
        if not restored and Consent.may_text(self.shop, self.sender) and still_stopped(Consent.history(self.shop, self.sender)):
            # agreed again on their page, and now the provider knows it too
            opt_in(self.shop, self.sender, source="start", wording=self.body, by=self._by(customer))
        return "start_reply" if restored else ""

    def _consent(self, customer: Customer | None, source: str, wording: str, version: str) -> str:
        news = opt_in(self.shop, self.sender, source=source, wording=wording, version=version, by=self._by(customer))
        return "consent_reply" if news else ""

    def _answer(self, key: str, customer: Customer | None) -> None:
        """Answer once: the provider does it for the words that it knows, if the shop says so or it told us what it made of the word.

        It knows a word that stands alone; "Help?" is ours to answer. After a "Stop." that it took all the same it lets ours not through.
        """
        knows = self.shop.location.provider_answers_keywords and keyword.stands_alone(self.body)
        if key != "consent_reply" and (knows or self._provider_says()):
            return
        language = (customer.language if customer else None) or self.shop.language
        template = MessageTemplate.of(self.shop, key, "text", language)
        body = fill(template, shop_values(self.shop)).body
        Message.reply(self.shop, self.sender, key, body, once_key=f"incoming:{self.id}:{key}", language=language, customer=customer)
