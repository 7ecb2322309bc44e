"""The customer reads what was found, chooses, and sends: only what is on screen, only from the page itself, without a script."""

import re
from collections.abc import Callable
from io import BytesIO
from secrets import token_hex
from typing import Any

import pytest
from werkzeug.test import TestResponse

from models import Attachment, Category, Communication, Message, Overview, Remark, Reply, Shop, WorkItem, WorkOrder, db
from models.item_line import Line
from models.sent_file import SentFile
from models.tax import Kind
from portal.overview_form import LONGEST_DRAFT
from tests.ground import storing
from tests.ground.client import Visitor
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_customer, a_shop, a_work_order, consenting
from tests.ground.overviews import an_inspected_order, an_item, answered, item_called, rules, sent
from tests.ground.queries import counted

WELCOME = "Hello Maria, we have looked at your Honda Civic"
PERSON = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/150 Mobile"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shop(app: object) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    rules(shop)
    return an_inspected_order(shop)


def reprice(order: WorkOrder, title: str, price: int) -> None:
    item, line = item_called(order, title), None
    line = item.lines[0].line
    lines = [Line(Kind.labour, "", line.quantity, price)]
    item.change(item.version, title=item.title, why=item.why, category=item.category, lines=lines, by=SAM)
    db.session.commit()


