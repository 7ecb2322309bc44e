"""Thumbs on the work order: set, withdrawn, taken over, undone; what they do to the sums; what each role sees of it."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from models import Approvals, Authorisation, Category, Shop, WorkItem, WorkOrder, db
from tests.console.test_queries import MOST, counted
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_work_order, signed_in
from tests.ground.overviews import an_inspected_order, an_item, answered, item_called, rules, sent

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:31", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    rules(shop, may_decline=True, may_put_off=True)
    return shop


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return an_inspected_order(shop)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


@pytest.fixture
def tess(visitors: Callable[[], Visitor], shop: Shop) -> Visitor:
    return signed_in(visitors(), a_member(shop, "mechanic", email="tess@harbour.example", name="Tess Vance"))


def path(order: WorkOrder, *rest: object) -> str:
    return "/".join(["/console/work-orders", str(order.number), *map(str, rest)])


def thumb(order: WorkOrder, title: str, up: bool, **more: str) -> tuple[str, dict[str, str]]:
    return path(order, "items", item_called(order, title).id, "authorisation"), {"up": "1" if up else "0", **more}


def row(page: str, order: WorkOrder, title: str) -> str:
    """The item's own piece of the page."""
    return page.split(f'id="work-item-{item_called(order, title).id}"')[1].split('<li id="work-item-')[0]


def pressed(page: str, order: WorkOrder, title: str) -> tuple[bool, bool]:
    """Whether the thumb up and the thumb down are."""
    up, down = re.findall(r'id="thumb-(?:up|down)-\d+"[^>]*aria-pressed="(\w+)"', row(page, order, title))
    return up == "true", down == "true"


def test_a_thumb_up_moves_the_item_to_the_authorised_work_and_its_total_and_once_more_takes_it_back(sam: Visitor, order: WorkOrder) -> None:
    before = sam.get(path(order)).text
    assert re.search(r"Total including tax</th><td>\$85.20", before)
    assert pressed(before, order, "Front brake pads") == (False, False)
    address, up = thumb(order, "Front brake pads", True)
    after = sam.post(address, data=up, headers=HTMX).text
    assert pressed(after, order, "Front brake pads") == (True, False)
    assert "Authorised by Sam Ortiz, 10:31 AM" in row(after, order, "Front brake pads")
    assert re.search(r"Total including tax</th><td>\$404.69", after)
    assert after.index("Front brake pads") < after.index("items-proposed")
    back = sam.post(f"{address}/removal", headers=HTMX).text
    assert pressed(back, order, "Front brake pads") == (False, False)
    assert re.search(r"Total including tax</th><td>\$85.20", back)


def test_each_item_shows_one_of_four_answers_and_the_customers_words(sam: Visitor, order: WorkOrder) -> None:
    an_item(order, "Belt", Category.recommended)
    answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "decline", "Tyres": "contact", "Belt": "later-3"})
    an_item(order, "Added since")
    page = sam.get(path(order)).text
    said = {
        "Front brake pads": "Wants this repaired",
        "Wiper blades": "Does not want it",
        "Tyres": "Wishes to be contacted",
        "Belt": "Does not want it now",
        "Oil and filter": "Not applicable",
        "Added since": "Not applicable",
    }
    assert {title: words for title, words in said.items() if words not in row(page, order, title)} == {}
    assert "“Not now, remind me in 3 months”" in row(page, order, "Belt")
    assert all(words in row(page, order, "Belt") for words in ("Maria Lopez, 10:31 AM", "(312) 555-0142", "Receipt 1001-A1"))


