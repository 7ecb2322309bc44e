"""What came of the follow-up letters of a period: how far they got, who booked or approved work afterwards, who wants no more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from models import clock
from models.appointment import Appointment
from models.authorisation import Authorisation
from models.base import db
from models.delivery import Delivery
from models.do_not_mail import BY_LINK, DoNotMail
from models.letter import Letter
from models.letter_kind import LetterKind
from models.message import Message
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

CAME_OF_IT = timedelta(days=30)  # a booking or an authorisation within so long is put down to the letter


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one kind in a period."""

    kind: LetterKind
    sent: int
    delivered: int
    failed: int
    held: int
    booked: int  # customers who booked a drop-off within thirty days
    approved: int  # on whose work something was authorised within thirty days


def outcomes(shop: "Shop", since: date, until: date) -> list[Outcome]:
    """Letters of these days, by kind, in the kinds' order."""
    query = select(Letter.kind, Letter.customer_id, Message.state, Message.sent_at).join(Letter.message)
    letters = db.session.execute(query.where(Letter.shop_id == shop.id, Letter.on.between(since, until))).all()
    begins, ends = clock.day_bounds(since, shop.tz)[0], clock.day_bounds(until, shop.tz)[1] + CAME_OF_IT
    booked = _moments(select(Visit.customer_id, Appointment.booked_at).join(Appointment.visit), Appointment.booked_at, shop, begins, ends)
    approvals = select(Visit.customer_id, Authorisation.at).select_from(Authorisation)
    approvals = approvals.join(WorkOrder, WorkOrder.id == Authorisation.work_order_id).join(Visit, Visit.id == WorkOrder.visit_id)
    approved = _moments(approvals.where(Authorisation.up, Authorisation.undone_at.is_(None)), Authorisation.at, shop, begins, ends)
    found = []
    for kind in LetterKind:
        mine = [(customer_id, state, sent_at) for one, customer_id, state, sent_at in letters if one is kind]
        gone = [(customer_id, sent_at) for customer_id, state, sent_at in mine if sent_at and state in {Delivery.sent, Delivery.delivered}]
        found.append(
            Outcome(
                kind,
                sent=len(gone),
                delivered=sum(state is Delivery.delivered for _customer, state, _sent in mine),
                failed=sum(state is Delivery.failed for _customer, state, _sent in mine),
                held=sum(state in {Delivery.held, Delivery.cancelled} for _customer, state, _sent in mine),
                booked=_followed(gone, booked),
                approved=_followed(gone, approved),
            )
        )
    return found


def unsubscribed(shop: "Shop", since: date, until: date) -> int:
    """Customers who used the link in a letter in these days."""
    begins, ends = clock.day_bounds(since, shop.tz)[0], clock.day_bounds(until, shop.tz)[1]
    query = select(func.count()).select_from(DoNotMail).where(DoNotMail.shop_id == shop.id, DoNotMail.source == BY_LINK)
    return db.session.scalar(query.where(DoNotMail.at >= begins, DoNotMail.at < ends)) or 0


def _moments(query: Any, at: Any, shop: "Shop", begins: datetime, ends: datetime) -> dict[int, list[datetime]]:
    """By customer."""
    found: dict[int, list[datetime]] = {}
    for customer_id, moment in db.session.execute(query.where(Visit.shop_id == shop.id, at >= begins, at < ends)):
        found.setdefault(customer_id, []).append(moment)
    return found


def _followed(gone: list[tuple[int, datetime]], moments: dict[int, list[datetime]]) -> int:
    """How many of the letters were followed by such a moment of their customer's within ``CAME_OF_IT``."""
    return sum(any(sent_at < moment < sent_at + CAME_OF_IT for moment in moments.get(customer_id, ())) for customer_id, sent_at in gone)
