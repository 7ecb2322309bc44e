"""The receipt shows what was on screen when the answers were sent, whatever has changed since, on a page and as a PDF."""

import re
from collections.abc import Callable

import pytest
from flask import render_template
from flask_babel import force_locale

from jobs.documents import inside
from models import Document, Reply, Shop, WorkOrder, db
from models.money import shown
from models.receipt import Receipt
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_shop
from tests.ground.overviews import an_inspected_order, answered, item_called, rules, sent
from tests.models.test_overview import a_drawing, reprice


@pytest.fixture
def shop(app: object) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    rules(shop)
    return an_inspected_order(shop)


CHOICES = {"Front brake pads": "repair", "Tyres": "contact", "Wiper blades": "decline"}


def address(order: WorkOrder, ordinal: int = 1) -> str:
    return f"{order.visit.link.path}/receipts/{ordinal}"


def printed(reply: Reply) -> str:
    receipt = Receipt(reply)
    with force_locale(str(receipt.locale)):
        return render_template("documents/receipt.html", receipt=receipt, logo="", inside=inside, price=shown)


def test_it_shows_everything_under_what_was_said_of_it(client: Visitor, order: WorkOrder) -> None:
    reply = answered(sent(order), CHOICES, comment="When <b>exactly</b>?")
    page = client.get(address(order)).text
    headings = ["Scheduled services", "Additional items to repair", "You will be contacted for", "Not agreed to"]
    assert re.findall(r"<h2>([^<]+)", page) == headings
    facts = (f"Receipt {order.number}-A1", reply.statement, "Signed by Maria Lopez", reply.digest, "+13125550142", "198.51.100.7")
    assert all(words in page for words in (*facts, "$404.69", "When &lt;b&gt;exactly&lt;/b&gt;?"))


def test_it_stays_as_it_was_after_prices_change_and_after_the_order_is_closed(client: Visitor, order: WorkOrder) -> None:
    answered(sent(order), CHOICES)
    before = client.get(address(order)).text
    reprice(item_called(order, "Front brake pads"), 99900)
    sent(order)
    order.close(by=SAM)
    assert client.get(address(order)).text == before
    assert f'href="{address(order)}"' in client.get(order.visit.link.path).text


def test_each_reply_has_its_own_and_the_page_of_the_visit_leads_to_all(client: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    answered(overview, {"Tyres": "contact"})
    answered(overview, {"Front brake pads": "repair"})
    reprice(item_called(order, "Wiper blades"), 5000)
    answered(sent(order), {"Wiper blades": "repair"})
    page = client.get(order.visit.link.path).text
    assert [f"Receipt {order.number}-A{number}" in page for number in (1, 2, 3)] == [True] * 3
    assert [client.get(address(order, number)).status_code for number in (1, 2, 3, 4)] == [200, 200, 200, 404]


@pytest.mark.parametrize(("prices", "item", "total"), [("all", True, True), ("totals", False, True), ("none", False, False)])
def test_it_shows_the_prices_that_were_on_screen_and_no_others(
    client: Visitor, shop: Shop, order: WorkOrder, prices: str, item: bool, total: bool
) -> None:
    rules(shop, prices=prices)
    reply = answered(sent(order), CHOICES)
    rules(shop, prices="all")
    for page in (client.get(address(order)).text, printed(reply)):
        assert ("$319.49" in page, "$404.69" in page, "$" in page) == (item, total, total)


def test_what_it_is_made_of_adds_up(order: WorkOrder) -> None:
    receipt = Receipt(answered(sent(order), CHOICES))
    assert receipt.adds_up
    assert sum(amount.minor for amount in receipt.kinds.values()) + receipt.tax.minor == receipt.total.minor
    for item in receipt.authorised:
        assert sum(amount.minor for _words, amount in receipt.lines(item)) == item.kept["including"]


def test_it_is_printed_with_name_signature_time_contact_and_digest(order: WorkOrder, work: Callable[[], int]) -> None:
    reply = answered(sent(order), CHOICES, signature=a_drawing())
    work()
    document = Document.newest_of(reply)
    assert document
    assert document.is_ready
    assert document.name == f"receipt-{order.number}-A1"
    html = printed(reply)
    facts = ("Signed by Maria Lopez", "data:image/png;base64,", "12 Harbour Street, Chicago, IL 60601", reply.digest, "+13125550142")
    assert all(words in html for words in (*facts, reply.statement, "Labour", "$404.69", "C"))
    assert re.search(r"\d{1,2}:\d\d [AP]M C[SD]T", html)


def test_a_customer_opens_the_pdf_that_was_asked_for_with_the_answers(client: Visitor, order: WorkOrder, work: Callable[[], int]) -> None:
    answered(sent(order), CHOICES)
    assert f'href="{address(order)}.pdf"' in client.get(address(order)).text
    assert '<meta http-equiv="refresh"' in client.get(f"{address(order)}.pdf").text
    work()
    pdf = client.get(f"{address(order)}.pdf")
    assert (pdf.data[:5], pdf.headers["Content-Disposition"]) == (b"%PDF-", f'inline; filename="receipt-{order.number}-A1.pdf"')
    assert pdf.headers["Cache-Control"] == "no-store"


def test_where_printing_failed_a_button_asks_again(client: Visitor, order: WorkOrder) -> None:
    reply = answered(sent(order), CHOICES)
    document = Document.newest_of(reply)
    assert document
    document.failed()
    db.session.commit()
    assert client.get(f"{address(order)}.pdf").location == address(order)
    nonce = re.search(r'name="nonce" value="([^"]+)"', client.get(address(order)).text)
    assert nonce
    assert client.post(f"{address(order)}/document", data={"nonce": "x"}).status_code == 422
    assert client.post(f"{address(order)}/document", data={"nonce": nonce[1]}).location == f"{address(order)}.pdf"
    assert db.session.query(Document).filter_by(reply_id=reply.id).count() == 2


def test_it_is_not_behind_the_calendars_link_nor_another_visits(client: Visitor, order: WorkOrder) -> None:
    answered(sent(order), CHOICES, signature=a_drawing())
    other = an_inspected_order(a_shop("elm"))
    for link in (order.visit.calendar_link.path, other.visit.link.path):
        for path in ("receipts/1", "receipts/1.pdf", "receipts/1/signature"):
            assert client.get(f"{link}/{path}").status_code == 404
    assert client.get(f"{address(order)}/signature").mimetype == "image/png"


def test_what_was_hidden_is_not_on_it(client: Visitor, order: WorkOrder) -> None:
    item_called(order, "Tyres").show(False, by=SAM)
    reply = answered(sent(order), {"Front brake pads": "repair"})
    assert "Tyres" not in client.get(address(order)).text + printed(reply)
