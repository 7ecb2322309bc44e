"""The update that a status sends: to whom, when, once; undone while it waits (specification 2, points 4, 6 and 17)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from models import Delivery, Message, Refused, Shop, Status, WorkOrder, clock, db, plan
from models.status_update import Wish, outcome
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_vehicle, consenting, local

RITA = SAM.__class__("staff", "Rita", None)


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 10:00", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    """Maria's, whose check-in update went a while ago."""
    maria = consenting(a_customer(shop))
    with clock.at(local("2025-05-12 08:00")):
        order = WorkOrder.walk_in(maria, a_vehicle(maria), by=SAM)
        db.session.commit()
    with clock.at(local("2025-05-12 08:01")):
        went(order)
    return order


def went(order: WorkOrder) -> list[Message]:
    """Let the clock's process and a worker do their work now; all updates that have gone."""
    plan.wake()
    db.session.commit()
    for message in db.session.scalars(db.select(Message).where(Message.state == Delivery.queued)).all():
        if message.claim():
            message.accepted(f"SM{message.id}")
    db.session.commit()
    return [update for stay in order.stays for update in stay.updates if update.state is Delivery.sent]


def to(order: WorkOrder, name: str, **wish: object) -> list[Message]:
    """Set the status of that name; its updates."""
    status = next(status for status in Status.all_of(order.visit.shop) if status.name == name)
    return order.set_status(status, by=SAM, wish=Wish(**wish)).updates  # type: ignore[arg-type]


def test_check_in_tells_the_customer_with_the_link_of_the_visit(order: WorkOrder) -> None:
    (update,) = went(order)
    assert update.body.startswith(f"Harbour Street Garage: your Civic is checked in. Follow it here: {order.visit.link.url}")


def test_an_update_waits_twenty_seconds_before_it_goes(order: WorkOrder, at: Callable[..., None]) -> None:
    (update,) = to(order, "Inspecting")
    assert (update.state, update.due_at) == (Delivery.planned, clock.now() + timedelta(seconds=20))
    at("2025-05-12 10:00:19", "America/Chicago")
    assert update not in went(order)
    at("2025-05-12 10:00:20", "America/Chicago")
    assert update in went(order)


def test_undo_within_the_wait_puts_the_vehicle_back_and_sends_nothing(order: WorkOrder, at: Callable[..., None]) -> None:
    before = order.stay
    (update,) = to(order, "Inspecting")
    order.undo_status(order.stay.id, by=SAM)
    order.undo_status(update.stay.id, by=SAM)
    at("2025-05-12 10:30", "America/Chicago")
    assert update not in went(order)
    assert order.stay is before
    assert [stay.status.name for stay in order.history] == ["Checked in"]
    assert before.display(order.visit.shop).elapsed == timedelta(hours=2, minutes=30)


def test_undo_lets_the_update_go_that_the_slip_had_replaced(order: WorkOrder, at: Callable[..., None]) -> None:
    (replaced,) = to(order, "Ready")
    at("2025-05-12 10:00:05", "America/Chicago")
    (slip,) = to(order, "Overview sent")
    assert replaced.why[-1][2] == "The status was changed or undone since, or the work order was closed."
    (resumed,) = order.undo_status(slip.stay.id, by=SAM)
    assert (resumed.body, resumed.due_at) == (replaced.body, clock.now() + timedelta(seconds=20))
    assert order.undo_status(slip.stay.id, by=SAM) == []
    at("2025-05-12 10:30", "America/Chicago")
    assert [update.stay.status.name for update in went(order)] == ["Checked in", "Ready"]


def test_undo_resumes_what_the_slip_replaced_and_nothing_older(order: WorkOrder, at: Callable[..., None]) -> None:
    to(order, "Overview sent")
    at("2025-05-12 10:00:05", "America/Chicago")
    to(order, "Inspecting")
    to(order, "Pricing")
    at("2025-05-12 10:00:10", "America/Chicago")
    to(order, "Ready")
    order.undo_status(order.stay.id, by=SAM)
    at("2025-05-12 10:30", "America/Chicago")
    assert [update.stay.status.name for update in went(order)] == ["Checked in", "Inspecting"]


def test_undo_comes_too_late_once_the_update_has_gone(order: WorkOrder, at: Callable[..., None]) -> None:
    to(order, "Inspecting")
    at("2025-05-12 10:00:21", "America/Chicago")
    went(order)
    with pytest.raises(Refused, match="gone already"):
        order.undo_status(order.stay.id, by=SAM)


def test_undo_of_what_is_not_the_newest_is_refused(order: WorkOrder) -> None:
    to(order, "Inspecting")
    slip = order.stay.id
    to(order, "Ready")
    with pytest.raises(Refused, match="Another status was set since"):
        order.undo_status(slip, by=SAM)


