"""A work item: one thing that is done, or found in order, on a work order, with its labour and part lines and a price."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, exists, func, select
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.sql.base import ExecutableOption

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.finding import Finding
from models.handover import touch
from models.item_line import LONGEST, ItemLine, Line, check_lines
from models.job import Job
from models.money import Exact, Money
from models.owned import ShopOwned
from models.prices import Prices
from models.refused import NotFound, Refused
from models.tax import Terms
from models.totals import Totals
from models.work_item_marks import Marked

if TYPE_CHECKING:
    from models.attachment import Attachment
    from models.work_order import WorkOrder

LONGEST_WHY = 2000  # characters
MOST = 100  # items of one order


class Category(StrEnum):
    scheduled = "scheduled"
    necessary = "necessary"
    recommended = "recommended"
    checked_ok = "checked_ok"

    @property
    def label(self) -> str:
        return str(_CATEGORIES[self])


_CATEGORIES = {
    Category.scheduled: _l("Scheduled"),
    Category.necessary: _l("Necessary"),
    Category.recommended: _l("Recommended"),
    Category.checked_ok: _l("Checked, OK"),
}


class Overtaken(Refused):
    """Somebody else changed the item after it was opened for editing."""


class WorkItem(Marked, ShopOwned, Base):
    __tablename__ = "work_items"

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    position: Mapped[int]
    category: Mapped[Category]
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    job_code: Mapped[str] = mapped_column(default="")
    terms_kept: Mapped[dict[str, Any]]  # see ``tax.Terms``
    discount_percent: Mapped[Decimal | None] = mapped_column(Exact(2), default=None)
    discount_amount: Mapped[int | None] = mapped_column(default=None)  # minor units
    version: Mapped[int] = mapped_column(default=1)  # of its contents: who edits says which one they saw
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), unique=True, default=None)  # what the inspection found

    order: Mapped["WorkOrder"] = relationship()
    finding: Mapped["Finding | None"] = relationship()
    lines: Mapped[list[ItemLine]] = relationship(
        cascade="all, delete-orphan", order_by=ItemLine.position, collection_class=ordering_list("position")
    )

    # questions

    @classmethod
    def of(cls, order: "WorkOrder", *more: ExecutableOption) -> list["WorkItem"]:
        """The order's, in their order, without those that were removed; ``more`` to load with them."""
        query = select(cls).where(cls.work_order_id == order.id, cls.removed_at.is_(None)).options(joinedload(cls.lines), *more)
        return list(db.session.scalars(query.order_by(cls.position, cls.id)).unique())

    @classmethod
    def any_on(cls, order: "WorkOrder") -> bool:
        """Whether the order has any."""
        return db.session.scalar(select(exists().where(cls.work_order_id == order.id, cls.removed_at.is_(None)))) is True

    @classmethod
    def within(cls, order: "WorkOrder", id: int) -> "WorkItem":
        """The order's own, also if it was removed. Raises NotFound."""
        mine = select(cls).where(cls.id == id, cls.work_order_id == order.id).options(joinedload(cls.lines))
        item = db.session.scalars(mine).unique().first()
        if item is None:
            raise NotFound("WorkItem")
        return item

    @property
    def pictures(self) -> "list[Attachment]":
        """What can be shown of it: of its finding, or put to it. For all items of an order, ``Attachment.by_item`` asks once."""
        from models.attachment import Attachment

        return Attachment.by_item(self.order).get(self.id, [])

    @property
    def hours(self) -> Decimal:
        return sum((line.quantity for line in self.lines if line.kind == "labour"), Decimal(0))

    @property
    def terms(self) -> Terms:
        return Terms.read(self.terms_kept)

    @property
    def totals(self) -> Totals:
        terms = self.terms
        return total([line.line for line in self.lines], terms, self.discount_percent, self.discount_amount)

    # verbs

    @classmethod
    def add(
        cls,
        order: "WorkOrder",
        title: str,
        *,
        by: Actor,
        category: Category = Category.scheduled,
        why: str = "",
        lines: Sequence[Line] = (),
        job: Job | None = None,
    ) -> "WorkItem":
        """At the end of the order's list. Raises Refused: the order is closed or full, or as ``change``."""
        order.must_be_open()
        others = cls.of(order)
        if len(others) >= MOST:
            raise Refused(_("A work order can have %(count)s items at most.", count=MOST), field="title")
        prices = None if others else Prices.of(order.visit.shop)
        item = cls(shop_id=order.shop_id, order=order, added_at=clock.now(), job_code=job.code if job else "", version=0)
        item.terms_kept = prices.terms(order.visit.shop.currency).kept() if prices else others[0].terms_kept
        last = db.session.scalar(select(func.max(cls.position)).where(cls.work_order_id == order.id))
        item.position = (last or 0) + 1
        item._write(title, why, category, lines, None, None)
        db.session.add(item)
        db.session.flush()
        item._note("work_item.added", by)
        return item

    @classmethod
    def add_job(cls, order: "WorkOrder", job: Job, *, by: Actor, category: Category = Category.scheduled) -> "WorkItem":
        """One of the catalogue, with its hours at today's rate and its parts. Raises Refused: as ``add``."""
        rate = Prices.of(order.visit.shop).labour_rate
        return cls.add(order, job.title, by=by, category=category, lines=job.lines(rate), job=job)

    @classmethod
    def add_booked(cls, order: "WorkOrder", *, by: Actor) -> "WorkItem":
        """What the appointment was made for; the catalogue's job where it is called the same. Raises Refused: nothing was booked."""
        appointment = order.visit.appointment
        if appointment is None or not appointment.type_of_work:
            raise Refused(_("Nothing was noted when this vehicle was booked in."))
        job = Job.called(order.visit.shop, appointment.type_of_work)
        return cls.add_job(order, job, by=by) if job else cls.add(order, appointment.type_of_work[:LONGEST], by=by)

    def change(
        self,
        version: int | None,
        *,
        title: str,
        why: str,
        category: Category,
        lines: Sequence[Line],
        discount_percent: Decimal | None = None,
        discount_amount: int | None = None,
        by: Actor,
    ) -> None:
        """Write it anew; the caller holds the order's lock.

        Raises Overtaken: ``version`` is not the one that is there now. Raises Refused with every fault at once, by field.
        """
        self.order.must_be_open()
        if self.removed_at is not None:
            raise Refused(_("This item was removed meanwhile."))
        if version != self.version:
            raise Overtaken(_("Somebody changed this item while you were typing. Look at it below; saving again replaces it with yours."))
        self._write(title, why, category, lines, discount_percent, discount_amount)
        db.session.flush()
        self._note("work_item.changed", by)

    def move(self, steps: int, *, by: Actor) -> None:
        """So many places down the list, or up; as far as there are any. The caller holds the order's lock."""
        self.order.must_be_open()
        items = self.of(self.order)
        was = items.index(self) if self in items else 0
        to = min(max(was + steps, 0), len(items) - 1)
        if was == to or self not in items:
            return
        items.insert(to, items.pop(was))
        for position, item in enumerate(items, start=1):
            item.position = position
        self._note("work_item.moved", by)

    def remove(self, *, by: Actor) -> None:
        """Off the order; doing it twice does it once."""
        self.order.must_be_open()
        if self.removed_at is None:
            self.removed_at = clock.now()
            self._note("work_item.removed", by)

    def restore(self, *, by: Actor) -> None:
        """Undo ``remove``: at its place again."""
        self.order.must_be_open()
        if self.removed_at is not None:
            self.removed_at = None
            self._note("work_item.restored", by)

    def _write(
        self,
        title: str,
        why: str,
        category: Category,
        lines: Sequence[Line],
        discount_percent: Decimal | None,
        discount_amount: int | None,
    ) -> None:
        title, why = title.strip(), why.replace("\r\n", "\n").strip()
        errors = check_lines(lines, [f"line-{at}" for at in range(len(lines))])
        if not title:
            errors["title"] = _("Say what is done.")
        for name, text, longest in (("title", title, LONGEST), ("why", why, LONGEST_WHY)):
            if len(text) > longest:
                errors[name] = _("Please keep it under %(count)s characters.", count=longest)
        if discount_percent is not None and not (0 <= discount_percent <= 100 and discount_percent.scaleb(2) % 1 == 0):
            errors["discount"] = _("Give a percentage from 0 to 100, with at most %(count)s decimals.", count=2)
        if not errors and discount_amount is not None:
            gross = Money.total(total(lines, self.terms).kinds.values(), self.terms.currency)
            if discount_amount > gross.minor:
                errors["discount"] = _("The discount is more than the item costs.")
        if errors:
            raise Refused.at(**errors)
        self.title, self.why, self.category = title, why, category
        self.discount_percent, self.discount_amount = discount_percent or None, discount_amount or None
        self.lines = [
            ItemLine(
                shop_id=self.shop_id,
                kind=line.kind,
                description=line.description.strip(),
                part_number=line.part_number.strip(),
                quantity=line.quantity,
                price=line.price,
            )
            for line in lines
        ]
        self.version += 1

    def _note(self, verb: str, by: Actor) -> None:
        record(self.order, verb, by, title=self.title, item=self.id)
        touch(self.shop_id, "work_orders")


def total(lines: Sequence[Line], terms: Terms, discount_percent: Decimal | None = None, discount_amount: int | None = None) -> Totals:
    """What an item of these lines comes to."""
    amount = None if discount_amount is None else Money(discount_amount, terms.currency)
    return Totals.of([(line.kind, Money(line.minor, terms.currency)) for line in lines], terms, discount_percent, amount)
