"""Who works on a vehicle that is in the shop, and in which order: each mechanic's work is a list, first things first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock, sequence
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.inspection_lists import with_inspection
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.role import Role
from models.staff_member import Membership, StaffMember
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop


class Assignment(ShopOwned, Base):
    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("work_order_id"),)

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    mechanic_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    position: Mapped[int]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str]

    work_order: Mapped[WorkOrder] = relationship(back_populates="assignment")
    mechanic: Mapped[StaffMember] = relationship()

    @classmethod
    def give(
        cls,
        shop: "Shop",
        order: WorkOrder,
        mechanic: StaffMember | None,
        *,
        by: Actor,
        before: int | None = None,
        shown_with: int | str | None = "anybody",
    ) -> None:
        """Put the work order into a mechanic's list, in front of work order number ``before`` or last; None: nobody's yet.

        ``shown_with`` is the mechanic (id, None for nobody) with whom the giver saw it. Raises Refused: it has left the shop, the
        mechanic works here no more, or somebody else gave it to another meanwhile.
        """
        own = cls._locked(shop, order, shown_with)
        if mechanic is None:
            cls._take_back(own, order, by)
            return
        if not any(one.id == mechanic.id for one in mechanics(shop)) and not (own and own.mechanic_id == mechanic.id):
            raise Refused(_("%(name)s does not work here as a mechanic.", name=mechanic.name), field="mechanic")
        if own is None:
            own = cls(shop_id=shop.id, work_order=order, position=0)
        elif own.mechanic_id == mechanic.id:
            own.put(before, by)
            return
        own.mechanic, own.mechanic_id, own.assigned_at, own.assigned_by = mechanic, mechanic.id, clock.now(), by.name
        db.session.add(own)
        db.session.flush()
        siblings = own.siblings()
        sequence.place(siblings, own, next((other for other in siblings if other.work_order.number == before), None))
        _note(order, "work_order.assigned", by, mechanic=mechanic.name)

    @classmethod
    def shift(cls, shop: "Shop", order: WorkOrder, steps: int, by: Actor, *, shown_with: int | str | None = "anybody") -> None:
        """One place up (-1) or down (1) in its mechanic's list, as that stands now. Raises Refused: as ``give``, or it is nobody's."""
        own = cls._locked(shop, order, shown_with)
        if own is None:
            raise Refused(_moved_meanwhile(own, order))
        siblings = own.siblings()
        if sequence.step(siblings, own, steps, siblings):
            _note(order, "work_order.reordered", by, mechanic=own.mechanic.name)

    def put(self, before: int | None, by: Actor) -> None:
        """In front of that work order of the same list, or last; where it stands already nothing is noted."""
        siblings = self.siblings()
        stood = [one.id for one in siblings]
        sequence.place(siblings, self, next((other for other in siblings if other.work_order.number == before), None))
        if [one.id for one in sorted(siblings, key=lambda one: one.position)] != stood:
            _note(self.work_order, "work_order.reordered", by, mechanic=self.mechanic.name)

    def siblings(self) -> list["Assignment"]:
        """Its mechanic's open work in order, itself in it."""
        mine = select(Assignment).join(Assignment.work_order)
        mine = mine.where(Assignment.mechanic_id == self.mechanic_id, Assignment.shop_id == self.shop_id, WorkOrder.closed_at.is_(None))
        mine = mine.order_by(Assignment.position, WorkOrder.opened_at, WorkOrder.id).options(joinedload(Assignment.work_order))
        return list(db.session.scalars(mine))

    @property
    def place(self) -> tuple[int, int]:
        """Which of how many in its mechanic's list, counted from 1."""
        ids = [one.id for one in self.siblings()]
        return ids.index(self.id) + 1, len(ids)

    @classmethod
    def _locked(cls, shop: "Shop", order: WorkOrder, shown_with: int | str | None) -> "Assignment | None":
        """The order's assignment as it stands, while nobody else can change the shop's lists. Raises Refused: closed, or given away."""
        shop.lock()
        db.session.refresh(order, ["closed_at"])
        if order.closed_at is not None:
            raise Refused(_("Work order %(number)s is closed.", number=order.number))
        query = select(cls).where(cls.work_order_id == order.id).options(joinedload(cls.mechanic))
        own = db.session.scalars(query.execution_options(populate_existing=True)).first()
        if shown_with not in {"anybody", own.mechanic_id if own else None}:
            raise Refused(_moved_meanwhile(own, order))
        return own

    @staticmethod
    def _take_back(own: "Assignment | None", order: WorkOrder, by: Actor) -> None:
        if own is not None:
            name = own.mechanic.name
            order.assignment = None
            db.session.delete(own)
            db.session.flush()
            _note(order, "work_order.unassigned", by, mechanic=name)