def test_of_statuses_that_follow_each_other_fast_only_the_last_goes(order: WorkOrder, at: Callable[..., None]) -> None:
    (first,) = to(order, "Inspecting")
    at("2025-05-12 10:00:10", "America/Chicago")
    (second,) = to(order, "Ready")
    at("2025-05-12 10:05", "America/Chicago")
    assert [update.stay.status.name for update in went(order)] == ["Checked in", "Ready"]
    assert (first.state, second.state) == (Delivery.cancelled, Delivery.sent)


def test_after_one_has_gone_the_next_waits_until_two_minutes_have_passed(order: WorkOrder, at: Callable[..., None]) -> None:
    to(order, "Inspecting")
    at("2025-05-12 10:00:20", "America/Chicago")
    went(order)
    at("2025-05-12 10:01", "America/Chicago")
    (update,) = to(order, "Ready")
    assert update.due_at == local("2025-05-12 10:02:20")


def test_a_step_that_sends_nothing_and_changes_nothing_for_the_customer_lets_the_update_before_it_go(
    order: WorkOrder, at: Callable[..., None]
) -> None:
    to(order, "Inspecting")
    to(order, "Pricing")
    at("2025-05-12 10:01", "America/Chicago")
    assert [update.stay.status.name for update in went(order)] == ["Checked in", "Inspecting"]


def test_news_that_is_not_true_any_more_does_not_go_when_the_next_step_says_nothing(order: WorkOrder, at: Callable[..., None]) -> None:
    (update,) = to(order, "Ready")
    to(order, "Quality check")
    assert outcome(order.stay, Wish()) == "The update about “Ready” does not go any more."
    at("2025-05-12 10:01", "America/Chicago")
    assert update not in went(order)
    assert update.why[-1][0] == "last_word"


def test_a_step_that_customers_read_the_same_of_lets_the_update_go_and_the_one_after_it_does_not(order: WorkOrder) -> None:
    (update,) = to(order, "Inspecting")
    to(order, "Pricing")
    assert (outcome(order.stay, Wish()), update.state) == ("", Delivery.planned)
    to(order, "Answered")
    assert update.state is Delivery.cancelled


def test_moving_on_silently_withdraws_what_is_not_true_any_more(order: WorkOrder) -> None:
    (update,) = to(order, "Ready")
    to(order, "Delayed", silently=True, reason="a bolt broke")
    assert update.state is Delivery.cancelled
    assert outcome(order.stay, Wish(silently=True)) == "Nothing is sent. The update about “Ready” does not go any more."


def test_undo_of_a_step_that_says_nothing_lets_the_withdrawn_update_go(order: WorkOrder, at: Callable[..., None]) -> None:
    to(order, "Ready")
    to(order, "Quality check")
    (resumed,) = order.undo_status(order.stay.id, by=SAM)
    at("2025-05-12 10:01", "America/Chicago")
    assert resumed in went(order)


def test_an_update_that_never_would_have_gone_is_not_said_to_be_withdrawn(shop: Shop) -> None:
    grace = a_customer(shop, "Grace", "Okafor")
    order = WorkOrder.walk_in(grace, a_vehicle(grace), by=SAM)
    order.toggle_updates("text", True, by=SAM)
    to(order, "Ready")
    to(order, "Quality check")
    assert outcome(order.stay, Wish()) == ""


def test_closing_withdraws_what_still_waits(order: WorkOrder) -> None:
    (update,) = to(order, "Ready")
    order.close(by=SAM)
    assert update.state is Delivery.cancelled


def test_moving_silently_sends_nothing(order: WorkOrder) -> None:
    assert to(order, "Ready", silently=True) == []


def test_the_same_update_within_the_hour_asks_first(order: WorkOrder, at: Callable[..., None]) -> None:
    to(order, "Inspecting")
    at("2025-05-12 10:01", "America/Chicago")
    went(order)
    to(order, "Pricing")
    at("2025-05-12 10:30", "America/Chicago")
    with pytest.raises(Refused, match="once more") as refused:
        to(order, "Inspecting")
    assert refused.value.only_warnings
    db.session.rollback()
    assert len(to(order, "Inspecting", repeat=True)) == 1


def test_the_same_update_after_an_hour_goes_without_asking(order: WorkOrder, at: Callable[..., None]) -> None:
    to(order, "Inspecting")
    at("2025-05-12 10:01", "America/Chicago")
    went(order)
    to(order, "Pricing")
    at("2025-05-12 11:02", "America/Chicago")
    assert len(to(order, "Inspecting")) == 1


def test_a_channel_that_is_off_for_the_visit_sends_nothing_and_says_so(order: WorkOrder) -> None:
    order.toggle_updates("text", False, by=SAM)
    assert order.gets_no_updates
    assert to(order, "Ready") == []
    assert "Text updates are off for this visit." in outcome(order.stay, Wish())


