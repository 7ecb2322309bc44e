"""Follow-up lists, one customer's letters with their reasons, Do Not Mail by hand, mail merge, and what came of it."""

import csv
import io
from datetime import timedelta

import pytest

from models import Category, DoNotMail, Shop, clock, db
from tests.ground.client import Visitor
from tests.ground.letters import JOHN, a_letter_shop, a_visit, nightly, noon, set_days
from tests.ground.makers import SAM, a_customer, a_member, a_shop, a_work_order, signed_in
from tests.ground.overviews import an_item

LISTS = "/console/follow-ups"


@pytest.fixture
def shop(app: object) -> Shop:
    shop = a_letter_shop(thank_you=3)
    shop.location.quiet_from = shop.location.quiet_until  # else what a test finds would depend on the hour at which it runs
    return shop


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def test_who_is_due_is_listed_with_the_reason_why_or_why_not(sam: Visitor, shop: Shop) -> None:
    a_visit(shop, shop.today() - timedelta(days=1))
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=1), walter)
    DoNotMail.set(walter, "by_hand", by=SAM)
    db.session.commit()
    page = sam.get(LISTS).text
    assert "Maria Lopez" in page
    assert "Walter Finch" in page
    assert "Do Not Mail is set." in page


def test_what_was_written_and_what_was_held_back_stand_apart(sam: Visitor, shop: Shop) -> None:
    a_visit(shop, shop.today() - timedelta(days=4))
    walter = a_customer(shop, "Walter", "Finch", phones=[], emails=["walter@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=4), walter)
    DoNotMail.set(walter, "by_hand", by=SAM)
    nightly(shop, shop.today() - timedelta(days=1))
    written, held = sam.get(f"{LISTS}?state=sent").text, sam.get(f"{LISTS}?state=held").text
    assert ("Maria Lopez" in written, "Walter Finch" in written) == (True, False)
    assert ("Maria Lopez" in held, "Walter Finch" in held) == (False, True)


@pytest.mark.parametrize("query", ["kind=inactive", "words=Nobody", "since=2020-01-01&until=2020-01-02"])
def test_the_list_can_be_narrowed(sam: Visitor, shop: Shop, query: str) -> None:
    a_visit(shop, shop.today() - timedelta(days=4))
    nightly(shop, shop.today() - timedelta(days=1))
    assert "Maria Lopez" not in sam.get(f"{LISTS}?state=sent&{query}").text


@pytest.mark.parametrize("query", ["state=x&kind=y", "since=soon&until=2025-13-45", "before=x", "words=" + "x" * 500])
def test_nonsense_in_the_address_narrows_nothing(sam: Visitor, query: str) -> None:
    assert sam.get(f"{LISTS}?{query}").status_code == 200


def test_the_file_for_mail_merge_has_addresses_and_what_was_put_off_and_no_formulas(sam: Visitor, shop: Shop) -> None:
    set_days(shop, deferred=3)
    hank = a_customer(shop, "=1+1", "Doyle", phones=[], emails=["hank@mail.example"], addresses=[JOHN])
    with clock.at(noon(shop, shop.today() - timedelta(days=4))):
        order = a_work_order(shop, hank)
        an_item(order, "Belt", Category.recommended, 5000)
        order.close(by=SAM)
        db.session.commit()
    nightly(shop, shop.today() - timedelta(days=1))
    answer = sam.get(f"{LISTS}.csv?state=sent")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["mailing name"] == "'=1+1 Doyle"
    assert (row["street"], row["postal code"]) == ("5 Elm Street", "60601")
    assert (row["deferred items"], row["amount deferred"]) == ("Belt", "53.25")


def test_a_customers_own_page_says_what_will_go_and_why(sam: Visitor, shop: Shop) -> None:
    set_days(shop, thank_you=3, inactive=90, dead=180, inactive_interval=60)
    order = a_visit(shop, shop.today() - timedelta(days=1))
    other = a_customer(shop, "Joan", "Price", phones=[], emails=["joan@mail.example"])
    a_visit(shop, shop.today() - timedelta(days=1), other)
    page = sam.get(f"/console/customers/{order.visit.customer_id}/letters").text
    assert page.count("Inactive</strong>") == 2
    assert page.count("Thank You</strong>") == 1
    assert "Nobody asked for no more letters." in page
    assert "Joan" not in page


def test_a_customer_past_dead_is_shown_as_dead(sam: Visitor, shop: Shop) -> None:
    set_days(shop, inactive=90, dead=180, inactive_interval=60)
    order = a_visit(shop, shop.today() - timedelta(days=200))
    assert "Dead since" in sam.get(f"/console/customers/{order.visit.customer_id}/letters").text


def test_do_not_mail_is_set_and_taken_off_by_hand(sam: Visitor, shop: Shop) -> None:
    maria = a_customer(shop)
    address = f"/console/customers/{maria.id}"
    for _count in range(2):
        sam.post(f"{address}/do-not-mail")
    assert DoNotMail.of(maria)
    assert "Allow letters" in sam.get(address).text
    sam.post(f"{address}/do-not-mail/removal")
    assert DoNotMail.of(maria) is None


def test_another_shops_customer_is_not_there(sam: Visitor) -> None:
    theirs = a_customer(a_shop("northgate", "America/New_York"))
    assert sam.get(f"/console/customers/{theirs.id}/letters").status_code == 404
    assert sam.post(f"/console/customers/{theirs.id}/do-not-mail").status_code == 404
    assert DoNotMail.of(theirs) is None


def test_a_mechanic_sees_no_letters(client: Visitor, shop: Shop) -> None:
    tess = signed_in(client, a_member(shop, "mechanic"))
    assert {tess.get(path).status_code for path in (LISTS, f"{LISTS}.csv", f"{LISTS}/statistics")} == {403}
