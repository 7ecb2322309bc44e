"""The demo as a newcomer finds it on a Monday morning: who is there, what they wait for, and that nobody real can be meant."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import redis
from flask import Flask
from sqlalchemy import func, select

from jobs.demo import fill
from jobs.demo.staff import PASSWORD
from models import (
    Appointment,
    Communication,
    Consent,
    Customer,
    CustomerEmail,
    CustomerPhone,
    DeferredItem,
    Delivery,
    Document,
    Estimate,
    IncomingText,
    Message,
    Overview,
    PostcardBatch,
    Role,
    Shop,
    StaffMember,
    Standing,
    Step,
    Vehicle,
    Visit,
    Waiting,
    WorkOrder,
    clock,
    db,
    newest_overview,
    plan,
)
from models.day import Day
from models.postcard_held import cards_without_address
from tests.ground.demo import MONDAY, demo

CHICAGO = ZoneInfo("America/Chicago")
OUR_NUMBERS = re.compile(r"\+1\d{3}55501\d\d|\+319701020[45]\d")


@pytest.fixture(scope="module")
def filled(queue_server: redis.Redis) -> Iterator[Flask]:
    """For all who only look at it."""
    with demo("demo") as app, clock.at(MONDAY):
        yield app


@pytest.fixture
def harbour(filled: Flask) -> Shop:
    return Shop.known("harbour")


def somebody(last_name: str, first_name: str | None = None) -> Customer:
    query = select(Customer).join(Customer.shop).where(Customer.last_name == last_name, Shop.slug == "harbour")
    return db.session.scalars(query if first_name is None else query.where(Customer.first_name == first_name)).one()


def drop_offs(customer: Customer) -> list[Appointment]:
    query = select(Appointment).join(Appointment.visit).where(Appointment.visit.has(customer_id=customer.id))
    return list(db.session.scalars(query.order_by(Appointment.starts_at)))


def rows() -> dict[str, int]:
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in db.metadata.sorted_tables}


@pytest.mark.usefixtures("filled")
def test_filling_it_again_changes_nothing() -> None:
    first = rows()
    fill()
    assert rows() == first
    assert first["shops"] == 4
    assert first["appointments"] > 150


@pytest.mark.usefixtures("filled")
def test_marias_drop_off_is_on_the_next_business_day_at_nine_and_her_text_is_about_to_go() -> None:
    maria = somebody("Lopez", "Maria")
    assert maria.phone
    assert maria.phone.number == "+13125550142"
    consent = Consent.of(maria.shop, maria.phone.number)
    assert consent
    assert (consent.given, consent.source) == (True, "written")
    earlier, coming = drop_offs(maria)
    assert earlier.work_order
    assert earlier.work_order.closed_at
    assert (coming.date, coming.time, coming.preference) == (date(2025, 5, 20), time(9), "text")
    assert coming.vehicle.description.startswith("2018 Honda Civic")
    assert coming.standing is Standing.queued
    assert coming.confirmation is None
    (text,) = coming.messages
    assert text.address == maria.phone.number
    assert coming.visit.link.url in text.body
    assert text.segments == 1


@pytest.mark.usefixtures("filled")
def test_nothing_but_marias_text_and_lornas_activation_is_about_to_go_and_the_clock_adds_nothing() -> None:
    def waiting() -> list[str]:
        return sorted(
            db.session.scalars(
                select(Message.address).where(
                    Message.state.in_((Delivery.queued, Delivery.planned, Delivery.sending)), Message.channel != "postcard"
                )
            )
        )

    assert waiting() == ["+13125550142", "lorna@harbour.example"]
    plan.follow_ups()
    plan.no_shows()
    plan.wake()
    assert waiting() == ["+13125550142", "lorna@harbour.example"]
    assert not IncomingText.waiting_ids()
    assert [document.kind for document in Document.waiting()] == ["postcards"], "of the newest batch"


@pytest.mark.usefixtures("filled")
def test_four_shops_differ_as_the_spec_says() -> None:
    found = {shop.slug: shop for shop in db.session.scalars(select(Shop))}
    assert {slug: shop.texting_number for slug, shop in found.items()} == {
        "harbour": "+13125550100",
        "northgate": "+12125550110",
        "elm": "+16025550120",
        "delinde": "+31970102040",
    }
    settings = {slug: (shop.zone, shop.location.reschedule_allowed, shop.location.days_before) for slug, shop in found.items()}
    assert settings["harbour"] == ("America/Chicago", True, 1)
    assert settings["northgate"] == ("America/New_York", False, 3)
    assert settings["elm"] == ("America/Phoenix", True, 7)
    assert settings["delinde"][:2] == ("Europe/Amsterdam", True)
    assert {len(shop.hours) for slug, shop in found.items() if slug != "northgate"} == {5}
    assert (found["northgate"].opens(date(2025, 5, 24)), found["northgate"].closes(date(2025, 5, 24))) == (time(8), time(18))
    assert (found["delinde"].country, found["delinde"].language, found["delinde"].currency) == ("NL", "nl", "EUR")
    assert not found["harbour"].is_open(date(2025, 5, 26)), "Memorial Day"
    assert len({shop.branding.accent for shop in found.values()}) == 4
    assert all(shop.branding.logo and shop.branding.logo.read().startswith(b"\x89PNG") for shop in found.values())


@pytest.mark.usefixtures("filled")
def test_each_shops_texting_is_registered_and_knows_what_a_segment_costs() -> None:
    for shop in db.session.scalars(select(Shop)):
        assert shop.location.registration == ("eu" if shop.slug == "delinde" else "10dlc")
        assert shop.location.segment_price


@pytest.mark.usefixtures("filled")
def test_all_of_the_staff_but_one_can_sign_in() -> None:
    signing_in = ("ada@harbour", "sam@harbour", "tess@harbour", "ned@northgate", "rita@northgate", "elena@elm", "daan@delinde")
    for name in signing_in:
        assert StaffMember.signing_in(f"{name}.example", PASSWORD), name
    staff = list(db.session.scalars(select(StaffMember)))
    assert [member.memberships[0].role for member in staff if not member.is_active] == [Role.administrator]
    assert Counter(member.memberships[0].role for member in staff) == {Role.administrator: 5, Role.receptionist: 5, Role.mechanic: 7}
    ada = StaffMember.with_email("ada@harbour.example")
    assert ada
    assert {membership.shop.slug for membership in ada.memberships} == {"harbour", "northgate"}
    assert Shop.known("northgate").business.main_administrator_id == ada.id


def test_every_standing_is_to_be_seen_at_harbour_street(harbour: Shop) -> None:
    month = Appointment.between(harbour, harbour.today() - timedelta(days=9), harbour.today() + timedelta(days=21))
    assert {appointment.standing for appointment in month} == set(Standing)


def test_today_has_something_for_everybody(harbour: Shop) -> None:
    day = Day(harbour, harbour.today())
    standings = Counter(appointment.standing for appointment in day.drop_offs)
    assert standings >= Counter((Standing.checked_in, Standing.opened, Standing.failed, Standing.unknown, Standing.held))
    assert [request.wishes for request in day.requests]
    assert {message.failure for message in day.troubles if message.state is Delivery.failed} == {"30006"}
    assert "Lena Schmidt" in [appointment.customer.name for appointment in day.calls]
    assert [appointment for appointment in day.drop_offs if appointment.is_late]
    assert day.missed


def test_every_open_day_of_the_next_two_weeks_has_drop_offs_and_none_of_the_past_is_left_standing(harbour: Shop) -> None:
    for shop in db.session.scalars(select(Shop)):
        for ahead in range(-9, 22):
            day = shop.today() + timedelta(days=ahead)
            found = Appointment.between(shop, day, day)
            assert shop.is_open(day) or not found, (shop.slug, day)
            assert found or ahead > 12 or not shop.is_open(day), (shop.slug, day)  # further ahead somebody may still have to call
            if shop == harbour and found:
                assert (3 if ahead <= 6 else 1) <= len(found) <= 14, day
            if ahead < 0:
                assert not [appointment for appointment in found if appointment.stands], (shop.slug, day)


def test_estimates_are_active_booked_and_declined(harbour: Shop) -> None:
    asked = Estimate.all(harbour)
    assert 10 <= len(asked) <= 15
    assert [estimate for estimate in asked if estimate.appointment]
    assert [estimate for estimate in asked if estimate.declined_at]
    assert len(Estimate.active(harbour)) >= 5


@pytest.mark.usefixtures("filled")
def test_no_number_address_or_plate_can_be_somebodys() -> None:
    numbers = [*db.session.scalars(select(CustomerPhone.number)), *db.session.scalars(select(IncomingText.sender))]
    numbers += [number for shop in db.session.scalars(select(Shop)) for number in (shop.texting_number or "", shop.voice_phone)]
    assert [number for number in numbers if not OUR_NUMBERS.fullmatch(number)] == []
    addresses = [*db.session.scalars(select(CustomerEmail.address)), *db.session.scalars(select(StaffMember.email))]
    addresses += list(db.session.scalars(select(Shop.email)))
    assert [address for address in addresses if not address.endswith(".example")] == []
    vehicles = list(db.session.scalars(select(Vehicle)))
    assert [vehicle.plate for vehicle in vehicles if not vehicle.plate.startswith("DEMO ")] == []
    assert len({vehicle.plate for vehicle in vehicles}) == len(vehicles)
    assert {vehicle.vin for vehicle in vehicles if vehicle.vin} == {
        *(f"1ZZDM5A{rest}" for rest in ("14JD000101", "14KD000102", "14LD000103", "14MD000104", "14ND000105", "12PD000106", "19JD000101"))
    }


def test_the_odd_cases_are_odd(harbour: Shop) -> None:
    assert somebody("Pratt").greeting == ""
    assert somebody("Okafor", "Grace").phone
    assert Consent.history(harbour, "+13125550147") == []
    assert [fact.source for fact in Consent.history(harbour, "+13125550146")] == ["stop", "keyword"]
    assert drop_offs(somebody("Novak"))[-1].preference == "email"
    assert not [message for appointment in drop_offs(somebody("Schmidt")) for message in appointment.messages]
    assert somebody("Tanaka").language == "es"
    assert drop_offs(somebody("Tanaka"))[0].messages[0].language == "es"
    assert somebody("Doyle", "Hank").email is None
    bakery = db.session.scalars(select(Customer).where(Customer.company_name == "Corner Bakery")).one()
    assert [van.unit_number for van in bakery.vehicles] == [f"Van {number}" for number in range(1, 7)]


def test_aisha_has_two_cars_here_and_the_bergs_one_telephone(harbour: Shop) -> None:
    assert len({appointment.vehicle.id for appointment in drop_offs(somebody("Khan"))}) == 2
    assert "Khan" in [order.visit.customer.last_name for order in WorkOrder.open_in(harbour)]
    ruth, paul = somebody("Berg", "Ruth"), somebody("Berg", "Paul")
    assert ruth.phone
    assert paul.phone
    assert ruth.phone.number == paul.phone.number
    (text,) = db.session.scalars(select(Message).where(Message.address == ruth.phone.number, Message.direction == "in"))
    assert text.customer is None


def test_a_wish_to_stop_the_work_is_no_wish_to_stop_the_texts(harbour: Shop) -> None:
    (text,) = db.session.scalars(select(IncomingText).where(IncomingText.body.startswith("Please stop the work")))
    assert Consent.may_text(harbour, text.sender)
    assert Waiting.at(harbour).alarms == {text.sender: "Stop work?"}


def test_last_visits_ended_ninety_and_three_hundred_and_sixty_five_days_ago(harbour: Shop) -> None:
    ends = {}
    for last_name in ("Finch", "Price"):
        (visit,) = drop_offs(somebody(last_name))
        assert visit.work_order
        assert visit.work_order.closed_at
        ends[last_name] = (harbour.today() - harbour.local(visit.work_order.closed_at).date()).days
    assert ends == {"Finch": 90, "Price": 365}


def test_marias_earlier_visit_has_an_answered_overview(harbour: Shop) -> None:
    """Two yes, one no, one call, one left open (demo-data, section 1)."""
    order = next(visit.work_order for visit in Visit.of(somebody("Lopez")) if visit.work_order)
    overview = Overview.newest(order.id)
    assert overview
    assert Counter(item.chosen.choice.value if item.chosen else "" for item in overview.asked) == {
        "repair": 2,
        "decline": 1,
        "contact": 1,
        "": 1,
    }
    assert order.is_closed
    assert {one.title: one.reason for one in DeferredItem.of_order(order)} == {
        "Wiper blades, front pair": "declined",
        "Four all-season tyres, fitted": "unanswered",
        "Coolant exchange": "unanswered",
    }


def test_overviews_wait_were_opened_and_were_answered(harbour: Shop) -> None:
    orders = WorkOrder.open_in(harbour, newest_overview())
    newest = [order.newest_overview for order in orders if order.newest_overview]
    assert {overview.step for overview in newest} == set(Step)
    assert Communication.verify(harbour) is None


def test_cards_of_the_last_weeks_were_posted_and_the_newest_wait_for_the_printer(harbour: Shop) -> None:
    newest, *others = PostcardBatch.listed(harbour)
    assert (newest.is_posted, {batch.is_posted for batch in others}) == (False, {True})
    assert len(newest.going) > 1
    assert cards_without_address(harbour)
