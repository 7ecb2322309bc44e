"""The repair order: a PDF for everyone, of what is on the order now, from the desk and from the customer's own page."""

import re
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_babel import force_locale

from jobs.documents import inside
from jobs.gateways import printing
from models import (
    Attachment,
    Authorisation,
    Category,
    DeferredItem,
    Document,
    Inspection,
    InspectionSheet,
    Job,
    Result,
    SheetLine,
    Shop,
    WorkItem,
    WorkOrder,
    clock,
    db,
)
from models.money import shown
from models.repair_order import RepairOrder
from models.sent_file import SentFile
from tests.ground.client import Visitor
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, signed_in
from tests.ground.overviews import an_inspected_order, answered, item_called, rules, sent

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}


def nonce_of(page: str) -> str:
    found = re.search(r'data-nonce="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    order = a_drop_off(shop, type_of_work="Grinding noise <front>").check_in(by=SAM)
    db.session.commit()
    return order


def work_on(order: WorkOrder) -> WorkItem:
    job = Job.coded(order.visit.shop, "BRK-FP")
    assert job
    item = WorkItem.add_job(order, job, by=SAM, category=Category.necessary)
    Authorisation.set(item, True, by=SAM)
    db.session.commit()
    return item


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "order.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def unpacked(pdf: bytes) -> Iterator[bytes]:
    """The file, then each of its streams without the packing."""
    yield pdf
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(packed)


def printed(order: WorkOrder, work: Callable[[], int]) -> bytes:
    document = Document.repair_order(order, SAM)
    db.session.commit()
    work()
    db.session.expire_all()
    assert document.file
    return document.file.read()


def test_it_says_whose_car_what_is_done_and_what_it_comes_to(order: WorkOrder, work: Callable[[], int], tmp_path: Path) -> None:
    work_on(order)
    text = text_of(printed(order, work), tmp_path)
    said = ("Harbour Street Garage", "Repair order 1001", "Maria Lopez", "2018 Honda Civic", "Grinding noise <front>")
    assert [words for words in said if words not in text] == []
    assert re.search(r"Front rotors +2 +\$69.00 +\$138.00", text)
    assert re.search(r"Sales tax 8.25 % \(on \$246.16\) +\$20.31", text)
    assert re.search(r"Total including tax +\$527.47", text)
    assert re.search("1 ?/ ?1", text)


def test_it_is_accessible(order: WorkOrder, work: Callable[[], int]) -> None:
    work_on(order)
    pdf = printed(order, work)
    inner = b"".join(unpacked(pdf))
    assert b"/MarkInfo <</Marked true>>" in inner.replace(b"/MarkInfo<<", b"/MarkInfo <<")
    assert b"/Lang (en)" in inner.replace(b"/Lang(", b"/Lang (")
    assert b"/StructTreeRoot" in inner
    assert b"pdfuaid:part" in inner
    assert b"/Alt (Harbour Street Garage)" not in inner  # without a logo there is nothing to stand for
    assert "Repair order 1001".encode("utf-16-be") in inner or b"Repair order 1001" in inner


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ["Orden de reparación 1001", "Necesario", "Mano de obra", "Total con impuestos"]),
        ("nl", ["Werkorder 1001", "Noodzakelijk", "Arbeid", "Totaal inclusief belasting"]),
    ],
)
def test_it_speaks_the_customers_language(shop: Shop, work: Callable[[], int], tmp_path: Path, language: str, words: list[str]) -> None:
    order = a_drop_off(shop, customer=a_customer(shop, language=language)).check_in(by=SAM)
    work_on(order)
    text = text_of(printed(order, work), tmp_path)
    assert [word for word in words if word not in text] == []


