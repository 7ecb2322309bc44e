"""A part that a work order needs: asked for, ordered, arrived; each with who and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST = {"description": 120, "part_number": 40, "supplier": 200}  # characters
MOST = 999
MOST_PARTS = 200  # of a work order


class PartState(StrEnum):
    needed = "needed"
    ordered = "ordered"
    arrived = "arrived"

    @property
    def label(self) -> str:
        return str(_STATES[self])


_STATES = {PartState.needed: _l("Needed"), PartState.ordered: _l("Ordered"), PartState.arrived: _l("Arrived")}


@dataclass(frozen=True, slots=True)
class PartCounts:
    """How many parts of a work order stand where."""

    needed: int = 0
    ordered: int = 0
    arrived: int = 0

    @property
    def all(self) -> int:
        return self.needed + self.ordered + self.arrived


class PartRequest(ShopOwned, Base):
    __tablename__ = "part_requests"

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    description: Mapped[str]
    quantity: Mapped[int]
    part_number: Mapped[str] = mapped_column(default="")
    supplier: Mapped[str] = mapped_column(default="")  # where it comes from, and what was agreed
    needed_at: Mapped[datetime]
    needed_by: Mapped[str]
    ordered_at: Mapped[datetime | None] = mapped_column(default=None)
    ordered_by: Mapped[str] = mapped_column(default="")
    arrived_at: Mapped[datetime | None] = mapped_column(default=None)
    arrived_by: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_by: Mapped[str] = mapped_column(default="")

    work_order: Mapped[WorkOrder] = relationship()

    @property
    def state(self) -> PartState:
        if self.arrived_at is not None:
            return PartState.arrived
        return PartState.needed if self.ordered_at is None else PartState.ordered

    @property
    def steps(self) -> list[tuple[PartState, datetime, str]]:
        """What has happened so far, with when and by whom."""
        all_steps = (
            (PartState.needed, self.needed_at, self.needed_by),
            (PartState.ordered, self.ordered_at, self.ordered_by),
            (PartState.arrived, self.arrived_at, self.arrived_by),
        )
        return [(state, at, who) for state, at, who in all_steps if at is not None]

    @classmethod
    def ask(cls, order: WorkOrder, typed: Mapping[str, Any], by: Actor) -> "PartRequest":
        """Somebody needs a part. Raises Refused: as ``checked``, the work order is closed, or its list is full."""
        words = cls.checked(typed)
        if order.is_closed:
            raise Refused(_("Work order %(number)s is closed.", number=order.number))
        if len(cls.of(order)) >= MOST_PARTS:
            raise Refused(_("A work order can have %(count)s parts on its list.", count=MOST_PARTS))
        part = cls(shop_id=order.shop_id, work_order=order, needed_at=clock.now(), needed_by=by.name, **words)
        db.session.add(part)
        db.session.flush()
        part._note("part.needed", by)
        return part

    @staticmethod
    def checked(typed: Mapping[str, Any]) -> dict[str, Any]:
        """The words and the quantity, tidied. Raises Refused naming each field that can't be taken."""
        words: dict[str, Any] = {name: " ".join(str(typed.get(name) or "").split()) for name in LONGEST}
        errors = {
            name: _("Please keep it under %(count)s characters.", count=LONGEST[name])
            for name, text in words.items()
            if len(text) > LONGEST[name]
        }
        if not words["description"]:
            errors["description"] = _("Say which part.")
        quantity = str(typed.get("quantity") or "1").strip()
        if quantity.isascii() and quantity.isdecimal() and len(quantity) < 10 and 1 <= int(quantity) <= MOST:
            words["quantity"] = int(quantity)
        else:
            errors["quantity"] = _("Give a whole number from 1 to %(most)s.", most=MOST)
        if errors:
            raise Refused.at(**errors)
        return words

    @classmethod
    def of(cls, order: WorkOrder) -> list["PartRequest"]:
        """The order's parts list, in the order in which they were asked for."""
        listed = select(cls).where(cls.work_order_id == order.id, cls.removed_at.is_(None))
        return list(db.session.scalars(listed.order_by(cls.needed_at, cls.id)))

    @classmethod
    def counts(cls, shop: "Shop") -> dict[int, PartCounts]:
        """By the id of each open work order that has a parts list: one query, for the board."""
        listed = select(cls.work_order_id, func.count(), func.count(cls.ordered_at), func.count(cls.arrived_at)).join(cls.work_order)
        listed = listed.where(cls.shop_id == shop.id, cls.removed_at.is_(None), WorkOrder.closed_at.is_(None)).group_by(cls.work_order_id)
        # what has arrived has been ordered, so each count holds the next
        return {row[0]: PartCounts(row[1] - row[2], row[2] - row[3], row[3]) for row in db.session.execute(listed)}

    def describe(self, typed: Mapping[str, Any], by: Actor) -> None:
        """Raises Refused: as ``checked``, or it was taken off the list."""
        words = self.checked(typed)
        self._must_be_listed()
        if any(getattr(self, name) != value for name, value in words.items()):
            for name, value in words.items():
                setattr(self, name, value)
            self._note("part.changed", by)

    def advance(self, to: PartState, by: Actor) -> None:
        """To ordered, or arrived (which is ordered too), or back; doing it twice does it once. Raises Refused: it is off the list."""
        self._must_be_listed()
        if to is self.state:
            return
        now, nobody = (clock.now(), by.name), (None, "")
        if to is PartState.arrived:
            self.arrived_at, self.arrived_by = now
        if to is PartState.ordered or (to is PartState.arrived and self.ordered_at is None):
            self.ordered_at, self.ordered_by = (self.ordered_at, self.ordered_by) if self.ordered_at else now
        if to is not PartState.arrived:
            self.arrived_at, self.arrived_by = nobody
        if to is PartState.needed:
            self.ordered_at, self.ordered_by = nobody
        self._note(f"part.{to.value}" if to is not PartState.needed else "part.not_ordered", by)

    def remove(self, by: Actor) -> None:
        """Off the list; doing it twice does it once."""
        if self.removed_at is None:
            self.removed_at, self.removed_by = clock.now(), by.name
            self._note("part.removed", by)

    def bring_back(self, by: Actor) -> None:
        """Undo ``remove``, as it was."""
        if self.removed_at is not None:
            self.removed_at, self.removed_by = None, ""
            self._note("part.returned", by)

    def _must_be_listed(self) -> None:
        if self.removed_at is not None:
            raise Refused(_("%(who)s has taken “%(part)s” off the list.", who=self.removed_by, part=self.description))

    def _note(self, verb: str, by: Actor) -> None:
        record(self.work_order, verb, by, part=self.description, quantity=self.quantity)
        touch(self.shop_id, "work_orders")
