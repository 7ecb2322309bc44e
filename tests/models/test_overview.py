"""What is sent is frozen; what is answered counts for exactly what was on screen; nothing is said twice."""

import base64
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from models import (
    Authorisation,
    Category,
    Choice,
    Communication,
    Delivery,
    Message,
    Overview,
    Refused,
    Reply,
    Shop,
    Status,
    Step,
    WorkItem,
    WorkOrder,
    db,
    newest_overview,
)
from models.answering import Overtaken
from models.evidence import digest_of
from models.overview_draft import OverviewDraft
from models.overview_rules import Visibility
from models.overview_sending import contacts, send_overview
from models.status_update import Wish
from models.summary import Summary, read_choices
from tests.ground.makers import SAM, a_customer, a_shop, a_work_order, consenting, local
from tests.ground.overviews import OWNER, an_inspected_order, an_item, answered, item_called, rules, sent


@pytest.fixture
def shop(app: object) -> Shop:
    return a_shop()


def reprice(item: WorkItem, price: int) -> None:
    line = item.lines[0].line
    item.change(
        item.version,
        title=item.title,
        why=item.why,
        category=item.category,
        lines=[type(line)(line.kind, line.description, line.quantity, price)],
        by=SAM,
    )
    db.session.commit()


def test_each_sending_freezes_a_version_with_words_and_prices_as_they_were(shop: Shop) -> None:
    order = an_inspected_order(shop)
    first = sent(order, "Please look at the brakes.")
    reprice(item_called(order, "Front brake pads"), 35000)
    second = sent(order)
    assert (first.version, second.version) == (1, 2)
    assert [item.including for item in first.items] == [8520, 31949, 4260, 63789, None]
    assert [item.including for item in second.items] == [8520, 37273, 4260, 63789, None]
    assert first.note == "Please look at the brakes."
    assert next(item.news for item in second.items if item.title == "Front brake pads") == ["price", "parts"]


def test_sending_twice_with_one_key_sends_once(shop: Shop) -> None:
    order = an_inspected_order(shop)
    assert sent(order, key="a" * 16) is sent(order, key="a" * 16)
    assert db.session.query(Message).filter_by(kind="overview").count() == 1


def test_the_overviews_message_is_the_update_of_its_status_and_nothing_else_goes_out(shop: Shop) -> None:
    order = an_inspected_order(shop)
    overview = sent(order)
    assert order.stay
    assert order.stay.status.key == "st_approval"
    assert [message.kind for message in order.stay.updates] == ["overview"]
    assert overview.message
    assert overview.message.body.startswith("Harbour Street Garage: we inspected your Civic")
    assert db.session.query(Message).filter_by(kind="status", stay_id=order.stay.id).count() == 0


def test_a_hidden_item_is_nowhere_in_the_overview(shop: Shop) -> None:
    order = an_inspected_order(shop)
    item_called(order, "Tyres").show(False, by=SAM)
    overview = sent(order)
    assert "Tyres" not in [item.title for item in overview.items]
    reply = answered(overview, {"Front brake pads": "repair"})
    assert "Tyres" not in str(reply.receipt)


def test_nothing_to_show_can_not_be_sent(shop: Shop) -> None:
    order = a_work_order(shop, consenting(a_customer(shop)))
    with pytest.raises(Refused, match="open the eye"):
        sent(order)


def test_only_addresses_on_file_with_consent_can_be_sent_to(shop: Shop) -> None:
    order = a_work_order(shop, a_customer(shop))
    an_item(order, "Brakes")
    offered = {one.channel: one.why_not for one in contacts(order)}
    assert offered == {"email": "", "text": "There is no consent to text this number."}
    for word in ("text:+13125550142", "text:+13125550199", "email:other@mail.example", ""):
        with pytest.raises(Refused) as refused:
            send_overview(order, word, "", "k" * 16, by=SAM)
        assert "contact" in refused.value.errors


def test_four_lines_three_answers_one_repriced_two_answers_stay_and_two_are_asked(shop: Shop) -> None:
    """demo-data, section 8, Approval."""
    found = dict.fromkeys(("Pads", "Rotors", "Wipers", "Belt"), (Category.recommended, 10000))
    order = an_inspected_order(shop, found)
    rules(shop)
    answered(sent(order), {"Pads": "repair", "Rotors": "decline", "Wipers": "contact"})
    reprice(item_called(order, "Rotors"), 12000)
    again = sent(order)
    assert {item.title: item.chosen and item.chosen.word for item in again.items} == {
        "Pads": "repair",
        "Rotors": None,
        "Wipers": "contact",
        "Belt": None,
    }
    assert [item.title for item in again.open_items] == ["Rotors", "Belt"]


