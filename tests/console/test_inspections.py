"""The inspection's page, what it sends, and what the desk sees of it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from models import Attachment, Finding, Inspection, InspectionChange, InspectionSheet, Result, Shop, StoredFile, WorkItem, WorkOrder, db
from models.inspection_sheet import preset
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_member, a_shop, a_work_order, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
PAGE = "/console/inspections/1001"
MOST = 12


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    InspectionSheet.make(shop, "Courtesy inspection", preset(), by=SAM)
    return a_work_order(shop)


@pytest.fixture
def tess(client: Visitor, shop: Shop) -> Visitor:
    visitor: Visitor = signed_in(client, a_member(shop, "mechanic", name="Tess Park"))
    return visitor


@pytest.fixture
def inspection(order: WorkOrder) -> Inspection:
    sheet = InspectionSheet.for_work(order.visit.shop, "")
    assert sheet
    begun = Inspection.begin(order, sheet, by=SAM)
    db.session.commit()
    return begun


def point(inspection: Inspection, name: str) -> Finding:
    return next(finding for finding in inspection.findings if finding.name == name)


def says(tess: Visitor, number: int, answers: list[dict[str, Any]], **more: Any) -> Any:
    said = {"device": "tablet-one", "number": number, "age": 0, "kind": "answers", "answers": answers}
    return tess.post(f"{PAGE}/changes", json=said | more)


def sends(tess: Visitor, number: int, finding: Any, content: bytes, name: str = "IMG_1.JPG") -> Any:
    form = {"device": "tablet-one", "number": str(number), "age": "0", "finding": str(finding), "files": (BytesIO(content), name)}
    return tess.post(f"{PAGE}/pictures", data=form, content_type="multipart/form-data")


def test_the_sheet_that_fits_the_work_is_offered_first_and_begun_from_the_queue(tess: Visitor, order: WorkOrder) -> None:
    assert f'href="{PAGE}"' in tess.get("/console/queue").text
    beginning = tess.get(PAGE).text
    assert "Courtesy inspection" in beginning
    sheet = InspectionSheet.for_work(order.visit.shop, "")
    assert sheet
    assert tess.post(PAGE, data={"sheet": sheet.id}).location == PAGE
    page = tess.get(PAGE).text
    assert page.count("data-point=") == 63
    assert "This page needs JavaScript" in page
    assert "Inspection: 0 of 63" in tess.get("/console/queue").text


@pytest.mark.parametrize("sheet", ["", "0", "99999", "ten", "²"])
def test_a_sheet_that_is_none_is_not_found(tess: Visitor, order: WorkOrder, sheet: str) -> None:
    assert tess.post(PAGE, data={"sheet": sheet}).status_code == 404


def test_a_tap_is_kept_and_the_same_again_answers_the_same(tess: Visitor, inspection: Inspection) -> None:
    horn = point(inspection, "Horn").id
    first = says(tess, 1, [{"finding": horn, "result": "ok"}])
    again = says(tess, 1, [{"finding": horn, "result": "ok"}])
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["findings"] == again.json["findings"]
    assert first.json["findings"][0]["result"] == "ok"
    assert db.session.query(InspectionChange).count() == 1
    assert says(tess, 1, [{"finding": [horn]}]).status_code == 200, "a number that was taken is looked at no further"


def test_an_older_number_that_comes_late_changes_nothing_newer(tess: Visitor, inspection: Inspection) -> None:
    horn = point(inspection, "Horn").id
    says(tess, 9, [{"finding": horn, "result": "necessary"}])
    assert says(tess, 4, [{"finding": horn, "result": "ok"}]).json["findings"][0]["result"] == "necessary"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"value": "9" * 5000}, "Please keep it under 120 characters."),
        ({"value": "NaN"}, "Give a number"),
        ({"value": "Infinity"}, "Give a number"),
        ({"value": ["4"]}, "can't be read"),
        ({"remark": "x" * 5000}, "Please keep it under 1000 characters."),
        ({"result": "superb"}, "A point is OK"),
        ({"finding": 987654321}, "not part of the inspection"),
        ({"finding": None}, "not part of the inspection"),
        ({"finding": [1]}, "not part of the inspection"),
        ({"finding": "1 or 1"}, "not part of the inspection"),
    ],
)
def test_what_can_not_be_is_answered_with_a_sentence(tess: Visitor, inspection: Inspection, answer: dict[str, Any], words: str) -> None:
    answered = says(tess, 1, [{"finding": point(inspection, "Front pads, thinnest").id} | answer])
    assert answered.status_code == 422
    assert words in answered.json["sentence"]
    assert db.session.query(InspectionChange).count() == 0


@each(
    "more",
    [
        {"device": "x"},
        {"device": "../../etc/passwd"},
        {"number": 0},
        {"number": 2**40},
        {"number": "one"},
        {"number": True},
        {"age": None},
        {"age": "NaN"},
        {"kind": "nonsense"},
        {"kind": ["answers"]},
        {"answers": "none"},
        {"answers": [1]},
        {"answers": [{}] * 5000},
    ],
)
def test_a_change_without_a_right_id_or_content_is_refused(tess: Visitor, inspection: Inspection, more: dict[str, Any]) -> None:
    answered = tess.post(f"{PAGE}/changes", json={"device": "tablet-one", "number": 1, "age": 0, "kind": "answers", "answers": []} | more)
    assert (answered.status_code, bool(answered.json["sentence"])) == (422, True)


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"[]", b"\xff\xfe", b'"word"', b'{"device": "tablet-one", "number": 1e400, "age": 0}']
)
def test_what_is_no_change_at_all_is_refused(tess: Visitor, inspection: Inspection, content: bytes) -> None:
    assert tess.post(f"{PAGE}/changes", data=content, content_type="application/json").status_code == 422


def test_a_change_of_long_ago_or_of_tomorrow_is_taken(tess: Visitor, inspection: Inspection) -> None:
    horn = point(inspection, "Horn").id
    assert says(tess, 1, [{"finding": horn, "result": "ok"}], age=10**14).json["findings"][0]["result"] == "ok"
    assert says(tess, 2, [{"finding": horn, "result": "necessary"}], age=-5000).json["findings"][0]["result"] == "necessary"


def test_a_picture_is_kept_once_with_its_point_and_another_file_not_at_all(
    tess: Visitor, inspection: Inspection, work: Callable[[], int]
) -> None:
    pads = point(inspection, "Front pads, thinnest").id
    answers = [sends(tess, 1, pads, a_photo()) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [len(answer.json["findings"][0]["pictures"]) for answer in answers] == [1, 1]
    refused = sends(tess, 2, pads, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert (refused.status_code, "no photo or video" in refused.json["sentence"]) == (422, True)
    for nobodys in ("987654321", "", "one", "9" * 400):
        assert sends(tess, 3, nobodys, a_photo()).status_code == 422
    (picture,) = db.session.query(Attachment).all()
    assert picture.finding_id == pads
    assert db.session.query(StoredFile).count() == 1
    work()
    (shown,) = says(tess, 4, [{"finding": pads, "result": "necessary"}]).json["findings"][0]["pictures"]
    assert tess.get(shown["small"]).status_code == 200


def test_a_picture_without_a_file_is_refused(tess: Visitor, inspection: Inspection) -> None:
    assert tess.post(f"{PAGE}/pictures", data={"device": "tablet-one", "number": "1", "age": "0"}).status_code == 422


def test_another_shops_inspection_is_not_there(visitors: Callable[[], Visitor], inspection: Inspection) -> None:
    stranger = signed_in(visitors(), a_member(a_shop("northgate"), "mechanic"))
    horn = point(inspection, "Horn").id
    assert stranger.get(PAGE).status_code == 404
    assert stranger.get(f"{PAGE}/state").status_code == 404
    assert says(stranger, 1, [{"finding": horn, "result": "ok"}]).status_code == 404
    assert sends(stranger, 2, horn, a_photo()).status_code == 404
    assert db.session.query(InspectionChange).count() == 0


def test_a_closed_order_is_read_and_not_changed(tess: Visitor, inspection: Inspection) -> None:
    order = inspection.order
    order.close(by=SAM, invoiced_on=order.visit.shop.today(), odometer=None, next_visit_on=None, next_visit="")
    db.session.commit()
    horn = point(inspection, "Horn").id
    for answered in (says(tess, 1, [{"finding": horn, "result": "ok"}]), sends(tess, 2, horn, a_photo())):
        assert (answered.status_code, "closed" in answered.json["sentence"]) == (422, True)
    assert tess.get(f"{PAGE}/state").json["closed"] is True
    assert tess.get(PAGE).status_code == 200


def test_who_is_signed_out_is_told_by_the_status_and_nothing_is_taken(client: Visitor, inspection: Inspection) -> None:
    horn = point(inspection, "Horn").id
    said = {"device": "tablet-one", "number": 1, "age": 0, "kind": "answers", "answers": [{"finding": horn, "result": "ok"}]}
    assert client.post(f"{PAGE}/changes", json=said, headers=HTMX).status_code == 401
    assert db.session.query(InspectionChange).count() == 0


def test_what_one_mechanic_tapped_does_not_go_under_the_name_of_another(tess: Visitor, shop: Shop, inspection: Inspection) -> None:
    ray = a_member(shop, "mechanic", email="ray@harbour.example", name="Ray Cole")
    horn = point(inspection, "Horn").id
    assert says(tess, 1, [{"finding": horn, "result": "ok"}], member=ray.id).status_code == 401
    form = {"device": "tablet-one", "number": "2", "age": "0", "finding": horn, "member": ray.id, "files": (BytesIO(a_photo()), "a.jpg")}
    assert tess.post(f"{PAGE}/pictures", data=form).status_code == 401
    assert db.session.query(InspectionChange).count() == 0


@pytest.mark.usefixtures("with_csrf")
def test_a_change_needs_the_sessions_token_which_the_state_renews(tess: Visitor, inspection: Inspection) -> None:
    horn = point(inspection, "Horn").id
    said = {"device": "tablet-one", "number": 1, "age": 0, "kind": "answers", "answers": [{"finding": horn, "result": "ok"}]}
    assert tess.post(f"{PAGE}/changes", json=said, headers=HTMX).status_code == 400
    token = tess.get(f"{PAGE}/state").json["token"]
    assert tess.post(f"{PAGE}/changes", json=said, headers={**HTMX, "X-CSRFToken": token}).status_code == 200


def test_as_soon_as_it_is_complete_the_desk_reads_it_everywhere(
    tess: Visitor, visitors: Callable[[], Visitor], inspection: Inspection, shop: Shop
) -> None:
    sam = signed_in(visitors(), a_member(shop))
    says(tess, 1, [{"finding": point(inspection, "Front pads, thinnest").id, "result": "necessary", "value": "2"}])
    assert says(tess, 2, [], kind="complete").json["sentence"] == "62 points have no answer yet."
    assert "Inspection: 1 of 63" in sam.get("/console/board").text
    assert "Inspection complete" not in sam.get("/console/").text
    assert "Tess Park" in says(tess, 2, [], kind="complete", rest=True).json["complete"]
    assert "Inspection complete: 1 necessary" in sam.get("/console/board").text
    assert 'hx-get="/console/inspections"' in sam.get("/console/").text
    assert "1 necessary" in sam.get("/console/inspections", headers=HTMX).text
    panel = sam.get("/console/work-orders/1001/inspection", headers=HTMX).text
    assert "Inspection complete: 1 necessary" in panel
    assert "Front pads, thinnest" in panel
    assert [item.job_code for item in WorkItem.of(inspection.order)] == ["BRK-FP"]
    assert tess.post(f"{PAGE}/acknowledgement").status_code == 403
    sam.post(f"{PAGE}/acknowledgement")
    assert "1 necessary" not in sam.get("/console/inspections", headers=HTMX).text
    assert 'hx-get="/console/inspections"' not in sam.get("/console/").text


@pytest.mark.parametrize(("take", "urgent"), [("1", "necessary"), ("0", "recommended")])
def test_the_desk_decides_about_a_finding_that_changed_under_its_hands(
    tess: Visitor, visitors: Callable[[], Visitor], inspection: Inspection, shop: Shop, take: str, urgent: str
) -> None:
    sam = signed_in(visitors(), a_member(shop))
    pads = point(inspection, "Front pads, thinnest").id
    says(tess, 1, [{"finding": pads, "result": "recommended", "value": "4"}])
    says(tess, 2, [], kind="complete", rest=True)
    (item,) = WorkItem.of(inspection.order)
    item.change(item.version, title="Ours", why="", category=item.category, lines=[], by=SAM)
    db.session.commit()
    says(tess, 3, [{"finding": pads, "result": "necessary", "value": "2"}])
    panel = "/console/work-orders/1001/inspection"
    assert "the mechanic changed what was found since" in sam.get(panel, headers=HTMX).text
    assert sam.post(f"/console/work-orders/1001/items/{item.id}/finding", data={"take": take}).status_code == 303
    db.session.refresh(item)
    assert item.category.value == urgent
    assert "the mechanic changed what was found since" not in sam.get(panel, headers=HTMX).text


def test_the_worker_is_given_to_anybody_and_asked_for_anew_each_time(client: Visitor) -> None:
    answer = client.get("/console/inspections/worker.js")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/javascript", "no-cache")


def test_no_page_asks_more_than_twelve_times_or_more_often_for_more_points(
    app: Flask, visitors: Callable[[], Visitor], work: Callable[[], int]
) -> None:
    counts = []
    for slug, points in (("few", 3), ("many", 63)):
        shop = a_shop(slug)
        sheet = InspectionSheet.make(shop, "Sheet", preset()[:points], by=SAM)
        earlier = a_work_order(shop)
        for finding in Inspection.begin(earlier, sheet, by=SAM).findings:
            finding.answer({"result": "recommended"}, by=SAM, at=earlier.opened_at)
        earlier.close(by=SAM, invoiced_on=shop.today(), odometer=None, next_visit_on=None, next_visit="")
        inspection = Inspection.begin(a_work_order(shop, earlier.visit.customer), sheet, by=SAM)
        for finding in inspection.findings:
            finding.answer({"result": "necessary"}, by=SAM, at=inspection.begun_at)
        inspection.complete(rest=True, by=SAM)
        db.session.commit()
        sam = signed_in(visitors(), a_member(shop, email=f"sam@{slug}.example"))
        ids = [finding.id for finding in inspection.findings]
        sam.post("/console/inspections/1002/pictures", data={"device": "tablet-one", "number": "1", "age": "0", "finding": ids[0]})
        for number, id in enumerate(ids[: points // 3], start=2):
            form = {"device": "tablet-one", "number": number, "age": 0, "finding": id, "files": (BytesIO(a_photo()), "a.jpg")}
            sam.post("/console/inspections/1002/pictures", data=form)
        asked: dict[str, int] = {}
        for address in ("inspections/1002", "inspections/1002/state", "work-orders/1002/inspection", "inspections", "queue", "board", ""):
            with counted() as statements:
                assert sam.get(f"/console/{address}").status_code == 200
            asked[address] = len(statements)
        counts.append(asked)
    few, many = counts
    assert few == many
    assert {address: count for address, count in many.items() if count > MOST} == {}


def test_not_checked_is_an_answer_too(tess: Visitor, inspection: Inspection) -> None:
    horn = point(inspection, "Horn")
    says(tess, 1, [{"finding": horn.id, "result": "not_checked"}])
    db.session.refresh(horn)
    assert (horn.result, horn.is_bad) == (Result.not_checked, False)
