"""A work order as another system keeps it: in the shop, in its status, with its items; or closed, as history."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from flask_babel import gettext as _
from pydantic import ConfigDict, Field
from sqlalchemy import select

from models import clock
from models.appointment import Appointment
from models.base import db
from models.closing import HIGHEST_ODOMETER, LONGEST_ADVICE
from models.refused import Refused
from models.status import LONGEST_MINUTES, LONGEST_NAME, Status
from models.status_stay import LONGEST_REASON
from models.status_update import Wish
from models.transfer_fields import Day, Key, Moment, Words, instant
from models.transfer_items import ItemRecord, held_items, take_items
from models.transfer_record import Record
from models.transfer_source import Source
from models.visit import Visit
from models.work_item import MOST
from models.work_order import LONGEST_CONCERN, WorkOrder, lock_numbers

if TYPE_CHECKING:
    from models.customer import Customer
    from models.vehicle import Vehicle

HIGHEST_NUMBER = 999_999_999
OF_THE_WORDS = {"part", "body_text", "body_email", "repeat"}  # what only a person who sets a status can say about its update
Done = TypeVar("Done")


class WorkOrderRecord(Record):
    """A work order. A new one needs a vehicle; it checks in the vehicle's drop-off of that day, if there is one. Items are authorised by
    people alone, never by what is pushed."""

    noun: ClassVar[str] = "work_orders"
    manner: ClassVar[frozenset[str]] = frozenset({"notify", "estimate_minutes", "reason"})
    renamed: ClassVar[Mapping[str, str]] = {"invoiced_on": "closed_on", "minutes": "estimate_minutes", "lines": "items", "title": "items"}
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "external_id": "RO-58123",
                    "vehicle": "V-2001",
                    "number": 58123,
                    "status": "In repair",
                    "estimate_minutes": 90,
                    "items": [{"id": "1", "title": "Front brakes", "lines": [{"kind": "labour", "quantity": "1.5", "price": "145.00"}]}],
                }
            ]
        },
    )

    vehicle: Key | None = Field(None, description="External id of the vehicle.")
    customer: Key | None = Field(None, description="External id of who brought it; left out, its owner.")
    appointment: Key | None = Field(None, description="External id of the drop-off that it came with; left out, the one of that day.")
    number: int | None = Field(
        None, ge=1, le=HIGHEST_NUMBER, description="What it is called on the board. Left out, or taken by another one: the next free one."
    )
    opened_at: Moment | None = Field(None, description="When the vehicle came; left out, now. As in appointments.")
    concern: Annotated[str, Words(LONGEST_CONCERN, lines=True)] = Field("", description="What the customer says is the matter.")
    status: Annotated[str, Words(LONGEST_NAME)] = Field("", description="One of the shop's own, by its name; see GET /shop.")
    estimate_minutes: int | None = Field(None, ge=1, le=LONGEST_MINUTES, description="For a status that counts down.")
    reason: Annotated[str, Words(LONGEST_REASON)] = Field("", description="For a status that asks why it takes longer.")
    promised_at: Moment | None = Field(None, description="When it will be ready; the customer sees it.")
    odometer: int | None = Field(None, ge=0, le=HIGHEST_ODOMETER, description="In the shop's unit.")
    items: list[ItemRecord] = Field(
        [],
        max_length=MOST,
        description="All that the other system has. One that it has pushed before and leaves out goes; the shop's own stay.",
    )
    closed_on: Day | None = Field(None, description="The invoice's date: the vehicle has left. null opens a closed one again.")
    next_visit_on: Day | None = Field(None, description="Recommended when it was closed.")
    next_visit: Annotated[str, Words(LONGEST_ADVICE)] = Field("", description="What is recommended for it.")
    notify: bool = Field(
        True,
        description="Whether a status sends its update to the customer, by the shop's rules; at night it waits for the morning. Say false "
        "when you load history.",
    )

    @property
    def references(self) -> list[tuple[str, str, str]]:
        nouns = {"vehicle": "vehicles", "customer": "customers", "appointment": "appointments"}
        return [(noun, getattr(self, field), field) for field, noun in nouns.items() if getattr(self, field)]

    def match(self, source: Source) -> WorkOrder | None:
        """The one that the shop has opened for that vehicle, while it is here."""
        vehicle = source.find("vehicles", self.vehicle) if self.vehicle and not self.closed_on else None
        number = WorkOrder.open_for(vehicle.id) if vehicle else None
        row = WorkOrder.numbered(source.shop.id, number) if number else None
        return row if row and not source.calls(self.noun, row.id) else None

    def create(self, source: Source) -> WorkOrder:
        if not self.vehicle:
            raise Refused(_("Say which vehicle it is."), field="vehicle")
        vehicle = source.need("vehicles", self.vehicle, "vehicle")
        customer = source.need("customers", self.customer, "customer") if self.customer else vehicle.customer
        appointment, opening = self._appointment(vehicle, source), self._opening(source)
        row = self._heard(customer, source, lambda wish: self._open(customer, vehicle, appointment, {**opening, "wish": wish}, source))
        if source.calls(self.noun, row.id):
            raise Refused(_("This drop-off came with another work order."), field="appointment")
        self.update(row, self.said - {"opened_at"}, {}, source)
        return row

    def _open(
        self, customer: "Customer", vehicle: "Vehicle", appointment: Appointment | None, opening: dict[str, Any], source: Source
    ) -> WorkOrder:
        if appointment:
            return appointment.check_in(by=source.by, **opening)
        if self.closed_on:  # history: the same vehicle may be in the shop again
            return WorkOrder.open(Visit.begin(customer, vehicle), source.by, **opening)
        return WorkOrder.walk_in(customer, vehicle, source.by, **opening)

    def update(self, row: WorkOrder, changed: set[str], marks: Mapping[str, Any], source: Source) -> bool:
        self._check_whose(row, changed, source)
        row.lock()
        before = _state(row)
        if "number" in changed and self.number not in {None, row.number}:
            source.warn("number", _("It is called %(number)s here, and stays so.", number=row.number))
        if "closed_on" in changed and self.closed_on is None and row.is_closed:
            row.reopen(_("Open again in %(system)s", system=source.system), by=source.by)
        if "concern" in changed:
            row.describe(self.concern, row.advisor, by=source.by)
        if "promised_at" in changed:
            row.promise(instant(self.promised_at, source.shop) if self.promised_at else None, by=source.by)
        if "status" in changed and not row.is_closed and (status := self._status(source)):
            set_it = partial(row.set_status, status, by=source.by, minutes=self.estimate_minutes)
            self._heard(row.visit.customer, source, lambda wish: set_it(wish=wish))
        other = "items" in changed and take_items(row, self.external_id, self.items, source)
        if "odometer" in changed and self.odometer is not None and not self.closed_on:
            row.visit.vehicle.read_odometer(self.odometer, by=source.by, on=source.shop.local(row.opened_at).date())
        if "closed_on" in changed and self.closed_on:
            self._close(row, date.fromisoformat(self.closed_on), source)
        return other or before != _state(row)

    def _close(self, row: WorkOrder, on: date, source: Source) -> None:
        if row.closing and row.closing.invoiced_on != on:
            raise Refused(_("It is closed with another date. Open it again first, with null."), field="closed_on")
        next_on = date.fromisoformat(self.next_visit_on) if self.next_visit_on else None
        row.close(by=source.by, invoiced_on=on, odometer=self.odometer, next_visit_on=next_on, next_visit=self.next_visit)

    def _heard(self, customer: "Customer", source: Source, do: Callable[[Wish], Done]) -> Done:
        """Do what sets a status, with its update; without, where only a person could say its words."""
        if self.notify:
            wish = Wish(reason=self.reason, in_the_morning=source.by_day(customer) > clock.now())
            try:
                with db.session.begin_nested():
                    return do(wish)
            except Refused as refused:
                if not set(refused.errors) <= OF_THE_WORDS:
                    raise
                source.warn("status", _("Its update is not sent: a person has to say what is in it."))
        return do(Wish(silently=True, reason=self.reason))

    def _opening(self, source: Source) -> dict[str, Any]:
        at = instant(self.opened_at, source.shop) if self.opened_at else None
        if at and at > clock.now():
            raise Refused(_("That time is still to come."), field="opened_at")
        return {"number": self._free_number(source), "at": at, "status": self._status(source), "minutes": self.estimate_minutes}

    def _free_number(self, source: Source) -> int | None:
        lock_numbers(source.shop.id)
        taken = select(WorkOrder.id).where(WorkOrder.shop_id == source.shop.id, WorkOrder.number == self.number)
        return self.number if self.number and db.session.scalar(taken) is None else None

    def _status(self, source: Source) -> Status | None:
        """Raises Refused: the shop has none of that name."""
        statuses = Status.all_of(source.shop) if self.status else []
        found = next((one for one in statuses if one.name.casefold() == self.status.casefold()), None)
        if self.status and found is None:
            names = ", ".join(one.name for one in statuses)
            raise Refused(_("The shop has no such status. It has: %(names)s.", names=names), field="status")
        return found

    def _appointment(self, vehicle: "Vehicle", source: Source) -> Appointment | None:
        """What the vehicle came with. Raises Refused: that one is another vehicle's."""
        if self.appointment:
            named: Appointment = source.need("appointments", self.appointment, "appointment")
            if named.vehicle.id != vehicle.id:
                raise Refused(_("That drop-off is another vehicle's."), field="appointment")
            return named
        day = source.shop.local(instant(self.opened_at, source.shop)).date() if self.opened_at else source.shop.today()
        same = select(Appointment).join(Visit).where(Visit.vehicle_id == vehicle.id, Appointment.date == day)
        standing = same.where(~Appointment.is_cancelled, ~Appointment.is_checked_in).order_by(Appointment.starts_at)
        return db.session.scalars(standing.limit(1)).first()

    def _check_whose(self, row: WorkOrder, changed: set[str], source: Source) -> None:
        """Raises Refused: it would be another vehicle's, or another customer's."""
        ours = {"vehicle": row.visit.vehicle_id, "customer": row.visit.customer_id}
        for noun, external_id, field in self.references:
            if field in changed and field in ours and source.need(noun, external_id, field).id != ours[field]:
                raise Refused(_("A work order stays with its vehicle and its customer."), field=field)

    @classmethod
    def held(cls, row: WorkOrder, source: Source) -> dict[str, Any]:
        closing, appointment = row.closing, row.visit.appointment
        return {
            "vehicle": source.name_of("vehicles", row.visit.vehicle_id),
            "customer": source.name_of("customers", row.visit.customer_id),
            "appointment": source.name_of("appointments", appointment.id) if appointment else None,
            "number": row.number,
            "opened_at": source.shop.local(row.opened_at).isoformat(timespec="seconds"),
            "concern": row.concern,
            "status": row.stay.status.name if row.stay else "",
            "promised_at": source.shop.local(row.promised_at).isoformat(timespec="seconds") if row.promised_at else None,
            "odometer": closing.odometer if closing else row.visit.vehicle.odometer,
            "items": held_items(row, source),
            "closed_on": closing.invoiced_on.isoformat() if closing else None,
            "next_visit_on": closing.next_visit_on.isoformat() if closing and closing.next_visit_on else None,
            "next_visit": closing.next_visit if closing else "",
        }


def _state(row: WorkOrder) -> tuple[Any, ...]:
    """What tells whether a push has changed anything, but for the items."""
    return row.closed_at, row.concern, row.promised_at, row.stay and row.stay.status_id, row.visit.vehicle.odometer
