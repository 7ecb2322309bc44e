"""What other companies get of a day: rows by an allow-list, nights made up for, what waits for a person, what is left out."""

import csv
import io
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jobs import retention
from models import (
    Authorisation,
    Category,
    DoNotMail,
    ExportAgreement,
    ExportOptOut,
    ExportRecord,
    ExportRun,
    ExportSetup,
    HeldRow,
    Partner,
    Refused,
    Shop,
    WorkItem,
    clock,
    db,
)
from models.do_not_mail import BY_HAND
from models.export_doubts import WORDS
from models.export_failure import WORDS as FAILURES
from models.export_fields import ALLOWED
from models.export_labels import LABELS
from models.export_making import plan_nights
from models.export_night import Night
from models.export_profile import Profile
from models.export_state import TRANSITIONS, ExportState
from models.held_row import LEFT_OUT, RELEASED
from models.item_line import Line
from models.tax import Kind
from tests.ground.exports import BRAKES, RIGHT_VIN, WRONG_VIN, a_service, closed, night_after, switched_on, text_of
from tests.ground.makers import SAM, a_customer, a_shop, a_vehicle, usual_periods

DAY = date(2025, 5, 14)
ONE = timedelta(days=1)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def rows(run: ExportRun) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(run), newline="")))


def services(run: ExportRun) -> list[str]:
    return [row["Service"] for row in rows(run)]


# the switch


@pytest.mark.parametrize("partner", list(Partner))
def test_it_is_off_until_somebody_agrees_and_who_when_and_to_which_words_is_kept(shop: Shop, partner: Partner) -> None:
    setup = ExportSetup.of(shop, partner)
    setup.code = "4711"
    assert not setup.is_on
    with pytest.raises(Refused, match="tick this first"):
        setup.switch_on(False, by=SAM)
    setup.switch_on(True, by=SAM)
    agreed = ExportAgreement.newest(shop.id, partner)
    assert agreed
    assert (agreed.by, agreed.ip, agreed.version) == ("Sam Ortiz", "127.0.0.1", partner.terms.version)
    assert partner.label in agreed.words
    setup.switch_off(by=SAM)
    assert not ExportSetup.of(shop, partner).is_on


def test_it_is_not_on_without_what_it_needs(shop: Shop) -> None:
    with pytest.raises(Refused, match="Account number"):
        ExportSetup.of(shop, Partner.customerlink).switch_on(True, by=SAM)


# nights


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/Amsterdam", "Asia/Kolkata"])
def test_each_night_from_the_switch_on_is_made_up_for_and_none_before(app: Flask, zone: str) -> None:
    """Over the night in which clocks go forward in Europe."""
    shop, first = a_shop(zone=zone), date(2025, 3, 28)
    for day in range(5):
        a_service(shop, first + timedelta(days=day), f"Service of day {day}", odometer=61000 + day)
    switched_on(shop, Partner.carfax, first + ONE)
    runs = night_after(shop, first + timedelta(days=4))
    assert [(run.day, services(run)) for run in runs] == [(first + timedelta(days=day), [f"Service of day {day}"]) for day in range(1, 5)]
    assert len(night_after(shop, first + timedelta(days=4), time(9))) == 4, "the same nights make nothing new"


def test_before_one_in_the_night_nothing_is_made(shop: Shop) -> None:
    a_service(shop, DAY)
    switched_on(shop, Partner.carfax, DAY)
    assert night_after(shop, DAY, time(0, 59)) == []
    assert len(night_after(shop, DAY, time(1))) == 1


def test_a_night_without_visits_sends_nothing_unless_the_shop_wants_the_headings(shop: Shop) -> None:
    setup = switched_on(shop, Partner.carfax, DAY)
    (run,) = night_after(shop, DAY)
    assert run.state is ExportState.empty
    setup.change_profile(Profile(setup.profile.columns, setup.profile.file_name, empty="file"), by=SAM)
    db.session.commit()
    run = night_after(shop, DAY + ONE)[-1]
    assert (run.state, run.records, text_of(run).count("\n")) == (ExportState.kept, 0, 1)