def test_an_answer_is_kept_over_several_versions_and_lost_when_the_price_comes_back_after_another(shop: Shop) -> None:
    order = an_inspected_order(shop, {"Pads": (Category.necessary, 10000), "Belt": (Category.necessary, 10000)})
    answered(sent(order), {"Pads": "repair", "Belt": "repair"})
    reprice(item_called(order, "Belt"), 20000)
    sent(order)
    reprice(item_called(order, "Belt"), 10000)
    third = sent(order)
    assert {item.title: bool(item.chosen) for item in third.items} == {"Pads": True, "Belt": False}


def test_answers_to_an_old_version_are_refused(shop: Shop) -> None:
    order = an_inspected_order(shop)
    old = sent(order)
    sent(order)
    with pytest.raises(Overtaken, match="was changed"):
        answered(old, {"Front brake pads": "repair"})
    assert db.session.query(Reply).count() == 0


def test_two_phones_at_once_the_second_is_told(shop: Shop) -> None:
    overview = sent(an_inspected_order(shop))
    answered(overview, {"Front brake pads": "repair"})
    with pytest.raises(Overtaken, match="another screen"):
        answered(overview, {"Front brake pads": "contact"})
    assert answered(overview, {"Wiper blades": "contact"}).ordinal == 2, "what is still open can be answered"


def test_the_same_tap_twice_is_one_reply(shop: Shop) -> None:
    overview = sent(an_inspected_order(shop))
    first = answered(overview, {"Front brake pads": "repair"}, key="k" * 16)
    assert answered(overview, {}, key="k" * 16) is first
    assert db.session.query(Message).filter_by(kind="receipt").count() == 1


def test_after_the_order_is_closed_nothing_can_be_answered(shop: Shop) -> None:
    order = an_inspected_order(shop)
    overview = sent(order)
    order.close(by=SAM)
    with pytest.raises(Refused, match="has ended"):
        answered(overview, {"Front brake pads": "repair"})


def test_a_name_is_needed_and_a_long_comment_refused_with_all_faults_at_once(shop: Shop) -> None:
    overview = sent(an_inspected_order(shop))
    with pytest.raises(Refused) as refused:
        answered(overview, {}, name="  ", comment="<b>x</b>" * 2500)
    assert set(refused.value.errors) == {"name", "comment"}


def test_an_amount_that_was_not_on_screen_is_not_signed(shop: Shop) -> None:
    overview = sent(an_inspected_order(shop))
    with pytest.raises(Refused, match="what it comes to"):
        answered(overview, {"Front brake pads": "repair"}, statement="I authorise the work named above, for $1.00 including tax.")


def test_the_statement_names_scheduled_and_chosen_work_with_tax(shop: Shop) -> None:
    reply = answered(sent(an_inspected_order(shop)), {"Front brake pads": "repair", "Tyres": "contact"})
    assert reply.statement == "I authorise the work named above, for $404.69 including tax."
    assert reply.amount == 8520 + 31949


def test_what_can_be_answered_follows_the_locations_rules(shop: Shop) -> None:
    rules(shop, may_decline=True, may_put_off=False)
    overview = sent(an_inspected_order(shop))
    offered = {item.title: overview.choices_for(item) for item in overview.items}
    assert offered["Oil and filter"] == offered["Lights"] == []
    assert offered["Front brake pads"] == [Choice.repair, Choice.contact]
    assert offered["Wiper blades"] == [Choice.repair, Choice.contact, Choice.decline]


@pytest.mark.parametrize("word", ["decline", "later-3", "later-5", "repair-1", "yes", "<script>", "later-"])
def test_an_answer_that_is_not_offered_is_refused_beside_its_item(shop: Shop, word: str) -> None:
    overview = sent(an_inspected_order(shop))
    brakes = next(item for item in overview.items if item.title == "Front brake pads")
    with pytest.raises(Refused) as refused:
        read_choices(overview, {f"item-{brakes.id}": word})
    assert set(refused.value.errors) == {f"item-{brakes.id}"}


def test_another_visits_item_a_scheduled_one_and_a_hidden_one_can_not_be_answered(shop: Shop) -> None:
    overview, other = sent(an_inspected_order(shop)), sent(an_inspected_order(a_shop("elm")))
    scheduled = next(item for item in overview.items if item.category is Category.scheduled)
    for field in (f"item-{other.items[1].id}", f"item-{scheduled.id}", "item-99999", "item-x"):
        with pytest.raises(Refused) as refused:
            read_choices(overview, {field: "repair"})
        assert "version" in refused.value.errors


