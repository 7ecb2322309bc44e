"""Thousands of drop-offs whose reminder is due: customers with permission to text, links behind every visit."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from models import Appointment, Link, Shop, Visit, clock, db
from models.consent import SERVICE, ConsentFact
from models.customer_contact import CustomerPhone
from tests.bench.population import FIRST, Life, settle
from tests.ground.makers import next_open_day

AGO = timedelta(days=400)


def awaiting_reminders(shop: Shop, size: int) -> None:
    """So many, by text, due a minute ago."""
    day = next_open_day(shop, 2)
    settle(shop, size, lambda _n: Life(shop.today() - AGO, day))
    due = {"preference": "text", "follow_up_at": clock.now() - timedelta(minutes=1)}
    db.session.execute(update(Appointment).where(Appointment.id >= FIRST).values(due).execution_options(synchronize_session=False))
    numbers = db.session.scalars(select(CustomerPhone.number).where(CustomerPhone.number.like("+1312%"))).all()
    said: dict[str, Any] = {"shop_id": shop.id, "scope": SERVICE, "given": True, "source": "written", "actor_name": "Sam Ortiz"}
    db.session.execute(insert(ConsentFact), [{**said, "number": number} for number in numbers])
    visits = db.session.scalars(select(Visit).where(Visit.id >= FIRST))
    links = [Link.issue(visit, purpose) for visit in visits for purpose in ("visit", "calendar")]
    columns = ("shop_id", "visit_id", "purpose", "version", "digest")
    db.session.execute(insert(Link), [{name: getattr(link, name) for name in columns} for link in links])
    db.session.commit()
    db.session.expunge_all()
    db.session.add(shop)
