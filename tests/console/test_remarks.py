"""Important items: the desk reads and shares what customers write and send; a mechanic reaches what was shared, and nothing more."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from models import Attachment, Category, Entry, Membership, Remark, Role, Shop, WorkOrder, db
from models.sent_file import SentFile
from tests.ground.client import Visitor
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.ground.overviews import OWNER, an_inspected_order, an_item, answered, item_called, sent
from tests.ground.queries import counted

Work = Callable[[], int]
HTMX = {"HX-Request": "true"}
NOISE = "A noise on the left, <b>since Monday</b>."
ORDER = "/console/work-orders/1001"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return an_inspected_order(shop)


@pytest.fixture
def remark(order: WorkOrder) -> Remark:
    answered(sent(order), {"Front brake pads": "repair"}, comment=NOISE)
    return Remark.of(order)[0]


@pytest.fixture
def files(remark: Remark, work: Work) -> list[Attachment]:
    """Two pictures that Maria sent, converted."""
    for name in ("one.jpg", "two.jpg"):
        remark.add(SentFile.stored(remark.shop_id, BytesIO(a_photo()), name, "form"), by=OWNER)
    db.session.commit()
    work()
    return list(remark.attachments)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


@pytest.fixture
def tess(visitors: Callable[[], Visitor], shop: Shop) -> Visitor:
    return signed_in(visitors(), a_member(shop, "mechanic", name="Tess Park"))


def the(noun: type, id: int) -> Attachment | Remark:
    db.session.expire_all()
    return db.session.get_one(noun, id)


def test_the_desk_sees_what_nobody_has_read_and_marks_it(sam: Visitor, remark: Remark) -> None:
    page = sam.get(ORDER).text
    assert "Important items" in page
    assert "A noise on the left, &lt;b&gt;since Monday&lt;/b&gt;." in page
    answer = sam.post(f"/console/remarks/{remark.id}/reading", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "refresh")
    assert f"/console/remarks/{remark.id}/reading/removal" in answer.text, "the way back is in the toast"
    assert "1 remark that was read" in sam.get(f"{ORDER}/remarks", headers=HTMX).text


def test_marking_twice_does_it_once_and_can_be_undone(sam: Visitor, remark: Remark) -> None:
    for _click in range(2):
        assert sam.post(f"/console/remarks/{remark.id}/reading").location == f"{ORDER}#remarks"
    assert db.session.query(Entry).filter_by(verb="remark.read").count() == 1
    sam.post(f"/console/remarks/{remark.id}/reading/removal")
    assert not the(Remark, remark.id).is_read


def test_the_board_says_how_many_remarks_nobody_has_read(sam: Visitor, remark: Remark) -> None:
    chip = f'{ORDER}#remarks"'
    page = sam.get("/console/board").text
    assert chip in page
    assert "1 remark" in page
    sam.post(f"/console/remarks/{remark.id}/reading")
    assert chip not in sam.get("/console/board").text


def test_pinned_work_is_among_the_important_items(sam: Visitor, order: WorkOrder) -> None:
    item_called(order, "Tyres").pin(by=SAM)
    db.session.commit()
    panel = sam.get(f"{ORDER}/remarks", headers=HTMX).text
    assert "Tyres" in panel
    assert "Pinned by Sam Ortiz" in panel


def test_the_window_shows_what_the_mechanic_sees_and_changes_it(sam: Visitor, remark: Remark, files: list[Attachment]) -> None:
    assert sam.get(f"{ORDER}/remarks").text.count("Visible to mechanic") == 3
    answer = sam.post(f"/console/remarks/{remark.id}/visibility", data={"words": "1", "files": [files[1].id]}, headers=HTMX)
    assert "Visible to the mechanic." in answer.text
    assert (the(Remark, remark.id).is_shared, [one.is_shared for one in Remark.of(remark.order)[0].attachments]) == (True, [False, True])
    assert "Mechanic sees some of it" in sam.get(f"{ORDER}/remarks").text
    answer = sam.post(f"/console/remarks/{remark.id}/visibility", headers=HTMX)
    assert "The mechanic sees nothing of it." in answer.text


def reached(visitor: Visitor, order: WorkOrder, file: Attachment) -> dict[str, int]:
    """How every address answers under which this file could be."""
    addresses = [f"/console/attachments/{file.id}", *(f"/console/attachments/{file.id}/{shape}" for shape in ("small", "large"))]
    return {address.rpartition("attachments/")[2].partition("/")[2] or "page": visitor.get(address).status_code for address in addresses}


def mentioned(visitor: Visitor, file: Attachment) -> list[str]:
    """The pages on which it, or the words, are."""
    pages = [ORDER, f"{ORDER}/remarks", f"{ORDER}/attachments", f"{ORDER}/items", f"{ORDER}/inspection", "/console/queue"]
    text = {page: visitor.get(page, follow_redirects=True).text for page in pages}
    return [page for page, words in text.items() if f"/attachments/{file.id}/" in words or "noise on the left" in words]


def test_a_mechanic_reaches_nothing_that_was_not_shared(tess: Visitor, order: WorkOrder, remark: Remark, files: list[Attachment]) -> None:
    assert reached(tess, order, files[0]) == {"page": 404, "small": 404, "large": 404}
    assert mentioned(tess, files[0]) == []
    assert Attachment.counted([order.id]) == {}


def test_a_mechanic_sees_what_was_shared_and_nothing_else(tess: Visitor, order: WorkOrder, remark: Remark, files: list[Attachment]) -> None:
    remark.show_to_mechanic(words=False, files=[files[0].id], by=SAM)
    assert reached(tess, order, files[0]) == {"page": 200, "small": 200, "large": 200}
    assert reached(tess, order, files[1]) == {"page": 404, "small": 404, "large": 404}
    assert mentioned(tess, files[0]) == [ORDER, f"{ORDER}/remarks"]
    assert mentioned(tess, files[1]) == []
    assert tess.get(f"/console/attachments/{files[0].id}/small").headers["Cache-Control"] == "private, no-cache"
    page = tess.get(ORDER).text
    assert "noise on the left" not in page
    remark.show_to_mechanic(words=True, files=[], by=SAM)
    page = tess.get(ORDER).text
    assert "A noise on the left, &lt;b&gt;since Monday&lt;/b&gt;." in page
    assert "Mark as read" not in page
    assert reached(tess, order, files[0])["small"] == 404


def test_a_mechanic_neither_reads_the_log_nor_shares(tess: Visitor, remark: Remark) -> None:
    for path in ("reading", "reading/removal", "visibility"):
        assert tess.post(f"/console/remarks/{remark.id}/{path}").status_code == 403


def test_who_is_at_the_desk_elsewhere_is_a_mechanic_here(
    tess: Visitor, remark: Remark, files: list[Attachment], visitors: Callable[[], Visitor]
) -> None:
    other = a_shop("northgate")
    jo = a_member(other, "receptionist", name="Jo Brandt")
    jo.memberships.append(Membership(shop=remark.order.visit.shop, role=Role.mechanic))
    db.session.commit()
    visitor = signed_in(visitors(), jo)
    assert visitor.get(f"/console/attachments/{files[0].id}/small").status_code == 404
    remark.show_to_mechanic(words=False, files=[files[0].id], by=SAM)
    assert visitor.get(f"/console/attachments/{files[0].id}/small").status_code == 200


def test_what_a_customer_sent_is_nobodys_to_change(sam: Visitor, remark: Remark, files: list[Attachment]) -> None:
    assert reached(sam, remark.order, files[0]) == {"page": 200, "small": 200, "large": 200}
    assert "Remove" not in sam.get(f"/console/attachments/{files[0].id}").text
    for path in ("caption", "removal", "restoration", "retry"):
        assert sam.post(f"/console/attachments/{files[0].id}/{path}", data={"caption": "x"}).status_code == 404


def test_another_shops_remark_is_not_there(visitors: Callable[[], Visitor], remark: Remark, files: list[Attachment]) -> None:
    rita = signed_in(visitors(), a_member(a_shop("northgate")))
    for path in ("reading", "reading/removal", "visibility"):
        assert rita.post(f"/console/remarks/{remark.id}/{path}").status_code == 404
    assert rita.get(f"{ORDER}/remarks").status_code == 404
    assert reached(rita, remark.order, files[0]) == {"page": 404, "small": 404, "large": 404}


@pytest.mark.parametrize("ticked", ["x", "99999999999999999999999", "4711", "-1"])
def test_a_file_that_is_not_the_remarks_changes_nothing(sam: Visitor, remark: Remark, ticked: str) -> None:
    answer = sam.post(f"/console/remarks/{remark.id}/visibility", data={"files": ticked})
    assert answer.status_code in {303, 404, 422}
    assert not the(Remark, remark.id).is_shared


def test_a_page_of_many_remarks_asks_as_often_as_one_of_few(sam: Visitor, order: WorkOrder) -> None:
    asked = {}
    for number in range(1, 6):
        an_item(order, f"Extra {number}", Category.recommended)
        answered(sent(order), {f"Extra {number}": "repair"}, comment=f"Remark {number}")
        with counted() as statements:
            assert len(re.findall(r'id="remark-\d+"', sam.get(f"{ORDER}/remarks", headers=HTMX).text)) == number
        asked[number] = len(statements)
    assert asked[5] == asked[2] <= 12
