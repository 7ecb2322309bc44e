"""Each letter once, on its day, for its reason, to whom it may go."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs.gateways.mail import outgoing
from models import (
    Appointment,
    BouncedAddress,
    Call,
    Category,
    CustomerMerge,
    Delivery,
    DoNotMail,
    Erasure,
    LastInvoice,
    Message,
    Shop,
    WorkItem,
    WorkOrder,
    clock,
    db,
)
from models.letter_planning import write_due_letters
from tests.ground.letters import JOHN, a_letter_shop, a_visit, letters, nightly, nights, noon, set_days
from tests.ground.makers import SAM, a_customer, a_vehicle
from tests.ground.overviews import an_item
from tests.ground.queries import counted

DAY = date(2025, 3, 3)  # a Monday, before the clocks go forward


def after(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.fixture
def shop(app: object) -> Shop:
    with clock.at(clock.instant(DAY - timedelta(days=2), time(9), a_zone())):
        return a_letter_shop(thank_you=3, inactive=90, dead=365, inactive_interval=90)


def a_zone() -> ZoneInfo:
    return ZoneInfo("America/Chicago")


def test_thanks_go_three_days_after_the_visit_at_ten_and_once(shop: Shop) -> None:
    a_visit(shop, DAY)
    assert nightly(shop, after(3), time(9, 59)) == []
    (thanks,) = nightly(shop, after(3))
    assert (thanks.kind, thanks.channel, thanks.address, thanks.state) == ("thank_you", "email", "maria@mail.example", Delivery.queued)
    assert nightly(shop, after(3)) == nightly(shop, after(4)) == []


def test_inactive_letters_of_the_sources_example(shop: Shop) -> None:
    """Inactive 90, Dead 365, Interval 90: days 90, 180, 270, 360."""
    a_visit(shop, DAY)
    set_days(shop, inactive=90, dead=365, inactive_interval=90)
    assert nights(shop, DAY, 400) == [(day, "inactive") for day in (90, 180, 270, 360)]


def test_a_visit_starts_the_count_anew(shop: Shop) -> None:
    set_days(shop, inactive=90, dead=180, inactive_interval=60)
    order = a_visit(shop, DAY)
    found = nights(shop, DAY, 100)
    a_visit(shop, after(101), order.visit.customer)
    found += [(101 + day, kind) for day, kind in nights(shop, after(101), 200)]
    assert found == [(90, "inactive"), (191, "inactive"), (251, "inactive")]


def test_the_twenty_ninth_of_february_is_a_day_like_any_other(app: object) -> None:
    with clock.at(clock.instant(date(2023, 11, 29), time(9), a_zone())):
        shop = a_letter_shop(inactive=90, dead=365, inactive_interval=30)
    a_visit(shop, date(2023, 12, 1))
    assert nights(shop, date(2024, 2, 28), 35) == [(1, "inactive"), (31, "inactive")]  # February 29 and March 30


def test_a_stop_of_three_weeks_is_caught_up_only_as_far_as_it_makes_sense(shop: Shop) -> None:
    a_visit(shop, DAY)
    other = a_customer(shop, "Joan", "Price", phones=[], emails=["joan@mail.example"])
    a_visit(shop, after(13), other)
    written = nightly(shop, after(21))
    assert [message.address for message in written] == ["joan@mail.example"], "thanks make sense for seven days"


def test_a_closed_day_moves_to_the_next_open_one(shop: Shop) -> None:
    shop.hours = [hours for hours in shop.hours if hours.weekday < 5]
    db.session.commit()
    a_visit(shop, date(2025, 3, 6))  # three days later is a Sunday
    assert nightly(shop, date(2025, 3, 9)) == []
    assert [message.kind for message in nightly(shop, date(2025, 3, 10))] == ["thank_you"]


def test_an_inactive_letter_of_a_closed_day_is_not_lost(shop: Shop) -> None:
    shop.hours = [hours for hours in shop.hours if hours.weekday < 5]
    set_days(shop, inactive=90, dead=365, inactive_interval=90)
    a_visit(shop, date(2025, 3, 10))  # ninety days later is a Sunday
    assert nights(shop, date(2025, 6, 5), 5) == [(4, "inactive")]


def test_a_tick_that_is_done_again_writes_no_second_letter(shop: Shop) -> None:
    a_visit(shop, DAY)
    with clock.at(noon(shop, after(3))):
        for _count in range(2):
            list(write_due_letters())
        db.session.commit()
    assert len(letters()) == 1


def test_the_clock_set_back_writes_nothing_again(shop: Shop) -> None:
    a_visit(shop, DAY)
    nightly(shop, after(4))
    assert nightly(shop, after(3)) == []


def test_who_is_on_do_not_mail_gets_none_and_the_letter_says_why(shop: Shop) -> None:
    order = a_visit(shop, DAY)
    DoNotMail.set(order.visit.customer, "by_hand", by=SAM)
    (held,) = nightly(shop, after(3))
    assert held.state is Delivery.held
    assert held.held_by == "Do Not Mail is set."


def test_do_not_mail_stops_what_is_on_its_way(shop: Shop) -> None:
    order = a_visit(shop, DAY)
    (letter,) = nightly(shop, after(3))
    DoNotMail.set(order.visit.customer, "unsubscribed", by=SAM)
    db.session.commit()
    with clock.at(noon(shop, after(3))):
        assert not letter.claim()
    assert letter.state is Delivery.held


def test_a_reopened_order_is_not_thanked_for(shop: Shop) -> None:
    order = a_visit(shop, DAY)
    (letter,) = nightly(shop, after(3))
    with clock.at(noon(shop, after(3))):
        order.reopen("Came back", by=SAM)
        db.session.commit()
        assert not letter.claim()
    assert letter.state is Delivery.cancelled


def test_mail_that_came_back_stops_further_mail_to_that_address(shop: Shop) -> None:
    a_visit(shop, DAY)
    BouncedAddress.note(shop, "Maria@mail.example", "bounced", "550 no such user", by=SAM)
    (held,) = nightly(shop, after(3))
    assert (held.state, held.held_by) == (Delivery.held, "Mail to this address came back, or somebody there complained.")


def test_who_gets_no_mail_because_it_came_back_gets_a_card_where_cards_go(app: object) -> None:
    with clock.at(clock.instant(DAY, time(9), a_zone())):
        shop = a_letter_shop(thank_you=3, cards=True)
        a_visit(shop, DAY, a_customer(shop, addresses=[JOHN]))
    BouncedAddress.note(shop, "maria@mail.example", "bounced", "550 no such user", by=SAM)
    assert [message.channel for message in nightly(shop, after(3))] == ["postcard"]


def test_with_both_on_who_has_an_address_gets_mail_and_only_the_others_a_card(app: object) -> None:
    with clock.at(clock.instant(DAY, time(9), a_zone())):
        shop = a_letter_shop(thank_you=3, cards=True)
        hank = a_customer(shop, "Hank", "Doyle", phones=[], emails=[], addresses=[JOHN])
        grace = a_customer(shop, "Grace", "Okafor", phones=[], emails=[])
    for customer in (a_customer(shop), hank, grace):
        a_visit(shop, DAY, customer)
    written = {message.customer.last_name: (message.channel, message.state) for message in nightly(shop, after(3)) if message.customer}
    assert written == {
        "Lopez": ("email", Delivery.queued),
        "Doyle": ("postcard", Delivery.queued),
        "Okafor": ("postcard", Delivery.held),
    }


def test_cards_alone_go_to_all(app: object) -> None:
    with clock.at(clock.instant(DAY, time(9), a_zone())):
        shop = a_letter_shop()
        set_days(shop, "postcard", thank_you=3)
    a_visit(shop, DAY, a_customer(shop, addresses=[JOHN]))
    (card,) = nightly(shop, after(3))
    assert (card.channel, card.address) == ("postcard", "5 Elm Street, Chicago, IL 60601")
    with clock.at(noon(shop, after(3))):
        assert list(Message.due_ids(limit=5)) == [], "no worker that sends is called for what waits to be printed"


def test_deferred_items_come_back_once_a_visit_while_they_are_open(shop: Shop) -> None:
    set_days(shop, deferred=60)
    customer = a_customer(shop)
    vehicle = a_vehicle(customer)
    with clock.at(noon(shop, DAY)):
        order = WorkOrder.walk_in(customer, vehicle, by=SAM)
        for title in ("Wiper blades", "Belt", "Coolant", "Battery"):
            an_item(order, title, Category.recommended)
        order.close(by=SAM)
        db.session.commit()
    (letter,) = nightly(shop, after(60))
    assert letter.kind == "deferred"
    assert "- Wiper blades\n- Belt\n- Coolant\n- and 1 more" in letter.body
    assert nights(shop, after(60), 100) == []
    assert WorkItem.any_on(order)


def test_reminders_go_before_the_visit_that_was_recommended_unless_it_was_booked(shop: Shop) -> None:
    set_days(shop, reminder_1=30, reminder_2=7)
    order = a_visit(shop, DAY, next_visit_on=after(100), next_visit="60,000-mile service")
    assert nights(shop, DAY, 120) == [(70, "reminder_1"), (93, "reminder_2")]
    body = letters()[0].body
    assert "set the next one for June 11, 2025" in body
    assert order.closing


def test_an_appointments_own_follow_up_wins_and_booking_late_sends_no_reminder_of_the_past(shop: Shop) -> None:
    set_days(shop, reminder_1=14, reminder_2=1)
    customer = a_customer(shop)
    vehicle = a_vehicle(customer)
    shop.location.days_before = 1
    with clock.at(noon(shop, DAY)):
        Appointment.book(customer, vehicle, after(10), time(9), "email", by=SAM)
        db.session.commit()
    assert nights(shop, DAY, 12) == []


def test_a_missed_appointment_is_written_about_unless_the_vehicle_is_booked_again(shop: Shop) -> None:
    set_days(shop, no_show=2)
    missed = []
    for name in ("Maria", "Joan"):
        customer = a_customer(shop, name, name, phones=[], emails=[f"{name.lower()}@mail.example"])
        with clock.at(noon(shop, DAY - timedelta(days=1))):
            missed.append(Appointment.book(customer, a_vehicle(customer, plate=name), DAY, time(9), "email", by=SAM))
            db.session.commit()
    with clock.at(noon(shop, after(1))):
        for appointment in missed:
            appointment.mark_no_show(by=SAM)
        joan = missed[1].visit
        Appointment.book(joan.customer, joan.vehicle, after(9), time(9), "email", by=SAM)
        db.session.commit()
    written = {message.address: message.state for message in nightly(shop, after(2))}
    assert written == {"maria@mail.example": Delivery.queued, "joan@mail.example": Delivery.cancelled}


def test_nothing_is_left_raw_where_little_is_known(shop: Shop) -> None:
    customer = a_customer(shop, "", "Pratt", phones=[], emails=["devon@mail.example"])
    vehicle = a_vehicle(customer, year=None, make="", model="", plate="DEMO 9")
    a_visit(shop, DAY, customer, vehicle)
    (letter,) = nightly(shop, after(3))
    assert "{" not in letter.body + letter.subject
    assert "Re: your vehicle, plate DEMO 9" in letter.body
    assert "Tell us how we did" not in letter.body, "there is nowhere to say it"
    assert "  " not in letter.body


def test_merging_customers_keeps_the_wish_and_the_newest_invoice(shop: Shop) -> None:
    first, second = a_customer(shop), a_customer(shop, "Maria", "Lopes", phones=[], emails=["m@mail.example"])
    a_visit(shop, DAY, first)
    a_visit(shop, after(5), second)
    DoNotMail.set(second, "unsubscribed", by=SAM)
    CustomerMerge.make(first, second, by=SAM)
    db.session.commit()
    last = LastInvoice.of(first.id)
    assert last
    assert last.on == after(5)
    assert LastInvoice.of(second.id) is None
    assert DoNotMail.of(first)


def test_messages_of_letters_are_never_texts(shop: Shop) -> None:
    a_visit(shop, DAY)
    nightly(shop, after(3))
    assert {message.channel for message in db.session.query(Message).filter(Message.kind == "thank_you")} == {"email"}


def test_to_who_was_erased_nothing_is_written_and_nobody_is_to_call(shop: Shop) -> None:
    fresh, lost = a_customer(shop), a_customer(shop, "Hank", "Doyle", emails=["hank@mail.example"])
    a_visit(shop, after(-3), lost)
    (letter,) = nightly(shop, DAY)
    letter.advance("refuse", failure="mail_unknown")
    a_visit(shop, DAY, fresh, next_visit_on=after(30))
    for customer in (fresh, lost):
        Erasure.ask(customer, customer.name, by=SAM).carry_out()
    db.session.commit()
    assert nightly(shop, after(3)) == []
    assert db.session.query(Call).all() == []


def test_a_letter_is_put_together_without_writing_anything(shop: Shop) -> None:
    a_visit(shop, DAY)
    (thanks,) = nightly(shop, after(3))
    with counted() as asked:
        outgoing(thanks)
    assert [query for query in asked if not query.startswith("SELECT")] == []
