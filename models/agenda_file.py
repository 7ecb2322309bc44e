"""The shop's appointments as a calendar that staff subscribe to: a month back, a year ahead.

Times are in UTC, as in the customers' entries (``calendar_entry``); whoever has a day but no time is on that day as a whole.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _
from icalendar import STATUS, Calendar, Event
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from models import phone
from models.appointment import Appointment
from models.base import db
from models.calendar_entry import DROP_OFF
from models.customer import Customer
from models.entry import Entry
from models.visit import Visit

if TYPE_CHECKING:
    from models.shop import Shop

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
FORM = 1  # grows when the file is written differently, so that nobody keeps an old one
HOURLY = "PT1H"  # how often programs are asked to look


class AgendaFile:
    def __init__(self, shop: "Shop") -> None:
        self.shop = shop
        self.first, self.last = shop.today() - BACK, shop.today() + AHEAD

    @property
    def version(self) -> str:
        """Another one whenever the file may have changed, known without writing it: each verb leaves an entry in the log."""
        newest = db.session.scalar(select(func.max(Entry.id)).where(Entry.shop_id == self.shop.id))
        base = current_app.extensions["settings"].public_base_url
        return hashlib.sha256(f"{FORM}:{self.shop.id}:{self.first}:{newest}:{base}".encode()).hexdigest()[:32]

    @property
    def content(self) -> bytes:
        calendar = Calendar()
        head = {"version": "2.0", "prodid": "-//Wrenchline//Shop calendar//EN", "calscale": "GREGORIAN", "method": "PUBLISH"}
        head |= {"x-wr-calname": self.shop.name, "x-wr-timezone": self.shop.zone, "x-published-ttl": HOURLY}
        for name, value in head.items():
            calendar.add(name, value)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        for appointment in self._appointments():
            calendar.add_component(self._event(appointment))
        return calendar.to_ical()

    def _appointments(self) -> Iterator[Appointment]:
        visit = joinedload(Appointment.visit).options(joinedload(Visit.customer).selectinload(Customer.phones), joinedload(Visit.vehicle))
        options = (visit, joinedload(Appointment.cancellation), selectinload(Appointment.confirmations))
        query = select(Appointment).where(Appointment.shop_id == self.shop.id, Appointment.date.between(self.first, self.last))
        yield from db.session.scalars(query.options(*options).order_by(Appointment.starts_at, Appointment.id))

    def _event(self, appointment: Appointment) -> Event:
        cancellation, confirmation = appointment.cancellation, appointment.confirmation
        changed = max([appointment.agreed_at, *(fact.at for fact in (cancellation, confirmation) if fact)])
        starts, ends = self._span(appointment)
        event = Event.new(
            uid=f"staff-{appointment.uid}",  # the customer's own entry of it may be in the same calendar
            sequence=appointment.revision + (cancellation is not None),
            stamp=changed,
            last_modified=changed,
            start=starts,
            end=ends,
            summary=f"{appointment.customer.name}, {appointment.vehicle.description}",
            description="\n".join(self._lines(appointment)),
            url=self._page(appointment),
            status=STATUS.CANCELLED if cancellation else STATUS.CONFIRMED,
        )
        if appointment.time is None:
            event.add("transp", "TRANSPARENT")  # the day is not taken up by it
        return event

    @staticmethod
    def _span(appointment: Appointment) -> tuple[date, date]:
        if appointment.time is None:
            return appointment.date, appointment.date + timedelta(days=1)
        starts = appointment.starts_at.astimezone(UTC)
        return starts, starts + DROP_OFF

    def _lines(self, appointment: Appointment) -> Iterator[str]:
        """What staff want to know on the way; a link of the customer's is not among it."""
        customer, vehicle = appointment.customer, appointment.vehicle
        if appointment.confirmation:
            yield _("Confirmed")
        if customer.phone:
            yield _("Phone: %(phone)s", phone=phone.shown(customer.phone.number, self.shop.country))
        if vehicle.plate:
            yield _("Plate: %(plate)s", plate=vehicle.plate)
        if appointment.type_of_work:
            yield appointment.type_of_work
        yield self._page(appointment)

    @staticmethod
    def _page(appointment: Appointment) -> str:
        return f"{current_app.extensions['settings'].public_base_url}/console/appointments/{appointment.id}"