def test_who_left_an_item_open_did_not_answer(sam: Visitor, order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    assert "Did not answer" in row(sam.get(path(order)).text, order, "Tyres")


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_thumb_down_on_the_customers_yes_asks_for_the_reason_and_keeps_it(
    sam: Visitor, order: WorkOrder, headers: dict[str, str]
) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    address, down = thumb(order, "Front brake pads", False)
    asked = sam.post(address, data=down, headers=headers)
    assert (asked.status_code, "Why is it not done?" in asked.text, "aria-invalid" in asked.text) == (422, True, False)
    told = sam.post(address, data={**down, "in_row": "1", "reason": " "}, headers=headers)
    assert (told.status_code, "Say why it is not done." in told.text) == (422, True)
    long = sam.post(address, data={**down, "in_row": "1", "reason": "x" * 301}, headers=headers)
    assert (long.status_code, "x" * 301 in long.text) == (422, True)
    said = sam.post(address, data={**down, "in_row": "1", "reason": "No parts until May"}, headers=headers)
    assert said.status_code == (200 if headers else 303)
    assert "Not authorised, Sam Ortiz, 10:31 AM: “No parts until May”" in row(sam.get(path(order)).text, order, "Front brake pads")


def test_all_choices_are_taken_over_at_once_and_undone_from_the_toast(sam: Visitor, order: WorkOrder) -> None:
    assert "Take over the customer's choices" not in sam.get(path(order)).text
    answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "decline", "Tyres": "contact"})
    assert "Take over the customer's choices" in sam.get(path(order)).text
    toast = sam.post(path(order, "authorisations"), headers=HTMX)
    page = sam.get(path(order)).text
    states = [pressed(page, order, title) for title in ("Front brake pads", "Wiper blades", "Tyres")]
    assert states == [(True, False), (False, True), (False, False)]
    assert "Take over the customer" not in page
    undo = re.search(r'action="([^"]+/removal)"', toast.text)
    assert undo
    assert sam.post(undo[1], headers=HTMX).headers["HX-Trigger"] == "refresh"
    assert pressed(sam.get(path(order)).text, order, "Front brake pads") == (False, False)
    assert sam.post(undo[1], headers=HTMX).status_code == 200
    assert sam.post(path(order, "authorisations", "made-up", "removal")).status_code == 404


