"""What a customer authorised by word of mouth: who, at which number, when, what and up to how much (16 CCR 3353, California)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, phone
from models.actor import Actor
from models.authorisation_rules import check_amount, price
from models.base import Base, db
from models.communication import Communication
from models.entry import record
from models.money import Money
from models.owned import ShopOwned
from models.refused import Refused
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.work_order import WorkOrder

LONGEST_NAME, LONGEST_WORDS = 80, 500  # characters
LARGEST = 10**12  # minor units


class OralAuthorisation(ShopOwned, Base):
    __tablename__ = "oral_authorisations"

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    at: Mapped[datetime]  # when it was said
    name: Mapped[str]  # of who said it
    number: Mapped[str] = mapped_column(default="")  # that was called; empty: in person
    amount: Mapped[int] = mapped_column(BigInteger)  # minor units, with tax: as it was said
    currency: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    titles: Mapped[list[Any]]  # what it was about, as it was called then
    work: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]"
    )  # that with its labour and parts: title, price, lines as in ``OverviewItem``
    total: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")  # minor units, with tax: all that is authorised with it
    by: Mapped[str]  # who heard it
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)

    order: Mapped["WorkOrder"] = relationship()

    @classmethod
    def of(cls, order: "WorkOrder") -> Sequence["OralAuthorisation"]:
        return db.session.scalars(select(cls).where(cls.work_order_id == order.id).order_by(cls.id)).all()

    @classmethod
    def take(
        cls,
        order: "WorkOrder",
        items: Sequence[WorkItem],
        *,
        name: str,
        number: str,
        at: datetime | None,
        amount: int,
        words: str,
        by: Actor,
    ) -> "OralAuthorisation":
        """Write it down. Raises Refused with every fault at once."""
        name, words, e164 = " ".join(name.split()), words.replace("\r\n", "\n").strip(), ""
        faults: dict[str, Any] = {}
        now, at = clock.now(), at or clock.now()
        if not name or len(name) > LONGEST_NAME:
            faults["name"] = _("Say who agreed, in at most %(count)s characters.", count=LONGEST_NAME)
        if number.strip():
            try:
                e164 = phone.normalised(number, order.visit.shop.country)
            except Refused as refused:
                faults["number"] = next(iter(refused.errors.values()))
        if not order.opened_at - timedelta(minutes=1) <= at <= now + timedelta(minutes=1):
            faults["at"] = _("The time lies between check-in and now.")
        if not 0 <= amount <= LARGEST:
            faults["amount"] = _("This amount is too large.")
        if len(words) > LONGEST_WORDS:
            faults["words"] = _("Please keep it under %(count)s characters.", count=LONGEST_WORDS + 1)
        if not items or any(item.removed_at or item.is_done or item.category is Category.checked_ok for item in items):
            faults["items"] = _("Choose what was agreed to.")
        elif "amount" not in faults:
            try:
                check_amount(items, amount)
            except Refused as refused:
                faults["amount"] = refused.errors["amount"]
        if faults:
            raise Refused.at(**faults)
        oral = cls(shop_id=order.shop_id, order=order, at=at, name=name, number=e164, amount=amount, words=words, by=by.name)
        oral.currency, oral.titles, oral.noted_at = items[0].terms.currency, [item.title for item in items], now
        oral.work = [[item.title, price(item), [line.line.kept for line in item.lines]] for item in items]
        db.session.add(oral)
        db.session.flush()
        facts = {"items": [item.id for item in items], "amount": amount, "currency": oral.currency}
        facts |= {"said_at": at.isoformat(), "by": by.name}
        personal = {"name": name, "contact": e164, "words": words}
        Communication.write(order, "oral", facts=facts, personal={key: value for key, value in personal.items() if value})
        record(order, "authorisation.oral", by, name=name)
        return oral

    @property
    def in_person(self) -> bool:
        return not self.number

    @property
    def budget(self) -> Money:
        return Money(self.amount, self.currency)