@pytest.mark.parametrize("prices", list(Visibility))
def test_the_statement_shows_an_amount_only_where_prices_are_shown(shop: Shop, prices: Visibility) -> None:
    rules(shop, prices=prices.value)
    overview = sent(an_inspected_order(shop))
    hidden = prices in {Visibility.none, Visibility.after_call}
    assert ("$" not in Summary(overview, {}).statement) is hidden
    reply = answered(overview, {"Front brake pads": "repair"})
    receipt = db.session.query(Message).filter_by(kind="receipt").one()
    assert ("$" not in receipt.body) is hidden
    assert reply.prices is (Visibility.none if hidden else prices)


def test_prices_are_seen_once_somebody_has_called(shop: Shop) -> None:
    rules(shop, prices="after_call")
    overview = sent(an_inspected_order(shop))
    assert overview.visibility is Visibility.none
    overview.tell_prices(by=SAM)
    assert overview.visibility is Visibility.all


def test_the_receipt_holds_all_that_was_on_screen_and_its_digest_is_chained(shop: Shop) -> None:
    order = an_inspected_order(shop)
    reply = answered(sent(order, "Look at the brakes"), {"Front brake pads": "repair"}, comment="When?")
    assert reply.number(order.number) == f"{order.number}-A1"
    assert reply.digest == digest_of(reply.receipt)
    kinds = [(one.kind, one.facts.get("digest")) for one in Communication.of(order)]
    assert kinds == [("sent", None), ("answered", reply.digest)]
    assert Communication.verify(shop) is None


def test_the_first_opening_is_news_and_later_ones_are_not(shop: Shop) -> None:
    order = an_inspected_order(shop)
    overview = sent(order)
    overview.opened(by=OWNER)
    at = overview.opened_at
    overview.opened(by=OWNER)
    db.session.commit()
    assert overview.opened_at == at is not None
    assert [one.kind for one in Communication.of(order)] == ["sent", "opened"]


def test_answering_moves_a_waiting_vehicle_to_answered_and_says_nothing_but_the_receipt(shop: Shop) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    assert order.stay
    assert order.stay.status.key == "st_answered"
    assert [message.kind for message in db.session.query(Message).order_by(Message.id)][-2:] == ["overview", "receipt"]


def test_the_work_order_says_when_the_quotation_has_changed_since(shop: Shop) -> None:
    order = an_inspected_order(shop)
    sent(order)
    assert not OverviewDraft(order).is_changed
    item_called(order, "Wiper blades").show(False, by=SAM)
    db.session.commit()
    assert OverviewDraft(order).is_changed


def test_a_draft_goes_along_to_the_next_version_for_what_has_not_changed(shop: Shop) -> None:
    order = an_inspected_order(shop)
    overview = sent(order)
    ids = {item.title: item.id for item in overview.items}
    overview.keep_draft({ids["Front brake pads"]: "repair", ids["Wiper blades"]: "contact"}, "Half written")
    reprice(item_called(order, "Wiper blades"), 5000)
    again = sent(order)
    brakes = next(item for item in again.items if item.title == "Front brake pads")
    assert again.draft == {str(brakes.id): "repair"}
    assert again.draft_comment == "Half written"


def a_drawing() -> str:
    image = Image.new("RGBA", (300, 100))
    for x in range(20, 280):
        image.putpixel((x, 50), (0, 0, 0, 255))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_a_drawn_signature_is_drawn_anew_and_kept(shop: Shop) -> None:
    reply = answered(sent(an_inspected_order(shop)), {}, signature=a_drawing())
    assert reply.signature
    assert reply.signature.content_type == "image/png"
    assert Image.open(BytesIO(reply.signature.read())).size == (300, 100)


@pytest.mark.parametrize(
    "signature",
    [
        "x",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64," + "A" * 400_000,
        "data:image/png;base64,!!!!",
    ],
)
def test_a_signature_that_is_no_picture_is_refused_beside_it(shop: Shop, signature: str) -> None:
    with pytest.raises(Refused) as refused:
        answered(sent(an_inspected_order(shop)), {}, signature=signature)
    assert set(refused.value.errors) == {"signature"}


def test_a_total_that_no_integer_of_32_bits_holds_is_kept_exactly(shop: Shop) -> None:
    found = {f"Gold {number}": (Category.scheduled, 999_999_999) for number in range(4)}
    overview = sent(an_inspected_order(shop, found))
    reply = answered(overview, {})
    db.session.expire(reply)
    assert reply.amount == sum(item.including or 0 for item in overview.items) > 2**31