def fields(html: str) -> dict[str, str]:
    """What the page's form would send as it stands, without what is chosen."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {name: value.replace("&#39;", "'") for name, value in found.items()}


def ids(overview: Overview) -> dict[str, str]:
    return {item.title: f"item-{item.id}" for item in overview.items}


class Phone:
    """Maria with the overview on her screen: what she does goes out with the form that she sees."""

    def __init__(self, client: Visitor, order: WorkOrder) -> None:
        self.client, self.link = client, order.visit.link.path
        self.page = client.get(f"{self.link}/overview").text
        self.ids = ids(found) if (found := Overview.newest(order.id)) else {}

    def post(self, to: str, choices: dict[str, str], headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        chosen = {self.ids[title]: word for title, word in choices.items()}
        answer = self.client.post(f"{self.link}/{to}", data={**fields(self.page), **chosen, **more}, headers={**PERSON, **(headers or {})})
        if answer.status_code in {200, 422}:
            self.page = answer.text
        return answer

    def tap(self, choices: dict[str, str], **more: Any) -> str:
        """With a script: each tap sends what is chosen, and the sum comes back."""
        answer = self.client.post(
            f"{self.link}/overview/draft",
            data={**fields(self.page), **{self.ids[title]: word for title, word in choices.items()}, **more},
            headers={**PERSON, **HTMX},
        )
        assert answer.status_code == 200
        statement = fields(answer.text)["statement"]
        self.page = re.sub(r'(name="statement" value=")[^"]*', lambda found: found[1] + statement, self.page)
        return answer.text

    def send(self, choices: dict[str, str], **more: Any) -> TestResponse:
        return self.post("answers", choices, **{"name": "Maria Lopez", **more})


def count(noun: type) -> int:
    return db.session.query(noun).count()


# what she sees


def test_a_welcome_with_the_note_comes_first_and_one_button_opens_the_overview(client: Visitor, order: WorkOrder) -> None:
    sent(order, "The front brakes can't wait.")
    page = client.get(order.visit.link.path).text
    assert WELCOME in page
    assert "The front brakes can&#39;t wait." in page
    assert f'href="{order.visit.link.path}/overview">Open the overview</a>' in page
    assert page.index("Open the overview") < page.index("Call (312)")


def test_the_four_categories_have_their_headings_and_only_two_have_choices(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    page = Phone(client, order).page
    headings = re.findall(r"<h2[^>]*>(?:<label[^>]*>)?([^<]+)", page)
    assert headings == [
        "Scheduled services",
        "Necessary items",
        "Recommended items",
        "Checked items that work properly",
        "Comments and questions",
        "Your choices",
    ]
    asked = set(re.findall(r'type="radio" name="(item-\d+)"', page))
    overview = Overview.newest(order.id)
    assert overview
    assert asked == {f"item-{item.id}" for item in overview.asked}
    assert all(words in page for words in ("Repair", "Contact me", "Do not agree", "Front brake pads", "Lights"))


def test_what_is_hidden_by_the_eye_is_nowhere(client: Visitor, order: WorkOrder) -> None:
    item_called(order, "Tyres").show(False, by=SAM)
    sent(order)
    phone = Phone(client, order)
    assert "Tyres" not in phone.page + client.get(phone.link).text
    draft = phone.tap({"Front brake pads": "repair"})
    assert "Tyres" not in draft
    assert "$404.69" in draft, "8520 + 31949, without the tyres"
    assert phone.send({"Front brake pads": "repair"}).status_code == 303
    assert "Tyres" not in client.get(phone.link).text


def test_behind_the_calendars_link_there_is_none_of_it(client: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    shared = order.visit.calendar_link.path
    page = client.get(shared).text
    assert WELCOME not in page
    assert "Front brake pads" not in page
    for path in ("overview", "pictures/1/small"):
        assert client.get(f"{shared}/{path}").status_code == 404
    for path in ("answers", "overview/draft"):
        assert client.post(f"{shared}/{path}", data={"version": overview.version}).status_code == 404


def test_before_anything_was_sent_there_is_no_overview(client: Visitor, order: WorkOrder) -> None:
    assert client.get(f"{order.visit.link.path}/overview").status_code == 404
    assert WELCOME not in client.get(order.visit.link.path).text


@pytest.mark.parametrize(("prices", "item", "total"), [("all", True, True), ("totals", False, True), ("none", False, False)])
def test_prices_are_seen_as_far_as_the_location_shows_them(
    client: Visitor, shop: Shop, order: WorkOrder, prices: str, item: bool, total: bool
) -> None:
    rules(shop, prices=prices)
    sent(order)
    page = Phone(client, order).page
    assert ("$319.49" in page) is item
    assert ("Labour and parts" in page) is item
    assert ("Total including tax" in page) is total
    assert ("$85.20" in page) is total
    assert ("$" in page) is total


def test_where_prices_include_vat_that_is_what_is_said(client: Visitor, app: object) -> None:
    shop = a_shop("linde", "Europe/Amsterdam", country="NL", language="nl", currency="EUR")
    sent(an_inspected_order(shop))
    order = db.session.query(WorkOrder).one()
    assert "Totaal inclusief btw" in Phone(client, order).page
    assert "Total including VAT" in client.get(f"{order.visit.link.path}/overview?lang=en").text


def test_a_new_version_marks_what_changed_and_keeps_the_other_answers(client: Visitor, order: WorkOrder) -> None:
    answered(sent(order), {"Front brake pads": "repair", "Tyres": "contact"})
    reprice(order, "Tyres", 50000)
    an_item(order, "Cabin filter")
    sent(order)
    assert "Your overview has changed" in client.get(order.visit.link.path).text
    page = Phone(client, order).page
    assert "This is version 2" in page
    assert "Price changed (was $637.89)" in page
    assert "<span>New</span>" in page
    assert "Your answer: Repair" in page
    assert "Your answer: Contact me" not in page


# choosing


def test_choices_survive_leaving_and_coming_back(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    phone.tap({"Front brake pads": "repair", "Tyres": "contact"}, comment="Which tyres?")
    page = Phone(client, order).page
    for title, word in {"Front brake pads": "repair", "Tyres": "contact"}.items():
        assert f'name="{phone.ids[title]}" value="{word}" checked' in page
    assert "Which tyres?</textarea>" in page
    assert "2 of 3 chosen" in page


def test_a_choice_can_be_taken_back(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    phone.tap({"Front brake pads": "repair"})
    assert "0 of 3 chosen" in phone.tap({"Front brake pads": ""})
    assert "checked" not in re.sub(r"checked_ok", "", Phone(client, order).page)


def test_each_tap_gets_the_three_parts_and_what_they_come_to(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    summary = Phone(client, order).tap({"Front brake pads": "repair", "Tyres": "contact"})
    parts = [summary.index(words) for words in ("Scheduled services", "Additional items to repair", "You will be contacted for")]
    assert parts == sorted(parts)
    assert summary.index("Front brake pads") < parts[2] < summary.index("Tyres")
    assert "I authorise the work named above, for $404.69 including tax." in summary
    assert summary.lstrip().startswith('<div id="summary">')


def test_without_a_script_a_button_keeps_the_choices(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    assert f'<noscript><button formaction="{phone.link}/overview/draft"' in phone.page
    answer = phone.post("overview/draft", {"Tyres": "contact"})
    assert (answer.status_code, answer.location) == (303, f"{phone.link}/overview#sums")
    assert "1 of 3 chosen" in client.get(answer.location).text


def test_the_first_tap_without_a_draft_request_tells_a_person_from_a_scanner(client: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    phone = Phone(client, order)
    assert overview.opened_at is None, "looking at a page says nothing"
    phone.tap({"Tyres": "contact"})
    db.session.refresh(overview)
    assert overview.opened_at


def test_a_long_draft_is_cut_and_zero_characters_are_left_out(client: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    Phone(client, order).tap({}, comment="\0" + "x" * (LONGEST_DRAFT + 5))
    db.session.refresh(overview)
    assert overview.draft_comment == "x" * LONGEST_DRAFT


# sending


def test_what_was_chosen_is_sent_signed_and_answered_by_the_page_with_its_receipt(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    phone.tap({"Front brake pads": "repair", "Tyres": "contact", "Wiper blades": "decline"})
    answer = phone.send({"Front brake pads": "repair", "Tyres": "contact", "Wiper blades": "decline"}, comment="When?")
    assert (answer.status_code, answer.location) == (303, phone.link)
    reply = db.session.query(Reply).one()
    assert {one.item.title: one.chosen.word for one in reply.answers} == {
        "Front brake pads": "repair",
        "Tyres": "contact",
        "Wiper blades": "decline",
    }
    assert (reply.name, reply.comment, reply.ip) == ("Maria Lopez", "When?", "127.0.0.1")
    assert reply.agent == PERSON["User-Agent"]
    page = client.get(phone.link).text
    assert "Thank you, we have your answers" in page
    assert f"Receipt {order.number}-A1" in page
    assert "$404.69" in page
    assert "You have answered all of it." in Phone(client, order).page


def test_without_a_script_the_first_tap_shows_what_it_comes_to_and_the_second_sends(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    first = phone.send({"Front brake pads": "repair"}, comment="When?")
    assert first.status_code == 422
    assert "This is what it comes to. Please look at it once more, then send." in first.text
    assert "for $404.69 including tax" in first.text
    assert "When?</textarea>" in first.text
    assert 'value="Maria Lopez"' in first.text
    assert f'name="{phone.ids["Front brake pads"]}" value="repair" checked' in first.text
    assert phone.send({"Front brake pads": "repair"}).status_code == 303


def test_deciding_nothing_can_be_sent_with_one_tap(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    assert Phone(client, order).send({}, comment="Call me first").status_code == 303
    page = client.get(order.visit.link.path).text
    assert "Still open: 3." in page


def test_the_same_tap_twice_sends_once(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    phone.tap({"Tyres": "contact"})
    assert [phone.send({"Tyres": "contact"}).status_code for _ in range(2)] == [303, 303]
    assert (count(Reply), db.session.query(Message).filter_by(kind="receipt").count()) == (1, 1)


def test_two_phones_at_once_the_second_is_told_and_sees_how_it_stands(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    one, other = Phone(client, order), Phone(client, order)
    for phone in (one, other):
        phone.tap({"Tyres": "repair" if phone is one else "contact"})
    assert one.send({"Tyres": "repair"}).status_code == 303
    answer = other.send({"Tyres": "contact", "Wiper blades": "contact"}, comment="Mine")
    assert count(Reply) == 1
    assert answer.status_code == 422
    assert "Your answer: Repair" in answer.text
    assert "Mine</textarea>" in answer.text
    assert f'name="{other.ids["Wiper blades"]}" value="contact" checked' in answer.text


def test_answers_to_an_old_version_count_for_nothing_and_go_along_to_what_has_not_changed(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    phone.tap({"Front brake pads": "repair", "Tyres": "repair"})
    reprice(order, "Tyres", 90000)
    newest = sent(order)
    answer = phone.send({"Front brake pads": "repair", "Tyres": "repair"}, comment="Please hurry")
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert "The overview was changed while this page was open." in answer.text
    now = ids(newest)
    assert f'name="{now["Front brake pads"]}" value="repair" checked' in answer.text
    assert f'name="{now["Tyres"]}" value="repair" checked' not in answer.text
    assert "Please hurry</textarea>" in answer.text
    assert "Price changed (was $637.89)" in answer.text
    phone.ids = now
    assert phone.send({"Front brake pads": "repair"}).status_code == 303


def test_a_tap_on_an_old_version_is_told_so_in_the_summary(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    reprice(order, "Tyres", 90000)
    sent(order)
    answer = phone.post("overview/draft", {"Tyres": "repair"}, HTMX)
    assert answer.status_code == 422
    assert "Show it as it is now" in answer.text


def test_prices_that_were_told_meanwhile_are_seen_before_anything_is_signed(client: Visitor, shop: Shop, order: WorkOrder) -> None:
    rules(shop, prices="after_call")
    overview = sent(order)
    phone = Phone(client, order)
    assert "We will call you about the prices." in phone.page
    phone.tap({"Tyres": "repair"})
    overview.tell_prices(by=SAM)
    answer = phone.send({"Tyres": "repair"})
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert "for $723.09 including tax" in answer.text


def test_after_check_out_nothing_can_be_answered_and_the_page_says_so(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    order.close(by=SAM)
    answer = phone.send({})
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert "Your visit has ended" in answer.text
    assert "Send my answers" not in answer.text
    assert WELCOME not in client.get(phone.link).text
    overview = Overview.newest(order.id)
    assert phone.post("overview/draft", {"Tyres": "contact"}).status_code == 303
    assert overview
    assert overview.draft == {}


def test_a_form_that_is_not_from_the_page_or_lay_open_too_long_is_answered_by_the_page(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    for wrong in ({"nonce": "made up"}, {"key": ""}, {"key": "<script>"}):
        answer = Phone(client, order).send({"Tyres": "contact"}, comment="Kept", **wrong)
        assert answer.status_code == 422
        assert "Please tap once more." in answer.text
        assert "Kept</textarea>" in answer.text
    assert count(Reply) == 0


@pytest.mark.parametrize("agent", ["other visit", "scheduled", "nobody's", "no number"])
def test_what_is_not_to_be_answered_here_is_refused(client: Visitor, order: WorkOrder, agent: str) -> None:
    overview, other = sent(order), sent(an_inspected_order(a_shop("elm")))
    scheduled = overview.of_category(Category.scheduled)[0]
    wrong = {"other visit": other.items[1].id, "scheduled": scheduled.id, "nobody's": 999_999, "no number": "x"}[agent]
    answer = Phone(client, order).send({}, **{f"item-{wrong}": "repair"})
    assert (answer.status_code, count(Reply)) == (422, 0)


@pytest.mark.parametrize("word", ["decline", "later-3", "yes", "<script>", "x" * 5000])
def test_an_answer_that_is_not_offered_is_refused_beside_its_item(client: Visitor, order: WorkOrder, word: str) -> None:
    sent(order)
    phone = Phone(client, order)
    answer = phone.send({"Front brake pads": word})
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert f'id="{phone.ids["Front brake pads"]}-wrong"' in answer.text


def test_every_fault_is_said_beside_its_field_with_everything_typed_kept(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    phone = Phone(client, order)
    long = "<b>bold</b> & more " * 1100
    answer = phone.send({"Tyres": "contact"}, comment=long, name=" ")
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert 'id="name-wrong"' in answer.text
    assert 'id="comment-wrong"' in answer.text
    assert "<b>bold" not in answer.text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in answer.text
    assert answer.text.count("autofocus") == 1


@pytest.mark.parametrize("signature", ["x", "data:image/png;base64,AAAA", "data:image/svg+xml;base64,PHN2Zz4=", "A" * 300_000])
def test_a_signature_that_is_no_picture_is_refused_beside_it(client: Visitor, order: WorkOrder, signature: str) -> None:
    sent(order)
    answer = Phone(client, order).send({}, signature=signature)
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert 'id="signature-wrong"' in answer.text


def test_more_than_a_form_may_hold_is_refused_by_the_page(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    answer = Phone(client, order).send({}, signature="A" * 700_000)
    assert (answer.status_code, count(Reply)) == (422, 0)


def test_refusing_a_necessary_item_shows_the_risk_and_asks_for_one_tap(client: Visitor, shop: Shop, order: WorkOrder) -> None:
    rules(shop, may_decline_necessary=True, risk_words={"en": "The brakes may fail."})
    sent(order)
    phone = Phone(client, order)
    brakes = phone.ids["Front brake pads"]
    risk = brakes.replace("item", "risk")
    assert "The brakes may fail." in phone.page
    phone.tap({"Front brake pads": "decline"})
    answer = phone.send({"Front brake pads": "decline"})
    assert (answer.status_code, count(Reply)) == (422, 0)
    assert "Tap that you have read this, please." in answer.text
    assert phone.send({"Front brake pads": "decline"}, **{risk: "1"}).status_code == 303


def test_not_now_can_be_chosen_where_the_shop_offers_it(client: Visitor, shop: Shop, order: WorkOrder) -> None:
    rules(shop, may_put_off=True)
    sent(order)
    phone = Phone(client, order)
    assert all(f'value="later-{months}"' in phone.page for months in (0, 1, 3, 6))
    phone.tap({"Tyres": "later-3"})
    assert phone.send({"Tyres": "later-3"}).status_code == 303
    assert "Your answer: Not now, remind me in 3 months" in Phone(client, order).page


# pictures


def a_picture(order: WorkOrder, title: str, work: Callable[[], int]) -> Attachment:
    stored = SentFile.stored(order.shop_id, BytesIO(a_photo()), "pads.jpg", token_hex(4))
    picture = Attachment.take(order, stored, by=SAM, item=item_called(order, title))
    db.session.commit()
    work()
    return picture


def test_pictures_are_lazy_sized_and_come_as_the_browser_likes_them(client: Visitor, order: WorkOrder, work: Callable[[], int]) -> None:
    picture = a_picture(order, "Front brake pads", work)
    sent(order)
    phone = Phone(client, order)
    small, large = (f"{phone.link}/pictures/{picture.id}/{shape}" for shape in ("small", "large"))
    assert f'<a href="{large}"><img src="{small}" width="400" height="200"' in phone.page
    assert 'loading="lazy"' in phone.page
    assert client.get(small, headers={"Accept": "image/webp,*/*"}).mimetype == "image/webp"
    assert client.get(large, headers={"Accept": "*/*"}).mimetype == "image/jpeg"
    assert client.get(f"{phone.link}/pictures/{picture.id}/video").status_code == 404


def test_a_picture_that_was_not_sent_or_of_a_hidden_item_is_not_behind_the_link(
    client: Visitor, order: WorkOrder, work: Callable[[], int]
) -> None:
    shown, hidden = a_picture(order, "Front brake pads", work), a_picture(order, "Tyres", work)
    item_called(order, "Tyres").show(False, by=SAM)
    sent(order)
    link = order.visit.link.path
    assert client.get(f"{link}/pictures/{shown.id}/small").status_code == 200
    assert client.get(f"{link}/pictures/{hidden.id}/small").status_code == 404
    other = an_inspected_order(a_shop("elm"))
    sent(other)
    assert client.get(f"{other.visit.link.path}/pictures/{shown.id}/small").status_code == 404


def test_a_comment_with_a_picture_becomes_a_remark(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    answer = Phone(client, order).send({}, comment="This one", files=(BytesIO(a_photo()), "mine.jpg"))
    assert answer.status_code == 303
    remark = db.session.query(Remark).one()
    assert (remark.text, [one.name for one in remark.attachments], remark.is_shared) == ("This one", ["mine.jpg"], False)
    assert "Maria Lopez" in [one.sent_by for one in remark.attachments]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"<svg></svg>", b"MZ" + b"\0" * 100])
def test_a_file_that_is_no_picture_is_refused_beside_it_and_nothing_is_sent(client: Visitor, order: WorkOrder, content: bytes) -> None:
    sent(order)
    answer = Phone(client, order).send({}, comment="Look", files=(BytesIO(content), "x.jpg"))
    assert (answer.status_code, count(Reply), count(Attachment)) == (422, 0, 0)
    assert 'id="files-wrong"' in answer.text
    assert "Look</textarea>" in answer.text


def test_files_have_to_be_chosen_again_where_something_else_is_the_matter_and_that_is_said(client: Visitor, order: WorkOrder) -> None:
    sent(order)
    answer = Phone(client, order).send({}, name="", files=(BytesIO(a_photo()), "mine.jpg"))
    assert answer.status_code == 422
    assert "Please choose your pictures and videos once more." in answer.text
    assert count(Attachment) == 0


# who looks


def test_the_pages_beacon_is_an_opening_of_the_version_on_screen(client: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    page = client.get(order.visit.link.path).text
    address = re.search(r'data-opening="([^"]+)"', page)
    assert address
    nonce = re.search(r'data-nonce="([^"]+)"', page)
    assert nonce
    client.post(order.visit.link.path + "/opening", data={"nonce": nonce[1]}, headers=PERSON)
    db.session.refresh(overview)
    assert overview.opened_at is None, "that page showed no overview"
    client.post(address[1], data={"nonce": nonce[1]}, headers={"User-Agent": "WhatsApp/2.24"})
    db.session.refresh(overview)
    assert overview.opened_at is None
    client.post(address[1], data={"nonce": nonce[1]}, headers=PERSON)
    db.session.refresh(overview)
    assert overview.opened_at
    assert [one.kind for one in Communication.of(order)] == ["sent", "opened"]


def test_its_pages_ask_the_database_six_times_at_most(client: Visitor, shop: Shop) -> None:
    order = a_work_order(shop, consenting(a_customer(shop)))
    for number in range(24):
        item = WorkItem.add(order, f"Item {number}", by=SAM, category=Category.necessary, lines=[])
        assert item
    overview = sent(order)
    link = order.visit.link.path
    for path in (link, f"{link}/overview"):
        client.get(path, headers=PERSON)
        with counted() as asked:
            client.get(path, headers=PERSON)
        assert len(asked) <= 6, asked
    answered(overview, {"Item 1": "repair"})
    for path in (link, f"{link}/overview"):
        with counted() as asked:
            client.get(path, headers=PERSON)
        assert len(asked) <= 6, asked


def test_no_transaction_is_open_while_a_customers_picture_goes_into_the_storage(
    client: Visitor, order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(order)
    open_meanwhile = storing.watched(monkeypatch)
    assert Phone(client, order).send({}, comment="This one", files=(BytesIO(a_photo()), "mine.jpg")).status_code == 303
    assert open_meanwhile == [False]
