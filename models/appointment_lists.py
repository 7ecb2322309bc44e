"""Which appointments a screen shows, loaded whole in a number of queries that does not grow with the rows."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.base import db
from models.customer import Customer
from models.refused import NotFound
from models.visit import Visit

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.appointment import Appointment
    from models.shop import Shop


class Listed:
    @classmethod
    def whole(cls, via: Any = None) -> "tuple[ExecutableOption, ...]":
        """Loader options for all that lists and pages show; ``via`` is the relationship that leads here from another noun."""
        from models.appointment import Appointment

        visit = joinedload(Appointment.visit).options(
            joinedload(Visit.customer).selectinload(Customer.phones),
            joinedload(Visit.vehicle),
            joinedload(Visit.work_order),
            selectinload(Visit.openings),
        )
        facts = (Appointment.confirmations, Appointment.reschedule_requests, Appointment.no_shows)
        answers = (selectinload(fact) for fact in facts)
        options = (
            visit,
            joinedload(Appointment.cancellation),
            joinedload(Appointment.follow_up_skip),
            *answers,
            selectinload(Appointment.messages),
        )
        return options if via is None else (joinedload(via).options(*options),)

    @classmethod
    def in_full(cls: "type[Appointment]", shop: "Shop", id: int) -> "Appointment":
        """One with all that its page shows, few rows joined rather than asked for one by one. Raises NotFound."""
        visit = joinedload(cls.visit).options(
            joinedload(Visit.customer).options(joinedload(Customer.phones), joinedload(Customer.emails)),
            joinedload(Visit.vehicle),
            joinedload(Visit.work_order),
            joinedload(Visit.links),
            selectinload(Visit.openings),
        )
        answers = (
            joinedload(cls.cancellation),
            joinedload(cls.follow_up_skip),
            joinedload(cls.no_shows),
            selectinload(cls.confirmations),
            selectinload(cls.reschedule_requests),
        )
        query = select(cls).where(cls.shop_id == shop.id, cls.id == id).options(visit, *answers, selectinload(cls.messages))
        found = db.session.scalars(query).unique().first()
        if found is None:
            raise NotFound("Appointment")
        return found

    @classmethod
    def between(cls: "type[Appointment]", shop: "Shop", first: date, last: date) -> list["Appointment"]:
        """Drop-offs from the first to the last day, both counted, in the order of the clock."""
        query = select(cls).where(cls.shop_id == shop.id, cls.date >= first, cls.date <= last)
        return list(db.session.scalars(query.options(*cls.whole()).order_by(cls.starts_at, cls.id)))