def test_what_was_reopened_goes_with_the_night_of_its_new_closing_as_it_is_then(shop: Shop) -> None:
    order, other = a_service(shop, DAY, odometer=61000), a_service(shop, DAY, "Cabin air filter", odometer=5)
    switched_on(shop, Partner.carfax, DAY)
    (first,) = night_after(shop, DAY)
    assert services(first) == [BRAKES, "Cabin air filter"]
    with clock.at(clock.instant(DAY + ONE, time(9), shop.tz)):
        order.reopen("Wrong odometer", by=SAM)
        other.reopen("Not done after all", by=SAM)
    closed(order, DAY + ONE, odometer=61900)
    last = night_after(shop, DAY + ONE)[-1]
    assert [(row["Service"], row["Odometer"]) for row in rows(last)] == [(BRAKES, "61900")]


# rows


def test_only_what_was_done_is_in_it(shop: Shop) -> None:
    customer = a_customer(shop)
    order = a_service(shop, DAY, "Oil service", customer=customer)
    with clock.at(clock.instant(DAY, time(17), shop.tz)):
        order.reopen("One more thing", by=SAM)
        turned_down = WorkItem.add(order, "Wash", by=SAM)
        Authorisation.set(turned_down, False, by=SAM, reason="Not wanted")
        WorkItem.add(order, "Lights", by=SAM, category=Category.checked_ok)
        WorkItem.add(order, "Tyres", by=SAM, category=Category.necessary)
        WorkItem.add(order, "Taken off", by=SAM).remove(by=SAM)
        WorkItem.add(order, "Between us", by=SAM).show(False, by=SAM)
        done = WorkItem.add(order, "Wiper blades", by=SAM, category=Category.recommended)
        Authorisation.set(done, True, by=SAM)
        done.finish(by=SAM)
        order.close(by=SAM, odometer=61000)
        db.session.commit()
    switched_on(shop, Partner.carfax, DAY)
    (run,) = night_after(shop, DAY)
    assert services(run) == ["Oil service", "Wiper blades"]


def test_partners_who_write_to_customers_get_them_with_the_amounts(shop: Shop) -> None:
    customer = a_customer(shop, addresses=[{"street": "5 Elm Street", "city": "Chicago", "region": "IL", "postal_code": "60601"}])
    DoNotMail.set(customer, BY_HAND, by=SAM)
    a_service(shop, DAY, customer=customer)
    switched_on(shop, Partner.customerlink, DAY)
    (run,) = night_after(shop, DAY)
    (row,) = rows(run)
    assert run.file_name == "47110514.dat"
    told = {"Account": "4711", "LastName": "Lopez", "Street": "5 Elm Street", "Email": "maria@mail.example", "DoNotMail": "Y"}
    assert {name: row[name] for name in told} == told
    assert (row["InvoiceDate"], row["Hours"], row["Labor"], row["Parts"]) == ("05/14/2025", "1.5", "217.50", "230.50")
    assert float(row["Total"]) > 448


def test_a_profile_can_name_nothing_that_the_partner_may_not_get(shop: Shop) -> None:
    setup = ExportSetup.of(shop, Partner.carfax)
    for name in set(ALLOWED[Partner.customerlink]) - set(ALLOWED[Partner.carfax]):
        with pytest.raises(Refused, match="may not get"):
            setup.change_profile(Profile((("vin", "VIN"), (name, "X")), "{month}{day}.csv"), by=SAM)
    # and if it stood in the database all the same, it would not be read
    setup.profile_kept = Profile((("vin", "VIN"), ("last_name", "Name")), "{month}{day}.csv").kept
    assert setup.profile.columns == (("vin", "VIN"),)


def test_every_field_has_a_name_for_people() -> None:
    assert {name for allowed in ALLOWED.values() for name in allowed} == set(LABELS)


MARKERS = st.text("abcdefghijklmnopqrstuvwxyzé", min_size=4, max_size=10).map(lambda word: f"Zq{word}Qz")
AMOUNTS = st.integers(100_003, 999_999).filter(lambda minor: minor % 100)


