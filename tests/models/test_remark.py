"""What a customer wrote and sent beside the answers: important until read, and the mechanic's only as far as the desk made it visible."""

from io import BytesIO

import pytest
from flask import Flask

from models import Attachment, Communication, Entry, NotFound, Refused, Remark, Shop, WorkOrder, db
from models.overview_lists import newest_overview
from models.remark import MOST_FILES
from models.sent_file import SentFile
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_shop
from tests.ground.overviews import OWNER, an_inspected_order, answered, sent
from tests.ground.queries import counted


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def the_remark(order: WorkOrder, comment: str = "There is a noise on the left.") -> Remark:
    answered(sent(order), {"Front brake pads": "repair"}, comment=comment)
    return Remark.of(order)[-1]


@pytest.fixture
def remark(shop: Shop) -> Remark:
    return the_remark(an_inspected_order(shop))


def a_file(remark: Remark, name: str = "noise.jpg") -> Attachment:
    taken = remark.add(SentFile.stored(remark.shop_id, BytesIO(a_photo()), name, "form"), by=OWNER)
    db.session.commit()
    return taken


def unread(order: WorkOrder) -> list[Remark]:
    return [remark for remark in Remark.of(order) if not remark.is_read]


def kinds(order: WorkOrder) -> list[str]:
    return [record.kind for record in Communication.of(order)]


def test_a_comment_is_a_remark_that_nobody_has_read(remark: Remark) -> None:
    assert (remark.text, remark.is_read, remark.is_shared) == ("There is a noise on the left.", False, False)
    assert unread(remark.order) == [remark]


def test_answers_without_a_comment_make_none(shop: Shop) -> None:
    order = an_inspected_order(shop)
    reply = answered(sent(order), {"Front brake pads": "repair"})
    assert list(Remark.of(order)) == []
    assert a_file(Remark.made_of(reply)).is_customers
    assert [one.text for one in Remark.of(order)] == [""], "what was sent without words is one as well"


def test_lists_know_how_many_nobody_has_read_without_asking_for_it(remark: Remark, shop: Shop) -> None:
    answered(sent(remark.order), {"Wiper blades": "repair"}, comment="And the tyres?")
    remark.mark_read(by=SAM)
    db.session.commit()
    db.session.expunge_all()
    (order,) = WorkOrder.open_in(shop, newest_overview())
    with counted() as asked:
        assert order.newest_overview
        assert order.newest_overview.open_remarks == 1
    assert asked == []


def test_a_comment_longer_than_is_read_makes_none(shop: Shop) -> None:
    overview = sent(an_inspected_order(shop))
    with pytest.raises(Refused, match="under 4001"):
        answered(overview, {"Front brake pads": "repair"}, comment="<script>x</script>" * 1200)
    db.session.rollback()
    assert list(Remark.of(overview.order)) == []


def test_marking_it_read_twice_does_it_once_and_can_be_undone(remark: Remark) -> None:
    for _click in range(2):
        remark.mark_read(by=SAM)
    assert (remark.read_by, unread(remark.order)) == ("Sam Ortiz", [])
    assert db.session.query(Entry).filter_by(verb="remark.read").count() == 1
    remark.mark_unread(by=SAM)
    assert unread(remark.order) == [remark]


def test_the_mechanic_sees_what_was_shared_and_nothing_else(remark: Remark) -> None:
    first, second = a_file(remark), a_file(remark, "again.jpg")
    assert Remark.seen_by_mechanic(remark.order) == []
    remark.show_to_mechanic(words=False, files=[second.id], by=SAM)
    ((seen, files),) = Remark.seen_by_mechanic(remark.order)
    assert (seen.is_shared, files) == (False, [second])
    remark.show_to_mechanic(words=True, files=[first.id], by=SAM)
    ((seen, files),) = Remark.seen_by_mechanic(remark.order)
    assert (seen.is_shared, files) == (True, [first])
    remark.show_to_mechanic(words=False, files=[], by=SAM)
    assert Remark.seen_by_mechanic(remark.order) == []


def test_sharing_is_in_the_log_once(remark: Remark) -> None:
    file = a_file(remark)
    for _click in range(2):
        remark.show_to_mechanic(words=True, files=[file.id], by=SAM)
    assert kinds(remark.order) == ["sent", "answered", "attached", "shared"]
    remark.show_to_mechanic(words=True, files=[], by=SAM)
    assert Communication.of(remark.order)[-1].facts == {
        "version": 1,
        "receipt": f"{remark.order.number}-A1",
        "remark": False,
        "files": [file.id],
        "by": "Sam Ortiz",
    }
    assert kinds(remark.order)[-1] == "unshared"
    assert Communication.verify(remark.order.visit.shop) is None


def test_a_file_of_another_remark_is_not_found(remark: Remark, shop: Shop) -> None:
    other = a_file(Remark.made_of(answered(sent(remark.order), {"Wiper blades": "repair"})))
    with pytest.raises(NotFound):
        remark.show_to_mechanic(words=True, files=[other.id], by=SAM)
    assert not other.is_shared


def test_the_same_file_again_is_kept_once_and_too_many_are_refused(remark: Remark) -> None:
    for number in range(MOST_FILES):
        a_file(remark, f"{number}.jpg")
    assert a_file(remark, "3.jpg") in remark.attachments
    with pytest.raises(Refused, match="at most 10"):
        a_file(remark, "one-more.jpg")
    db.session.rollback()
    assert kinds(remark.order).count("attached") == MOST_FILES


def test_what_a_customer_sent_is_on_no_list_of_the_staffs_own(remark: Remark) -> None:
    file = a_file(remark)
    file.ready_at = file.sent_at
    remark.show_to_mechanic(words=True, files=[file.id], by=SAM)
    assert Attachment.of_and_removed(remark.order) == ([], [])
    assert Attachment.counted([remark.work_order_id]) == {}
    with pytest.raises(NotFound):
        remark.order.visit.shop.attachment(file.id)


def test_a_file_is_found_by_who_may_see_it(remark: Remark, shop: Shop) -> None:
    file, other = a_file(remark), a_shop("northgate")
    assert Attachment.seen(file.id, shops=[shop.id], desks=[shop.id]) is file
    for shops, desks in (([shop.id], []), ([shop.id, other.id], [other.id]), ([other.id], [shop.id])):
        with pytest.raises(NotFound):
            Attachment.seen(file.id, shops=shops, desks=desks)
    remark.show_to_mechanic(words=False, files=[file.id], by=SAM)
    assert Attachment.seen(file.id, shops=[shop.id], desks=[]) is file
    with pytest.raises(NotFound):
        Attachment.seen(file.id, shops=[other.id], desks=[other.id])


def test_remarks_of_another_shop_are_not_found(remark: Remark) -> None:
    assert remark.order.visit.shop.remark(remark.id) is remark
    with pytest.raises(NotFound):
        a_shop("northgate").remark(remark.id)
