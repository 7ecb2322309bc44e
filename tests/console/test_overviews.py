"""The desk sends an overview, sees how far it has come, and what each version said."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from models import Attachment, Authorisation, Category, Message, Overview, Shop, WorkOrder, db
from models.sent_file import SentFile
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_work_order, signed_in
from tests.ground.overviews import OWNER, an_inspected_order, an_item, answered, item_called, rules, sent
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
ORDER = "/console/work-orders/1001"
WINDOW = f"{ORDER}/overviews/new"
KEY = "k" * 16


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return an_inspected_order(shop)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def send(sam: Visitor, **typed: Any) -> Any:
    form = {"contact": f"text:{MARIA}", "note": "", "key": KEY, **typed}
    return sam.post(f"{ORDER}/overviews", data=form, headers=HTMX)


def a_photo(order: WorkOrder, work: Callable[[], int]) -> Attachment:
    buffer = BytesIO()
    Image.new("RGB", (800, 600), "grey").save(buffer, "JPEG")
    buffer.seek(0)
    taken = Attachment.take(order, SentFile.stored(order.shop_id, buffer, "pad.jpg", Attachment.new_token()), by=SAM)
    db.session.commit()
    work()
    db.session.expire_all()
    return taken


def test_the_window_shows_addresses_items_by_category_prices_and_eyes(sam: Visitor, order: WorkOrder) -> None:
    assert "Customer Communication" in sam.get(ORDER).text
    page = sam.get(WINDOW).text
    for words in (
        "(312) 555-0142",
        "maria@mail.example",
        "Necessary items",
        "Scheduled services",
        "$319.49",
        "All prices",
        "Front brake pads",
    ):
        assert words in page
    assert page.count('aria-label="Show to customer"') == page.count('aria-label="Do not show to customer"') == 5
    assert "If all of it is repaired, including tax" in page
    assert 'class="error"' not in page


def test_an_address_that_can_not_be_used_is_shown_with_the_reason(sam: Visitor, shop: Shop) -> None:
    an_item(a_work_order(shop, a_customer(shop)), "Brakes")
    page = sam.get(WINDOW).text
    assert "disabled>(312) 555-0142: There is no consent to text this number." in page
    refused = send(sam)
    assert (refused.status_code, 'id="contact-error"' in refused.text) == (422, True)


def test_who_can_not_be_reached_at_all_is_said_with_a_way_to_the_customer(sam: Visitor, shop: Shop) -> None:
    order = a_work_order(shop, a_customer(shop, phones=[], emails=[]))
    assert "neither a mobile number nor an e-mail address" in sam.get(WINDOW).text
    assert f'href="/console/customers/{order.visit.customer_id}"' in sam.get(WINDOW).text


def test_sending_freezes_a_version_and_says_what_becomes_of_its_message(sam: Visitor, order: WorkOrder) -> None:
    answer = send(sam, note="Please look at the brakes.")
    assert answer.status_code == 200
    assert "Version 1 is kept. On its way to Maria Lopez." in answer.text
    overview = db.session.query(Overview).one()
    assert (overview.version, overview.note, overview.address) == (1, "Please look at the brakes.", MARIA)


def test_a_message_that_is_held_back_says_why_and_stays_on_screen(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    shop.email = ""
    answer = send(sam, contact="email:maria@mail.example")
    assert "toast--bad" in answer.text
    assert "Held back:" in answer.text


def test_without_a_script_it_is_a_page_that_leads_back(sam: Visitor, order: WorkOrder) -> None:
    assert '<form id="overview-form"' in sam.get(WINDOW).text
    answer = sam.post(f"{ORDER}/overviews", data={"contact": f"text:{MARIA}", "key": KEY})
    assert (answer.status_code, answer.location) == (303, ORDER)
    hidden = item_called(order, "Tyres")
    assert sam.post(f"{ORDER}/items/{hidden.id}/eye", data={"shown": "0"}).location == WINDOW


def test_two_clicks_send_once(sam: Visitor, order: WorkOrder) -> None:
    assert send(sam).status_code == send(sam).status_code == 200
    assert db.session.query(Message).filter_by(kind="overview").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"note": "x" * 5000}, "note"),
        ({"contact": "text:+13125550199"}, "contact"),
        ({"contact": "email:other@mail.example"}, "contact"),
        ({"contact": ""}, "contact"),
        ({"contact": "x" * 20_000}, "contact"),
        ({"contact": "text:\0"}, "contact"),
    ],
)
def test_what_can_not_be_sent_is_refused_beside_its_field_and_stays_typed(
    sam: Visitor, order: WorkOrder, wrong: dict[str, str], field: str
) -> None:
    answer = send(sam, **{"note": "Kept <b>words</b>", **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert ("x" * 5000 if field == "note" else "Kept &lt;b&gt;words&lt;/b&gt;") in answer.text
    assert f'name="key" value="{KEY}"' in answer.text
    assert db.session.query(Overview).count() == 0


def test_all_faults_are_said_at_once(sam: Visitor, shop: Shop) -> None:
    a_work_order(shop)
    answer = send(sam, note="x" * 5000, contact="")
    assert [f'id="{field}-error"' in answer.text for field in ("note", "contact", "items")] == [True, True, True]


def test_a_form_without_its_key_is_none_of_ours(sam: Visitor, order: WorkOrder) -> None:
    assert send(sam, key="").status_code == 404


def test_the_eye_hides_an_item_at_once_and_its_price_leaves_the_total(sam: Visitor, order: WorkOrder) -> None:
    tyres = item_called(order, "Tyres")
    before = sam.get(WINDOW).text
    answer = sam.post(f"{ORDER}/items/{tyres.id}/eye", data={"shown": "0"}, headers=HTMX).text
    assert answer.lstrip().startswith('<div id="overview-items"')
    assert ("$1,085.18" in before, "$1,085.18" in answer, "not shown" in answer) == (True, False, True)
    send(sam)
    assert "Tyres" not in [item.title for item in db.session.query(Overview).one().items]
    assert "not shown" not in sam.post(f"{ORDER}/items/{tyres.id}/eye", data={"shown": "1"}, headers=HTMX).text


def test_an_item_of_another_order_has_no_eye_here(sam: Visitor, order: WorkOrder) -> None:
    other = an_inspected_order(a_shop("northgate", "America/New_York"))
    assert sam.post(f"{ORDER}/items/{item_called(other, 'Tyres').id}/eye", headers=HTMX).status_code == 404


def test_a_photo_is_put_to_an_item_and_goes_along_with_it(sam: Visitor, order: WorkOrder, work: Callable[[], int]) -> None:
    photo, brakes = a_photo(order, work), item_called(order, "Front brake pads")
    assert "Pictures that show no item yet" in sam.get(WINDOW).text
    answer = sam.post(f"/console/attachments/{photo.id}/item", data={"item": brakes.id}, headers=HTMX).text
    assert "Pictures that show no item yet" not in answer
    assert "1 picture<" in answer
    send(sam)
    assert [len(item.pictures) for item in db.session.query(Overview).one().items] == [0, 1, 0, 0, 0]
    assert f"/console/attachments/{photo.id}/small" in sam.get(f"{ORDER}/overviews/1").text
    sam.post(f"/console/attachments/{photo.id}/item", data={}, headers=HTMX)
    assert "Pictures that show no item yet" in sam.get(WINDOW).text


@pytest.mark.parametrize("item", ["987654321", "x", "-1", "9" * 30])
def test_a_photo_is_not_put_to_an_item_that_is_not_there(sam: Visitor, order: WorkOrder, work: Callable[[], int], item: str) -> None:
    photo = a_photo(order, work)
    sam.post(f"/console/attachments/{photo.id}/item", data={"item": item}, headers=HTMX)
    assert db.session.get_one(Attachment, photo.id).item_id is None


def test_the_window_marks_what_is_new_since_the_version_that_went_last(sam: Visitor, order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    assert "Nothing has changed since version 1." in sam.get(WINDOW).text
    an_item(order, "Cabin filter", Category.recommended)
    item_called(order, "Tyres").show(False, by=SAM)
    page = sam.get(WINDOW).text
    assert "New since version 1 is marked." in page
    assert "Not shown any more: Tyres." in page
    assert page.count("<span>new</span>") == 1
    assert "<span>Repair</span>" in page


def test_the_work_order_says_that_the_quotation_has_changed(sam: Visitor, order: WorkOrder) -> None:
    assert "has changed" not in sam.get(f"{ORDER}/overview/change", headers=HTMX).text
    sent(order)
    assert "has changed" not in sam.get(f"{ORDER}/overview/change", headers=HTMX).text
    an_item(order, "Cabin filter")
    assert "The quotation has changed since version 1: send it again." in sam.get(f"{ORDER}/overview/change", headers=HTMX).text


def test_the_bar_tells_sent_opened_and_answered(sam: Visitor, order: WorkOrder) -> None:
    assert "hidden" in sam.get(f"{ORDER}/overview", headers=HTMX).text
    overview = sent(order)
    bar = sam.get(f"{ORDER}/overview", headers=HTMX).text
    assert all(words in bar for words in ("Not opened yet", "Not answered yet", "Version 1", "Queued"))
    overview.opened(by=OWNER)
    assert "Opened" in sam.get(f"{ORDER}/overview", headers=HTMX).text
    answered(overview, {"Front brake pads": "repair", "Tyres": "contact"})
    bar = sam.get(f"{ORDER}/overview", headers=HTMX).text
    assert "Answered 2 of 3" in bar
    assert "to authorise" in bar


def test_the_bar_says_in_plain_words_why_the_message_did_not_arrive(sam: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    assert overview.message
    overview.message.advance("claim")
    overview.message.refused("30006")
    db.session.commit()
    assert overview.message.failure_words in sam.get(f"{ORDER}/overview", headers=HTMX).text.replace("&#39;", "'")


def test_a_version_stays_to_be_read_as_it_was_with_the_answers(sam: Visitor, order: WorkOrder) -> None:
    answered(sent(order, "Please look."), {"Front brake pads": "repair"}, comment="When?")
    item_called(order, "Front brake pads").remove(by=SAM)
    sent(order)
    page = sam.get(f"{ORDER}/overviews/1").text
    assert page.count("Checked items that work properly") == 1
    assert all(words in page for words in ("Front brake pads", "Lights", "Please look.", "When?", "1001-A1", "198.51.100.7", "$404.69"))
    versions = sam.get(f"{ORDER}/overviews").text
    assert versions.index("Version 2") < versions.index("Version 1")
    assert "Front brake pads" not in sam.get(f"{ORDER}/overviews/2").text


def test_the_preview_shows_what_would_go_and_keeps_nothing(sam: Visitor, order: WorkOrder) -> None:
    page = sam.get(f"{ORDER}/overviews/preview").text
    assert "Nothing has been sent." in page
    assert "$319.49" in page
    assert db.session.query(Overview).count() == 0


@pytest.mark.parametrize(("prices", "shown"), [("all", True), ("totals", False), ("none", False), ("after_call", False)])
def test_the_desk_sees_which_prices_the_customer_sees(sam: Visitor, shop: Shop, order: WorkOrder, prices: str, shown: bool) -> None:
    rules(shop, prices=prices)
    sent(order)
    assert ("$319.49" in sam.get(f"{ORDER}/overviews/1").text) is shown


def test_after_a_call_the_customer_may_see_the_prices(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    rules(shop, prices="after_call")
    sent(order)
    assert "Customer may see the prices now" in sam.get(ORDER).text
    assert sam.post(f"{ORDER}/overviews/1/prices", headers=HTMX).status_code == 200
    page = sam.get(ORDER).text
    assert ("Customer may see the prices now" in page, "Prices may be seen since" in page) == (False, True)


def test_at_night_it_may_wait_for_the_recipients_morning(sam: Visitor, order: WorkOrder, at: Callable[..., None]) -> None:
    at("2025-05-13 23:00", "America/Chicago")
    signed_in(sam, a_member(order.visit.shop, email="night@harbour.example"))
    assert "it is 11:00 PM where the customer is" in sam.get(WINDOW).text
    assert "Goes to Maria Lopez at" in send(sam, morning="1").text
    assert "On its way" in send(sam, key="n" * 16).text


def test_on_a_closed_order_nothing_is_sent_shown_or_moved(sam: Visitor, order: WorkOrder, work: Callable[[], int]) -> None:
    photo, tyres = a_photo(order, work), item_called(order, "Tyres")
    sent(order)
    order.close(by=SAM)
    assert "Customer Communication" not in sam.get(ORDER).text
    for answer in (
        send(sam, key="z" * 16),
        sam.post(f"{ORDER}/items/{tyres.id}/eye", data={"shown": "0"}, headers=HTMX),
        sam.post(f"/console/attachments/{photo.id}/item", data={"item": tyres.id}, headers=HTMX),
        sam.post(f"{ORDER}/overviews/1/prices", headers=HTMX),
    ):
        assert (answer.status_code, "This work order is closed." in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "overview"),
        ("GET", "overview/change"),
        ("GET", "overviews"),
        ("GET", "overviews/new"),
        ("GET", "overviews/new/items"),
        ("GET", "overviews/preview"),
        ("GET", "overviews/1"),
        ("POST", "overviews"),
        ("POST", "overviews/1/prices"),
    ],
)
def test_another_shops_order_is_not_there_and_a_mechanic_sends_nothing(
    visitors: Callable[[], Visitor], shop: Shop, order: WorkOrder, method: str, address: str
) -> None:
    sent(order)
    rita = signed_in(visitors(), a_member(a_shop("northgate", "America/New_York")))
    assert rita.open(f"{ORDER}/{address}", method=method, headers=HTMX).status_code == 404
    tess = signed_in(visitors(), a_member(shop, "mechanic"))
    assert tess.open(f"{ORDER}/{address}", method=method, headers=HTMX).status_code == (200 if address == "overview" else 403)


def test_a_mechanic_sees_how_far_it_is_and_no_address(visitors: Callable[[], Visitor], shop: Shop, order: WorkOrder) -> None:
    sent(order)
    page = signed_in(visitors(), a_member(shop, "mechanic")).get(ORDER).text
    assert "Not answered yet" in page
    assert MARIA[2:] not in "".join(filter(str.isdigit, page[page.index("overview-bar") : page.index("work-order-head")]))


@pytest.mark.parametrize("version", ["0", "2", "987654321"])
def test_a_version_that_there_is_not(sam: Visitor, order: WorkOrder, version: str) -> None:
    sent(order)
    assert sam.get(f"{ORDER}/overviews/{version}").status_code == 404
    assert sam.post(f"{ORDER}/overviews/{version}/prices").status_code == 404


# lists and news


def test_board_and_today_say_how_far_it_is_and_call_until_the_desk_has_decided(sam: Visitor, order: WorkOrder) -> None:
    assert "#overview-bar" not in sam.get("/console/board").text
    overview = sent(order)
    assert 'href="/console/work-orders/1001#overview-bar"' in sam.get("/console/board").text
    answered(overview, {"Front brake pads": "repair"})
    board = sam.get("/console/board").text
    assert ("Answered 1 of 3" in board, "overview-chip--calls" in board) == (True, True)
    Authorisation.take_over(order, by=SAM)
    board = sam.get("/console/board").text
    assert ("Answered 1 of 3" in board, "overview-chip--calls" in board) == (True, False)


def test_today_and_the_calendars_day_say_how_far_it_is(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    order = drop_off.check_in(by=SAM)
    an_item(order, "Front brake pads")
    overview = sent(order)
    pages = (f"/console/?day={drop_off.date}", f"/console/calendar?view=day&date={drop_off.date}")
    assert ["Overview sent" in sam.get(page).text for page in pages] == [True, True]
    overview.opened(by=OWNER)
    assert [">Opened<" in sam.get(page).text for page in pages] == [True, True]
    answered(overview, {"Front brake pads": "repair"})
    assert ["Answered 1 of 1" in sam.get(page).text for page in pages] == [True, True]


def news(sam: Visitor, after: Any) -> str:
    return sam.get(f"/console/overviews/news?after={after}", headers=HTMX).text


def test_news_tell_what_was_opened_and_answered_since(sam: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    before = overview.sent_at.timestamp()
    assert "data-news" not in news(sam, before)
    overview.opened(by=OWNER)
    assert f'data-news="opened-{overview.id}"' in news(sam, before)
    reply = answered(overview, {"Front brake pads": "repair"})
    told = news(sam, before)
    assert f'data-news="reply-{reply.id}"' in told
    assert "Maria Lopez has answered: 1 of 3" in told
    assert "data-news" not in news(sam, reply.at.timestamp() + 1)


@pytest.mark.parametrize("after", ["", "x", "nan", "inf", "-1e400", "9" * 400, "1e300"])
def test_news_since_nonsense_are_none(sam: Visitor, order: WorkOrder, after: str) -> None:
    answered(sent(order), {})
    answer = sam.get(f"/console/overviews/news?after={after}", headers=HTMX)
    assert (answer.status_code, "data-news" in answer.text) == (200, False)


def test_news_are_the_own_shops_alone(visitors: Callable[[], Visitor], order: WorkOrder) -> None:
    reply = answered(sent(order), {})
    rita = signed_in(visitors(), a_member(a_shop("northgate", "America/New_York")))
    assert "data-news" not in news(rita, reply.at.timestamp() - 60)


PAGES = (
    "/console/board",
    ORDER,
    WINDOW,
    f"{ORDER}/overviews",
    f"{ORDER}/overviews/1",
    f"{ORDER}/overviews/preview",
    f"{ORDER}/overview/change",
)


def asked(sam: Visitor) -> dict[str, int]:
    found = {}
    for page in PAGES:
        with counted() as statements:
            assert sam.get(page).status_code == 200
        found[page] = len(statements)
    return found


def test_no_page_asks_more_than_twelve_times_however_much_was_sent(
    sam: Visitor, shop: Shop, order: WorkOrder, work: Callable[[], int]
) -> None:
    counts = []
    for number in range(3):
        for title in ("Tyres", "Front brake pads"):
            a_photo(order, work).put_to(item_called(order, title), by=SAM)
        a_photo(order, work)
        an_item(order, f"Belt {number}")
        other = a_work_order(shop, a_customer(shop, "Ruth", f"Berg {number}", phones=[], emails=[f"ruth{number}@mail.example"]))
        an_item(other, "Brakes")
        answered(sent(other), {"Brakes": "repair"})
        overview = sent(order)
        answered(overview, {f"Belt {number}": "repair"})
        counts.append(asked(sam))
    assert counts[1] == counts[2]
    assert {page: count for page, count in counts[2].items() if count > 12} == {}
