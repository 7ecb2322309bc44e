"""A batch of postcards handed to the print service: what it will cost, who agreed to that and when, and how far it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock, sending_rules
from models.actor import Actor
from models.base import Base, db, kept
from models.delivery import Delivery
from models.entry import record
from models.handover import later, touch
from models.letter import Letter
from models.money import Money, shown
from models.owned import ShopOwned
from models.postcard_batch import OWN, SERVICE, PostcardBatch
from models.print_service import PrintService
from models.printed_card import PrintedCard
from models.refused import Refused
from models.rule_sentences import sentence

if TYPE_CHECKING:
    from models.shop import Shop

ON_THEIR_WAY = (Delivery.queued, Delivery.sending, Delivery.unknown)  # not with the service yet, as far as is known


@dataclass(frozen=True, slots=True)
class LeftOut:
    letter: Letter
    reason: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What handing the batch over would cost now: so many cards at so much, and which are left out and why."""

    letters: list[Letter]
    left_out: list[LeftOut]
    price: Money  # of one card

    @property
    def count(self) -> int:
        return len(self.letters)

    @property
    def amount(self) -> Money:
        return Money(self.price.minor * self.count, self.price.currency)

    @property
    def seal(self) -> str:
        """What a person agrees to, for the form: another count or price is another estimate."""
        return f"{self.count}:{self.price.minor}:{self.price.currency}"

    @classmethod
    def of(cls, batch: PostcardBatch, service: PrintService) -> "Estimate":
        """The rules are asked about every card; nothing is changed. Raises Refused: the service is not set up."""
        if not service.works or service.card_price is None:
            raise Refused(_("The print service is not switched on, or its settings are not complete."))
        going, left_out = [], []
        for letter in batch.letters:
            if letter.message.state is Delivery.queued:
                verdict = sending_rules.judge(letter.message)
                stopped = next((rule for rule in verdict.trace if not rule[1]), None)
                if stopped is None:
                    going.append(letter)
                else:
                    left_out.append(LeftOut(letter, sentence(str(stopped[0]), False, str(stopped[2]), batch.shop.country)))
            else:
                left_out.append(LeftOut(letter, letter.message.obstacle or letter.message.state.label))
        return cls(going, left_out, service.card_price)


class PrintOrder(ShopOwned, Base):
    __tablename__ = "print_orders"
    __table_args__ = (UniqueConstraint("batch_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("postcard_batches.id"))
    confirmed_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_by: Mapped[str]
    count: Mapped[int]
    price: Mapped[int]  # minor units, of one card, as agreed to
    currency: Mapped[str]
    left_out: Mapped[int] = mapped_column(default=0)

    shop: Mapped["Shop"] = relationship()
    batch: Mapped[PostcardBatch] = relationship()

    @classmethod
    def of(cls, batch: PostcardBatch) -> "PrintOrder | None":
        return db.session.scalars(select(cls).where(cls.batch_id == batch.id)).first()

    @classmethod
    def confirm(cls, batch: PostcardBatch, agreed: str, *, by: Actor) -> "PrintOrder":
        """Hand the batch over at the cost that was shown (``Estimate.seal``); twice is once.

        Raises Refused: nothing is set up, no card would go, or by now it would cost something else.
        """
        batch.shop.lock()
        if order := cls.of(batch):
            return order
        service = PrintService.of(batch.shop)
        if service is None:
            raise Refused(_("No print service is set up."))
        estimate = Estimate.of(batch, service)
        if not estimate.count:
            raise Refused(_("None of these cards can go."))
        if estimate.seal != agreed:
            raise Refused(_("What it costs has changed since you looked. Look at it again, then confirm."))
        mine = update(PostcardBatch).where(PostcardBatch.id == batch.id, PostcardBatch.posted_at.is_(None), PostcardBatch.way == OWN)
        if db.session.execute(mine.values(way=SERVICE)).rowcount != 1:  # type: ignore[attr-defined]
            raise Refused(_("Somebody has posted these cards already."))
        db.session.refresh(batch)
        order = cls(shop_id=batch.shop_id, batch_id=batch.id, confirmed_by=by.name, count=estimate.count, left_out=len(estimate.left_out))
        order.price, order.currency, order.batch, order.shop = estimate.price.minor, estimate.price.currency, batch, batch.shop
        if not kept(order):
            raise Refused(_("Somebody has handed these cards over already."))
        PrintedCard.hand_over(order.id, estimate.letters)
        record(order, "print_order.confirmed", by, count=order.count, amount=shown(order.amount, "en_US"))
        touch(batch.shop_id, "messages")
        later("jobs.print_orders.drain")
        return order

    def withdraw(self, *, by: Actor) -> int:
        """Call off all that can still be; how many that were."""
        return sum(card.withdraw(by=by) for card in self.cards if card.may_withdraw)

    def carry_on(self, *, by: Actor) -> int:
        """Undo of that: what was called off goes after all."""
        return sum(card.carry_on(by=by) for card in self.cards if card.may_carry_on)

    # how far it is

    @cached_property
    def cards(self) -> list[PrintedCard]:
        """In the order of the batch, without those that the shop prints itself now."""
        query = select(PrintedCard).where(PrintedCard.order_id == self.id, PrintedCard.released_at.is_(None))
        message = joinedload(PrintedCard.message, innerjoin=True)
        return list(db.session.scalars(query.options(message, *PrintedCard.named()).order_by(PrintedCard.id)).unique())

    @property
    def counts(self) -> Counter[str]:
        """Of its cards, by how far they are."""
        return Counter(card.standing.value for card in self.cards)

    @property
    def amount(self) -> Money:
        """What was agreed to."""
        return Money(self.price * self.count, self.currency)

    @property
    def billed(self) -> tuple[int, Money] | None:
        """Of how many cards the service has said what it charges, and what that comes to; None: it says nothing."""
        said = [card for card in self.cards if card.price is not None and card.currency == self.currency and card.is_charged]
        return (len(said), Money(sum(card.price or 0 for card in said), self.currency)) if said else None

    @property
    def is_under_way(self) -> bool:
        return any(card.message.state in ON_THEIR_WAY for card in self.cards)