@given(words=st.lists(MARKERS, min_size=14, max_size=14, unique=True), amounts=st.lists(AMOUNTS, min_size=3, max_size=3, unique=True))
@hypothesis_settings(max_examples=8, phases=[Phase.generate])
def test_nothing_of_the_customer_the_lines_or_the_money_is_in_any_file_for_carfax(app: Flask, words: list[str], amounts: list[int]) -> None:
    """Marker words and amounts in every field that it must not get; the whole file is searched, in both of its forms, and the records."""
    slug = f"s{db.session.query(Shop).count()}"
    shop = a_shop(slug, texting_number=None)
    word = iter(words)
    address = {"street": f"1 {next(word)}", "city": next(word), "region": next(word), "postal_code": "99887"}
    contact = {"name": next(word), "phone": "", "email": "", "role": next(word), "approves": "1"}
    customer = a_customer(
        shop, next(word), next(word), company_name=next(word), emails=[f"{words[-1]}@mail.example"], addresses=[address], contacts=[contact]
    )
    vehicle = a_vehicle(customer, vin=RIGHT_VIN, unit_number=next(word))
    lines = [
        Line(Kind.labour, next(word), Decimal(1), amounts[0]),
        Line(Kind.part, next(word), Decimal(1), amounts[1], next(word)),
        Line(Kind.fee, next(word), Decimal(1), amounts[2]),
    ]
    order = a_service(shop, DAY, customer=customer, vehicle=vehicle)
    with clock.at(clock.instant(DAY, time(17), shop.tz)):
        order.reopen("More", by=SAM)
        order.describe(words[0], None, by=SAM)
        WorkItem.add(order, "Rear brake pads", by=SAM, why=words[1], lines=lines)
        order.close(by=SAM, odometer=61000, next_visit=words[2])
        db.session.commit()
    switched_on(shop, Partner.carfax, DAY)
    run = next(run for run in night_after(shop, DAY) if run.shop_id == shop.id)
    assert services(run) == [BRAKES, "Rear brake pads"]
    kept = [text for record in ExportRecord.of(run) for text in record.cells]
    whole = "\n".join([text_of(run), run.file_name, *kept])
    totals = [item.totals for item in WorkItem.of(order)]
    sums = [*amounts, *(sum_ for total in totals for sum_ in (total.including.minor, total.tax.minor, total.excluding.minor))]
    figures = {f"{minor / 100:.2f}" for minor in sums if minor} | {f"{minor / 100:,.2f}" for minor in sums if minor}
    assert [found for found in (*words, "99887", customer.emails[0].address, *figures) if found in whole] == []
    forbidden = {customer.phones[0].number[-7:]}
    assert [found for found in forbidden if found in whole.replace("-", "").replace(" ", "")] == []


# what waits for a person


@pytest.mark.parametrize(
    ("details", "title", "doubt"),
    [
        ({"vin": WRONG_VIN}, BRAKES, "vin"),
        ({"vin": "", "plate": ""}, BRAKES, "vehicle"),
        ({"odometer": 90000}, BRAKES, "odometer"),
        ({}, "Brakes for Mr. LOPEZ", "personal"),
        ({}, "Brakes, $527.47 as agreed", "personal"),
        ({}, "Call (312) 555-0142 when done", "personal"),
        ({"submodel": "maria@mail.example"}, BRAKES, "personal"),
    ],
)
def test_a_row_that_looks_wrong_waits_for_a_person(shop: Shop, details: dict[str, Any], title: str, doubt: str) -> None:
    customer = a_customer(shop, "Maria", "Lopez")
    with clock.at(clock.instant(DAY - ONE, time(9), shop.tz)):
        vehicle = a_vehicle(customer, **{"vin": RIGHT_VIN, **details})
    a_service(shop, DAY, title, customer=customer, vehicle=vehicle)
    setup = switched_on(shop, Partner.carfax, DAY)
    (judged,) = Night(setup, DAY).waiting
    assert judged.doubts == [doubt]
    assert judged.reasons == [str(WORDS[doubt])]
    (run,) = night_after(shop, DAY)
    assert (run.state, run.records, run.held) == (ExportState.empty, 0, 1)


