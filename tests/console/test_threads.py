"""The Messages window and the Message Manager: who may write, what is unread, what two colleagues see of each other."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Actor, Consent, Delivery, Message, Shop, StaffMember, Thread, ThreadDraft, ThreadPresence, TypedText, Waiting, clock, db
from models.opt_out import opt_out
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, a_work_order, consenting, signed_in
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
RITA = Actor("staff", "Rita Vance", 2)
serial = iter(range(1, 1_000_000))


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def member(shop: Shop) -> StaffMember:
    return a_member(shop)


@pytest.fixture
def sam(client: Visitor, member: StaffMember) -> Visitor:
    return signed_in(client, member)


@pytest.fixture
def thread(shop: Shop) -> Thread:
    """Maria's, who agreed to texts."""
    consenting(a_customer(shop))
    return Thread.at(shop, MARIA)


def hear(shop: Shop, words: str, number: str = MARIA) -> Message:
    customer = next(iter(Thread.at(shop, number).customers), None)
    message = Message.received(shop, number, words, f"SM{next(serial):032}", customer)
    db.session.commit()
    return message


def address(thread: Thread, what: str = "") -> str:
    return f"/console/threads/{thread.id}{what and '/'}{what}"


def written(**form: str) -> dict[str, str]:
    return {"body": "It is ready.", "key": "0123456789abcdef", "seen": "0", **form}


# writing


def test_a_typed_text_goes_to_the_number_and_stands_in_the_window(sam: Visitor, thread: Thread) -> None:
    answer = sam.post(address(thread, "texts"), data=written(body="Your car’s ready – come by."), headers=HTMX)
    assert answer.status_code == 200
    assert 'value="0123456789abcdef"' not in answer.text  # the next text has a key of its own
    (text,) = thread.texts()
    assert (text.body, text.state, text.kind, text.actor_name) == ("Your car's ready - come by.", Delivery.queued, "typed", "Sam Ortiz")
    assert "Your car&#39;s ready - come by." in sam.get(address(thread)).text


def test_the_same_text_sent_twice_goes_once(sam: Visitor, thread: Thread) -> None:
    for _ in range(10):
        assert sam.post(address(thread, "texts"), data=written(), headers=HTMX).status_code == 200
    assert len(thread.texts()) == 1


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_refresh_of_the_box_that_comes_late_brings_no_key_under_which_a_text_has_gone(sam: Visitor, thread: Thread) -> None:
    late = address(thread, "composer") + "?key=0123456789abcdef"
    assert key_in(sam.get(late, headers=HTMX).text) == "0123456789abcdef"
    after = key_in(sam.post(address(thread, "texts"), data=written(), headers=HTMX).text)
    assert after != "0123456789abcdef"
    assert key_in(sam.get(late, headers=HTMX).text) == after  # the very box that is there already


def test_other_words_in_a_form_that_was_sent_before_go_too(sam: Visitor, thread: Thread) -> None:
    for _ in range(2):
        for words in ("It is ready.", "We close at six.", "The key is in the box."):
            assert sam.post(address(thread, "texts"), data=written(body=words), headers=HTMX).status_code == 200
    assert [text.body for text in thread.texts()] == ["It is ready.", "We close at six.", "The key is in the box."]


def test_without_consent_there_is_no_box_and_the_server_sends_nothing(sam: Visitor, shop: Shop) -> None:
    a_customer(shop)
    thread = Thread.at(shop, MARIA)
    page = sam.get(address(thread)).text
    assert "Send message" not in page
    assert "<textarea" not in page
    assert "Without the customer's express consent" in page
    assert sam.post(address(thread, "texts"), data=written(), headers=HTMX).status_code == 422
    assert not thread.texts()


