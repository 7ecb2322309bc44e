"""A postcard in the hands of a print service: under which key, what the service says of it, and what may still be done about it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Select, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.card_standing import CardStanding
from models.delivery import Delivery
from models.entry import record
from models.handover import later
from models.letter import Letter
from models.letter_kind import POSTCARD
from models.message import Message
from models.money import Money
from models.owned import ShopOwned
from models.print_service import PrintService
from models.printed_card_calling_off import CallingOff
from models.refused import Refused
from models.returned_address import ReturnedAddress

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

SAFE = timedelta(hours=23)  # so long the service knows a key again (it promises a day): a card may be handed over twice under it
ASKING = timedelta(days=2)  # how long it is asked about a card whose fate is unknown; then a person decides
STEPS = ("created", "rendered_pdf", "mailed", "in_transit", "in_local_area", "processed_for_delivery", "delivered", "returned_to_sender")
POSTED = STEPS.index("mailed")


class PrintedCard(CallingOff, ShopOwned, Base):
    __tablename__ = "printed_cards"
    __table_args__ = (UniqueConstraint("message_id"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("print_orders.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    round: Mapped[int] = mapped_column(default=1)  # a new one, under a new key, each time somebody has it printed anew
    tried_at: Mapped[datetime | None] = mapped_column(default=None)  # handed over first under this round's key
    line: Mapped[str] = mapped_column(default="")  # the address that it went to
    price: Mapped[int | None] = mapped_column(default=None)  # minor units, where the service says what it charges
    currency: Mapped[str] = mapped_column(default="")
    expected_on: Mapped[date | None] = mapped_column(default=None)
    said: Mapped[str] = mapped_column(default="")  # the service's own words on why not
    step: Mapped[str] = mapped_column(default="")  # the furthest that it reported
    former_ids: Mapped[list[Any]] = mapped_column(default=list)  # the service's ids for it in rounds that are over
    withdrawal_at: Mapped[datetime | None] = mapped_column(default=None, index=True)  # from when on the service is asked to take it out
    withdrawn_by: Mapped[str] = mapped_column(default="")
    released_at: Mapped[datetime | None] = mapped_column(default=None)  # the shop prints it itself

    message: Mapped[Message] = relationship()

    # finding

    @staticmethod
    def named() -> "tuple[ExecutableOption, ...]":
        """Loader options for what a list shows of it."""
        letter = joinedload(PrintedCard.message, innerjoin=True).joinedload(Message.letter)
        return (letter.joinedload(Letter.customer), letter.joinedload(Letter.vehicle))

    @classmethod
    def of(cls, message: Message) -> "PrintedCard | None":
        return db.session.scalars(select(cls).where(cls.message_id == message.id)).first()

    @classmethod
    def due(cls, limit: int, besides: Collection[int], blocked: Collection[int]) -> Sequence[Message]:
        """Cards to hand over now, oldest first, of shops whose service takes cards just now; what another worker has is left to it."""
        query = cls._ready(select(Message)).where(Message.id.not_in(besides), Message.shop_id.not_in(blocked))
        query = query.order_by(Message.due_at, cls.id).limit(limit).options(*Message.whole())
        return db.session.scalars(query.with_for_update(skip_locked=True, of=Message)).all()

    @classmethod
    def due_ids(cls) -> Sequence[int]:
        """One is enough to call a worker."""
        return db.session.scalars(cls._ready(select(cls.id)).limit(1)).all()

    @classmethod
    def _ready(cls, query: Select[Any]) -> Select[Any]:
        query = query.select_from(Message).join(cls, cls.message_id == Message.id)
        query = query.join(PrintService, PrintService.shop_id == Message.shop_id).where(PrintService.on, cls.released_at.is_(None))
        query = query.where(or_(PrintService.paused_until.is_(None), PrintService.paused_until <= clock.now()))
        return query.where(Message.state == Delivery.queued, Message.due_at <= clock.now(), Message.channel == POSTCARD)

    @classmethod
    def unclear_ids(cls) -> Sequence[int]:
        """Of those whose fate is unknown and about which the service is to be asked now."""
        unclear = select(cls.id).join(Message, cls.message_id == Message.id).where(Message.state == Delivery.unknown)
        return db.session.scalars(unclear.where(Message.due_at <= clock.now(), Message.state_at > clock.now() - ASKING)).all()

    @classmethod
    def to_withdraw(cls) -> Sequence[int]:
        """What the service is to be asked now."""
        known = select(cls.id).join(Message, cls.message_id == Message.id).where(Message.provider_id.is_not(None))  # else: it was erased
        return db.session.scalars(known.where(cls.withdrawal_at <= clock.now())).all()

    @classmethod
    def of_all(cls, messages: Sequence[Message]) -> "dict[int, PrintedCard]":
        """By the ids of their messages."""
        found = db.session.scalars(select(cls).where(cls.message_id.in_([message.id for message in messages])))
        return {card.message_id: card for card in found}

    @classmethod
    def hand_over(cls, order_id: int, letters: Sequence[Letter]) -> None:
        """These go by the service from now on."""
        known = {
            card.message_id: card for card in db.session.scalars(select(cls).where(cls.message_id.in_([one.message_id for one in letters])))
        }
        for letter in letters:
            if card := known.get(letter.message_id):
                card.order_id, card.released_at, card.round, card.tried_at = order_id, None, card.round + 1, None
            else:
                db.session.add(cls(shop_id=letter.shop_id, order_id=order_id, message_id=letter.message_id))
        db.session.flush()

    # questions

    @property
    def key(self) -> str:
        """What the service tells cards apart by: under the same one it never makes a second."""
        return self.message.uid if self.round == 1 else f"{self.message.uid}-{self.round}"

    @property
    def standing(self) -> CardStanding:
        state = self.message.state
        if state is Delivery.sent:
            if self.withdrawal_at:
                return CardStanding.withdrawing
            return CardStanding.posted if self.step in STEPS[POSTED:] else CardStanding.taken
        if state is Delivery.failed:
            return CardStanding.returned if self.message.failure == "returned" else CardStanding.failed
        if state is Delivery.cancelled:
            return CardStanding.withdrawn if self.withdrawn_by else CardStanding.held
        return _STANDINGS.get(state, CardStanding.held)

    @property
    def may_try_again(self) -> bool:
        """Not where it came back from, as long as that is the address; nor once its words are no longer kept."""
        if not self.message.body:
            return False
        if self.standing is CardStanding.returned:
            return self.message.customer is not None and ReturnedAddress.of(self.message.customer) is None
        return self.standing in {CardStanding.failed, CardStanding.withdrawn}

    @property
    def is_charged(self) -> bool:
        return self.message.state in {Delivery.sent, Delivery.delivered} or self.message.failure == "returned"

    @property
    def is_safe(self) -> bool:
        """Whether it may be handed over once more under its key, not knowing whether it was taken."""
        return self.tried_at is None or clock.now() - self.tried_at < SAFE

    # verbs

    def try_again(self, *, by: Actor) -> None:
        """Have it printed after all, as a new card. Raises Refused: it is on its way."""
        if not self.may_try_again:
            raise Refused(_("This card is on its way, or was printed."))
        self._renew()
        self.withdrawn_by = ""
        record(self, "printed_card.renewed", by, name=self._name)

    def print_ourselves(self, *, by: Actor) -> None:
        """It leaves the service and waits for the shop's own next batch. Raises Refused: it is on its way."""
        self.try_again(by=by)
        letter, self.released_at = self.message.letter, clock.now()
        if letter:
            letter.postcard_batch = letter.card_number = None

    def tried(self) -> None:
        """It is being handed over: to the address that the customer has now, which may have been corrected since."""
        self.tried_at = self.tried_at or clock.now()
        if self.message.customer and self.message.customer.addresses:
            self.line = self.message.address = self.message.customer.addresses[0].line(self.message.shop.country)

    def taken(self, id: str, price: Money | None, expected_on: date | None) -> None:
        """The service took it; a report of it may have come before this answer, and has said so already."""
        self.message.accepted(id)
        self.said, self.expected_on = "", expected_on
        if price:
            self.price, self.currency = price.minor, price.currency

    def reported(self, step: str) -> None:
        """Reports come in any order: the furthest counts."""
        if step in STEPS and (self.step not in STEPS or STEPS.index(step) > STEPS.index(self.step)):
            self.step = step

    def _renew(self) -> None:
        former = self.message.provider_id
        if not self.message.advance("renew", due_at=clock.now(), failure="", provider_id=None):
            raise Refused(_("This card is on its way, or was printed."))
        if former:
            self.former_ids = [*self.former_ids, former]
        if self.tried_at:
            self.round, self.tried_at = self.round + 1, None
        self.said = self.step = ""
        self.price = self.expected_on = None
        self.message.trace = [tried for tried in self.message.trace if tried[0] != "withdrawn"]
        later("jobs.print_orders.drain")

    @property
    def _name(self) -> str:
        return self.message.customer.name if self.message.customer else ""


_STANDINGS = {
    Delivery.queued: CardStanding.waiting,
    Delivery.sending: CardStanding.sending,
    Delivery.delivered: CardStanding.delivered,
    Delivery.unknown: CardStanding.unknown,
}
