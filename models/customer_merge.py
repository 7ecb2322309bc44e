"""Two rows that are one person: everything of the one moves to the other, and can be taken apart again.

The merged row stays and points to the one that was kept, so that old addresses lead there. What was moved is written down by id, what was
given up by value; so nothing is lost, and separating gives back what came from each. Permission to text belongs to numbers, not to
customers: a merge moves numbers and makes no fact, so it never grows.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.call import Call
from models.contact_person import ContactPerson
from models.customer import Customer, lock_customers
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.customer_key import CustomerKey
from models.deferred_item import DeferredItem
from models.do_not_mail import DoNotMail
from models.entry import record
from models.estimate import Estimate
from models.handover import touch
from models.last_invoice import LastInvoice
from models.letter import Letter
from models.message import Message
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.vehicle import Vehicle
from models.visit import Visit

MOVES: tuple[Any, ...] = (Vehicle, Visit, Estimate, Message, ContactPerson, DeferredItem, Letter, Call)  # rows that go over as they are
COPIES: tuple[Any, ...] = (CustomerPhone, CustomerEmail, CustomerAddress)  # values that are added where they are missing
FILLED = ("first_name", "last_name", "company_name", "language", "zone")  # where the one that is kept has none
SEPARABLE = timedelta(days=30)


class CustomerMerge(ShopOwned, Base):
    __tablename__ = "customer_merges"

    kept_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_name: Mapped[str]
    moved: Mapped[dict[str, Any]]  # ids by table
    given_up: Mapped[dict[str, Any]]  # the values that the merged one had, by table
    taken_over: Mapped[dict[str, Any]]  # what of it the kept one did not have
    separated_at: Mapped[datetime | None] = mapped_column(default=None)

    kept: Mapped[Customer] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Customer] = relationship(foreign_keys=[merged_id])

    @classmethod
    def make(cls, kept: Customer, merged: Customer, *, by: Actor) -> "CustomerMerge":
        """From now on they are one. Raises Refused: they are one already, or one of them was merged with somebody else meanwhile."""
        if kept.id == merged.id:
            raise Refused(_("This is the same customer already."))
        for customer in _locked(kept, merged):
            if customer.merged_into_id:
                raise Refused(_("%(name)s was merged with another customer meanwhile. Open the page again.", name=customer.name))
            if customer.erased_at:
                raise Refused(_("This customer was erased on request. Add a new one."))
        given_up = {noun.__tablename__: [_values(row) for row in _rows(merged, noun)] for noun in COPIES}
        merge = cls(shop_id=kept.shop_id, kept=kept, merged=merged, actor_name=by.name, moved={}, given_up=given_up)
        merge.moved = {noun.__tablename__: _moved(noun, merged.id, kept.id) for noun in MOVES}
        merge.taken_over = merge._take_over()
        merged.merged_into_id = kept.id
        if wish := DoNotMail.of(merged):  # a merge never grows what is permitted
            DoNotMail.set(kept, wish.source, by=by)
        db.session.add(merge)
        merge._written()
        record(kept, "customer.merged", by, name=merged.name, other_id=merged.id)
        record(merged, "customer.merged_away", by, name=kept.name, other_id=kept.id)
        return merge

    def separate(self, *, by: Actor) -> None:
        """They are two after all: each gets back what was theirs; what came since stays where it is. Doing it twice does it once.

        Raises Refused: too long ago, or the kept one was merged with others since (those come first).
        """
        _locked(self.kept, self.merged)
        db.session.refresh(self)
        if self.separated_at:
            return
        if not self.is_separable:
            raise Refused(_("These two can't be separated any more."))
        self.separated_at, self.merged.merged_into_id = clock.now(), None
        for noun in MOVES:
            _moved(noun, self.kept_id, self.merged_id, self.moved.get(noun.__tablename__, []))
        self._give_back()
        self._written()
        record(self.kept, "customer.separated", by, name=self.merged.name, other_id=self.merged_id)
        record(self.merged, "customer.separated", by, name=self.kept.name, other_id=self.kept_id)

    @property
    def is_separable(self) -> bool:
        """Within thirty days, the newest first, while the kept one is not merged itself."""
        newest = select(CustomerMerge.id).where(CustomerMerge.kept_id == self.kept_id, CustomerMerge.separated_at.is_(None))
        is_newest = db.session.scalar(newest.order_by(CustomerMerge.id.desc()).limit(1)) == self.id
        stands = self.kept.merged_into_id is None and self.kept.erased_at is None
        return is_newest and stands and clock.now() - self.at < SEPARABLE

    @classmethod
    def standing(cls, customer: Customer) -> list["CustomerMerge"]:
        """Who was merged into this customer and not separated again, the newest first."""
        query = select(cls).where(cls.kept_id == customer.id, cls.separated_at.is_(None)).order_by(cls.id.desc())
        return list(db.session.scalars(query))

    @classmethod
    def of(cls, customer: Customer, id: int) -> "CustomerMerge":
        """Raises NotFound: no merge into this customer."""
        merge = db.session.get(cls, id)
        if merge is None or merge.kept_id != customer.id:
            raise NotFound("CustomerMerge")
        return merge

    def _take_over(self) -> dict[str, Any]:
        """Give the kept one what it lacks; return it."""
        lacks = {name: value for name in FILLED if (value := getattr(self.merged, name)) and not getattr(self.kept, name)}
        if self.kept.kind == "person" and self.merged.company_name and self.kept.last_name:
            lacks.pop("company_name", None)  # a person stays one; the company's name is kept with the merge
        for name, value in lacks.items():
            setattr(self.kept, name, value)
        taken: dict[str, Any] = {"fields": lacks}
        for noun in COPIES:
            theirs, ours = _rows(self.merged, noun), _rows(self.kept, noun)
            there = [_values(row) for row in ours]
            taken[noun.__tablename__] = [_values(row) for row in theirs if _plain(row) not in [_plain_of(noun, values) for values in there]]
            ours.extend(noun(**values) for values in taken[noun.__tablename__])
            theirs.clear()
        return taken

    def _give_back(self) -> None:
        for name, value in self.taken_over["fields"].items():
            if getattr(self.kept, name) == value:
                setattr(self.kept, name, None if name in {"language", "zone"} else "")
        for noun in COPIES:
            taken = [_plain_of(noun, values) for values in self.taken_over[noun.__tablename__]]
            ours = _rows(self.kept, noun)
            ours[:] = [row for row in ours if _plain(row) not in taken]
            _rows(self.merged, noun).extend(noun(**values) for values in self.given_up[noun.__tablename__])

    def _written(self) -> None:
        """Everything in the database, found by what is so now, and read anew."""
        for customer in (self.kept, self.merged):
            customer.rename()
        db.session.flush()
        LastInvoice.reckon(self.kept, self.merged)
        for customer in (self.kept, self.merged):
            db.session.refresh(customer)
            CustomerKey.keep(customer)
        for vehicle in (*self.kept.vehicles, *self.merged.vehicles):
            CustomerKey.keep_vehicle(vehicle)
        for topic in ("customers", "appointments", "estimates", "messages", "work_orders"):
            touch(self.shop_id, topic)


def _locked(*customers: Customer) -> tuple[Customer, ...]:
    """Nobody else changes them from here on; they are read anew."""
    db.session.flush()
    lock_customers(*(customer.id for customer in customers))
    for customer in customers:
        db.session.refresh(customer)
    return customers


def _moved(noun: Any, giver: int, taker: int, only: list[int] | None = None) -> list[int]:
    """Ids of the rows that went over."""
    query = select(noun.id).where(noun.customer_id == giver).order_by(noun.id)
    ids = list(db.session.scalars(query if only is None else query.where(noun.id.in_(only))))
    db.session.execute(update(noun).where(noun.id.in_(ids)).values(customer_id=taker))
    return ids


def _rows(customer: Customer, noun: Any) -> list[Any]:
    rows: dict[Any, list[Any]] = {CustomerPhone: customer.phones, CustomerEmail: customer.emails, CustomerAddress: customer.addresses}
    return rows[noun]


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in {"id", "customer_id", "position"}}


def _plain(row: Any) -> tuple[str, ...]:
    return _plain_of(type(row), _values(row))


def _plain_of(noun: Any, values: dict[str, Any]) -> tuple[str, ...]:
    """What makes two of them the same: the number, the address in any writing."""
    names = {CustomerPhone: ("number",), CustomerEmail: ("address",)}.get(noun, tuple(sorted(values)))
    return tuple(str(values[name]).strip().casefold() for name in names)