def test_what_would_pass_the_ceiling_says_so_and_a_new_thumb_lets_it_go(sam: Visitor, tess: Visitor, order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    address, up = thumb(order, "Front brake pads", True)
    sam.post(address, data=up)
    brakes.lines[0].price = 33000
    page = sam.get(path(order)).text
    assert "Costs $351.43, authorised are $319.49: it can't begin before a new authorisation." in row(page, order, "Front brake pads")
    assert re.search(r"Over</dt><dd>\$31.94", page)
    begun = tess.post(path(order, "items", brakes.id, "start"), headers=HTMX)
    assert (begun.status_code, "The desk has to ask the customer again." in begun.text) == (422, True)
    assert "The desk has to ask the customer again." in tess.get(path(order)).text
    sam.post(address, data=up)
    assert tess.post(path(order, "items", brakes.id, "start"), headers=HTMX).status_code == 200


def test_the_tolerance_of_the_shop_is_part_of_what_is_left(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    rules(shop, tolerance_amount=Decimal(20))
    assert re.search(r"Left</dt><dd>\$20.00 <span[^>]*>with a tolerance of \$20.00", sam.get(path(order)).text)


def test_the_mechanic_begins_and_finishes_only_what_is_authorised(tess: Visitor, order: WorkOrder) -> None:
    page = tess.get(path(order)).text
    assert "Not authorised yet. Ask the desk." in row(page, order, "Tyres")
    assert "Start" not in row(page, order, "Tyres")
    assert all(word in row(page, order, "Oil and filter") for word in ("Start", "Done"))
    for verb in ("start", "done"):
        refused = tess.post(path(order, "items", item_called(order, "Tyres").id, verb), headers=HTMX)
        assert (refused.status_code, "Not authorised yet. Ask the desk." in refused.text) == (422, True)
    oil = item_called(order, "Oil and filter").id
    begun = tess.post(path(order, "items", oil, "start"), headers=HTMX).text
    assert "Begun, Tess Vance" in row(begun, order, "Oil and filter")
    assert "Done, Tess Vance" in row(tess.post(path(order, "items", oil, "done"), headers=HTMX).text, order, "Oil and filter")


def test_the_mechanic_sees_no_price_and_nothing_of_what_the_customer_said(tess: Visitor, order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "decline"}, comment="Mind the paint")
    Authorisation.record_oral(
        order, [item_called(order, "Tyres")], by=SAM, name="Ruth Berg", number="", at=None, amount=70000, words="Take the good ones"
    )
    work = tess.get(path(order, "items"), headers=HTMX).text
    assert [word for word in ("$", "Wants", "Does not want", "Maria", "Ruth", "good ones", "paint", "word of mouth") if word in work] == []


def test_a_mechanic_sets_no_thumbs(tess: Visitor, order: WorkOrder) -> None:
    item = item_called(order, "Tyres").id
    for rest in (
        ("items", item, "authorisation"),
        ("items", item, "authorisation", "removal"),
        ("items", item, "pin"),
        ("items", item, "pin", "removal"),
        ("items", item, "snooze"),
        ("authorisations",),
        ("authorisations", "x", "removal"),
        ("oral-authorisations",),
        ("deferred-items", 1, "return"),
        ("deferred-items", 1, "return", "removal"),
    ):
        assert tess.post(path(order, *rest), data={"up": "1"}).status_code == 403
    for rest in (("items", item, "snooze"), ("oral-authorisations", "new"), ("deferred-items",)):
        assert tess.get(path(order, *rest)).status_code == 403


def test_another_shops_order_and_another_orders_item_are_not_there(sam: Visitor, order: WorkOrder) -> None:
    other = a_shop("northgate", "America/New_York")
    theirs = a_work_order(other, a_customer(other))
    item = an_item(theirs, "Theirs")
    for rest in ("authorisation", "authorisation/removal", "pin", "pin/removal", "start", "done", "snooze"):
        assert sam.post(path(order, "items", item.id, rest), data={"up": "1"}).status_code == 404
        assert sam.post(f"/console/work-orders/{theirs.number + 50}/items/{item.id}/{rest}", data={"up": "1"}).status_code == 404
    assert db.session.scalars(select(Authorisation)).all() == []


def test_what_makes_no_sense_is_refused_in_words(sam: Visitor, order: WorkOrder) -> None:
    for title, up, sentence in (
        ("Lights", "1", "there is nothing to authorise"),
        ("Tyres", "", "Say whether it is authorised or not."),
        ("Tyres", "perhaps", "Say whether it is authorised or not."),
    ):
        address, _data = thumb(order, title, True)
        answer = sam.post(address, data={"up": up}, headers=HTMX)
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_a_done_item_and_a_closed_order_keep_their_thumbs(sam: Visitor, order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    address, up = thumb(order, "Front brake pads", True)
    sam.post(address, data=up)
    item_called(order, "Front brake pads").finish(by=SAM)
    for target, data in ((address, {"up": "0"}), (f"{address}/removal", {})):
        answer = sam.post(target, data=data, headers=HTMX)
        assert (answer.status_code, "done already" in answer.text) == (422, True)
    order.close(by=SAM)
    for target, data in ((address, up), (f"{address}/removal", {}), (path(order, "authorisations"), {})):
        assert sam.post(target, data=data, headers=HTMX).status_code == 422
    page = sam.get(path(order)).text
    assert "Authorised by Sam Ortiz" in row(page, order, "Front brake pads")
    assert "thumb-up-" not in page
    assert Approvals(order).of(brakes).is_authorised


def test_a_pinned_item_stays_among_the_important_ones(sam: Visitor, order: WorkOrder) -> None:
    tyres = item_called(order, "Tyres").id
    listed = sam.post(path(order, "items", tyres, "pin"), headers=HTMX).text
    assert re.search(rf'id="pin-{tyres}"[^>]*aria-pressed="true"', listed)
    assert [item.title for item in WorkItem.pinned(order)] == ["Tyres"]
    sam.post(path(order, "items", tyres, "pin/removal"), headers=HTMX)
    assert WorkItem.pinned(order) == []


def test_moving_goes_past_what_is_listed_elsewhere(sam: Visitor, order: WorkOrder) -> None:
    an_item(order, "Wash", Category.scheduled)
    steps = re.search(r'name="steps" value="(-?\d+)"><button[^>]*id="move-up', row(sam.get(path(order)).text, order, "Wash"))
    assert steps
    listed = sam.post(path(order, "items", item_called(order, "Wash").id, "position"), data={"steps": steps[1]}, headers=HTMX).text
    assert listed.index("Wash") < listed.index("Oil and filter")


@pytest.mark.parametrize("role", ["receptionist", "mechanic"])
def test_more_items_are_no_more_queries(visitors: Callable[[], Visitor], role: str) -> None:
    counts = []
    for slug, many in (("few", 2), ("many", 12)):
        shop = a_shop(slug)
        order = an_inspected_order(shop, {f"Found {at}": (Category.necessary, 10000) for at in range(many)})
        answered(sent(order), {f"Found {at}": "repair" for at in range(many)})
        an_item(order, "New")
        sent(order)  # answers are now those of the version before
        Authorisation.take_over(order, by=SAM)
        for at in range(0, many, 2):
            said = {"name": "Maria Lopez", "number": "", "at": None, "amount": 20000, "words": ""}
            Authorisation.record_oral(order, [item_called(order, f"Found {at}")], by=SAM, **said)
        person = signed_in(visitors(), a_member(shop, role))
        asked_for = []
        for address in (path(order), path(order, "items")):
            with counted() as asked:
                assert person.get(address).status_code == 200
            asked_for.append(len(asked))
        counts.append(asked_for)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= MOST