def test_consent_that_ends_while_one_types_takes_the_box_away_and_keeps_what_was_typed(
    sam: Visitor, thread: Thread, member: StaffMember
) -> None:
    sam.post(address(thread, "draft"), data=written(body="Half a sen"), headers=HTMX)
    opt_out(thread.shop, MARIA, source="stop", wording="STOP", by=SAM)
    assert "<textarea" not in sam.get(address(thread, "composer"), headers=HTMX).text
    Consent.note(thread.shop, MARIA, given=True, source="written", by=SAM)
    assert "Half a sen</textarea>" in sam.get(address(thread, "composer"), headers=HTMX).text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("  ", "Write something first."),
        ("x" * 1601, "Please keep it under 1601 characters; it has 1601."),
        ("We open at [time].", "Fill in [time] first, or take it out."),
        ("Ready at {eta}", "Fill in {eta} first, or take it out."),
    ],
)
def test_what_can_not_be_sent_is_said_beside_the_box_and_stays_in_it(sam: Visitor, thread: Thread, body: str, sentence: str) -> None:
    answer = sam.post(address(thread, "texts"), data=written(body=body), headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f"{body}</textarea>" in answer.text
    assert not thread.texts()


def test_emoji_and_sixteen_hundred_characters_go_and_are_counted_in_segments(sam: Visitor, thread: Thread) -> None:
    body = "🚗" + "x" * 1598
    length = sam.post(address(thread, "draft"), data=written(body=body), headers=HTMX).text
    assert "24 segments" in length
    assert "segments of 70" in length
    assert sam.post(address(thread, "texts"), data=written(body=body), headers=HTMX).status_code == 200
    assert thread.texts()[0].segments == 24


def test_what_a_text_costs_is_shown_where_the_shop_knows_its_price(sam: Visitor, shop: Shop, thread: Thread) -> None:
    from decimal import Decimal

    assert "about" not in sam.post(address(thread, "draft"), data=written(), headers=HTMX).text
    shop.location.segment_price = Decimal("0.0113")
    assert "1 segment, about $0.011" in sam.post(address(thread, "draft"), data=written(), headers=HTMX).text


def test_a_number_that_is_typed_for_this_message_has_a_consent_of_its_own(sam: Visitor, thread: Thread) -> None:
    answer = sam.post("/console/threads", data={"number": "(773) 555-0199"})
    assert answer.status_code == 303
    assert "<textarea" not in sam.get(answer.location).text


def test_a_number_that_is_none_is_refused(sam: Visitor, shop: Shop) -> None:
    answer = sam.post("/console/threads", data={"number": "12"}, headers=HTMX)
    assert answer.status_code == 422
    assert "This is no phone number." in answer.text


def test_a_landline_can_not_be_texted(sam: Visitor, shop: Shop) -> None:
    thread = Thread.at(shop, "+31201234567")
    Consent.note(shop, thread.number, given=True, source="written", by=SAM)
    assert "This number can&#39;t get texts." in sam.post(address(thread, "texts"), data=written(), headers=HTMX).text


# quick replies


def test_a_quick_reply_joins_what_is_typed_with_what_is_known_filled_in(sam: Visitor, thread: Thread) -> None:
    a_vehicle(thread.customers[0])
    answer = sam.post(address(thread, "quick-replies/2"), data=written(body="Hello!"), headers=HTMX).text
    assert "Hello!\nYour Civic will be ready at about [time]. We will text you when it is.</textarea>" in answer
    assert sam.post(address(thread, "texts"), data=written(body="Ready at about [time]."), headers=HTMX).status_code == 422


def test_a_quick_reply_speaks_the_customers_language(sam: Visitor, thread: Thread) -> None:
    thread.customers[0].language = "nl"
    assert "Dank u, Maria. Dat is genoteerd.</textarea>" in sam.post(address(thread, "quick-replies/6"), data=written(body="")).text


def test_the_link_of_an_explanation_joins_what_is_typed_in_the_customers_language(sam: Visitor, thread: Thread) -> None:
    thread.customers[0].language = "es"
    assert "brake-pads" in sam.get(address(thread, "explanations"), headers=HTMX).text
    answer = sam.post(address(thread, "explanations"), data=written(body="Look:", explanation="brake-pads"), headers=HTMX).text
    assert "Look:\nhttp://localhost/x/harbour/brake-pads?lang=es</textarea>" in answer
    assert sam.post(address(thread, "explanations"), data=written(explanation="moon"), headers=HTMX).status_code == 404


# drafts and colleagues


def test_a_draft_survives_closing_the_window_and_is_its_writers_alone(
    sam: Visitor, visitors: Callable[[], Visitor], thread: Thread, shop: Shop
) -> None:
    rita = signed_in(visitors(), a_member(shop, email="rita@harbour.example", name="Rita Vance"))
    sam.post(address(thread, "draft"), data=written(body="We will call"), headers=HTMX)
    assert "We will call</textarea>" in sam.get(address(thread)).text
    assert "We will call" not in rita.get(address(thread)).text


def test_a_refresh_of_the_box_leaves_it_the_box_that_one_types_in(sam: Visitor, thread: Thread) -> None:
    first = sam.get(address(thread)).text
    place = re.search(r'hx-get="([^"]+/composer[^"]*)"', first)
    box = re.search(r'<textarea id="(body-\w+)"', first)
    assert place
    assert box
    assert f'<textarea id="{box[1]}"' in sam.get(place[1].replace("&amp;", "&"), headers=HTMX).text


def test_a_text_that_went_leaves_no_draft_even_if_its_last_keys_come_late(sam: Visitor, thread: Thread, member: StaffMember) -> None:
    sam.post(address(thread, "draft"), data=written(), headers=HTMX)
    sam.post(address(thread, "texts"), data=written(), headers=HTMX)
    sam.post(address(thread, "draft"), data=written(), headers=HTMX)
    assert ThreadDraft.of(thread, member) is None


def test_a_colleagues_answer_is_read_before_a_second_one_goes(sam: Visitor, thread: Thread) -> None:
    question = hear(thread.shop, "Is it ready?")
    TypedText("Yes, come by.", "fedcba9876543210", seen=question.id).send(thread, by=RITA)
    answer = sam.post(address(thread, "texts"), data=written(seen=str(question.id)), headers=HTMX)
    assert answer.status_code == 422
    assert "Rita Vance has answered meanwhile." in answer.text
    assert "It is ready.</textarea>" in answer.text
    assert sam.post(address(thread, "texts"), data=written(seen=str(question.id), anyway="1"), headers=HTMX).status_code == 200


def test_two_who_have_it_open_see_each_other_and_who_is_writing(
    visitors: Callable[[], Visitor], thread: Thread, shop: Shop, member: StaffMember, at: Callable[..., None]
) -> None:
    at("2025-05-15 10:00")
    sam = signed_in(visitors(), member)
    rita = signed_in(visitors(), a_member(shop, email="rita@harbour.example", name="Rita Vance"))
    sam.post(address(thread, "presence"))
    assert "Sam Ortiz has this open too." in rita.post(address(thread, "presence")).text
    sam.post(address(thread, "draft"), data=written(), headers=HTMX)
    assert "Sam Ortiz is writing" in rita.post(address(thread, "presence")).text
    sam.post(address(thread, "presence"), data={"leaving": "1"})
    assert "Sam Ortiz" not in rita.post(address(thread, "presence")).text


def test_whose_text_has_gone_is_not_writing_any_more(visitors: Callable[[], Visitor], thread: Thread, member: StaffMember) -> None:
    sam = signed_in(visitors(), member)
    rita = signed_in(visitors(), a_member(thread.shop, email="rita@harbour.example", name="Rita Vance"))
    sam.post(address(thread, "draft"), data=written(), headers=HTMX)
    assert "Sam Ortiz is writing" in rita.post(address(thread, "presence")).text
    sam.post(address(thread, "texts"), data=written(), headers=HTMX)
    assert "Sam Ortiz has this open too." in rita.post(address(thread, "presence")).text


def test_who_closed_the_window_without_a_word_is_gone_within_a_minute(thread: Thread, member: StaffMember, at: Callable[..., None]) -> None:
    other = a_member(thread.shop, email="rita@harbour.example")
    at("2025-05-15 10:00:00")
    ThreadPresence.note(thread, other)
    assert ThreadPresence.others(thread, member)
    at("2025-05-15 10:00:46")
    assert not ThreadPresence.others(thread, member)


# reading


def test_a_text_is_unread_until_somebody_has_it_before_them(sam: Visitor, thread: Thread) -> None:
    first, second = hear(thread.shop, "Hello?"), hear(thread.shop, "Anybody?")
    assert Waiting.at(thread.shop).texts == 2
    page = sam.get(address(thread), headers=HTMX).text  # fetching reads nothing
    assert Waiting.at(thread.shop).texts == 2
    assert page.index('id="new-from"') < page.index(f'id="text-{first.id}"')
    sam.post(address(thread, "reading"), data={"through": first.id})
    assert Waiting.at(thread.shop).texts == 1
    sam.post(address(thread, "reading"), data={"through": second.id})
    assert Waiting.at(thread.shop).texts == 0
    assert 'id="new-from"' not in sam.get(address(thread), headers=HTMX).text
    assert 'id="new-from"' in sam.get(f"{address(thread)}?since={first.id}", headers=HTMX).text  # the window that was open keeps its line


def test_marking_unread_undoes_it(sam: Visitor, thread: Thread) -> None:
    text = hear(thread.shop, "Hello?")
    sam.post(address(thread, "reading"), data={"through": text.id})
    assert sam.post(address(thread, "unreading")).location == "/console/messages"
    assert thread.unread == 1
    assert thread.is_new(text)


def test_a_thread_without_any_word_of_the_customers_can_not_be_unread(sam: Visitor, thread: Thread) -> None:
    answer = sam.post(address(thread, "unreading"), headers=HTMX)
    assert answer.status_code == 422
    assert "The customer has not written anything yet." in answer.text


def test_the_unread_ones_are_counted_in_the_bar_and_on_the_board(sam: Visitor, shop: Shop, thread: Thread) -> None:
    a_work_order(shop, thread.customers[0])
    hear(shop, "Hello?")
    assert ">1<span" in sam.get("/console/messages/count").text
    assert 'aria-label="Texts, 1 unread"' in sam.get("/console/board").text


# done, assigned


def test_done_leaves_the_list_until_the_customer_writes_again(sam: Visitor, thread: Thread) -> None:
    hear(thread.shop, "Thanks!")
    sam.post(address(thread, "closing"))
    assert "Thanks!" not in sam.get("/console/messages").text
    assert "Thanks!" in sam.get("/console/messages?show=done").text
    hear(thread.shop, "One more thing")
    assert "One more thing" in sam.get("/console/messages").text


def test_done_can_be_undone(sam: Visitor, thread: Thread) -> None:
    hear(thread.shop, "Thanks!")
    sam.post(address(thread, "closing"))
    sam.post(address(thread, "reopening"))
    assert "Thanks!" in sam.get("/console/messages").text


def test_a_thread_is_handed_to_a_colleague_and_is_in_their_list(
    sam: Visitor, visitors: Callable[[], Visitor], thread: Thread, shop: Shop
) -> None:
    rita = a_member(shop, email="rita@harbour.example", name="Rita Vance")
    hear(shop, "Is it ready?")
    sam.post(address(thread, "assignment"), data={"member": rita.id})
    assert "Is it ready?" in signed_in(visitors(), rita).get("/console/messages?show=mine").text
    assert "Is it ready?" not in sam.get("/console/messages?show=mine").text
    sam.post(address(thread, "assignment"))
    assert thread.assignment is None


def test_a_mechanic_is_handed_no_thread(sam: Visitor, thread: Thread, shop: Shop) -> None:
    tess = a_member(shop, "mechanic", name="Tess Nowak")
    assert sam.post(address(thread, "assignment"), data={"member": tess.id}).status_code == 404


# the Message Manager


def test_the_unread_come_first_then_who_wrote_last(client: Visitor, shop: Shop, member: StaffMember, at: Callable[..., None]) -> None:
    at("2025-05-15 10:00")
    hear(shop, "The unread one")
    at("2025-05-15 11:00")
    other = hear(shop, "Read already", "+13125550143")
    Thread.at(shop, "+13125550143").read(other.id, by=SAM)
    page = signed_in(client, member).get("/console/messages").text
    assert page.index("The unread one") < page.index("Read already")


def test_opening_the_window_of_an_old_conversation_makes_it_no_newer(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    at("2025-05-12 10:00")
    assert a_drop_off(shop).messages
    at("2025-05-15 10:00")
    sam.post("/console/threads", data={"number": MARIA})
    assert Thread.at(shop, MARIA).last_at.date() == date(2025, 5, 12)


def test_the_window_opens_from_the_appointment_and_today_shows_what_is_unread(sam: Visitor, shop: Shop) -> None:
    drop_off = a_drop_off(shop)
    assert "open-texts--may" in sam.get(f"/console/appointments/{drop_off.id}").text
    assert "open-texts" not in sam.get(f"/console/?day={drop_off.date}").text
    hear(shop, "May I come at eight?")
    for path in (f"/console/?day={drop_off.date}", f"/console/appointments/{drop_off.id}"):
        assert '<span class="count" aria-hidden="true">1</span></button>' in sam.get(path).text
    opened = sam.post("/console/threads", data={"number": MARIA, "visit": drop_off.visit_id})
    assert f"visit={drop_off.visit_id}" in opened.headers["Location"]


def test_a_number_that_is_nobodys_is_listed_as_unknown(sam: Visitor, shop: Shop, thread: Thread) -> None:
    hear(shop, "Known")
    hear(shop, "Who is this?", "+17735550177")
    page = sam.get("/console/messages?show=unknown").text
    assert "Who is this?" in page
    assert "(773) 555-0177" in page
    assert "Known" not in page


@pytest.mark.parametrize("words", ["maria", "lopez maria", "(312) 555-0142", "5550142"])
def test_threads_are_found_by_name_and_number(sam: Visitor, shop: Shop, thread: Thread, words: str) -> None:
    hear(shop, "From Maria")
    hear(shop, "From somebody", "+17735550177")
    page = sam.get("/console/messages", query_string={"q": words}).text.replace("<mark>", "").replace("</mark>", "")
    assert "From Maria" in page
    assert "From somebody" not in page


def test_threads_are_found_by_the_days_on_which_somebody_wrote(
    client: Visitor, shop: Shop, member: StaffMember, at: Callable[..., None]
) -> None:
    at("2025-05-15 23:30", "America/Chicago")
    hear(shop, "Late in the evening")
    at("2025-05-20 10:00", "America/Chicago")
    sam = signed_in(client, member)
    for since, until, found in (("2025-05-15", "2025-05-15", True), ("2025-05-16", "", False), ("", "2025-05-14", False)):
        page = sam.get("/console/messages", query_string={"since": since, "until": until}).text
        assert ("Late in the evening" in page) is found


@pytest.mark.parametrize(
    ("query", "sentence"),
    [({"since": "soon"}, "Choose a day."), ({"since": "2025-05-16", "until": "2025-05-15"}, "This day is before the first one.")],
)
def test_days_that_are_none_are_said_beside_the_field(sam: Visitor, shop: Shop, query: dict[str, str], sentence: str) -> None:
    answer = sam.get("/console/messages", query_string=query)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_two_who_share_a_number_share_the_thread(sam: Visitor, shop: Shop, thread: Thread) -> None:
    a_customer(shop, "Ruth", "Berg")
    hear(shop, "Which of the two?")
    page = sam.get(address(thread)).text
    assert "Maria Lopez" in page
    assert "Ruth Berg" in page


def test_of_two_who_share_a_number_somebody_says_who_wrote_and_can_take_it_back(sam: Visitor, shop: Shop, thread: Thread) -> None:
    paul = a_customer(shop, "Paul")
    text = Message.received(shop, MARIA, "Could we come later?", "SM77", None)
    assert "Who wrote it?" in sam.get(address(thread)).text
    place = f"/console/messages/{text.id}/sender"
    answer = sam.post(place, data={"customer": paul.id}, headers=HTMX)
    assert "Noted: Paul" in answer.text
    assert (text.customer, "Who wrote it?" in sam.get(address(thread)).text) == (paul, False)
    assert f'hx-post="{place}"' in answer.text  # undo
    sam.post(place, headers=HTMX)
    assert text.customer is None
    stranger = a_customer(shop, phones=["+13125550143"])
    assert sam.post(place, data={"customer": stranger.id}).status_code == 404


def test_the_list_shows_the_customers_words_rather_than_what_answered_them_by_itself(sam: Visitor, shop: Shop, thread: Thread) -> None:
    hear(shop, "Is my car ready?")
    Message.reply(shop, MARIA, "after_hours", "We are closed.", once_key="after_hours:x", language="en")
    page = sam.get("/console/messages").text
    assert "Is my car ready?" in page
    assert "We are closed." not in page


def test_a_text_that_is_held_back_says_what_holds_it_now_and_not_what_the_provider_said_before(sam: Visitor, thread: Thread) -> None:
    sam.post(address(thread, "texts"), data=written(), headers=HTMX)
    (text,) = thread.texts()
    assert text.claim()
    text.try_again(clock.now(), "20429")
    places = address(thread), "/console/messages/log", f"/console/messages/{text.id}"
    assert ["The provider is busy." in sam.get(place).text for place in places] == [True] * 3
    opt_out(thread.shop, MARIA, source="stop", wording="STOP", by=SAM)
    for place in places:
        page = sam.get(place).text
        assert "The provider is busy." not in page
        assert "opted out of texts after this was written" in page


def test_of_a_typed_text_whose_fate_is_unknown_a_person_says_what_became_of_it(sam: Visitor, thread: Thread) -> None:
    sam.post(address(thread, "texts"), data=written(), headers=HTMX)
    (text,) = thread.texts()
    assert text.claim()
    text.lost()
    for place in (address(thread), f"/console/messages/{text.id}", "/console/messages/log"):
        page = sam.get(place).text
        assert "It arrived" in page, place
        assert "It did not" in page, place
    sam.post(f"/console/messages/{text.id}/fate", data={"went": "0"}, headers=HTMX)
    assert text.state is Delivery.failed
    assert "It arrived" not in sam.get(address(thread)).text


def test_the_first_text_is_counted_with_what_it_says_of_the_shop(sam: Visitor, thread: Thread) -> None:
    length = sam.post(address(thread, "draft"), data=written(body="x" * 100), headers=HTMX).text
    assert "2 segments" in length
    assert "as in every first text" in length
    sam.post(address(thread, "texts"), data=written(body="First"), headers=HTMX)
    assert thread.texts()[0].claim()
    assert "1 segment" in sam.post(address(thread, "draft"), data=written(key="fedcba9876543210", body="x" * 100), headers=HTMX).text


def test_another_shops_thread_is_not_found(sam: Visitor) -> None:
    other = Thread.at(a_shop("elm"), MARIA)
    assert sam.get(address(other)).status_code == 404
    assert sam.post(address(other, "texts"), data=written()).status_code == 404


def test_queries_do_not_grow_with_what_is_shown(sam: Visitor, shop: Shop, thread: Thread) -> None:
    hear(shop, "One")
    place, counts = address(thread), []
    for more in (1, 12):
        for n in range(more):
            hear(shop, f"Text {n}", f"+1773555{100 + n:04}")
            hear(shop, f"Text {n}")
        with counted() as queries:
            sam.get("/console/messages")
        with counted() as more_queries:
            sam.get(place)
        counts.append((len(queries), len(more_queries)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def test_threads_are_found_by_words_in_their_texts_with_the_hit_marked(sam: Visitor, shop: Shop, thread: Thread) -> None:
    hit = hear(shop, "The brakes squeal since Monday")
    hear(shop, "Anything else?")
    hear(shop, "From somebody", "+17735550177")
    page = sam.get("/console/messages", query_string={"q": "squeal bra"}).text
    assert "<mark>brakes</mark> <mark>squeal</mark> since Monday" in page
    assert f"?hit={hit.id}" in page
    assert "From somebody" not in page


def test_what_was_found_long_ago_opens_where_it_stands(sam: Visitor, shop: Shop, thread: Thread) -> None:
    hit = hear(shop, "The brakes squeal")
    for n in range(70):
        hear(shop, f"Text {n}")
    assert "The brakes squeal" not in sam.get(address(thread)).text
    page = sam.get(f"{address(thread)}?hit={hit.id}").text
    assert "The brakes squeal" in page
    assert "Newest texts" in page
    assert "Newest texts" not in sam.get(address(thread)).text
