"""Setting a status: what the form asks, what it says afterwards, and who may (specification 2, points 3, 4, 7 and 17)."""

import html
from collections.abc import Callable

import pytest

from models import Shop, Status, StatusStay, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_work_order, consenting, signed_in

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return a_work_order(shop, consenting(a_customer(shop)))


def form(order: WorkOrder, name: str, **typed: str) -> dict[str, str]:
    """As the form sends it for the status of that name."""
    status = next(each for each in Status.all_of(order.visit.shop) if each.name == name)
    about = {"status": str(status.id), "about": str(status.id), "seen": str(order.stay.id if order.stay else "")}
    return {**about, "send_text": "1", **typed}


def address(order: WorkOrder, more: str = "") -> str:
    return f"/console/work-orders/{order.number}/status{more}"


def newest(order: WorkOrder) -> StatusStay:
    db.session.expire_all()
    return order.history[-1]


def test_the_form_offers_the_next_step_with_the_words_that_would_go(sam: Visitor, order: WorkOrder) -> None:
    page = sam.get(address(order), query_string={"status": form(order, "Ready")["status"]}, headers=HTMX).text
    assert "your Civic is ready" in page
    assert "Send a text" in page
    assert "segment" in page


def test_setting_says_at_once_what_is_sent_and_offers_undo(sam: Visitor, order: WorkOrder) -> None:
    answer = sam.post(address(order), data=form(order, "Ready"), headers=HTMX).text
    assert "Ready. Text goes in 20 seconds." in answer
    sam.post(address(order, f"/{newest(order).id}/undo"), headers=HTMX)
    assert newest(order).status.name == "Checked in"


def test_setting_silently_says_that_nothing_is_sent(sam: Visitor, order: WorkOrder) -> None:
    assert "Nothing is sent." in sam.post(address(order), data=form(order, "Ready", silently="1"), headers=HTMX).text
    assert newest(order).updates == []


def test_a_text_that_is_unticked_is_skipped(sam: Visitor, order: WorkOrder) -> None:
    data = form(order, "Ready")
    del data["send_text"]
    sam.post(address(order), data=data, headers=HTMX)
    assert newest(order).updates == []