@dataclass(frozen=True, slots=True)
class Lane:
    """A mechanic with their open work in order; without a mechanic, what nobody has yet, first come first."""

    mechanic: StaffMember | None
    orders: Sequence[WorkOrder]
    on_staff: bool = True


def lanes(shop: "Shop") -> list[Lane]:
    """Every mechanic of the shop by name, those who left with work undone, and last what nobody has yet."""
    open_ = select(WorkOrder).where(WorkOrder.shop_id == shop.id, WorkOrder.closed_at.is_(None)).order_by(WorkOrder.opened_at, WorkOrder.id)
    with_mechanic = joinedload(WorkOrder.assignment).joinedload(Assignment.mechanic)
    orders = list(db.session.scalars(open_.options(*WorkOrder.loaded(), with_mechanic, with_inspection())))
    here = mechanics(shop)
    held: dict[int, list[WorkOrder]] = {}
    people = {member.id: member for member in here}
    for order in orders:
        if order.assignment:
            people.setdefault(order.assignment.mechanic_id, order.assignment.mechanic)
            held.setdefault(order.assignment.mechanic_id, []).append(order)
    for work in held.values():
        work.sort(key=lambda order: (order.assignment.position if order.assignment else 0, order.opened_at, order.id))
    named = [Lane(member, held.get(member.id, []), member in here) for member in people.values()]
    return [*named, Lane(None, [order for order in orders if order.assignment is None])]


def queue_of(shop: "Shop", member: StaffMember) -> list[Lane]:
    """A mechanic's own work, then what nobody has yet."""
    return [lane for lane in lanes(shop) if lane.mechanic is None or lane.mechanic.id == member.id]


def mechanics(shop: "Shop") -> list[StaffMember]:
    """Who may be given work, by name."""
    staff = select(StaffMember).join(Membership, Membership.staff_member_id == StaffMember.id)
    staff = staff.where(Membership.shop_id == shop.id, Membership.role == Role.mechanic)
    working = staff.where(StaffMember.disabled_at.is_(None), StaffMember.activated_at.is_not(None))
    return list(db.session.scalars(working.order_by(StaffMember.name, StaffMember.id)))


def mechanic(shop: "Shop", id: int) -> StaffMember:
    """Raises NotFound: nobody of this shop."""
    found = select(StaffMember).join(Membership, Membership.staff_member_id == StaffMember.id)
    member = db.session.scalars(found.where(Membership.shop_id == shop.id, StaffMember.id == id)).first()
    if member is None:
        raise NotFound("StaffMember")
    return member


def _note(order: WorkOrder, verb: str, by: Actor, **details: str) -> None:
    record(order, verb, by, **details)
    touch(order.shop_id, "work_orders")


def _moved_meanwhile(own: Assignment | None, order: WorkOrder) -> str:
    if own is None:
        return str(_("Work order %(number)s is nobody's any more. Look again.", number=order.number))
    return str(
        _(
            "%(who)s has given work order %(number)s to %(name)s meanwhile. Look again.",
            who=own.assigned_by,
            number=order.number,
            name=own.mechanic.name,
        )
    )
