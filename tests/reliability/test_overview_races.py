"""Overviews sent by many clicks at once, each with a connection of its own, on both databases."""

from collections.abc import Callable
from typing import Any

from models import Message, Overview, Reply, db
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, a_member, a_shop, signed_in
from tests.ground.overviews import an_inspected_order, sent
from tests.portal.test_overviews import Phone

Together = Callable[..., list[Any]]
PLACE = "/console/work-orders/1001/overviews"


def test_eight_clicks_on_send_are_one_version_and_one_message(together: Together, visitors: Callable[[], Visitor]) -> None:
    shop = a_shop()
    an_inspected_order(shop)
    sam = a_member(shop)
    desks = [signed_in(visitors(), sam) for _ in range(8)]
    form = {"contact": f"text:{MARIA}", "key": "k" * 16}
    answers = together(*[lambda desk=desk: desk.post(PLACE, data=form).status_code for desk in desks])  # type: ignore[misc]
    assert answers == [303] * 8
    assert [overview.version for overview in db.session.query(Overview)] == [1]
    assert db.session.query(Message).filter_by(kind="overview").count() == 1


def test_two_desks_that_send_at_once_send_two_versions(together: Together, visitors: Callable[[], Visitor]) -> None:
    shop = a_shop()
    an_inspected_order(shop)
    desks = [signed_in(visitors(), a_member(shop, email=f"{name}@harbour.example")) for name in ("sam", "rosa")]
    forms = [{"contact": f"text:{MARIA}", "key": key * 16} for key in "ab"]
    answers = together(
        *[lambda desk=desk, form=form: desk.post(PLACE, data=form).status_code for desk, form in zip(desks, forms, strict=True)]
    )  # type: ignore[misc]
    assert answers == [303] * 2
    assert sorted(overview.version for overview in db.session.query(Overview)) == [1, 2]


def test_eight_taps_on_send_are_one_reply_with_one_receipt(together: Together, visitors: Callable[[], Visitor]) -> None:
    order = an_inspected_order(a_shop())
    sent(order)
    phones = [Phone(visitors(), order) for _ in range(8)]
    for phone in phones:
        phone.page = phones[0].page  # the same page eight times: one key
    together(*[lambda phone=phone: phone.send({}).status_code for phone in phones])  # type: ignore[misc]
    assert db.session.query(Reply).count() == 1
    assert db.session.query(Message).filter_by(kind="receipt").count() == 1


def test_of_two_phones_that_answer_at_once_one_is_told(together: Together, visitors: Callable[[], Visitor]) -> None:
    order = an_inspected_order(a_shop())
    sent(order)
    phones = [Phone(visitors(), order) for _ in range(2)]
    for phone, word in zip(phones, ("repair", "contact"), strict=True):
        phone.tap({"Tyres": word})
    choices = [{"Tyres": "repair"}, {"Tyres": "contact"}]
    answers = together(
        *[lambda phone=phone, chosen=chosen: phone.send(chosen).status_code for phone, chosen in zip(phones, choices, strict=True)]
    )  # type: ignore[misc]
    assert sorted(answers) == [303, 422]
    assert db.session.query(Reply).count() == 1