def test_hours_and_minutes_are_this_vehicles_estimate(sam: Visitor, order: WorkOrder) -> None:
    sam.post(address(order), data=form(order, "Inspecting", hours="1", minutes="20"), headers=HTMX)
    assert newest(order).minutes == 80


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("Parts", {"part": "a hose"}, "Say how long it takes"),
        ("Parts", {"hours": "1"}, "Say which part."),
        ("Inspecting", {"hours": "-2"}, "Give a whole number."),
        ("Inspecting", {"hours": "0", "minutes": "0"}, "from one minute to thirty days"),
        ("Inspecting", {"hours": "99999999"}, "from one minute to thirty days"),
        ("Delayed", {}, "Say why it takes longer."),
        ("Ready", {"promise_date": "2025-05-12"}, "Give the hour too."),
        ("Ready", {"promise_date": "someday", "promise_time": "16:00"}, "Choose a day."),
        ("Ready", {"body_text": "See {you}"}, "Fill in what stands in braces"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_field_and_nothing_is_lost(
    sam: Visitor, order: WorkOrder, name: str, typed: dict[str, str], sentence: str
) -> None:
    answer = sam.post(address(order), data=form(order, name, **typed), headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(words in answer.text for words in typed.values())
    assert newest(order).status.name == "Checked in"


def review(sam: Visitor, order: WorkOrder, name: str, **typed: str) -> str:
    """The words of the text as the form shows them for review."""
    page = sam.get(address(order), query_string={**form(order, name), **typed}, headers=HTMX).text
    return html.unescape(page.partition('name="body_text"')[2].partition(">")[2].partition("</textarea>")[0])


def drafted(sam: Visitor, order: WorkOrder, name: str, **typed: str) -> dict[str, str]:
    """The form as a browser would send it, with the words as they were drafted."""
    page = sam.get(address(order), query_string={**form(order, name), **typed}, headers=HTMX).text
    print_of = page.partition('name="draft_text" value="')[2].partition('"')[0]
    return {**form(order, name), **typed, "body_text": review(sam, order, name, **typed), "draft_text": print_of}


def test_without_a_promise_the_words_to_review_leave_its_sentence_out_and_the_form_says_so(sam: Visitor, order: WorkOrder) -> None:
    words = review(sam, order, "In repair")
    assert "has started. https://" in words.replace("http://", "https://")
    assert "{" not in words
    page = sam.get(address(order), query_string={"status": form(order, "In repair")["status"]}, headers=HTMX).text
    assert "Nothing is promised: the words leave the time out." in page


def test_a_promise_that_is_typed_is_in_the_words_to_review_and_goes(sam: Visitor, order: WorkOrder) -> None:
    promise = {"promise_date": "2025-05-12", "promise_time": "16:30", "hours": "3"}
    untouched = drafted(sam, order, "In repair")
    assert "Expected ready 4:30 PM." in review(sam, order, "In repair", **{**untouched, **promise, "seen": "1"})
    sam.post(address(order), data={**untouched, **promise}, headers=HTMX)
    (update,) = newest(order).updates
    assert "Expected ready 4:30 PM." in update.body


def test_words_of_a_persons_own_stay_whatever_is_promised(sam: Visitor, order: WorkOrder) -> None:
    own = drafted(sam, order, "In repair") | {
        "body_text": "We are at it.",
        "promise_date": "2025-05-12",
        "promise_time": "16:30",
        "hours": "3",
    }
    assert review(sam, order, "In repair", **own) == "We are at it."
    sam.post(address(order), data=own, headers=HTMX)
    (update,) = newest(order).updates
    assert update.body == "We are at it."


def test_whoever_is_second_is_told_and_the_first_stands(sam: Visitor, order: WorkOrder) -> None:
    late = form(order, "Pricing")
    sam.post(address(order), data=form(order, "Ready"), headers=HTMX)
    answer = sam.post(address(order), data=late, headers=HTMX)
    assert answer.status_code == 422
    assert "set “Ready” a moment ago" in answer.text
    assert newest(order).status.name == "Ready"


def test_a_status_that_was_removed_meanwhile_is_refused(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    data = form(order, "Pricing")
    shop.status(int(data["status"])).retire(shop, by=SAM)
    db.session.commit()
    answer = sam.post(address(order), data=data, headers=HTMX)
    assert (answer.status_code, "Choose a status." in answer.text) == (422, True)


def test_the_promised_time_is_on_the_customers_page_and_the_timer_is_not(sam: Visitor, client: Visitor, order: WorkOrder) -> None:
    sam.post(address(order), data=form(order, "Inspecting", minutes="37", promise_date="2025-05-12", promise_time="16:30"), headers=HTMX)
    page = client.get(order.visit.link.path).text
    assert "Being inspected" in page
    assert "Expected ready: 4:30 PM" in page
    assert "37" not in page.replace(order.visit.link.token, "")


def test_at_night_the_form_says_the_customers_hour_and_offers_the_morning(sam: Visitor, order: WorkOrder, at: Callable[..., None]) -> None:
    at("2025-05-12 22:10", "America/Chicago")
    ready = form(order, "Ready", morning="1")
    assert "it is 10:10 PM where the customer is" in sam.get(address(order), query_string={"status": ready["status"]}, headers=HTMX).text
    assert "8:00 AM" in sam.post(address(order), data=ready, headers=HTMX).text


def test_the_history_says_who_set_what_how_long_and_what_was_sent(sam: Visitor, order: WorkOrder, at: Callable[..., None]) -> None:
    at("2025-05-12 10:30", "America/Chicago")
    sam.post(address(order), data=form(order, "Inspecting"), headers=HTMX)
    at("2025-05-12 11:30", "America/Chicago")
    page = sam.get(address(order, "-history")).text
    for words in ("Checked in", "Inspecting", "Sam Ortiz", "0:30", "1:00", "of 0:45", "over", "Text"):
        assert words in page


def test_a_mechanic_sets_what_mechanics_may_and_nothing_else(visitors: Callable[[], Visitor], shop: Shop, order: WorkOrder) -> None:
    tess = signed_in(visitors(), a_member(shop, "mechanic", name="Tess"))
    assert "Pricing" not in tess.get(address(order), headers=HTMX).text
    assert tess.post(address(order), data=form(order, "Pricing"), headers=HTMX).status_code == 422
    assert tess.post(address(order), data=form(order, "Inspecting"), headers=HTMX).status_code == 200
    assert newest(order).set_by == "Tess"


def test_another_shops_work_order_is_not_found(sam: Visitor) -> None:
    foreign = a_work_order(a_shop("elm"))
    foreign.number = 4711
    db.session.commit()
    for more in ("", "-history"):
        assert sam.get(address(foreign, more)).status_code == 404
    assert sam.post(address(foreign), data={"status": "1"}).status_code == 404


def test_it_works_without_a_script_too(sam: Visitor, order: WorkOrder) -> None:
    assert "Set status" in sam.get(address(order)).text
    assert sam.post(address(order), data=form(order, "Ready")).status_code == 303
    assert newest(order).status.name == "Ready"
