"""Many at once, each with a connection of their own: one truthful state, on both databases."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from jobs.gateways.phone import Alone
from jobs.messages import deliver, drain
from models import (
    Actor,
    Appointment,
    Communication,
    Confirmation,
    Customer,
    Entry,
    Message,
    Policy,
    Refused,
    RescheduleRequest,
    Shop,
    Vehicle,
    WorkOrder,
    clock,
    db,
    plan,
)
from models.letter_planning import write_due_letters
from models.opt_out import opt_out
from tests.ground.client import Visitor
from tests.ground.letters import a_letter_shop, a_visit
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop, a_vehicle, a_work_order, next_open_day
from tests.portal.forms import press, read

MARIA_HERSELF = Actor("customer", "Maria Lopez", None, "127.0.0.1")
Together = Callable[..., list[Any]]


def count(noun: type, **where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(noun).filter_by(**where)) or 0


def the(noun: type, id: int) -> Any:
    return db.session.get_one(noun, id)


def test_of_many_workers_one_sends_a_message(together: Together, provider: Alone) -> None:
    provider.make_trouble(hold=0.2)
    message = a_drop_off(a_shop()).messages[0]
    together(*[lambda: deliver(message.id)] * 6)
    assert (message.state, message.attempts, provider.store.accepted().total()) == ("sent", 1, 1)


def test_drains_that_run_at_once_send_each_message_once(together: Together, provider: Alone) -> None:
    shop = a_shop()
    messages = [
        Message.reply(shop, "+13125550142", "help_reply", f"Call us {number}", once_key=str(number), language="en") for number in range(30)
    ]
    together(drain, drain, drain)
    assert {(message.state, message.attempts) for message in messages} == {("sent", 1)}
    assert set(provider.store.accepted().values()) == {1}


def test_ten_taps_on_confirm_are_one_confirmation(together: Together, visitors: Callable[[], Visitor]) -> None:
    link = a_drop_off(a_shop()).visit.link.path
    form = read(visitors().get(link)).forms["Confirm appointment"]
    answers = together(*[lambda: visitors().post(form.action, data=form.fields).status_code] * 10)
    assert set(answers) <= {200, 303}
    assert count(Confirmation) == count(Entry, verb="appointment.confirmed") == 1


def test_two_phones_that_confirm_and_ask_to_move_at_once_leave_both_facts(together: Together, visitors: Callable[[], Visitor]) -> None:
    appointment = a_drop_off(a_shop())
    link, id = appointment.visit.link.path, appointment.id
    page = read(visitors().get(link))
    asking = next(name for name in page.forms if "reschedule" in name.lower())
    answers = together(
        *[lambda: press(visitors(), link, "Confirm appointment").status_code] * 3,
        *[lambda: press(visitors(), link, asking).status_code] * 3,
    )
    assert set(answers) <= {200, 303}
    confirmed, asked = "appointment.confirmed", "appointment.reschedule_requested"
    said = [entry.verb for entry in the(Appointment, id).facts if entry.verb in {confirmed, asked}]
    assert set(said) == {confirmed, asked}
    assert all(one != other for one, other in pairwise(said)), "saying the same again is no new fact"
    assert (count(Confirmation), count(RescheduleRequest)) == (said.count(confirmed), said.count(asked))


def test_verbs_in_any_thread_meet_a_row_and_not_an_error(together: Together) -> None:
    appointment = a_drop_off(a_shop())
    id = appointment.id
    together(
        *[lambda: the(Appointment, id).confirm(by=MARIA_HERSELF) and None] * 4,
        *[lambda: the(Appointment, id).remind(by=SAM) and None] * 4,
        *[lambda: the(Appointment, id).check_in(by=SAM) and None] * 4,
    )
    db.session.refresh(appointment)
    assert appointment.is_checked_in
    assert count(Message, kind="remind") <= 1
    assert [entry.verb for entry in appointment.facts].count("appointment.checked_in") == 1


def test_moved_while_a_worker_claims_the_old_date_goes_whole_or_not_at_all(together: Together, provider: Alone) -> None:
    shop = a_shop()
    day = next_open_day(shop, 3)

    def move(id: int) -> None:
        the(Appointment, id).move(day, time(16), by=SAM)

    for hour in (8, 9, 10, 11):
        appointment = a_drop_off(shop, at=time(hour), customer=a_customer(shop, phones=[f"+131255501{hour:02}"]))
        id, first = appointment.id, appointment.messages[0]
        together(partial(deliver, first.id), partial(move, id))
        assert first.state in {"sent", "cancelled"}
        assert provider.store.accepted()[first.address, first.body] == (first.state == "sent")
        drain()
        db.session.expire_all()
        newest = the(Appointment, id).messages[-1]
        assert (newest.kind, newest.revision, newest.state) == ("moved", 1, "sent")
    assert set(provider.store.accepted().values()) == {1}


def test_stop_while_a_worker_claims_sends_or_holds_but_never_both(together: Together, provider: Alone) -> None:
    shop = a_shop()

    def stop(number: str) -> None:
        opt_out(the(Shop, shop.id), number, source="stop", wording="STOP", by=MARIA_HERSELF)

    for number in range(4):
        customer = a_customer(shop, phones=[f"+1312555011{number}"], emails=[])
        message = a_drop_off(shop, customer=customer).messages[0]
        together(partial(deliver, message.id), partial(stop, message.address))
        assert message.state in {"sent", "held"}
        assert provider.store.accepted()[message.address, message.body] == (message.state == "sent")
        assert message.state == "sent" or message.held_by


def test_two_receptionists_cannot_both_take_the_last_place_of_a_day(together: Together) -> None:
    shop = a_shop(capacity=2, capacity_policy=Policy.refuse)
    day = next_open_day(shop)
    a_drop_off(shop, day, preference="phone")
    people = [(customer.id, a_vehicle(customer).id) for customer in (a_customer(shop, name, phones=[], emails=[]) for name in "ABCD")]

    def book(customer_id: int, vehicle_id: int) -> int:
        return Appointment.book(the(Customer, customer_id), the(Vehicle, vehicle_id), day, time(10), "phone", by=SAM).id

    results = together(*[partial(book, *ids) for ids in people])
    assert sum(isinstance(result, int) for result in results) == 1
    assert {str(result.errors["date"]) for result in results if isinstance(result, Refused)} == {
        "That day is full: 2 of 2 drop-offs are booked."
    }
    assert count(Appointment) == 2


def test_a_double_click_on_book_books_once(together: Together) -> None:
    shop = a_shop()
    vehicle = a_vehicle(a_customer(shop))
    day, customer_id, vehicle_id = next_open_day(shop), vehicle.customer_id, vehicle.id
    together(
        *[lambda: Appointment.book(the(Customer, customer_id), the(Vehicle, vehicle_id), day, time(9), "email", by=SAM) and None] * 4,
    )
    assert count(Appointment) == count(Message) == 1


def test_ticks_that_run_at_once_write_one_follow_up(together: Together, at: Callable[..., None]) -> None:
    at("2026-06-01 10:00", "America/Chicago")
    shop = a_shop(days_before=1)
    a_drop_off(shop, next_open_day(shop, 3), time(9))
    at("2026-06-03 09:00", "America/Chicago")

    def tick() -> None:
        try:
            plan.follow_ups()
            db.session.commit()
        except IntegrityError:  # the ticker's next tick finds it done
            db.session.rollback()

    together(tick, tick, tick)
    assert count(Message, kind="follow_up") == 1


def test_ticks_that_run_at_once_write_each_letter_once(together: Together) -> None:
    shop = a_letter_shop(thank_you=3)
    today = shop.today()
    for number in range(8):
        a_visit(shop, today - timedelta(days=3), a_customer(shop, f"Nora{number}", phones=[], emails=[f"nora{number}@mail.example"]))

    def tick() -> None:
        with clock.at(clock.instant(today, time(12), ZoneInfo("America/Chicago"))):
            for _part in write_due_letters():
                db.session.commit()

    together(tick, tick, tick)
    assert count(Message, kind="thank_you") == 8


def test_whoever_writes_the_communication_log_at_once_stands_in_line(together: Together) -> None:
    shop = a_shop()
    orders = [a_work_order(shop, a_customer(shop, name, phones=[f"+1312555014{place}"])).id for place, name in enumerate(("Maria", "Jo"))]

    def write(id: int) -> None:
        for version in range(5):
            Communication.write(the(WorkOrder, id), "sent", facts={"version": version}, personal={"name": "Maria Lopez"})
            db.session.commit()

    together(*(partial(write, id) for id in orders))
    assert sorted(db.session.scalars(select(Communication.seq))) == list(range(1, 11))
    assert Communication.verify(shop) is None