def test_what_was_found_is_printed_with_its_pictures_once_the_inspection_is_complete(order: WorkOrder, work: Callable[[], int]) -> None:
    work_on(order)
    sheet = InspectionSheet.make(order.visit.shop, "Short", [SheetLine("Brakes", "Front pads", ok="6 and up", necessary="under 3")], by=SAM)
    inspection = Inspection.begin(order, sheet, by=SAM)
    pads = inspection.findings[0]
    pads.result, pads.remark = Result.necessary, "The left one is down to its metal."
    sent = SentFile.stored(order.shop_id, BytesIO(a_photo()), "pads.jpg", "form")
    Attachment.take(order, sent, by=SAM, finding=pads).say("Worn pad", SAM)
    db.session.commit()
    work()
    before = RepairOrder(order).digest
    inspection.completed_at = clock.now()
    db.session.commit()
    db.session.expire_all()
    paper = RepairOrder(order)
    with force_locale("en_US"):
        html = render_template("documents/repair_order.html", paper=paper, logo="", inside=inside, price=shown)
    assert 'alt="Worn pad"' in html
    assert all(words in html for words in ("What we found", "Front pads", "The left one is down to its metal."))
    assert printing.pdf(html).startswith(b"%PDF")
    assert paper.digest != before


def html_of(order: WorkOrder) -> str:
    db.session.commit()
    db.session.expire_all()
    paper = RepairOrder(order)
    with force_locale(str(paper.locale)):
        return render_template("documents/repair_order.html", paper=paper, logo="", inside=inside, price=shown)


def test_a_word_of_mouth_is_printed_with_all_that_california_wants(order: WorkOrder) -> None:
    item = work_on(order)
    before = RepairOrder(order).digest
    said = {"name": "Maria Lopez", "number": "312 555 0142", "at": clock.now(), "amount": 55000, "words": "Go on"}
    Authorisation.record_oral(order, [item], by=SAM, **said)
    html = html_of(order)
    for words in (
        "Maria Lopez",
        "May 12, 2025, 8:15 AM CDT, by phone, called at (312) 555-0142; heard by Sam Ortiz",
        "“Go on”",
        "Front brake pads and rotors (Labour 1.8 h, Front pad set, 2 × Front rotors, Hardware kit): $527.47",
        "Additional cost agreed to: $550.00 with tax. All that is authorised with it: $550.00.",
    ):
        assert words in html
    assert printing.pdf(html).startswith(b"%PDF")
    assert RepairOrder(order).digest != before


def test_what_the_customer_answered_is_printed_with_the_receipt_and_what_is_not_authorised_has_its_own_sum(shop: Shop) -> None:
    rules(shop, may_decline=True)
    order = an_inspected_order(shop)
    before = RepairOrder(order).digest
    answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "decline"})
    Authorisation.take_over(order, by=SAM)
    html = html_of(order)
    for words in (
        "by the page that was sent to (312) 555-0142, receipt 1001-A1",
        "Front brake pads: $319.49",
        "“I authorise the work named above, for $404.69 including tax.”",
        'Tyres <span class="soft">(proposed, not authorised)</span>',
        'Wiper blades <span class="soft">(not authorised)</span>',
    ):
        assert words in html
    assert re.search(r"Total including tax</th><td[^>]*>\$404.69", html)
    assert re.search(r"Proposed, not authorised</th><td[^>]*>\$637.89", html)
    assert RepairOrder(order).digest != before


def test_what_was_put_off_is_printed_until_when(shop: Shop) -> None:
    order = an_inspected_order(shop)
    before = RepairOrder(order).digest
    DeferredItem.snooze(item_called(order, "Tyres"), until=date(2025, 8, 12), odometer=85000, by=SAM)
    assert "Tyres, until Aug 12, 2025, until 85,000 mi: $637.89" in html_of(order)
    assert RepairOrder(order).digest != before


def test_authorisations_are_printed_in_the_customers_language_and_that_changes_no_digest(shop: Shop) -> None:
    order = a_drop_off(shop, customer=a_customer(shop, language="es")).check_in(by=SAM)
    said = {"name": "Maria Lopez", "number": "", "at": clock.now(), "amount": 60000, "words": ""}
    Authorisation.record_oral(order, [work_on(order)], by=SAM, **said)
    html = html_of(order)
    assert all(words in html for words in ("en persona; lo atendió Sam Ortiz", "Mano de obra 1.8 h"))
    digest = RepairOrder(order).digest
    with force_locale("nl"):
        assert RepairOrder(order).digest == digest


