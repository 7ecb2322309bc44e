"""What a real customer would read of a letter's template: with their vehicle, dates and what they put off, as far as there are any."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.appointment import Appointment
from models.base import db
from models.closing import Closing
from models.customer import Customer
from models.deferred_item import DeferredItem
from models.last_invoice import LastInvoice
from models.letter import Letter
from models.letter_kind import LetterKind
from models.letter_wording import filled, letter_values
from models.message_template import MessageTemplate
from models.no_show import NoShow
from models.vehicle import Vehicle
from models.visit import Visit
from models.wording import Wording
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop


def written_to(customer: Customer, template: MessageTemplate) -> tuple[Wording, bool]:
    """In the template's language, and whether there is any occasion for such a letter to them; nothing is kept."""
    with db.session.no_autoflush:
        letter = _letter(customer, LetterKind(template.key))
        values = letter_values(letter, template.language)
    return filled(template, values), bool(values["deferred"] if letter.kind is LetterKind.deferred else letter.visit_on)


def readers(shop: "Shop", kind: LetterKind, limit: int = 3) -> Sequence[Customer]:
    """Customers to try it on: those who gave reason for such a letter last, or who were here last."""
    query = select(Customer).where(Customer.shop_id == shop.id).limit(limit)
    of_visits = query.join(Visit, Visit.customer_id == Customer.id).join(Appointment, Appointment.visit_id == Visit.id).distinct()
    here_last = query.join(LastInvoice, LastInvoice.customer_id == Customer.id).order_by(LastInvoice.on.desc(), LastInvoice.id.desc())
    put_off = select(DeferredItem.customer_id).where(DeferredItem.shop_id == shop.id, DeferredItem.returned_at.is_(None))
    by_kind = {
        LetterKind.deferred: here_last.where(Customer.id.in_(put_off)),
        LetterKind.no_show: of_visits.join(NoShow, NoShow.appointment_id == Appointment.id).order_by(Customer.id.desc()),
        LetterKind.reminder_1: of_visits.where(Appointment.date > shop.today(), ~Appointment.is_cancelled).order_by(Customer.id.desc()),
    }
    by_kind[LetterKind.reminder_2] = by_kind[LetterKind.reminder_1]
    narrow = db.session.scalars(by_kind[kind]).unique().all() if kind in by_kind else ()
    return narrow or db.session.scalars(here_last).unique().all()


def _letter(customer: Customer, kind: LetterKind) -> Letter:
    """On the newest occasion of its kind, whether or not a letter is due; without one, about the vehicle that was here last."""
    letter = Letter(kind=kind, shop_id=customer.shop_id, customer_id=customer.id)
    letter.shop, letter.customer, letter.vehicle = customer.shop, customer, _vehicle(customer)
    if kind is LetterKind.inactive or kind is LetterKind.thank_you:
        last = LastInvoice.of(customer.id)
        letter.visit_on = last.on if last else None
    elif kind is LetterKind.deferred:
        _speak_of_what_was_put_off(letter)
    else:
        _speak_of_a_drop_off(letter)
    return letter


def _vehicle(customer: Customer) -> Vehicle | None:
    last = LastInvoice.of(customer.id)
    return db.session.get(Vehicle, last.vehicle_id) if last else next(iter(customer.vehicles_in_use), None)


def _speak_of_what_was_put_off(letter: Letter) -> None:
    mine = select(DeferredItem).where(DeferredItem.customer_id == letter.customer_id, DeferredItem.returned_at.is_(None))
    item = db.session.scalars(mine.where(DeferredItem.work_order_id.is_not(None)).order_by(DeferredItem.id.desc())).first()
    if item:
        letter.work_order_id, letter.vehicle = item.work_order_id, db.session.get(Vehicle, item.vehicle_id)
        if item.due_on:
            letter.on = item.due_on
        else:
            letter.visit_on = letter.shop.today()


def _speak_of_a_drop_off(letter: Letter) -> None:
    """The next one, or the day that was recommended for it; of a no-show, the one that was missed."""
    theirs = select(Appointment).join(Appointment.visit).where(Visit.customer_id == letter.customer_id)
    if letter.kind is LetterKind.no_show:
        query = theirs.join(NoShow, NoShow.appointment_id == Appointment.id).order_by(NoShow.id.desc())
    else:
        query = theirs.where(Appointment.date >= letter.shop.today(), ~Appointment.is_cancelled).order_by(Appointment.date)
    if appointment := db.session.scalars(query).unique().first():
        letter.visit_on, letter.vehicle = appointment.date, appointment.vehicle
        return
    if letter.kind is not LetterKind.no_show:
        closings = select(Closing.next_visit_on).join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(WorkOrder.visit)
        ahead = closings.where(Visit.customer_id == letter.customer_id, Closing.next_visit_on >= letter.shop.today())
        letter.visit_on = db.session.scalar(ahead.order_by(Closing.next_visit_on).limit(1))
