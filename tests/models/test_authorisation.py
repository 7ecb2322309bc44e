"""Thumbs decide what the mechanic may do; amounts are those that were authorised; what is left over comes back."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import (
    Approvals,
    Attachment,
    Authorisation,
    Category,
    Communication,
    DeferredItem,
    Money,
    NotFound,
    OverviewRules,
    Refused,
    Shop,
    WorkItem,
    WorkOrder,
    clock,
    db,
)
from models.item_line import Line
from models.sent_file import SentFile
from models.tax import Kind
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_customer, a_shop, a_work_order
from tests.ground.overviews import an_inspected_order, an_item, answered, item_called, rules, sent


@pytest.fixture
def shop(app: object) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    rules(shop)
    return an_inspected_order(shop)


def said(**changed: object) -> dict[str, object]:
    return {"name": "Maria Lopez", "number": "312 555 0142", "at": None, "amount": 31949, "words": "Go on", **changed}


def test_scheduled_work_begins_authorised_and_what_was_found_does_not(order: WorkOrder) -> None:
    approvals = Approvals(order)
    assert {row.item.title: row.is_authorised for row in approvals.rows.values()} == {
        "Oil and filter": True,
        "Front brake pads": False,
        "Wiper blades": False,
        "Tyres": False,
        "Lights": False,
    }


def test_a_thumb_up_moves_an_item_from_proposed_to_the_work_and_its_total(order: WorkOrder) -> None:
    before = Approvals(order)
    assert (before.authorised.minor, before.proposed.minor) == (8520, 31949 + 4260 + 63789)
    Authorisation.set(item_called(order, "Front brake pads"), True, by=SAM)
    after = Approvals(order)
    assert (after.authorised.minor, after.proposed.minor) == (8520 + 31949, 4260 + 63789)


def test_the_mechanic_can_not_begin_or_finish_what_is_not_authorised(order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    for verb in (brakes.start, brakes.finish):
        with pytest.raises(Refused, match="Not authorised yet"):
            verb(by=SAM)
    Authorisation.set(brakes, True, by=SAM)
    brakes.start(by=SAM)
    brakes.finish(by=SAM)
    assert brakes.is_started
    assert brakes.is_done


def test_a_thumb_down_on_a_customers_yes_needs_a_reason(order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    brakes = item_called(order, "Front brake pads")
    with pytest.raises(Refused) as refused:
        Authorisation.set(brakes, False, by=SAM, reason="  ")
    assert set(refused.value.errors) == {"reason"}
    assert Authorisation.set(brakes, False, by=SAM, reason="No parts until May").reason == "No parts until May"


def test_taking_over_sets_all_as_the_customer_chose_and_is_undone_at_once(order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "decline", "Tyres": "contact"})
    Authorisation.set(item_called(order, "Wiper blades"), True, by=SAM)
    batch = Authorisation.take_over(order, by=SAM)
    thumbs = {row.item.title: row.thumb and row.thumb.up for row in Approvals(order).rows.values()}
    assert thumbs["Front brake pads"] is True
    assert thumbs["Wiper blades"] is False
    assert thumbs["Tyres"] is None, "who wants to be called is called first"
    assert not Approvals(order).can_take_over
    Authorisation.undo(order, batch, by=SAM)
    thumbs = {row.item.title: row.thumb and row.thumb.up for row in Approvals(order).rows.values()}
    assert (thumbs["Front brake pads"], thumbs["Wiper blades"]) == (None, True), "what stood before stands again"
    assert Authorisation.take_over(order, by=SAM)


def test_the_same_thumb_twice_is_one_fact(order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    assert Authorisation.set(brakes, True, by=SAM) is Authorisation.set(brakes, True, by=SAM)


def test_what_is_done_keeps_its_thumb(order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    thumb = Authorisation.set(brakes, True, by=SAM)
    brakes.finish(by=SAM)
    for again in (lambda: Authorisation.set(brakes, False, by=SAM), lambda: Authorisation.undo(order, thumb.batch, by=SAM)):
        with pytest.raises(Refused, match="done already"):
            again()


def test_an_oral_authorisation_counts_the_same_is_marked_so_and_chained(order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    oral = Authorisation.record_oral(order, [brakes], by=SAM, **said())
    row = Approvals(order).of(brakes)
    assert row.is_authorised
    assert row.thumb
    assert row.thumb.oral is oral
    assert (oral.name, oral.number, oral.amount, oral.titles) == ("Maria Lopez", "+13125550142", 31949, ["Front brake pads"])
    assert [one.kind for one in Communication.of(order)] == ["oral", "authorised"]


def test_an_oral_authorisation_says_every_fault_at_once(order: WorkOrder) -> None:
    bad = said(name="", number="12", at=clock.now() + timedelta(hours=2), amount=-1, words="x" * 600)
    with pytest.raises(Refused) as refused:
        Authorisation.record_oral(order, [], by=SAM, **bad)
    assert set(refused.value.errors) == {"name", "number", "at", "amount", "words", "items"}


def dearer(order: WorkOrder, title: str, price: int) -> None:
    item = item_called(order, title)
    lines = [Line(Kind.labour, "", Decimal(1), price)]
    item.change(item.version, title=item.title, why="", category=item.category, lines=lines, by=SAM)
    db.session.commit()


def test_an_item_that_would_pass_the_ceiling_can_not_begin_before_a_new_authorisation(order: WorkOrder) -> None:
    brakes = item_called(order, "Front brake pads")
    Authorisation.set(brakes, True, by=SAM)
    dearer(order, "Front brake pads", 33000)
    assert Approvals(order).left.minor < 0
    with pytest.raises(Refused, match="more than was authorised"):
        brakes.start(by=SAM)
    item_called(order, "Oil and filter").start(by=SAM)
    Authorisation.set(brakes, True, by=SAM)
    brakes.start(by=SAM)


@pytest.mark.parametrize(("percent", "amount", "price", "may"), [(10, None, 33000, True), (0, 20, 33000, False), (0, 60, 33000, True)])
def test_the_tolerance_of_the_shop_lets_it_cost_a_little_more(
    order: WorkOrder, shop: Shop, percent: int, amount: int | None, price: int, may: bool
) -> None:
    rules(shop, tolerance_percent=Decimal(percent), tolerance_amount=None if amount is None else Decimal(amount))
    Authorisation.set(item_called(order, "Front brake pads"), True, by=SAM)
    dearer(order, "Front brake pads", price)
    assert (Approvals(order).why_not(item_called(order, "Front brake pads")) == "") is may


@given(
    percent=st.integers(0, 100),
    amount=st.none() | st.integers(0, 10**8),
    authorised=st.integers(0, 10**9),
)
def test_the_tolerance_is_never_more_than_either_rule_allows(percent: int, amount: int | None, authorised: int) -> None:
    found = OverviewRules(tolerance_percent=Decimal(percent), tolerance_amount=amount).tolerance(Money(authorised, "USD")).minor
    assert found >= 0
    if percent:
        assert found <= Money(authorised, "USD").percent(Decimal(percent)).minor
    if amount is not None:
        assert found <= amount
    if not percent and amount is None:
        assert found == 0


def test_closing_defers_what_was_refused_or_left_unanswered_with_its_price(order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair", "Wiper blades": "decline"})
    Authorisation.take_over(order, by=SAM)
    item_called(order, "Front brake pads").finish(by=SAM)
    order.close(by=SAM)
    db.session.commit()
    left = DeferredItem.of_vehicle(order.visit.vehicle_id)
    assert {(one.title, one.reason, one.amount) for one in left} == {("Wiper blades", "declined", 4260), ("Tyres", "unanswered", 63789)}


def test_a_hidden_item_is_not_deferred_and_reopening_takes_all_back(order: WorkOrder) -> None:
    item_called(order, "Tyres").show(False, by=SAM)
    order.close(by=SAM)
    assert {one.title for one in DeferredItem.of_order(order)} == {"Front brake pads", "Wiper blades"}
    order.reopen("Forgot the wipers", by=SAM)
    assert DeferredItem.of_order(order) == []


def test_not_now_remind_me_keeps_the_day_that_the_customer_asked_for(shop: Shop) -> None:
    rules(shop, may_put_off=True)
    order = an_inspected_order(shop, {"Belt": (Category.recommended, 9000), "Filter": (Category.recommended, 3000)})
    answered(sent(order), {"Belt": "later-3", "Filter": "later-0"})
    order.close(by=SAM)
    found = {one.title: one for one in DeferredItem.of_order(order)}
    belt = found["Belt"].due_on
    assert belt
    assert 88 <= (belt - shop.today()).days <= 92
    assert (found["Filter"].reason, found["Filter"].due_on) == ("later", None)


def test_a_snoozed_item_leaves_the_work_and_comes_back_when_undone(order: WorkOrder) -> None:
    tyres = item_called(order, "Tyres")
    deferred = DeferredItem.snooze(tyres, until=order.visit.shop.today() + timedelta(days=90), odometer=None, by=SAM)
    assert tyres.id not in Approvals(order).rows
    deferred.wake(by=SAM)
    assert tyres.id in Approvals(order).rows
    assert DeferredItem.of_order(order) == []


@pytest.mark.parametrize(
    ("days", "odometer", "field"), [(None, None, "until"), (0, None, "until"), (4000, None, "until"), (None, 3_000_000, "odometer")]
)
def test_a_snooze_needs_a_day_or_a_mileage_ahead(order: WorkOrder, days: int | None, odometer: int | None, field: str) -> None:
    until = None if days is None else order.visit.shop.today() + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        DeferredItem.snooze(item_called(order, "Tyres"), until=until, odometer=odometer, by=SAM)
    assert set(refused.value.errors) == {field}


def test_a_thumb_that_follows_the_customers_yes_counts_for_the_price_that_was_on_screen(order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    dearer(order, "Front brake pads", 33000)
    for thumb in (
        lambda: Authorisation.take_over(order, by=SAM),
        lambda: Authorisation.set(item_called(order, "Front brake pads"), True, by=SAM),
    ):
        thumb()
        row = Approvals(order).of(item_called(order, "Front brake pads"))
        assert row.authorised == 31949
        assert Approvals(order).is_over(row.item)
        Authorisation.withdraw(row.item, by=SAM)


def test_a_second_answer_for_a_new_price_is_taken_over_too(order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    Authorisation.take_over(order, by=SAM)
    dearer(order, "Front brake pads", 33000)
    answered(sent(order), {"Front brake pads": "repair"})
    assert Approvals(order).can_take_over
    Authorisation.take_over(order, by=SAM)
    assert not Approvals(order).can_take_over
    assert (
        Approvals(order).of(item_called(order, "Front brake pads")).authorised
        == item_called(order, "Front brake pads").totals.including.minor
    )


def test_undoing_thumbs_that_this_order_never_had_finds_nothing(order: WorkOrder) -> None:
    with pytest.raises(NotFound):
        Authorisation.undo(order, "0" * 16, by=SAM)


def test_what_was_said_by_word_of_mouth_is_the_ceiling_and_covers_the_items(order: WorkOrder) -> None:
    brakes, wipers = item_called(order, "Front brake pads"), item_called(order, "Wiper blades")
    with pytest.raises(Refused, match="These items cost"):
        Authorisation.record_oral(order, [brakes], by=SAM, **said(amount=30000))
    oral = Authorisation.record_oral(order, [brakes, wipers], by=SAM, **said(amount=40000))
    approvals = Approvals(order)
    assert sum(approvals.of(item).authorised for item in (brakes, wipers)) == 40000
    assert oral.total == approvals.authorised.minor == 40000 + 8520
    assert [(title, price) for title, price, _lines in oral.work] == [("Front brake pads", 31949), ("Wiper blades", 4260)]


def test_by_word_of_mouth_an_item_without_a_price_yet_is_authorised_up_to_what_was_said(order: WorkOrder) -> None:
    bare = an_item(order, "Look for the noise", price=0)
    Authorisation.record_oral(order, [bare], by=SAM, **said(amount=20000))
    assert Approvals(order).of(bare).authorised == 20000


def test_putting_off_twice_is_once_and_what_was_removed_is_not_put_off(order: WorkOrder) -> None:
    tyres, wipers = item_called(order, "Tyres"), item_called(order, "Wiper blades")
    until = order.visit.shop.today() + timedelta(days=90)
    first = DeferredItem.snooze(tyres, until=until, odometer=None, by=SAM)
    assert DeferredItem.snooze(tyres, until=until, odometer=None, by=SAM) is first
    wipers.remove(by=SAM)
    with pytest.raises(Refused, match="removed meanwhile"):
        DeferredItem.snooze(wipers, until=until, odometer=None, by=SAM)


def test_what_was_put_off_comes_back_on_a_later_order_with_its_words_lines_and_pictures(order: WorkOrder, work: Callable[[], int]) -> None:
    tyres = item_called(order, "Tyres")
    sent_file = SentFile.stored(order.shop_id, BytesIO(a_photo()), "tread.jpg", "form")
    Attachment.take(order, sent_file, by=SAM, item=tyres).say("Tread at 2 mm", SAM)
    db.session.commit()
    work()
    order.close(by=SAM)
    later = WorkOrder.walk_in(order.visit.customer, order.visit.vehicle, by=SAM)
    deferred = next(one for one in DeferredItem.of_vehicle(order.visit.vehicle_id) if one.title == "Tyres")
    deferred.item.discount_amount = 1000
    item = deferred.return_to(later, by=SAM)
    assert item.discount_amount == 1000
    item.discount_amount = None
    assert deferred.return_to(later, by=SAM) is item
    db.session.commit()
    (picture,) = item.pictures
    assert (item.title, item.category, item.totals.including.minor, picture.caption) == (
        "Tyres",
        Category.recommended,
        63789,
        "Tread at 2 mm",
    )
    assert picture.rendition("large").read() == tyres.pictures[0].rendition("large").read()
    assert picture.rendition("large").key != tyres.pictures[0].rendition("large").key
    assert deferred not in DeferredItem.of_vehicle(order.visit.vehicle_id)
    deferred.put_off_again(later, by=SAM)
    assert deferred in DeferredItem.of_vehicle(order.visit.vehicle_id)
    assert WorkItem.of(later) == []


def test_what_was_put_off_goes_on_no_other_vehicles_order(order: WorkOrder, shop: Shop) -> None:
    order.close(by=SAM)
    other = a_work_order(shop, a_customer(shop, "Ruth", "Berg", phones=["+13125550145"]))
    with pytest.raises(Refused, match="another vehicle"):
        DeferredItem.of_vehicle(order.visit.vehicle_id)[0].return_to(other, by=SAM)


def test_pinned_items_are_the_important_ones_the_last_first(order: WorkOrder) -> None:
    for title in ("Tyres", "Lights"):
        item_called(order, title).pin(by=SAM)
        db.session.flush()
    assert [item.title for item in WorkItem.pinned(order)] == ["Lights", "Tyres"]
    item_called(order, "Lights").unpin(by=SAM)
    assert [item.title for item in WorkItem.pinned(order)] == ["Tyres"]


def test_scheduled_work_that_comes_after_the_answer_is_in_no_amount_that_was_authorised(order: WorkOrder, at: Callable[..., None]) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    at((clock.now() + timedelta(hours=1)).replace(tzinfo=None).isoformat())
    coolant = an_item(order, "Coolant", Category.scheduled, 9000)
    sent(order)
    with pytest.raises(Refused, match="more than was authorised"):
        coolant.start(by=SAM)
    item_called(order, "Oil and filter").start(by=SAM)
    Authorisation.set(coolant, True, by=SAM)
    coolant.start(by=SAM)


def test_scheduled_work_that_was_on_screen_at_the_answer_may_begin(order: WorkOrder, at: Callable[..., None]) -> None:
    answered(sent(order), {"Front brake pads": "repair"})
    at((clock.now() + timedelta(hours=1)).replace(tzinfo=None).isoformat())
    coolant = an_item(order, "Coolant", Category.scheduled, 9000)
    second = sent(order)
    at((clock.now() + timedelta(hours=1)).replace(tzinfo=None).isoformat())
    answered(second, {})
    coolant.start(by=SAM)
