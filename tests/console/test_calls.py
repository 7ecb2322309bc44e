"""The call list of follow-ups: who is on it, one tap for what came of a call, once, and undone; nobody else's."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from markupsafe import escape

from models import Call, CallResult, Category, Customer, DoNotMail, Shop, clock, db
from models.call_list import CallList
from models.call_outcome import Outcome
from tests.ground.client import Visitor
from tests.ground.letters import JOHN, a_letter_shop, a_visit, letters, nightly, noon, set_days
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_work_order, next_open_day, signed_in
from tests.ground.overviews import an_item
from tests.ground.queries import counted

LIST = "/console/follow-ups/calls"


@pytest.fixture
def shop(app: object, at: Callable[..., None]) -> Shop:
    at("2025-05-14 12:00", "America/Chicago")
    return a_letter_shop(thank_you=3)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def a_call(shop: Shop, name: str = "Lopez", **details: object) -> Call:
    """Somebody without an address was here four days ago: the clock found nothing to write to."""
    customer = a_customer(shop, "Maria", name, **{"emails": [], **details})
    a_visit(shop, shop.today() - timedelta(days=4), customer)
    assert nightly(shop, shop.today() - timedelta(days=1)) == []
    return db.session.query(Call).filter_by(customer_id=customer.id).one()


def tapped(who: Visitor, call: Call, outcome: str, after: int = 0):  # type: ignore[no-untyped-def]
    return who.post(f"{LIST}/{call.id}/results", data={"outcome": outcome, "after": after}, headers={"HX-Request": "true"})


def test_who_can_not_be_written_to_is_called_and_others_are_not(sam: Visitor, shop: Shop) -> None:
    a_call(shop)
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=4), walter)
    nightly(shop, shop.today() - timedelta(days=1))
    nightly(shop, shop.today())
    page = sam.get(LIST).text
    assert ("Maria Lopez" in page, "Walter Finch" in page) == (True, False)
    assert 'href="tel:+13125550142"' in page
    assert page.count('class="row call"') == 1


@pytest.mark.parametrize(("cards", "address", "listed"), [(True, JOHN, 0), (True, {"street": "5 Elm Street"}, 1), (False, JOHN, 1)])
def test_a_whole_address_is_enough_where_postcards_go(shop: Shop, cards: bool, address: dict[str, str], listed: int) -> None:
    set_days(shop, "postcard", thank_you=3 if cards else 0)
    a_visit(shop, shop.today() - timedelta(days=3), a_customer(shop, emails=[], addresses=[address]))
    nightly(shop, shop.today())
    assert len(CallList(shop).due) == listed


def test_a_letter_that_fails_is_called_about(shop: Shop) -> None:
    a_visit(shop, shop.today() - timedelta(days=4))
    (letter,) = nightly(shop, shop.today() - timedelta(days=1))
    with clock.at(noon(shop, shop.today() - timedelta(days=1))):
        letter.claim()
        letter.refused("5.1.1")
        db.session.commit()
    for _night in range(2):
        nightly(shop, shop.today())
    (call,) = CallList(shop).due
    assert (call.said, call.key) == ("The letter did not arrive", letter.dedupe_key)


def test_one_wants_to_call_about_what_is_due_and_what_was_written(sam: Visitor, shop: Shop) -> None:
    due = a_visit(shop, shop.today() - timedelta(days=1)).visit.customer_id
    page = sam.get("/console/follow-ups").text
    what = re.search(r'name="what" value="([^"]+)"', page)[1]  # type: ignore[index]
    for _tap in range(2):
        assert sam.post(LIST, data={"customer": due, "what": what}).status_code == 303
    (call,) = CallList(shop).due
    assert (call.key, call.said) == (what, "Sam Ortiz wants to call")
    nightly(shop, shop.today() + timedelta(days=2))
    (written,) = letters()
    sam.post(f"{LIST}/{call.id}/withdrawal")
    assert CallList(shop).due == []
    sam.post(LIST, data={"letter": written.letter.id})
    assert [one.id for one in CallList(shop).due] == [call.id]


def test_who_wants_no_follow_ups_is_not_called(sam: Visitor, shop: Shop) -> None:
    call = a_call(shop)
    DoNotMail.set(call.customer, "by_hand", by=SAM)
    assert CallList(shop).due == []
    order = a_visit(shop, shop.today() - timedelta(days=4), a_customer(shop, "Joan", "Price", phones=[], emails=["joan@mail.example"]))
    nightly(shop, shop.today() - timedelta(days=1))
    DoNotMail.set(order.visit.customer, "by_hand", by=SAM)
    answer = sam.post(LIST, data={"letter": letters()[0].letter.id}, headers={"HX-Request": "true"})
    assert (answer.status_code, "wants no follow-ups" in answer.text) == (422, True)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.no_answer])
def test_a_result_takes_the_row_off_the_list_and_undo_brings_it_back(sam: Visitor, shop: Shop, outcome: Outcome) -> None:
    call = a_call(shop)
    assert "Undo" in tapped(sam, call, outcome).text
    assert (CallList(shop).due, DoNotMail.of(call.customer) is not None) == ([], outcome is Outcome.no_more)
    page = sam.get(LIST).text
    assert (str(escape(outcome.label)) in page.partition("Called today")[2], "+13125550142" in page) == (True, False)
    for _tap in range(2):
        sam.post(f"/console/follow-ups/call-results/{call.results[0].id}/removal")
    assert [one.id for one in CallList(shop).due] == [call.id]
    assert DoNotMail.of(call.customer) is None
    assert call.results[0].undone_by == "Sam Ortiz"


def test_undo_leaves_do_not_mail_that_was_set_before_or_by_somebody_else(sam: Visitor, shop: Shop) -> None:
    call = a_call(shop)
    tapped(sam, call, "no_more")
    DoNotMail.lift(call.customer, by=SAM)
    DoNotMail.set(call.customer, "unsubscribed", by=SAM)
    sam.post(f"/console/follow-ups/call-results/{call.results[0].id}/removal")
    assert DoNotMail.of(call.customer)


def test_no_answer_comes_back_on_the_next_open_day_three_times_at_most(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    call = a_call(shop)
    for attempt, day in enumerate((14, 15, 16)):
        at(f"2025-05-{day} 12:00", "America/Chicago")
        assert [one.id for one in CallList(shop).due] == [call.id]
        tapped(sam, call, "no_answer", attempt)
        assert CallList(shop).due == []
        assert call.call_on == (next_open_day(shop) if attempt < 2 else None)
    assert "2025-05-15" not in str(call.call_on)


def test_a_double_tap_and_two_receptionists_are_one_result(sam: Visitor, visitors: Callable[[], Visitor], shop: Shop) -> None:
    call = a_call(shop)
    rita = signed_in(visitors(), a_member(shop, email="rita@harbour.example", name="Rita Ng"))
    for who in (sam, sam, rita):
        assert tapped(who, call, "thinking").status_code == 200
    other = tapped(rita, call, "booked")
    assert (other.status_code, "Sam Ortiz has noted meanwhile" in other.text) == (422, True)
    assert db.session.query(CallResult).count() == 1


def test_who_booked_came_or_is_done_with_what_was_put_off_is_called_no_more(shop: Shop) -> None:
    set_days(shop, deferred=3, inactive=3, dead=10)
    order = a_work_order_of_old(shop, a_customer(shop, emails=[]))
    nightly(shop, shop.today())
    assert {call.kind.value for call in CallList(shop).due} == {"deferred", "inactive"}
    a_drop_off(shop, next_open_day(shop), None, "phone", order.visit.customer)
    assert CallList(shop).due == []
    price = a_work_order_of_old(shop, a_customer(shop, "Joan", "Price", emails=[]))
    nightly(shop, shop.today())
    assert len(CallList(shop).due) == 1
    a_work_order(shop, price.visit.customer)
    assert CallList(shop).due == []


def a_work_order_of_old(shop: Shop, customer: Customer):  # type: ignore[no-untyped-def]
    """Closed three days ago, with a belt that was put off."""
    with clock.at(noon(shop, shop.today() - timedelta(days=3))):
        order = a_work_order(shop, customer)
        an_item(order, "Belt", Category.recommended, 5000)
        order.close(by=SAM)
        db.session.commit()
    return order


def test_a_call_that_would_come_too_late_is_gone_by_itself(shop: Shop, at: Callable[..., None]) -> None:
    call = a_call(shop)
    assert call.last_day == date(2025, 5, 20)
    at("2025-05-21 09:00", "America/Chicago")
    assert CallList(shop).due == []


def test_a_letter_that_went_meanwhile_and_the_results_are_shown(sam: Visitor, shop: Shop) -> None:
    call = a_call(shop)
    call.customer.change(
        by=SAM, first_name="Maria", last_name="Lopez", company_name="", language=None, phones=["+13125550142"], emails=["m@mail.example"]
    )
    (message,) = nightly(shop, shop.today())
    message.claim()
    message.accepted("<1@x>")
    assert "Meanwhile a letter went: Thank You" in sam.get(LIST).text
    tapped(sam, call, "message_left")
    assert "Left a message, Sam Ortiz" in sam.get(f"/console/customers/{call.customer_id}/letters").text


def test_another_shops_calls_are_not_there(sam: Visitor, visitors: Callable[[], Visitor], shop: Shop) -> None:
    call = a_call(shop)
    result = call.note(Outcome.no_answer, after=0, by=SAM)
    rita = signed_in(visitors(), a_member(a_shop("northgate", "America/New_York")))
    posts = (f"{LIST}/{call.id}/results", f"{LIST}/{call.id}/withdrawal", f"/console/follow-ups/call-results/{result.id}/removal")
    assert {rita.post(path, data={"outcome": "booked"}).status_code for path in posts} == {404}
    assert rita.post(LIST, data={"customer": call.customer_id, "what": call.key}).status_code == 404
    assert "Lopez" not in rita.get(LIST).text
    assert tapped(sam, call, "shrug", 1).status_code == 404


def test_the_page_asks_as_often_for_many_as_for_few(sam: Visitor, shop: Shop) -> None:
    asked = []
    for count in (4, 9):
        for number in range(count):
            a_call(shop, f"Berg {count} {number}")
        tapped(sam, db.session.query(Call).order_by(Call.id.desc()).first(), "no_answer")  # type: ignore[arg-type]
        tapped(sam, db.session.query(Call).order_by(Call.id).offset(len(asked)).first(), "thinking")  # type: ignore[arg-type]
        with counted() as statements:
            sam.get(LIST)
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