@pytest.mark.parametrize("vin", ["WVWZZZ1JZXW000001", RIGHT_VIN, ""])
def test_a_vin_without_a_law_for_its_check_digit_goes(shop: Shop, vin: str) -> None:
    a_service(shop, DAY, vin=vin)
    switched_on(shop, Partner.carfax, DAY)
    (run,) = night_after(shop, DAY)
    assert run.records == 1


def test_a_doubtful_vin_goes_once_somebody_has_looked_at_the_vehicle_again(shop: Shop) -> None:
    order = a_service(shop, DAY, vin=WRONG_VIN)
    order.visit.vehicle.vin_sure_at = clock.now()
    db.session.commit()
    switched_on(shop, Partner.carfax, DAY)
    (run,) = night_after(shop, DAY)
    assert run.records == 1


def test_our_copy_of_a_file_goes_after_its_time_and_what_it_was_stays(shop: Shop) -> None:
    a_service(shop, DAY)
    switched_on(shop, Partner.carfax, DAY)
    (run,) = night_after(shop, DAY)
    assert run.file
    usual_periods(shop)
    with clock.at(clock.instant(DAY + timedelta(days=380), time(4), shop.tz)):
        retention.sweep(shop.id)
    db.session.refresh(run)
    assert (run.file, run.records, len(run.digest)) == (None, 1, 64)


def test_an_order_without_any_service_waits(shop: Shop) -> None:
    order = a_service(shop, DAY)
    with clock.at(clock.instant(DAY, time(17), shop.tz)):
        order.reopen("Oh", by=SAM)
        for item in WorkItem.of(order):
            item.remove(by=SAM)
        order.close(by=SAM)
        db.session.commit()
    (judged,) = Night(switched_on(shop, Partner.carfax, DAY), DAY).waiting
    assert (judged.doubts, judged.row.item) == (["service"], 0)


def test_released_it_goes_with_the_next_night_and_once(shop: Shop) -> None:
    a_service(shop, DAY, vin=WRONG_VIN)
    setup = switched_on(shop, Partner.carfax, DAY)
    night_after(shop, DAY)
    with clock.at(clock.instant(DAY + ONE, time(9), shop.tz)):
        (judged,) = Night(setup, DAY + ONE).waiting
    key = (judged.row.closing_id, judged.row.item)
    HeldRow.decide(shop, Partner.carfax, key, RELEASED, by=SAM)
    HeldRow.decide(shop, Partner.carfax, key, RELEASED, by=SAM)
    db.session.commit()
    second, third = (night_after(shop, DAY + timedelta(days=days))[-1] for days in (1, 2))
    assert [row["VIN"] for row in rows(second)] == [WRONG_VIN]
    assert (third.records, third.held) == (0, 0)
    held = db.session.query(HeldRow).one()
    assert (held.settled_by, held.sent_with) == ("Sam Ortiz", DAY + ONE)
    with pytest.raises(Refused, match="sent already"):
        HeldRow.decide(shop, Partner.carfax, key, LEFT_OUT, by=SAM)


def test_decided_on_before_the_night_it_goes_or_stays_that_night(shop: Shop) -> None:
    a_service(shop, DAY, "First", vin=WRONG_VIN)
    a_service(shop, DAY, "Second")
    setup = switched_on(shop, Partner.carfax, DAY)
    keys = {one.row.service: (one.row.closing_id, one.row.item) for one in Night(setup, DAY).judged}
    HeldRow.decide(shop, Partner.carfax, keys["First"], RELEASED, by=SAM)
    HeldRow.decide(shop, Partner.carfax, keys["Second"], LEFT_OUT, by=SAM)
    db.session.commit()
    (run,) = night_after(shop, DAY)
    assert services(run) == ["First"]