def test_the_same_paper_is_printed_once(order: WorkOrder, work: Callable[[], int]) -> None:
    item = work_on(order)
    first = Document.repair_order(order, SAM)
    assert Document.repair_order(order, SAM) is first
    db.session.commit()
    work()
    db.session.expire_all()
    assert Document.repair_order(order, SAM).id == first.id
    item.remove(by=SAM)
    db.session.commit()
    assert Document.repair_order(order, SAM).id != first.id


def test_the_desk_asks_for_it_sees_it_being_made_and_opens_it(
    client: Visitor, shop: Shop, order: WorkOrder, work: Callable[[], int]
) -> None:
    signed_in(client, a_member(shop))
    work_on(order)
    asked = client.post(f"/console/work-orders/{order.number}/repair-order", headers=HTMX)
    assert "Making the repair order…" in asked.text
    work()
    address = re.search(r"/console/documents/\d+", asked.text)
    assert address
    assert "Open the repair order" in client.get(address[0], headers=HTMX).text
    pdf = client.get(f"{address[0]}/file")
    assert (pdf.mimetype, pdf.headers["Content-Disposition"]) == ("application/pdf", 'inline; filename="repair-order-1001.pdf"')


def test_a_customer_presses_a_button_waits_and_reads_it(client: Visitor, order: WorkOrder, work: Callable[[], int]) -> None:
    link = order.visit.link.path
    assert "Repair order (PDF)" not in client.get(link).text
    work_on(order)
    page = client.get(link).text
    assert "Repair order (PDF)" in page
    waiting = client.post(f"{link}/repair-order", data={"nonce": nonce_of(page)})
    assert waiting.status_code == 303
    being_made = client.get(waiting.location)
    assert (being_made.mimetype, '<meta http-equiv="refresh" content="2">' in being_made.text) == ("text/html", True)
    assert client.get(f"{waiting.location}.pdf").status_code == 404
    work()
    ready = client.get(waiting.location)
    assert ready.location.endswith(".pdf")
    pdf = client.get(ready.location)
    assert (pdf.data[:5], pdf.headers["Cache-Control"]) == (b"%PDF-", "no-store")


def test_it_is_not_behind_the_calendars_link_nor_before_there_is_work(client: Visitor, order: WorkOrder) -> None:
    link, calendar = order.visit.link.path, order.visit.calendar_link.path
    nonce = {"nonce": nonce_of(client.get(link).text)}
    assert client.post(f"{link}/repair-order", data=nonce).status_code == 404
    work_on(order)
    document = Document.repair_order(order, SAM)
    assert "Repair order (PDF)" not in client.get(calendar).text
    for address in (f"{calendar}/repair-order/{document.id}", f"{calendar}/repair-order/{document.id}.pdf"):
        assert client.get(address).status_code == 404
    assert client.post(f"{calendar}/repair-order").status_code == 404


def test_another_visits_document_is_not_behind_this_link(client: Visitor, shop: Shop, order: WorkOrder) -> None:
    work_on(order)
    other = a_drop_off(shop, customer=a_customer(shop, "Ruth", "Berg", phones=["+13125550145"])).check_in(by=SAM)
    work_on(other)
    document = Document.repair_order(other, SAM)
    assert client.get(f"{order.visit.link.path}/repair-order/{document.id}").status_code == 404


def test_a_form_that_is_not_from_the_page_is_answered_by_the_page(client: Visitor, order: WorkOrder) -> None:
    work_on(order)
    answer = client.post(f"{order.visit.link.path}/repair-order", data={"nonce": "made up"})
    assert (answer.status_code, "Please tap once more." in answer.text) == (422, True)
    assert Document.waiting() == []


def test_who_asks_again_and_again_is_slowed_down(client: Visitor, order: WorkOrder) -> None:
    work_on(order)
    nonce = {"nonce": nonce_of(client.get(order.visit.link.path).text)}
    answers = [client.post(f"{order.visit.link.path}/repair-order", data=nonce).status_code for _ in range(8)]
    assert (answers[0], answers[-1]) == (303, 429)
