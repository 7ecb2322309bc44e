"""*Stop work?*: a customer wrote what may mean stop. What goes by itself to that number waits until a person has decided."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.delivery import Delivery
from models.entry import record
from models.handover import touch
from models.message import Message
from models.opt_out import opt_out, texts_to
from models.owned import ShopOwned
from models.refusal import REFUSAL, STOP
from models.refused import NotFound

if TYPE_CHECKING:
    from models.shop import Shop

KINDS = {STOP: _l("Stop work?"), REFUSAL: _l("No more texts?")}
GO_ON, OPT_OUT, STOPPED = "go_on", "opt_out", "stopped"
DECISIONS = {GO_ON: _l("Go on"), OPT_OUT: _l("Opted out of texts"), STOPPED: _l("Work is stopped")}


class StopAlarm(ShopOwned, Base):
    __tablename__ = "stop_alarms"
    __table_args__ = (Index("ix_stop_alarms_open", "shop_id", "decided_at", "number"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    number: Mapped[str]  # the message's: threads and consent are a number's
    kind: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(default=clock.now)
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[str] = mapped_column(default="")

    message: Mapped[Message] = relationship()

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def outcome(self) -> str:
        """What was decided; empty while nothing is."""
        return str(DECISIONS[self.decision]) if self.decision else ""

    # finding

    @classmethod
    def open_at(cls, shop: "Shop", number: str, lock: bool = False) -> "Sequence[StopAlarm]":
        """Those of this number that nobody has decided yet, oldest first."""
        query = select(cls).where(cls.shop_id == shop.id, cls.number == number, cls.decided_at.is_(None)).order_by(cls.id)
        if lock:
            return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
        return db.session.scalars(query.options(joinedload(cls.message))).all()

    @classmethod
    def rings(cls, shop: "Shop", number: str) -> bool:
        return (shop.id, number) in cls.ringing({shop.id}, {number})

    @classmethod
    def ringing(cls, shop_ids: Collection[int], numbers: Collection[str]) -> set[tuple[int, str]]:
        """Of many shops' numbers those that wait for a decision, by both."""
        if not numbers:
            return set()
        query = select(cls.shop_id, cls.number).where(cls.shop_id.in_(shop_ids), cls.decided_at.is_(None), cls.number.in_(numbers))
        return {(shop_id, number) for shop_id, number in db.session.execute(query)}

    # verbs

    @classmethod
    def sound(cls, message: Message, kind: str, *, by: Actor) -> "StopAlarm":
        """Ask a person what the customer means; what waits to go to that number is held back meanwhile."""
        alarm = cls(shop_id=message.shop_id, message=message, number=message.address, kind=kind)
        db.session.add(alarm)
        db.session.flush()
        record(alarm, "stop_alarm.raised", by, kind=kind)
        for waiting in texts_to(message.shop_id, message.address, Delivery.queued):
            waiting.submit()
        alarm._changed()
        return alarm

    @classmethod
    def decide(cls, shop: "Shop", number: str, decision: str, *, by: Actor) -> None:
        """Say what the customer meant: what was held back is looked at again. Doing it twice does it once. Raises NotFound: no decision."""
        if decision not in DECISIONS:
            raise NotFound("Decision")
        alarms = cls.open_at(shop, number, lock=True)
        for alarm in alarms:
            alarm._settle(decision, by)
        if alarms and decision == OPT_OUT:
            opt_out(shop, number, source="words", wording=alarms[0].message.body, by=by)
        for held in texts_to(shop.id, number, Delivery.held) if alarms else ():
            held.reconsider()

    @classmethod
    def answered_by_stop(cls, shop: "Shop", number: str, *, by: Actor) -> None:
        """The customer has texted STOP meanwhile: whether texts go on is no question any more. Whether work does, still is."""
        for alarm in cls.open_at(shop, number, lock=True):
            if alarm.kind == REFUSAL:
                alarm._settle(OPT_OUT, by)

    def _settle(self, decision: str, by: Actor) -> None:
        self.decision, self.decided_at, self.decided_by = decision, clock.now(), by.name
        record(self, f"stop_alarm.{decision}", by, kind=self.kind)
        db.session.flush()
        self._changed()

    def _changed(self) -> None:
        for topic in ("messages", "work_orders"):
            touch(self.shop_id, topic)
