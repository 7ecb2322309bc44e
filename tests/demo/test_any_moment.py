"""The demo can be filled at any moment: weekends, nights, holidays, the days on which clocks change; once on PostgreSQL, too."""

import os
from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
import redis
from sqlalchemy import select

from jobs.demo import fill
from models import Appointment, Delivery, Entry, Message, Opening, Shop, Standing, WorkOrder, clock, db, plan
from models.day import Day
from tests.ground.databases import PostgresStore, SQLiteStore, app_for, entered, settings_for

MOMENTS = {
    "the Sunday night in which clocks go forward": ("2025-03-09 01:30", SQLiteStore),
    "Thanksgiving": ("2025-11-27 15:20", PostgresStore),
}
if "WL_ROUNDS" in os.environ:  # filling takes ten seconds of a core
    MOMENTS |= {
        "Friday night": ("2025-05-16 23:30", SQLiteStore),
        "ten past midnight, the day after clocks went back": ("2025-11-03 00:10", SQLiteStore),
        "a leap day that is over in two minutes": ("2028-02-29 23:58", PostgresStore),
    }
NEEDS_A_PERSON = {Standing.reschedule_requested, Standing.failed, Standing.unknown, Standing.held, Standing.call}


@pytest.fixture(params=MOMENTS.values(), ids=MOMENTS.keys())
def now(request: pytest.FixtureRequest, queue_server: redis.Redis) -> Iterator[datetime]:
    """The moment, in an app that holds nothing yet."""
    moment, store = request.param
    with entered(app_for(settings_for(store("moments").url))):
        yield datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("America/Chicago"))
        db.session.remove()
        db.engine.dispose()


@pytest.mark.torture
def test_it_is_right_whenever_it_is_filled(now: datetime) -> None:
    with clock.at(now):
        fill()
        harbour = Shop.known("harbour")
        day = Day(harbour, harbour.today())

        for_workers = select(Message).where(Message.state == Delivery.queued, Message.channel != "postcard")
        queued = {message.kind: message for message in db.session.scalars(for_workers)}
        assert queued.keys() == {"booking", "activation"}
        marias = queued["booking"].appointment
        assert marias
        assert (marias.customer.name, marias.time) == ("Maria Lopez", time(9))
        assert marias.date > harbour.today()
        assert harbour.is_open(marias.date)

        waiting = [*(request.appointment for request in day.requests), *(message.appointment for message in day.troubles), *day.calls]
        assert {appointment.standing for appointment in waiting if appointment} == NEEDS_A_PERSON
        assert {
            appointment.standing for appointment in db.session.scalars(select(Appointment).where(Appointment.shop_id == harbour.id))
        } == set(Standing)
        assert not [one for one in db.session.scalars(select(Appointment)) if one.is_past and one.stands]

        assert len({order.stay.status.key for order in WorkOrder.open_in(harbour) if order.stay}) >= 3, "they stand at different steps"

        for at in (Entry.at, Message.state_at, Message.created_at, Opening.at):
            assert db.session.scalar(select(at).order_by(at.desc()).limit(1)) <= now, at
        before = db.session.scalars(select(Message.id)).all()
        plan.follow_ups()
        plan.wake()
        assert db.session.scalars(select(Message.id)).all() == before