def test_a_sum_beyond_reason_is_not_signed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.answering.MOST", 1000)
    with pytest.raises(Refused, match="can't be right"):
        answered(sent(an_inspected_order(shop)), {})


def test_name_and_comment_are_kept_without_the_space_around_them(shop: Shop) -> None:
    reply = answered(sent(an_inspected_order(shop)), {}, name="  Maria   Lopez ", comment=" Hello \r\n there ")
    assert (reply.name, reply.comment) == ("Maria Lopez", "Hello \n there")


def test_the_newest_of_many_orders_come_along_with_them_in_one_question(shop: Shop) -> None:
    order, other = an_inspected_order(shop), a_work_order(shop, a_customer(shop, "Ruth", "Berg", phones=[]))
    sent(order)
    second = sent(order)
    db.session.expire_all()
    found = WorkOrder.open_in(shop, newest_overview())
    assert {one.id: one.newest_overview for one in found} == {order.id: second, other.id: None}


def step_of(order: WorkOrder) -> tuple[Step, int, int, int]:
    db.session.expire_all()
    overview = next(one.newest_overview for one in WorkOrder.open_in(order.visit.shop, newest_overview()) if one.id == order.id)
    assert overview
    return overview.step, overview.answered_count, overview.asked_count, overview.undecided_count


def test_a_list_knows_how_far_an_overview_has_come_and_whether_the_desk_has_decided(shop: Shop) -> None:
    order = an_inspected_order(shop)
    overview = sent(order)
    assert step_of(order) == (Step.sent, 0, 3, 0)
    overview.opened(by=OWNER)
    db.session.commit()
    assert step_of(order) == (Step.opened, 0, 3, 0)
    answered(overview, {"Front brake pads": "repair", "Tyres": "contact"})
    assert step_of(order) == (Step.answered, 2, 3, 2)
    Authorisation.take_over(order, by=SAM)
    db.session.commit()
    assert step_of(order) == (Step.answered, 2, 3, 1), "who wants to be called waits for a thumb"
    Authorisation.set(item_called(order, "Tyres"), True, by=SAM)
    db.session.commit()
    assert step_of(order) == (Step.answered, 2, 3, 0)


def test_an_answer_that_a_later_version_kept_counts_there_and_stays_decided(shop: Shop) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    Authorisation.take_over(order, by=SAM)
    reprice(item_called(order, "Tyres"), 70000)
    sent(order)
    assert step_of(order) == (Step.sent, 1, 3, 0)


def test_a_removed_item_waits_for_no_thumb(shop: Shop) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    item_called(order, "Front brake pads").remove(by=SAM)
    db.session.commit()
    assert step_of(order) == (Step.answered, 1, 3, 0)


def test_an_overview_whose_message_went_astray_is_marked_until_somebody_opens_it(shop: Shop) -> None:
    overview = sent(an_inspected_order(shop))
    assert overview.message
    assert not overview.is_astray
    overview.message.advance("claim")
    overview.message.refused("30006")
    assert overview.is_astray
    overview.opened(by=OWNER)
    assert not overview.is_astray


def waiting_for_the_morning(order: WorkOrder) -> Message:
    overview = send_overview(order, contacts(order)[0].word, "", "m" * 16, by=SAM, in_the_morning=True)
    db.session.commit()
    assert overview.message
    return overview.message


@pytest.fixture
def order_at_night(shop: Shop, at: Callable[..., None]) -> WorkOrder:
    at("2025-05-13 23:00", "America/Chicago")
    return an_inspected_order(shop)


def test_an_overview_that_waits_for_the_morning_still_goes_when_the_status_changes(order_at_night: WorkOrder) -> None:
    message = waiting_for_the_morning(order_at_night)
    assert message.due_at == local("2025-05-14 08:00")
    order_at_night.set_status(Status.with_key(order_at_night.shop_id, "st_waiting"), by=SAM, wish=Wish(silently=True))
    assert message.state is Delivery.planned


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (lambda order: sent(order), "A newer version went instead."),
        (lambda order: answered(Overview.newest(order.id), {}), "The customer has answered meanwhile."),  # type: ignore[arg-type]
        (lambda order: order.close(by=SAM), "The status was changed or undone since, or the work order was closed."),
    ],
)
def test_an_overview_that_waits_does_not_go_when_it_is_pointless(
    order_at_night: WorkOrder, event: Callable[[WorkOrder], object], why: str
) -> None:
    message = waiting_for_the_morning(order_at_night)
    event(order_at_night)
    assert message.state is Delivery.cancelled
    assert [str(words) for _rule, passed, words in message.why if not passed] == [why]
