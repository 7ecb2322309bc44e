"""A follow-up that somebody is to call about: nothing else reaches the customer, or somebody wishes to call."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.call_outcome import Outcome
from models.call_result import TOPIC, CallResult
from models.customer import Customer
from models.do_not_mail import BY_CALL, DoNotMail
from models.entry import record
from models.handover import touch
from models.letter import Letter
from models.letter_kind import LetterKind
from models.occasion import Occasion
from models.owned import ShopOwned
from models.refused import Refused
from models.vehicle import Vehicle

if TYPE_CHECKING:
    from models.shop import Shop

NO_ADDRESS, CAME_BACK, WISHED = "no_address", "came_back", "wished"
_REASONS = {
    NO_ADDRESS: _l("No e-mail and no whole address on file"),
    CAME_BACK: _l("The letter did not arrive"),
    WISHED: _l("%(name)s wants to call"),
}
TRIES = 3  # without an answer
STAYS = timedelta(days=7)  # at least, what somebody wished to call about
FIELDS = ("kind", "on", "last_day", "customer_id", "vehicle_id", "appointment_id", "revision", "work_order_id", "visit_on")


class Call(ShopOwned, Base):
    __tablename__ = "calls"
    __table_args__ = (UniqueConstraint("shop_id", "key"), Index("ix_calls_due", "shop_id", "call_on"))

    key: Mapped[str]  # the letter's: what would be written of the same reason
    kind: Mapped[LetterKind]
    on: Mapped[date]  # the calendar day that the rule gave
    last_day: Mapped[date]  # after which a call would come too late
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"), default=None)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), default=None)
    revision: Mapped[int | None] = mapped_column(default=None)
    work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_orders.id"), default=None)
    visit_on: Mapped[date | None] = mapped_column(default=None)
    reason: Mapped[str]
    wished_by: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    since: Mapped[datetime]  # who comes after that needs no call any more
    call_on: Mapped[date | None]  # when somebody is to call; None: not any more

    shop: Mapped["Shop"] = relationship()
    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    results: Mapped[list[CallResult]] = relationship(order_by=CallResult.number, back_populates="call")

    @classmethod
    def known(cls, keys: Collection[str]) -> set[str]:
        """Of these keys of letters, those about which somebody calls, or has called, already."""
        return set(db.session.scalars(select(cls.key).where(cls.key.in_(keys))))

    @classmethod
    def to(cls, customer: Customer, limit: int = 50) -> "list[Call]":
        """All about this customer, newest first."""
        mine = select(cls).where(cls.customer_id == customer.id).order_by(cls.id.desc())
        return list(db.session.scalars(mine.limit(limit)))

    @classmethod
    def instead(cls, about: "Occasion | Letter", key: str, shop: "Shop", reason: str) -> "Call | None":
        """Nothing else reaches the customer; None: somebody made it already. To be called from today on."""
        call = cls(shop_id=shop.id, shop=shop, key=key, reason=reason, created_at=clock.now(), call_on=shop.today())
        for name in FIELDS:
            setattr(call, name, getattr(about, name))
        # who comes on the very day of the visit is no newcomer
        after = clock.day_bounds(call.visit_on, shop.tz)[1] if call.visit_on else call.created_at
        call.since, call.results = min(after, call.created_at), []
        if not kept(call):
            return None
        touch(shop.id, TOPIC)
        return call

    @classmethod
    def wish(cls, letter: Letter, *, by: Actor) -> "Call":
        """Somebody wants to call about this letter, written or still to be; twice is once. Raises Refused: the customer wants none."""
        if DoNotMail.of(letter.customer):
            raise Refused(_("%(name)s wants no follow-ups, neither letters nor calls.", name=letter.customer.mailing_name))
        key, shop = letter.message.dedupe_key or f"letter:{letter.id}", letter.shop
        call = db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.key == key).with_for_update()).first()
        if call is None:
            call = cls.instead(letter, key, shop, WISHED) or cls.wish(letter, by=by)
        if call.call_on is None or (call.reason == WISHED and not call.wished_by):
            call.reason, call.wished_by, call.call_on = WISHED, by.name, shop.today()
            call.last_day = max(call.last_day, shop.today() + STAYS)
            record(call, "call.wished", by)
            touch(shop.id, TOPIC)
        return call

    # questions

    @property
    def said(self) -> str:
        """Why somebody is to call."""
        return str(_REASONS[self.reason]) % {"name": self.wished_by}

    @property
    def standing(self) -> list[CallResult]:
        """Its results but those that were undone."""
        return [result for result in self.results if result.undone_at is None]

    @property
    def last(self) -> CallResult | None:
        return self.standing[-1] if self.standing else None

    @property
    def tries(self) -> int:
        """How often nobody answered."""
        return sum(result.outcome is Outcome.no_answer for result in self.standing)

    # verbs

    def hold(self) -> None:
        """Until this transaction ends nobody else notes or undoes a result."""
        db.session.refresh(self, with_for_update=True)
        db.session.expire(self, ["results"])

    def note(self, outcome: Outcome, *, after: int, by: Actor) -> CallResult:
        """What came of the call. ``after``: how many results there were when it was tapped, so that a double tap is one result.

        Raises Refused: somebody else has noted another one meanwhile.
        """
        self.hold()
        if after != len(self.results):
            return self._noted_meanwhile(outcome)
        result = CallResult(shop_id=self.shop_id, number=after + 1, outcome=outcome, call_on=self.call_on, at=clock.now(), barred=False)
        result.actor_id, result.actor_name = by.id, by.name
        result.phone = self.customer.phone.number if self.customer.phone else ""
        self.results.append(result)
        again = outcome is Outcome.no_answer and self.tries < TRIES
        self.call_on = self._next_open_day() if again else None
        if outcome is Outcome.no_more and DoNotMail.of(self.customer) is None:
            result.barred = True
            DoNotMail.set(self.customer, BY_CALL, by=by)
        db.session.flush()
        record(self, "call.noted", by, outcome=outcome.value)
        touch(self.shop_id, TOPIC)
        return result

    def withdraw(self, *, by: Actor) -> None:
        """Nobody is to call after all; results that it has stay. Doing it twice does it once."""
        self.hold()
        if self.call_on is not None:
            self.call_on = None
            record(self, "call.withdrawn", by)
            touch(self.shop_id, TOPIC)

    def _noted_meanwhile(self, outcome: Outcome) -> CallResult:
        if self.last and self.last.outcome is outcome:
            return self.last
        if self.last is None:
            raise Refused(_("The result was undone meanwhile. Look again, and note what is so now."))
        raise Refused(_("%(name)s has noted meanwhile: %(result)s.", name=self.last.actor_name, result=self.last.outcome.label))

    def _next_open_day(self) -> date:
        """Tomorrow at the earliest; of a shop that is never open, tomorrow."""
        tomorrow = self.shop.today() + timedelta(days=1)
        ahead = (tomorrow + timedelta(days=step) for step in range(366))
        return next((day for day in ahead if self.shop.is_open(day)), tomorrow)
