"""The forecast against what really goes when the clock gets there, for appointments of every kind in several zones."""

import itertools
from datetime import UTC, datetime, time, timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Actor, Consent, Message, Policy, Refused, Shop, Skip, db, plan
from models.forecast import Forecast
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle

CUSTOMER = Actor("customer", "Maria Lopez", ip="127.0.0.1")
serial = itertools.count(1)
SAYS = ["nothing", "confirms", "asks", "asks and is answered", "opts out", "is reminded", "is reminded tomorrow", "is skipped"]
ZONES = ["America/Chicago", "America/Phoenix", "Europe/Amsterdam", "Australia/Lord_Howe", "Pacific/Chatham"]
# over both changes of the clock in spring, north and south
minutes = st.integers(0, 50 * 24 * 60).map(lambda passed: datetime(2026, 2, 20, tzinfo=UTC) + timedelta(minutes=passed))
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 59]))
bookings = st.fixed_dictionaries(
    {
        "ahead": st.integers(0, 12),
        "at": st.none() | st.builds(time, st.integers(5, 22), st.sampled_from([0, 30])),
        "preference": st.sampled_from(["text", "email", "phone", "text"]),
        "says": st.sampled_from(SAYS),
    }
)
shops = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES),
        "days_before": st.integers(0, 7),
        "morning_time": clocks,
        "quiet_from": clocks,
        "quiet_until": clocks,
        "remind_confirmed": st.booleans(),
        "may_text": st.sampled_from([True, True, False]),
    }
)


def booked(shop: Shop, ahead: int, at: time | None, preference: str, says: str) -> None:
    number = next(serial)
    customer = a_customer(shop, "Lena", f"Berg {number}", phones=[f"+1312555{number % 10000:04}"], emails=[f"berg{number}@mail.example"])
    a_vehicle(customer)
    try:
        appointment = a_drop_off(shop, shop.today() + timedelta(days=ahead), at, preference, customer, accept_warnings=True)
        if says == "confirms":
            appointment.confirm(by=CUSTOMER)
        elif says.startswith("asks"):
            request = appointment.request_reschedule("Friday", by=CUSTOMER)
            request.settle(by=SAM) if "answered" in says else None
        elif says == "opts out":
            Consent.note(shop, customer.phone.number, given=False, source="keyword", by=CUSTOMER, wording="STOP", version="test")
        elif says.startswith("is reminded"):
            appointment.remind(by=SAM, morning="tomorrow" in says)
        elif says == "is skipped" and appointment.follow_up_at:
            Skip.of(appointment, Message.key_of(appointment, "follow_up"), by=SAM)
    except Refused:
        db.session.rollback()
    db.session.commit()


def ticked(shop: Shop) -> list[tuple[datetime, str]]:
    """One tick and all that a worker then takes: when and what went of this shop's."""
    for step in (plan.follow_ups, plan.wake):
        step()
        db.session.commit()
    gone = []
    for channel in ("text", "email"):
        for message in Message.claim_all(Message.due(channel, 500)):
            message.accepted(f"SM{message.id}")
            gone += [(message.sent_at, message.dedupe_key)] if message.shop_id == shop.id else []
    db.session.commit()
    return gone


@given(
    begins=minutes,
    details=shops,
    asked=st.lists(bookings, min_size=1, max_size=5),
    between=st.lists(st.integers(1, 10 * 24 * 60), max_size=4),
)
@settings(max_examples=25)
def test_what_is_foreseen_is_what_goes_when_the_clock_gets_there(
    app: Flask, begins: datetime, details: dict[str, Any], asked: list[dict[str, Any]], between: list[int]
) -> None:
    with time_machine.travel(begins, tick=False) as traveller:
        number = next(serial)
        texting_number = f"+1312{number:07}" if details.pop("may_text") else None
        policies = {"past_policy": Policy.warn, "closed_policy": Policy.warn}
        shop = a_shop(f"shop-{number}", **policies, **details, texting_number=texting_number)
        for one in asked:
            booked(shop, **one)
        foreseen = Forecast(shop, 10).lines
        moments = {begins, *(line.at for line in foreseen), *(begins + timedelta(minutes=minutes) for minutes in between)}
        gone = []
        for moment in sorted(moments):
            traveller.move_to(moment)
            gone += ticked(shop)
        assert sorted(gone) == sorted((line.at, line.what) for line in foreseen if line.allowed and line.channel != "call")
        stopped = {line.what for line in foreseen if not line.allowed and line.channel != "call"}
        kept = {one.dedupe_key for one in db.session.query(Message).filter_by(shop_id=shop.id) if one.dedupe_key in stopped}
        assert kept == stopped
