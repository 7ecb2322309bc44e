"""Inspections: what a device says is taken once and in order, bad points become work, and customers read it in their language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from models import (
    Category,
    Entry,
    Finding,
    Inspection,
    InspectionChange,
    InspectionSheet,
    Job,
    Refused,
    Result,
    SheetLine,
    Shop,
    WorkItem,
    WorkOrder,
    clock,
    db,
)
from models.finding_items import catch_up, overtaken
from models.finding_value import Bounds
from models.finding_words import LANGUAGES, sentence
from models.inspection_change import Word
from models.inspection_sheet import preset
from models.overview_sending import send_overview
from models.sheet_line import Reading
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_shop, a_vehicle, a_work_order

LINES = (
    SheetLine(
        "Tyres", "Tread left front", "mm (1/32 in)", Reading.number, "4.0 and up (5+)", "2.0 to 3.9", "below 2.0 (2 or less)", job="TYR-4"
    ),
    SheetLine(
        "Tyres", "Tread right front", "mm (1/32 in)", Reading.number, "4.0 and up (5+)", "2.0 to 3.9", "below 2.0 (2 or less)", job="TYR-4"
    ),
    SheetLine("Brakes", "Front pads, thinnest", "mm", Reading.number, "6 and up", "3 to 5", "under 3", ("Pads are thin.",), job="BRK-FP"),
    SheetLine("Brakes", "Parking brake hold", "clicks", Reading.none, "holds", "long travel", "does not hold"),
    SheetLine("Cabin", "Horn", "ok/not", Reading.none, "works", "weak", "none"),
)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop(country="NL", zone="Europe/Amsterdam", currency="EUR")


@pytest.fixture
def sheet(shop: Shop) -> InspectionSheet:
    return InspectionSheet.make(shop, "Short", LINES, by=SAM)


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return a_work_order(shop)


@pytest.fixture
def inspection(order: WorkOrder, sheet: InspectionSheet) -> Inspection:
    begun = Inspection.begin(order, sheet, by=SAM)
    db.session.commit()
    return begun


class Tablet:
    """Says what is tapped on it, one number after the other."""

    def __init__(self, inspection: Inspection, device: str = "tablet-one") -> None:
        self.inspection, self.device, self.number = inspection, device, 0

    def word(self, ago: float = 0, number: int = 0) -> Word:
        self.number += 1
        return Word(self.device, number or self.number, clock.now() - timedelta(seconds=ago))

    def says(self, point: str, *, ago: float = 0, number: int = 0, **answer: Any) -> Finding:
        finding = found(self.inspection, point)
        InspectionChange.take(self.inspection, self.word(ago, number), "answers", {"answers": [{"finding": finding.id, **answer}]}, by=SAM)
        db.session.commit()
        return finding

    def completes(self, rest: bool = True) -> None:
        InspectionChange.take(self.inspection, self.word(), "complete", {"rest": rest}, by=SAM)
        db.session.commit()


@pytest.fixture
def tablet(inspection: Inspection) -> Tablet:
    return Tablet(inspection)


def found(inspection: Inspection, point: str) -> Finding:
    return next(finding for finding in inspection.findings if finding.name == point)


def items(order: WorkOrder) -> list[tuple[str, Category]]:
    return [(item.title, item.category) for item in WorkItem.of(order)]


def test_it_keeps_the_sheets_words_when_the_sheet_changes(inspection: Inspection, sheet: InspectionSheet) -> None:
    point = sheet.points[2]
    point.change(point.section, SheetLine("Brakes", "Pads at the front", ok="4 and up"), by=SAM)
    db.session.commit()
    pads = inspection.findings[2]
    assert (pads.section, pads.name, pads.ok, pads.job) == ("Brakes", "Front pads, thinnest", "6 and up", "BRK-FP")


def test_it_is_begun_once(inspection: Inspection, order: WorkOrder, sheet: InspectionSheet) -> None:
    assert Inspection.begin(order, sheet, by=SAM) is inspection
    assert db.session.query(Entry).filter_by(verb="inspection.begun").count() == 1


def test_the_same_change_sent_again_changes_nothing(tablet: Tablet, inspection: Inspection) -> None:
    tablet.says("Horn", result="ok")
    tablet.says("Horn", result="necessary")
    first = found(inspection, "Horn")
    again = InspectionChange.take(
        inspection, Word("tablet-one", 1, clock.now()), "answers", {"answers": [{"finding": first.id, "result": "ok"}]}, by=SAM
    )
    assert again == [first]
    assert first.result is Result.necessary


def test_what_a_device_said_later_counts_also_if_it_comes_first(tablet: Tablet) -> None:
    tablet.says("Horn", number=7, result="necessary")
    assert tablet.says("Horn", number=6, result="ok", remark="loud").result is Result.necessary
    assert tablet.says("Horn", number=8, result="ok").result is Result.ok


def test_of_two_devices_the_last_word_counts_when_one_comes_out_of_a_dead_spot(tablet: Tablet, inspection: Inspection) -> None:
    other = Tablet(inspection, "tablet-two")
    other.says("Horn", ago=30, result="necessary")
    horn = tablet.says("Horn", ago=300, result="ok", remark="tried twice")
    assert (horn.result, horn.remark) == (Result.necessary, "tried twice")
    assert tablet.says("Horn", result="recommended").result is Result.recommended


def test_all_of_a_section_leaves_what_has_an_answer_and_is_undone_where_nobody_answered_since(
    tablet: Tablet, inspection: Inspection
) -> None:
    tablet.says("Parking brake hold", result="recommended")
    ids = [finding.id for finding in inspection.sections["Brakes"]]
    InspectionChange.take(
        inspection, tablet.word(), "answers", {"answers": [{"finding": id, "result": "ok", "was": None} for id in ids]}, by=SAM
    )
    assert [finding.result for finding in inspection.sections["Brakes"]] == [Result.ok, Result.recommended]
    InspectionChange.take(
        inspection, tablet.word(), "answers", {"answers": [{"finding": id, "result": None, "was": "ok"} for id in ids]}, by=SAM
    )
    assert [finding.result for finding in inspection.sections["Brakes"]] == [None, Result.recommended]


@each(
    ("point", "answer", "words"),
    [
        ("Horn", {"result": "perfect"}, "OK, recommended"),
        ("Horn", {"result": 3}, "can't be read"),
        ("Horn", {"value": "3"}, "asks for no reading"),
        ("Front pads, thinnest", {"value": "NaN"}, "Give a number"),
        ("Front pads, thinnest", {"value": "9" * 5000}, "under 120 characters"),
        ("Front pads, thinnest", {"value": "1e5"}, "Give a number"),
        ("Horn", {"remark": "x" * 5000}, "under 1000 characters"),
        ("Horn", {"remark": "zero\x00"}, "can't be kept"),
    ],
)
def test_what_can_not_be_is_refused_in_words(tablet: Tablet, point: str, answer: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        tablet.says(point, **answer)


@pytest.mark.parametrize(("typed", "kept"), [("4,5", "4.5"), (" 3 ", "3"), ("32/32 / 30/31", "32 / 32 / 30 / 31"), ("", ""), ("-4", "-4")])
def test_a_number_is_kept_in_one_form(tablet: Tablet, typed: str, kept: str) -> None:
    assert tablet.says("Front pads, thinnest", value=typed).value == kept


def test_a_reading_has_the_unit_that_people_there_use(app: Flask) -> None:
    shop = a_shop("elm", country="US")
    sheet = InspectionSheet.make(shop, "Short", LINES, by=SAM)
    there = Inspection.begin(a_work_order(shop), sheet, by=SAM)
    tread = there.findings[0]
    tread.value = "3"
    assert (tread.measured, tread.limit, Bounds.of(tread)) == ("3/32 in", "5+", Bounds(">=5", "<=2"))


def test_a_number_says_its_answer_only_where_the_sheet_is_plain(inspection: Inspection) -> None:
    tread, _other, pads, brake, _horn = inspection.findings
    assert (Bounds.of(tread), Bounds.of(pads), Bounds.of(brake)) == (Bounds(">=4.0", "<2.0"), Bounds(">=6", "<3"), None)


def test_it_is_complete_when_every_point_is_answered_or_the_rest_is_not_checked(tablet: Tablet, inspection: Inspection) -> None:
    tablet.says("Horn", result="ok")
    with pytest.raises(Refused, match="4 points have no answer yet"):
        tablet.completes(rest=False)
    tablet.completes(rest=True)
    tablet.completes(rest=True)
    assert inspection.is_complete
    assert inspection.count(Result.not_checked) == 4
    assert [entry.sentence for entry in db.session.query(Entry).filter_by(verb="inspection.completed")] == [
        "Inspection complete: 0 necessary, 0 recommended"
    ]


def test_bad_points_become_work_with_the_sheets_job_and_its_price_once(tablet: Tablet, order: WorkOrder) -> None:
    tablet.says("Front pads, thinnest", result="necessary", value="2")
    tablet.says("Parking brake hold", result="recommended")
    tablet.says("Horn", result="ok")
    assert items(order) == []
    tablet.completes()
    job = Job.coded(order.visit.shop, "BRK-FP")
    assert job
    assert items(order) == [(job.title, Category.necessary), ("Parking brake hold: long travel", Category.recommended)]
    pads = WorkItem.of(order)[0]
    assert (pads.job_code, pads.finding, len(pads.lines)) == (
        "BRK-FP",
        found(tablet.inspection, "Front pads, thinnest"),
        1 + len(job.parts),
    )
    assert "worn down to their limit" in pads.why
    InspectionChange.take(tablet.inspection, tablet.word(), "resume", {}, by=SAM)
    tablet.completes()
    assert len(items(order)) == 2


def test_four_worn_tyres_are_one_piece_of_work_that_says_all_readings(tablet: Tablet, order: WorkOrder) -> None:
    tablet.says("Tread left front", result="recommended", value="3.1")
    tablet.says("Tread right front", result="necessary", value="1.6")
    tablet.completes()
    (tyres,) = WorkItem.of(order)
    assert tyres.category is Category.necessary
    assert tyres.why.startswith("Tread left front: 3.1 mm; Tread right front: 1.6 mm.\n")


def test_work_that_was_booked_shows_what_was_found_and_stays_as_it_is(tablet: Tablet, order: WorkOrder) -> None:
    job = Job.coded(order.visit.shop, "BRK-FP")
    assert job
    booked = WorkItem.add_job(order, job, by=SAM)
    tablet.says("Front pads, thinnest", result="necessary")
    tablet.completes()
    assert WorkItem.of(order) == [booked]
    assert (booked.finding, booked.category, booked.why) == (found(tablet.inspection, "Front pads, thinnest"), Category.scheduled, "")


def test_a_finding_that_changes_is_followed_while_nobody_has_touched_its_work(tablet: Tablet, order: WorkOrder) -> None:
    tablet.says("Front pads, thinnest", result="recommended", value="4")
    tablet.completes()
    tablet.says("Front pads, thinnest", result="necessary", value="2")
    (item,) = WorkItem.of(order)
    assert item.category is Category.necessary
    tablet.says("Front pads, thinnest", result="ok")
    assert WorkItem.of(order) == []
    tablet.says("Front pads, thinnest", result="recommended")
    assert [(one.id, one.category) for one in WorkItem.of(order)] == [(item.id, Category.recommended)]
    assert overtaken(tablet.inspection) == []


@pytest.mark.parametrize("take", [True, False])
def test_once_the_desk_has_worked_on_it_the_desk_decides(tablet: Tablet, order: WorkOrder, take: bool) -> None:
    tablet.says("Front pads, thinnest", result="recommended", value="4")
    tablet.completes()
    (item,) = WorkItem.of(order)
    lines = [line.line for line in item.lines]
    item.change(item.version, title="Pads, the good ones", why="Ours", category=item.category, lines=lines, by=SAM)
    tablet.says("Front pads, thinnest", result="necessary", value="2")
    assert (item.title, item.category) == ("Pads, the good ones", Category.recommended)
    assert [(one.id, group.category) for one, group in overtaken(tablet.inspection)] == [(item.id, Category.necessary)]
    catch_up(tablet.inspection, item, take=take, by=SAM)
    assert (item.title, item.category) == ("Pads, the good ones", Category.necessary if take else Category.recommended)
    assert overtaken(tablet.inspection) == []


def test_work_that_was_begun_or_that_a_customer_has_read_follows_no_more(tablet: Tablet, order: WorkOrder) -> None:
    tablet.says("Front pads, thinnest", result="recommended", value="4")
    tablet.says("Parking brake hold", result="recommended")
    tablet.completes()
    pads, brake = WorkItem.of(order)
    pads.started_at = clock.now()
    db.session.commit()
    send_overview(order, "email:maria@mail.example", "", "k" * 16, by=SAM)
    tablet.says("Front pads, thinnest", result="necessary", value="2")
    tablet.says("Parking brake hold", result="necessary")
    assert (pads.category, brake.category) == (Category.recommended, Category.recommended)
    assert [item for item, _group in overtaken(tablet.inspection)] == [pads, brake]


def test_what_the_desk_removed_stays_removed(tablet: Tablet, order: WorkOrder) -> None:
    tablet.says("Front pads, thinnest", result="recommended")
    tablet.completes()
    WorkItem.of(order)[0].remove(by=SAM)
    tablet.says("Front pads, thinnest", result="necessary")
    assert WorkItem.of(order) == []
    assert len(overtaken(tablet.inspection)) == 1


def test_a_closed_order_takes_no_more(tablet: Tablet, order: WorkOrder) -> None:
    order.close(by=SAM, invoiced_on=order.visit.shop.today(), odometer=None, next_visit_on=None, next_visit="")
    db.session.commit()
    with pytest.raises(Refused, match="closed"):
        tablet.says("Horn", result="ok")


def test_the_last_visit_stands_beside_todays(tablet: Tablet, shop: Shop, sheet: InspectionSheet, at: Callable[..., None]) -> None:
    order = tablet.inspection.order
    tablet.says("Front pads, thinnest", result="recommended", value="5")
    tablet.says("Horn", result="ok")
    order.close(by=SAM, invoiced_on=shop.today(), odometer=None, next_visit_on=None, next_visit="")
    db.session.commit()
    at((clock.now() + timedelta(days=90)).strftime("%Y-%m-%d %H:%M"))
    again = Inspection.begin(a_work_order(shop, order.visit.customer), sheet, by=SAM)
    stranger = a_customer(shop, "Joan", phones=["+13125550199"])
    other = Inspection.begin(a_work_order(shop, a_vehicle(stranger).customer), sheet, by=SAM)
    assert [(found_.name, again.last_time[found_.id].words) for found_ in again.findings if found_.id in again.last_time] == [
        ("Front pads, thinnest", "5 mm")
    ]
    assert other.last_time == {}


def test_customers_read_it_in_their_language(inspection: Inspection) -> None:
    pads = found(inspection, "Front pads, thinnest")
    pads.result = Result.necessary
    assert pads.words("es").startswith("Las pastillas de freno delanteras")
    assert pads.words("nl-NL").startswith("De remblokken voor")
    pads.remark = "Pads are thin."
    assert (pads.words("en"), pads.words("es")[:14]) == ("Pads are thin.", "Las pastillas ")
    pads.remark = "El exterior está peor"
    assert pads.words("es").startswith("El exterior está peor. Las pastillas de freno")
    horn = found(inspection, "Horn")
    horn.result = Result.recommended
    assert horn.words("en") == "Horn: weak"


def test_the_library_speaks_of_the_twenty_commonest_points_in_three_languages() -> None:
    points = [line.point for line in preset() if line.point]
    known = [
        point
        for point in points
        if all(sentence(point, result, language) for result in ("recommended", "necessary") for language in LANGUAGES)
    ]
    assert len(known) >= 20
    assert all(
        len(sentence(point, result, language)) <= 320
        for point in known
        for result in ("recommended", "necessary")
        for language in LANGUAGES
    )
