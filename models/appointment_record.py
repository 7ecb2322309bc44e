"""A drop-off as another system has booked it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from flask_babel import gettext as _
from pydantic import ConfigDict, Field
from sqlalchemy import select

from models.appointment import Appointment
from models.appointment_changes import LONGEST, PREFERENCES, check_reach
from models.base import db
from models.refused import Refused
from models.transfer_fields import Key, Moment, Words, drop_off
from models.transfer_record import Record
from models.transfer_source import Source
from models.visit import Visit

if TYPE_CHECKING:
    from models.customer import Customer

NOTES = ("type_of_work", "shop_note", "customer_note")


class AppointmentRecord(Record):
    """A drop-off. A new one needs a vehicle and a time. It keeps the shop's own rules: opening hours, closing days, room."""

    noun: ClassVar[str] = "appointments"
    manner: ClassVar[frozenset[str]] = frozenset({"notify"})
    renamed: ClassVar[Mapping[str, str]] = {"date": "starts_at", "time": "starts_at"}
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "external_id": "A-3001",
                    "vehicle": "V-2001",
                    "starts_at": "2026-11-24T09:00",
                    "type_of_work": "Oil and filter change",
                    "notify": False,
                }
            ]
        },
    )

    vehicle: Key | None = Field(None, description="External id of the vehicle.")
    customer: Key | None = Field(None, description="External id of who brings it; left out, its owner.")
    starts_at: Moment | None = Field(
        None,
        description="An instant with its offset (RFC 3339), or what the shop's own clock shows (2026-11-24T09:00); a day alone: no time "
        "was agreed on.",
    )
    type_of_work: Annotated[str, Words(LONGEST["type_of_work"])] = ""
    shop_note: Annotated[str, Words(LONGEST["shop_note"], lines=True)] = Field("", description="For the shop's eyes.")
    customer_note: Annotated[str, Words(LONGEST["customer_note"], lines=True)] = Field("", description="The customer sees it.")
    preference: Literal["text", "email", "phone"] | None = Field(
        None,
        description="How the customer wants to hear from the shop. Left out, or where it is not possible (no permission to text, no "
        "address): by text where they have allowed it, else by e-mail, else by phone.",
    )
    status: Literal["booked", "cancelled"] = "booked"
    notify: bool = Field(
        True,
        description="Whether the shop's usual messages about booking, moving and cancelling go to the customer; at night they wait for "
        "the morning. Say false when you load what customers know already. The reminder before the drop-off goes by the shop's rules "
        "either way.",
    )

    @property
    def references(self) -> list[tuple[str, str, str]]:
        named = (("vehicles", self.vehicle, "vehicle"), ("customers", self.customer, "customer"))
        return [(noun, external_id, field) for noun, external_id, field in named if external_id]

    def match(self, source: Source) -> Appointment | None:
        """What the shop booked itself for that vehicle and time."""
        vehicle = source.find("vehicles", self.vehicle) if self.vehicle else None
        if vehicle is None or not self.starts_at:
            return None
        date, time = drop_off(self.starts_at, source.shop)
        same = select(Appointment).join(Visit).where(Visit.vehicle_id == vehicle.id, Appointment.date == date, Appointment.time == time)
        same = same.where(~Appointment.is_cancelled, ~Appointment.is_checked_in)
        return next((one for one in db.session.scalars(same) if not source.calls(self.noun, one.id)), None)

    def create(self, source: Source) -> Appointment:
        if not self.vehicle:
            raise Refused(_("Say which vehicle comes."), field="vehicle")
        if not self.starts_at:
            raise Refused(_("Say when it comes."), field="starts_at")
        vehicle = source.need("vehicles", self.vehicle, "vehicle")
        customer = source.need("customers", self.customer, "customer") if self.customer else vehicle.customer
        date, time = drop_off(self.starts_at, source.shop)
        notes = {name: getattr(self, name) for name in NOTES}
        row = Appointment.book(
            customer,
            vehicle,
            date,
            time,
            self._preference(customer, source),
            by=source.by,
            accept_warnings=True,  # nobody is there to be asked
            tell=self.notify and self.status == "booked",
            tell_at=source.by_day(customer),
            **notes,
        )
        if self.status == "cancelled":
            row.cancel(by=source.by, tell=False)
        return row

    def update(self, row: Appointment, changed: set[str], marks: Mapping[str, Any], source: Source) -> bool:
        self._check_whose(row, changed, source)
        before = (row.date, row.time, *(getattr(row, name) for name in NOTES), row.preference, row.is_cancelled)
        telling: dict[str, Any] = {"tell": self.notify, "tell_at": source.by_day(row.customer)}
        if "status" in changed and self.status == "booked" and row.is_cancelled:
            raise Refused(_("It was cancelled. Push the new drop-off under another id."), field="status")
        if "starts_at" in changed and self.starts_at and not row.is_cancelled:
            row.move(*drop_off(self.starts_at, source.shop), by=source.by, accept_warnings=True, **telling)
        notes = {name: getattr(self if name in changed else row, name) for name in NOTES}
        preference = self._preference(row.customer, source) if "preference" in changed and self.preference else row.preference
        if (*notes.values(), preference) != (*(getattr(row, name) for name in NOTES), row.preference) and not row.is_cancelled:
            row.change(**notes, preference=preference, by=source.by)
        if "status" in changed and self.status == "cancelled":
            row.cancel(by=source.by, **telling)
        return before != (row.date, row.time, *(getattr(row, name) for name in NOTES), row.preference, row.is_cancelled)

    def _check_whose(self, row: Appointment, changed: set[str], source: Source) -> None:
        """Raises Refused: it would be another vehicle's, or another customer's."""
        for noun, external_id, field in self.references:
            ours = row.vehicle.id if field == "vehicle" else row.customer.id
            if field in changed and source.need(noun, external_id, field).id != ours:
                raise Refused(_("A drop-off stays with its vehicle and its customer. Cancel it, and push another."), field=field)

    def _preference(self, customer: "Customer", source: Source) -> str:
        """What was asked for if that is possible, else the nearest thing to it."""
        for preference in dict.fromkeys([*([self.preference] if self.preference else ()), "text", "email", *PREFERENCES]):
            try:
                check_reach(preference, customer)
            except Refused as refused:
                if preference == self.preference:
                    source.warn("preference", refused)
            else:
                return preference
        return "phone"

    @classmethod
    def held(cls, row: Appointment, source: Source) -> dict[str, Any]:
        moment = row.date.isoformat() if row.time is None else row.shop.local(row.starts_at).isoformat()
        return {
            "vehicle": source.name_of("vehicles", row.vehicle.id),
            "customer": source.name_of("customers", row.customer.id),
            "starts_at": moment,
            **{name: getattr(row, name) for name in NOTES},
            "preference": row.preference,
            "status": "cancelled" if row.is_cancelled else "booked",
        }