def test_both_channels_get_it_when_both_are_on(order: WorkOrder) -> None:
    order.toggle_updates("email", True, by=SAM)
    assert {update.channel for update in to(order, "Ready")} == {"text", "email"}


def test_switching_a_channel_off_calls_off_what_waits(order: WorkOrder, at: Callable[..., None]) -> None:
    (update,) = to(order, "Ready")
    order.toggle_updates("text", False, by=SAM)
    at("2025-05-12 10:01", "America/Chicago")
    assert update not in went(order)
    assert update.state is Delivery.cancelled


def test_toggling_updates_leaves_consent_alone(shop: Shop, at: Callable[..., None]) -> None:
    grace = a_customer(shop, "Grace", "Okafor")
    order = WorkOrder.walk_in(grace, a_vehicle(grace), by=SAM)
    order.toggle_updates("text", True, by=SAM)
    (update,) = to(order, "Ready")
    assert update.state is Delivery.held
    assert "No consent" in outcome(order.stay, Wish())
    consenting(grace)
    at("2025-05-12 14:00", "America/Chicago")
    update.reconsider()
    assert update.state is Delivery.cancelled  # news of four hours ago would mislead


def test_who_skips_an_update_is_told_that_it_was_skipped(order: WorkOrder) -> None:
    wish = Wish(skip=frozenset({"text"}))
    assert to(order, "Ready", skip=wish.skip) == []
    assert outcome(order.stay, wish) == "Text skipped. E-mail updates are off for this visit."


def test_words_changed_in_review_go_as_they_were_changed(order: WorkOrder) -> None:
    (update,) = to(order, "Ready", bodies={"text": "Hi {first}, come by when you like."})
    assert update.body == "Hi Maria, come by when you like."


def test_a_part_that_only_a_person_knows_must_be_said(order: WorkOrder) -> None:
    status = next(status for status in Status.all_of(order.visit.shop) if status.name == "Parts")
    with pytest.raises(Refused) as refused:
        order.set_status(status, by=SAM, minutes=60)
    assert set(refused.value.errors) == {"part"}
    db.session.rollback()
    (update,) = order.set_status(status, by=SAM, minutes=60, wish=Wish(part="the brake pads")).updates
    assert "waiting for the brake pads for your Civic. Details:" in update.body


def test_a_promise_is_in_the_words_and_the_timer_never(order: WorkOrder) -> None:
    order.promise(local("2025-05-12 16:30"), by=SAM)
    status = next(status for status in Status.all_of(order.visit.shop) if status.name == "Parts")
    (update,) = order.set_status(status, by=SAM, minutes=187, wish=Wish(part="a hose")).updates
    assert "New ready time: 4:30 PM." in update.body
    assert not any(secret in update.body for secret in ("187", "3:07"))


def test_a_delay_needs_its_reason_which_is_kept_with_the_status(order: WorkOrder) -> None:
    status = next(status for status in Status.all_of(order.visit.shop) if status.name == "Delayed")
    with pytest.raises(Refused, match="why it takes longer"):
        order.set_status(status, by=SAM)
    db.session.rollback()
    stay = order.set_status(status, by=SAM, wish=Wish(reason="a bolt broke"))
    assert (stay.reason, stay.reason_by) == ("a bolt broke", "Sam Ortiz")
    assert "later: a bolt broke." in stay.updates[0].body


def test_setting_the_same_status_twice_is_once(order: WorkOrder) -> None:
    assert to(order, "Ready") == to(order, "Ready")
    assert [stay.status.name for stay in order.history] == ["Checked in", "Ready"]


def test_of_two_who_set_different_statuses_at_once_the_second_is_told(order: WorkOrder) -> None:
    seen = order.stay.id
    statuses = {status.name: status for status in Status.all_of(order.visit.shop)}
    order.set_status(statuses["Ready"], by=RITA, seen=seen)
    with pytest.raises(Refused, match="Rita set “Ready” a moment ago"):
        order.set_status(statuses["Pricing"], by=SAM, seen=seen)
    assert order.stay.status.name == "Ready"


def test_an_update_can_wait_for_the_recipients_morning(order: WorkOrder, at: Callable[..., None]) -> None:
    at("2025-05-12 22:00", "America/Chicago")
    (now,) = to(order, "Inspecting")
    (update,) = to(order, "Ready", in_the_morning=True)
    assert now.due_at == local("2025-05-12 22:00:20")
    assert update.due_at == local("2025-05-13 08:00")
    at("2025-05-13 08:00:05", "America/Chicago")
    assert update in went(order)


def test_who_set_it_is_the_advisor_of_a_walk_in(shop: Shop) -> None:
    sam = a_member(shop)
    by = SAM.__class__("staff", sam.name, sam.id)
    maria = a_customer(shop)
    assert WorkOrder.walk_in(maria, a_vehicle(maria), by=by).advisor is sam