def test_what_is_mended_goes_by_itself(shop: Shop) -> None:
    order = a_service(shop, DAY, vin=WRONG_VIN)
    switched_on(shop, Partner.carfax, DAY)
    night_after(shop, DAY)
    order.visit.vehicle.vin = RIGHT_VIN
    db.session.commit()
    assert [row["VIN"] for row in rows(night_after(shop, DAY + ONE)[-1])] == [RIGHT_VIN]


def test_a_vehicle_that_was_left_out_is_in_no_file(shop: Shop) -> None:
    order = a_service(shop, DAY)
    a_service(shop, DAY, "Another car's")
    switched_on(shop, Partner.carfax, DAY)
    ExportOptOut.set(order.visit.vehicle, by=SAM)
    ExportOptOut.set(order.visit.vehicle, by=SAM)
    db.session.commit()
    (run,) = night_after(shop, DAY)
    assert services(run) == ["Another car's"]
    ExportOptOut.lift(order.visit.vehicle, by=SAM)
    db.session.commit()
    assert len(rows(night_after(shop, DAY)[0])) == 1, "what was made stays as it was made"


# files


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"columns": ()}, "columns"),
        ({"columns": (("vin", ""),)}, "heading_vin"),
        ({"columns": (("vin", "V" * 61),)}, "heading_vin"),
        ({"delimiter": "snail"}, "delimiter"),
        ({"file_name": "../../{month}{day}"}, "file_name"),
        ({"file_name": "same-each-night.csv"}, "file_name"),
        ({"file_name": "{day:>999999999}{month}"}, "file_name"),
        ({"file_name": "{day.__class__}{month}"}, "file_name"),
        ({"file_name": "{customer}{month}{day}"}, "file_name"),
    ],
)
def test_a_profile_that_makes_no_file_is_refused(changed: dict[str, Any], field: str) -> None:
    usual: dict[str, Any] = {"columns": (("vin", "VIN"),), "file_name": "{month}{day}.csv"}
    with pytest.raises(Refused) as refusal:
        Profile(**{**usual, **changed}).check(Partner.carfax)
    assert list(refusal.value.errors) == [field]


def test_columns_delimiter_days_and_letters_are_as_the_shop_wants_them(shop: Shop) -> None:
    a_service(shop, DAY, "Bougies d’allumage\r\nà Liège", plate="=1+1")
    setup = switched_on(shop, Partner.carfax, DAY)
    columns = (("service", "Job"), ("ro_date", "On"), ("plate", "Tag"))
    profile = Profile(columns, "{code}{shop}{month}{day}.txt", "pipe", "windows-1252", "lf", "%m%d%Y")
    setup.change_profile(profile, by=SAM)
    db.session.commit()
    (run,) = night_after(shop, DAY)
    assert run.file
    # exactly as it is, for a program; a person who opens it in a spreadsheet gets another copy
    assert run.file.read() == "Job|On|Tag\nBougies d’allumage à Liège|05142025|=1+1\n".encode("windows-1252")
    assert run.file_name == "harbour0514.txt"


def test_every_event_has_an_answer_in_every_state() -> None:
    assert all(set(row) == set(ExportState) for row in TRANSITIONS.values())
    assert all(str(words) for words in FAILURES.values())


def test_switched_off_while_other_shops_nights_are_planned_it_stays_off(shop: Shop, app: Flask) -> None:
    switched_on(shop, Partner.carfax, DAY)
    late = switched_on(a_shop("elm"), Partner.carfax, DAY)
    with clock.at(clock.instant(DAY + timedelta(days=1), time(1, 1), shop.tz)):
        planned = plan_nights()
        next(planned)
        db.session.commit()
        with app.app_context():
            ExportSetup.of(db.session.get_one(Shop, late.shop_id), Partner.carfax).switch_off(by=SAM)
            db.session.commit()
        for _more in planned:
            db.session.commit()
    db.session.refresh(late)
    assert (late.next_at, [run.shop_id for run in db.session.query(ExportRun)]) == (None, [shop.id])
