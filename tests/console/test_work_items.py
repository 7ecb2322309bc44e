"""The work of a work order: found in the catalogue or written freely, priced, moved, done, removed, by two people at once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from models import Authorisation, Category, Entry, Job, Prices, Shop, WorkItem, WorkOrder, db
from models.item_line import Line
from models.tax import Kind
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, signed_in

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    customer = a_customer(shop)
    order = WorkOrder.walk_in(customer, a_vehicle(customer), SAM)
    db.session.commit()
    return order


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


@pytest.fixture
def tess(visitors: Callable[[], Visitor], shop: Shop) -> Visitor:
    tess = visitors()
    signed_in(tess, a_member(shop, "mechanic", email="tess@harbour.example", name="Tess Vance"))
    return tess


def brakes(order: WorkOrder, category: Category = Category.necessary) -> WorkItem:
    job = Job.coded(order.visit.shop, "BRK-FP")
    assert job
    item = WorkItem.add_job(order, job, by=SAM, category=category)
    db.session.commit()
    return item


def address(order: WorkOrder, *rest: object) -> str:
    return "/".join(["/console/work-orders", str(order.number), "items", *map(str, rest)])


def typed(item: WorkItem, **changed: Any) -> dict[str, Any]:
    """The form as it is shown, with one labour line and one part line, and what is changed."""
    form = {
        "version": item.version,
        "title": item.title,
        "why": "Pads at 2 mm",
        "category": "necessary",
        "discount": "",
        "discount_unit": "percent",
        "line-kind": ["labour", "part"],
        "line-description": ["Fit pads", "Pad set"],
        "line-number": ["", "P-1100"],
        "line-quantity": ["1.5", "2"],
        "line-price": ["145.00", "39.50"],
    }
    return {**form, **changed}


def test_a_job_is_found_by_any_word_and_added_with_its_price(sam: Visitor, order: WorkOrder) -> None:
    found = sam.get(address(order, "find?what=brake+front"), headers=HTMX).text
    assert "Front brake pads and rotors" in found
    assert "Rear brake pads" not in found
    added = sam.post(address(order), data={"code": "BRK-FP", "category": "necessary"}, headers=HTMX)
    assert added.headers["HX-Trigger"] == "refresh"
    shown = sam.get(f"/console/work-orders/{order.number}").text
    assert all(words in shown for words in ("Front brake pads and rotors", "Necessary", "$527.47", "Front rotors", "$20.31"))


@pytest.mark.parametrize("words", ["brk-fp", "TBELT", "wash and vacuum"])
def test_a_code_or_words_that_find_one_job_are_enough(sam: Visitor, order: WorkOrder, words: str) -> None:
    sam.post(address(order), data={"what": words}, headers=HTMX)
    assert len(WorkItem.of(order)) == 1


@pytest.mark.parametrize("words", ["BRK-XX", "brake", "", "x" * 20_000])
def test_what_is_no_job_is_refused_beside_the_field_and_kept(sam: Visitor, order: WorkOrder, words: str) -> None:
    answer = sam.post(address(order), data={"what": words}, headers=HTMX)
    assert answer.status_code == 422
    assert "No job is called so." in answer.text
    assert f'value="{words}"' in answer.text


def test_work_that_is_in_no_catalogue_is_added_freely_then_priced(sam: Visitor, order: WorkOrder) -> None:
    sam.post(address(order), data={"what": "Find the rattle", "free": "1", "category": "recommended"}, headers=HTMX)
    item = WorkItem.of(order)[0]
    assert (item.title, item.category, "no price" in sam.get(address(order)).text) == ("Find the rattle", "recommended", True)
    saved = sam.post(address(order, item.id), data=typed(item, title="Rattle found"), headers=HTMX)
    # 1.5 h × 145.00 + 2 × 39.50 = 296.50, supplies 13.05, 8.25 % of 92.05 = 7.59
    assert "$317.14" in saved.text
    assert "Rattle found" in sam.get(address(order)).text


def test_without_script_adding_and_saving_lead_back_to_the_order(sam: Visitor, order: WorkOrder) -> None:
    assert sam.post(address(order), data={"what": "brk-fp"}).location == f"/console/work-orders/{order.number}"
    item = WorkItem.of(order)[0]
    assert 'name="line-price"' in sam.get(address(order, item.id, "edit")).text
    assert sam.post(address(order, item.id), data=typed(item)).location == f"/console/work-orders/{order.number}"


def test_what_was_booked_is_offered_as_the_first_item(sam: Visitor, shop: Shop) -> None:
    order = a_drop_off(shop, type_of_work="Front brake pads and rotors").check_in(by=SAM)
    assert "Add “Front brake pads and rotors”, as booked" in sam.get(f"/console/work-orders/{order.number}").text
    sam.post(address(order, "booked"), headers=HTMX)
    assert WorkItem.of(order)[0].job_code == "BRK-FP"


@each(
    ("wrong", "sentence"),
    [
        ({"title": "  "}, "Say what is done."),
        ({"title": "x" * 20_000}, "under 200 characters"),
        ({"why": "x" * 20_000}, "under 2000 characters"),
        ({"category": "urgent"}, "Choose one of the four."),
        ({"line-kind": ["labour", "supplies"]}, "Choose what the line is."),
        ({"line-kind": ["labour", "gift"]}, "Choose what the line is."),
        ({"line-quantity": ["-1", "2"]}, "Hours can&#39;t be below zero."),
        ({"line-quantity": ["1.5", "-2"]}, "A quantity can&#39;t be below zero."),
        ({"line-quantity": ["1000", "2"]}, "Give at most 999."),
        ({"line-quantity": ["1.125", "2"]}, "Give at most 2 decimals."),
        ({"line-quantity": ["", "2"]}, "Give the hours."),
        ({"line-quantity": ["two", "2"]}, "Give a number, like 12.50."),
        ({"line-price": ["145", "39.505"]}, "Give at most 2 decimals."),
        ({"line-price": ["145", "-5"]}, "below zero"),
        ({"line-price": ["145", ""]}, "Give a price"),
        ({"line-price": ["145", "99999999999"]}, "too large"),
        ({"line-price": ["145", "9999999.99"], "line-quantity": ["1", "9999"]}, "too large"),
        ({"line-description": ["Fit", "  "], "line-number": ["", "x" * 20_000]}, "under 60 characters"),
        ({"line-description": ["Fit", " "]}, "Say what it is."),
        ({"discount": "101"}, "from 0 to 100"),
        ({"discount": "-1"}, "from 0 to 100"),
        ({"discount": "500", "discount_unit": "amount"}, "more than the item costs"),
        ({"discount": "much"}, "Give a number"),
    ],
)
def test_bad_input_is_refused_in_words_and_what_was_typed_stays(
    sam: Visitor, order: WorkOrder, wrong: dict[str, Any], sentence: str
) -> None:
    item = brakes(order)
    answer = sam.post(address(order, item.id), data=typed(item, **wrong), headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    kept = [text for value in wrong.values() for text in ([value] if isinstance(value, str) else value)]
    assert [text for text in kept if text.strip() and text not in {"urgent", "supplies", "gift"} and text not in answer.text] == []
    assert WorkItem.within(order, item.id).version == 1


def test_sixty_one_lines_are_too_many(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    row = {"kind": "part", "description": "x", "number": "", "quantity": "1", "price": "1"}
    many = {f"line-{cell}": [value] * 61 for cell, value in row.items()}
    assert "60 lines at most" in sam.post(address(order, item.id), data=typed(item, **many), headers=HTMX).text


def test_columns_of_unequal_length_break_nothing(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    answer = sam.post(address(order, item.id), data=typed(item, **{"line-price": ["1"], "version": "nonsense"}), headers=HTMX)
    assert answer.status_code == 422


def test_a_dutch_shop_types_commas_and_reads_euros_with_vat_in_them(client: Visitor) -> None:
    linde = a_shop("delinde", "Europe/Amsterdam", country="NL", language="nl", currency="EUR")
    signed_in(client, a_member(linde))
    customer = a_customer(linde)
    order = WorkOrder.walk_in(customer, a_vehicle(customer), SAM)
    item = WorkItem.add(order, "Kleine beurt", by=SAM)
    columns = {"line-quantity": ["1,5", "2"], "line-price": ["1.084,00", "39,50"]}
    assert client.post(address(order, item.id), data=typed(item, category="scheduled", **columns), headers=HTMX).status_code == 200
    # 1,5 × 1.084,00 + 2 × 39,50
    shown = client.get(address(order)).text.replace("\u00a0", " ")
    assert all(words in shown for words in ("€ 1.705,00", "Total including VAT", "VAT 21 %", "€ 295,91", "€ 1.409,09"))
    assert 'value="1084,00"' in client.get(address(order, item.id, "edit")).text


def test_an_empty_price_of_labour_is_the_shops_rate_and_empty_lines_are_left_out(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    columns = {
        "line-kind": ["labour", "part", "part"],
        "line-description": ["", "Pad set", " "],
        "line-number": ["", "", ""],
        "line-quantity": ["2", "", ""],
        "line-price": ["", "80", ""],
    }
    sam.post(address(order, item.id), data=typed(item, **columns), headers=HTMX)
    assert [(line.kind, line.quantity, line.price) for line in WorkItem.of(order)[0].lines] == [("labour", 2, 14500), ("part", 1, 8000)]


@pytest.mark.parametrize(
    ("discount", "unit", "off"),
    [("10", "percent", "-$50.72"), ("10%", "amount", "-$50.72"), ("100", "amount", "-$100.00")],  # of 491.50 and 15.66 supplies
)
def test_a_discount_is_a_share_or_an_amount(sam: Visitor, order: WorkOrder, discount: str, unit: str, off: str) -> None:
    item = brakes(order)
    form = sam.get(address(order, item.id, "edit"), headers=HTMX).text
    assert 'value="145.00"' in form
    lines = [line.line for line in WorkItem.of(order)[0].lines]
    columns = {
        "line-kind": [line.kind.value for line in lines],
        "line-description": [line.description for line in lines],
        "line-number": [""] * len(lines),
        "line-quantity": [str(line.quantity) for line in lines],
        "line-price": [f"{line.price / 100:.2f}" for line in lines],
    }
    sum_ = sam.post(address(order, item.id, "sum"), data=typed(item, discount=discount, discount_unit=unit, **columns), headers=HTMX).text
    assert off in sum_
    assert WorkItem.of(order)[0].version == 1


def test_a_line_more_and_a_line_less_are_shown_and_nothing_is_kept(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    more = sam.post(address(order, item.id, "draft"), data=typed(item, add="labour"), headers=HTMX).text
    assert more.count('name="line-kind"') == 4
    less = sam.post(address(order, item.id, "draft"), data=typed(item, drop="0"), headers=HTMX).text
    assert "Pad set" in less
    assert "Fit pads" not in less
    assert len(WorkItem.of(order)[0].lines) == 4


def test_the_second_of_two_who_edit_one_item_is_told_and_loses_nothing(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    mine, theirs = typed(item, title="Brakes, my words"), typed(item, title="Brakes, their words")
    assert sam.post(address(order, item.id), data=theirs, headers=HTMX).status_code == 200
    answer = sam.post(address(order, item.id), data=mine, headers=HTMX)
    assert answer.status_code == 422
    assert "Somebody changed this item while you were typing." in answer.text
    assert "Brakes, their words" in answer.text
    assert 'value="Brakes, my words"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert sam.post(address(order, item.id), data={**mine, "version": 2}, headers=HTMX).status_code == 200
    assert WorkItem.of(order)[0].title == "Brakes, my words"


def test_items_move_up_and_down_and_stop_at_the_ends(sam: Visitor, order: WorkOrder) -> None:
    for title in ("one", "two", "three"):
        WorkItem.add(order, title, by=SAM)
    db.session.commit()
    third = WorkItem.of(order)[2]
    for steps in ("-1", "-1", "-1", "nonsense"):
        sam.post(address(order, third.id, "position"), data={"steps": steps}, headers=HTMX)
    assert [item.title for item in WorkItem.of(order)] == ["three", "one", "two"]
    sam.post(address(order, third.id, "position"), data={"steps": "99999999"}, headers=HTMX)
    assert [item.title for item in WorkItem.of(order)] == ["one", "two", "three"]


def test_an_item_is_removed_and_brought_back_at_its_place(sam: Visitor, order: WorkOrder) -> None:
    first = brakes(order)
    WorkItem.add(order, "Wash", by=SAM)
    removed = sam.post(address(order, first.id, "removal"), headers=HTMX)
    assert "Undo" in removed.text
    assert [item.title for item in WorkItem.of(order)] == ["Wash"]
    sam.post(address(order, first.id, "return"), headers=HTMX)
    assert WorkItem.of(order)[0].id == first.id


def test_work_on_an_item_that_was_removed_meanwhile_is_not_lost_silently(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    item.remove(by=SAM)
    answer = sam.post(address(order, item.id), data=typed(item), headers=HTMX)
    assert (answer.status_code, "was removed meanwhile" in answer.text, "P-1100" in answer.text) == (422, True, True)


def test_a_mechanic_sees_titles_and_hours_and_no_prices(tess: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    page = tess.get(f"/console/work-orders/{order.number}").text
    assert "Front brake pads and rotors" in page
    assert "1.8 h" in page
    assert "$" not in page.split('id="work"')[1].split("</section>")[0]
    assert tess.get(address(order, item.id, "edit")).status_code == 403
    assert tess.post(address(order, item.id), data=typed(item)).status_code == 403


def test_a_mechanic_marks_an_item_done_and_takes_it_back(tess: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    Authorisation.set(item, True, by=SAM)
    db.session.commit()
    assert "Done, Tess Vance" in tess.post(address(order, item.id, "done"), headers=HTMX).text
    tess.post(address(order, item.id, "done"), headers=HTMX)
    assert "Done, Tess" not in tess.post(address(order, item.id, "done/removal"), headers=HTMX).text
    logged = db.session.query(Entry).filter_by(subject="work_orders").order_by(Entry.id)
    verbs = [entry.verb for entry in logged if entry.verb.startswith("work_item")]
    assert verbs == ["work_item.added", "work_item.done", "work_item.reopened"]


def test_a_closed_order_keeps_its_work(sam: Visitor, order: WorkOrder) -> None:
    item = brakes(order)
    order.close(by=SAM)
    for rest in ((item.id, "removal"), (item.id, "done"), (item.id, "position"), ()):
        assert sam.post(address(order, *rest), data={"what": "BRK-FP", "steps": "1"}, headers=HTMX).status_code == 422
    assert "Edit" not in sam.get(address(order)).text
    assert "$527.47" in sam.get(address(order)).text


def test_another_shops_order_and_another_orders_item_are_not_there(sam: Visitor, order: WorkOrder) -> None:
    other = a_shop("northgate", "America/New_York")
    customer = a_customer(other)
    theirs = WorkOrder.walk_in(customer, a_vehicle(customer), SAM)
    item = WorkItem.add(theirs, "Theirs", by=SAM)
    db.session.commit()
    assert sam.post(address(order, item.id), data=typed(item)).status_code == 404
    assert sam.post(address(order, item.id, "removal")).status_code == 404
    assert sam.get(address(order, item.id)).status_code == 404


def test_an_order_keeps_the_taxes_it_was_begun_with_until_somebody_says_so(sam: Visitor, shop: Shop, order: WorkOrder) -> None:
    brakes(order)
    Prices.of(shop).part_tax = Decimal(10)
    db.session.commit()
    assert "$527.47" in sam.get(address(order)).text
    assert "Price it by today's settings" in sam.get(address(order)).text
    WorkItem.add(order, "Second", by=SAM, lines=[Line(Kind.part, "x", Decimal(1), 10000)])
    assert WorkItem.of(order)[1].totals.tax.minor == 825
    sam.post(address(order, "terms"), headers=HTMX)
    assert WorkItem.of(order)[1].totals.tax.minor == 1000
    assert "Price it by today" not in sam.get(address(order)).text
