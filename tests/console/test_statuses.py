"""Message Setup: an administrator makes the shop's own statuses (specification 2, point 3)."""

import pytest

from models import Shop, Status, Timer, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, a_work_order, signed_in

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/statuses"
WASH = {"name": "Wash", "colour": "teal", "timer": "count_down", "minutes": "20", "texts": "1", "customer_words_en": "Being washed"}


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop, "administrator"))
    return client


def named(shop: Shop, name: str) -> Status:
    db.session.expire_all()
    return next(status for status in Status.all_of(shop) if status.name == name)


def test_the_list_says_what_each_step_does(ada: Visitor) -> None:
    page = ada.get(ADDRESS).text
    for words in ("Inspecting", "Count Down 0:45", "On the lift, inspection", "customers read “Being inspected”", "at check-in"):
        assert words in page


def test_a_new_one_is_the_last_step_and_its_words_can_be_written(ada: Visitor, shop: Shop) -> None:
    assert ada.post(ADDRESS, data=WASH, headers=HTMX).headers["HX-Redirect"] == ADDRESS
    wash = Status.all_of(shop)[-1]
    assert (wash.name, wash.timer, wash.minutes, wash.texts, wash.emails) == ("Wash", Timer.count_down, 20, True, False)
    template = f"/console/settings/messages/{wash.key}/text/en"
    assert "Being washed" in ada.get(template).text
    ada.post(template, data={"body": "{shop}: clean soon. {link}"})
    assert "clean soon" in ada.get(template).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give it a name"),
        ({"name": "Inspecting"}, "a status of that name already"),
        ({"hours": "-1"}, "Give a whole number."),
        ({"minutes": "0"}, "from one minute to thirty days"),
        ({"timer": "backwards"}, "Choose how the time shows."),
        ({"colour": "pink"}, "Choose one of the colours."),
        ({"customer_words_nl": "x" * 81}, "under 80 characters"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_stays_typed(ada: Visitor, shop: Shop, typed: dict[str, str], sentence: str) -> None:
    answer = ada.post(ADDRESS, data={**WASH, **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Being washed" in answer.text
    assert len(Status.all_of(shop)) == 13


def test_a_status_is_changed(ada: Visitor, shop: Shop) -> None:
    inspecting = named(shop, "Inspecting")
    page = ada.get(f"{ADDRESS}/{inspecting.id}").text
    assert 'value="45"' in page
    ada.post(f"{ADDRESS}/{inspecting.id}", data={**WASH, "name": "On the lift"}, headers=HTMX)
    assert named(shop, "On the lift").minutes == 20


def test_one_in_which_vehicles_stand_is_not_removed_and_says_which(ada: Visitor, shop: Shop) -> None:
    order = a_work_order(shop)
    order.set_status(named(shop, "Ready"), by=SAM)
    db.session.commit()
    answer = ada.post(f"{ADDRESS}/{named(shop, 'Ready').id}/removal", headers=HTMX)
    assert answer.status_code == 422
    assert str(order.number) in answer.text
    assert named(shop, "Ready")


def test_a_removed_one_comes_back_by_undo(ada: Visitor, shop: Shop) -> None:
    wash = named(shop, "Pricing")
    assert "Undo" in ada.post(f"{ADDRESS}/{wash.id}/removal", headers=HTMX).text
    assert "Pricing" not in ada.get(ADDRESS).text
    ada.post(f"{ADDRESS}/{wash.id}/return", headers=HTMX)
    assert "Pricing" in ada.get(ADDRESS).text


def test_steps_move_up_and_down_and_not_beyond_the_ends(ada: Visitor, shop: Shop) -> None:
    first, second = Status.all_of(shop)[:2]
    ada.post(f"{ADDRESS}/{second.id}/place", data={"step": "-1"}, headers=HTMX)
    ada.post(f"{ADDRESS}/{second.id}/place", data={"step": "-1"}, headers=HTMX)
    db.session.expire_all()
    assert [status.id for status in Status.all_of(shop)[:2]] == [second.id, first.id]


def test_another_one_can_be_set_at_check_in(ada: Visitor, shop: Shop) -> None:
    ada.post(f"{ADDRESS}/{named(shop, 'Waiting on tech').id}/beginning", headers=HTMX)
    assert a_work_order(shop).stay.status.name == "Waiting on tech"


def test_when_orange_begins_is_the_shops_choice(ada: Visitor, shop: Shop) -> None:
    typed = {"orange_percent": "10", "orange_minutes": "5", "board_seconds": "30"}
    ada.post(f"{ADDRESS}/board", data=typed, headers=HTMX)
    assert (shop.location.orange_percent, shop.location.orange_minutes, shop.location.board_seconds) == (10, 5, 30)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"orange_percent": "51"}, "from 0 to 50"),
        ({"orange_minutes": "soon"}, "Give a whole number."),
        ({"board_seconds": "1"}, "from 10 to 600"),
        ({"board_seconds": ""}, "Give a whole number."),
    ],
)
def test_nonsense_about_the_board_is_refused(ada: Visitor, shop: Shop, typed: dict[str, str], sentence: str) -> None:
    answer = ada.post(
        f"{ADDRESS}/board", data={"orange_percent": "10", "orange_minutes": "5", "board_seconds": "30", **typed}, headers=HTMX
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert shop.location.orange_percent == 20


def test_a_shop_without_any_is_offered_the_usual_ones(ada: Visitor, shop: Shop) -> None:
    for status in Status.all_of(shop):
        db.session.delete(status)
    db.session.commit()
    assert "Begin with the usual ones" in ada.get(ADDRESS).text
    ada.post(f"{ADDRESS}/presets", headers=HTMX)
    assert len(Status.all_of(shop)) == 13


def test_another_shops_status_is_not_found(ada: Visitor) -> None:
    foreign = Status.all_of(a_shop("elm"))[0].id
    assert ada.get(f"{ADDRESS}/{foreign}").status_code == 404
    for more in ("", "/place", "/removal", "/return", "/beginning"):
        assert ada.post(f"{ADDRESS}/{foreign}{more}", data=WASH).status_code == 404
