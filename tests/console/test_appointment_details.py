"""An appointment's work, notes and preference are changed on its page, and what waits to go goes the way that is preferred now."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models import Actor, Appointment, Consent, Delivery, Refused, Shop, Standing, db, plan
from models.appointment_changes import LONGEST
from models.forecast import Forecast
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_drop_off, a_member, a_shop, a_vehicle, consenting, signed_in
from tests.ground.plain import plain

HTMX = {"HX-Request": "true"}
FRIDAY = date(2025, 5, 16)


@pytest.fixture(autouse=True)
def monday_morning(at: Callable[..., None]) -> None:
    at("2025-05-12 08:15", "America/Chicago")


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    signed_in(client, a_member(shop))
    return client


def save(sam: Visitor, appointment: Appointment, **typed: Any) -> TestResponse:
    words = {name: getattr(appointment, name) for name in ("type_of_work", "shop_note", "customer_note", "preference")}
    return sam.post(f"/console/appointments/{appointment.id}/details", data={**words, **typed}, headers=HTMX)


def prefer(appointment: Appointment, preference: str, **words: str) -> list[Any]:
    kept = {name: getattr(appointment, name) for name in ("type_of_work", "shop_note", "customer_note")}
    return appointment.change(**{**kept, **words}, preference=preference, by=SAM)


def states(appointment: Appointment) -> list[tuple[str, str, str]]:
    return [(one.kind, one.channel, one.state.name) for one in appointment.messages]


def went(appointment: Appointment) -> None:
    """The message was taken by the provider and arrived."""
    message = appointment.messages[-1]
    message.advance("claim")
    message.accepted("SM1")
    message.arrived()


def test_work_and_notes_are_changed_on_the_appointments_page(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, type_of_work="Brakes", shop_note="Pays cash")
    page = sam.get(f"/console/appointments/{appointment.id}").text
    assert "Edit work, notes or preference" in page
    assert 'name="type_of_work" type="text" value="Brakes"' in page
    answer = save(sam, appointment, type_of_work="Clutch", shop_note="", customer_note="Bring both keys")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/console/appointments/{appointment.id}")
    assert (appointment.type_of_work, appointment.shop_note, appointment.customer_note) == ("Clutch", "", "Bring both keys")
    assert states(appointment) == [("booking", "text", "queued")]
    assert "Details changed" in plain(sam.get(f"/console/appointments/{appointment.id}").text)


def test_without_a_script_the_form_goes_back_to_the_page(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    answer = sam.post(f"/console/appointments/{appointment.id}/details", data={"type_of_work": "Clutch", "preference": "text"})
    assert (answer.status_code, answer.location) == (303, f"/console/appointments/{appointment.id}")


def test_saving_what_is_on_file_changes_and_logs_nothing(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, type_of_work="Brakes")
    save(sam, appointment)
    assert [fact.verb for fact in appointment.facts] == ["appointment.booked"]


@pytest.mark.parametrize(("field", "longest"), LONGEST.items())
def test_too_many_words_are_refused_beside_their_field_and_kept(sam: Visitor, shop: Shop, field: str, longest: int) -> None:
    appointment = a_drop_off(shop)
    assert save(sam, appointment, **{field: "x" * longest}).status_code == 200
    answer = save(sam, appointment, **{field: "y" * (longest + 1)})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f"Please keep it under {longest} characters." in answer.text
    assert "y" * (longest + 1) in answer.text
    assert getattr(appointment, field) == "x" * longest


def test_a_refused_form_comes_back_alone_to_htmx_and_within_the_page_without(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    typed = {"type_of_work": "Clutch", "customer_note": "y" * 501, "preference": "text"}
    address = f"/console/appointments/{appointment.id}/details"
    assert sam.post(address, data=typed, headers=HTMX).text.lstrip().startswith('<form id="details"')
    page = sam.post(address, data=typed).text
    assert '<details id="edit" hx-morph-skip open>' in page
    assert 'value="Clutch"' in page
    assert f'name="date" type="date" value="{appointment.date}"' in page, "the form beside it keeps its own words"


def test_a_preference_whose_condition_fails_is_refused_beside_the_field_and_what_was_typed_is_kept(sam: Visitor, shop: Shop) -> None:
    customer = a_customer(shop, emails=[])
    appointment = a_drop_off(shop, preference="phone", customer=customer)
    for preference, sentence in (("email", "Email needs"), ("text", "Text needs the customer"), ("pigeon", "Choose Phone, Text or Email.")):
        answer = save(sam, appointment, preference=preference, shop_note="Rattles")
        assert answer.status_code == 422
        assert 'id="preference-error"' in answer.text
        assert sentence in answer.text
        assert "Rattles" in answer.text
    assert (appointment.preference, appointment.shop_note) == ("phone", "")


def test_permission_that_is_recorded_with_the_change_counts_for_it(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop, preference="phone")
    answer = save(sam, appointment, preference="text", consent="yes", consent_source="spoken")
    assert answer.status_code == 200
    assert Consent.may_text(shop, MARIA)
    assert states(appointment) == [("booking", "text", "queued")]


def test_a_no_to_texts_with_text_still_chosen_is_refused_and_nothing_is_recorded(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    assert save(sam, appointment, consent="no", consent_source="spoken").status_code == 422
    assert Consent.may_text(shop, MARIA)
    assert save(sam, appointment, consent="no", consent_source="spoken", preference="email").status_code == 200
    assert not Consent.may_text(shop, MARIA)


def test_permission_that_comes_later_lets_go_what_was_held_for_want_of_it(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    Consent.note(shop, MARIA, given=False, source="spoken", by=SAM)
    appointment.messages[0].submit()
    assert states(appointment) == [("booking", "text", "held")]
    save(sam, appointment, consent="yes", consent_source="written")
    assert states(appointment) == [("booking", "text", "queued")]


def test_notes_about_who_opted_out_since_can_be_changed(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    Consent.note(shop, MARIA, given=False, source="stop", by=SAM)
    assert save(sam, appointment, shop_note="Call instead").status_code == 200
    assert appointment.shop_note == "Call instead"


def test_what_waits_to_go_by_text_goes_by_mail_and_it_is_said(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    place = save(sam, appointment, preference="email").headers["HX-Redirect"]
    assert states(appointment) == [("booking", "text", "cancelled"), ("booking", "email", "queued")]
    page = plain(sam.get(place).text)
    assert "Saved. On its way to Maria Lopez." in page
    assert "The customer no longer prefers this way." in page


def test_what_has_gone_is_not_said_twice_and_it_is_said_how_to_send_one(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    went(appointment)
    place = save(sam, appointment, preference="email").headers["HX-Redirect"]
    assert states(appointment) == [("booking", "text", "delivered")]
    assert "Saved. From now on messages go by e-mail. Remind sends one at once." in plain(sam.get(place).text)


def test_who_prefers_the_phone_now_gets_nothing_any_more_and_is_called(sam: Visitor, shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop, FRIDAY)
    place = save(sam, appointment, preference="phone").headers["HX-Redirect"]
    assert "Saved. No message goes any more: somebody calls." in plain(sam.get(place).text)
    at("2025-05-15 12:00", "America/Chicago")
    plan.follow_ups()
    assert states(appointment) == [("booking", "text", "cancelled")]
    assert appointment.standing is Standing.call


def test_a_follow_up_that_waits_for_the_morning_goes_the_new_way_at_its_moment(shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop, FRIDAY)
    went(appointment)
    db.session.commit()
    at("2025-05-15 12:00", "America/Chicago")
    Consent.note(shop, MARIA, given=False, source="spoken", by=SAM)
    plan.follow_ups()
    assert states(appointment)[-1] == ("follow_up", "text", "held")
    prefer(appointment, "email")
    assert states(appointment)[1:] == [("follow_up", "text", "cancelled"), ("follow_up", "email", "queued")]
    plan.follow_ups()
    assert len(appointment.messages) == 3


def test_a_message_that_waits_keeps_its_moment(shop: Shop) -> None:
    appointment = a_drop_off(shop)
    went(appointment)
    shop.location.quiet_until = time(10)  # it is a quarter past eight
    message = appointment.remind(by=SAM, morning=True)
    (anew,) = prefer(appointment, "email")
    assert (anew.kind, anew.state, anew.due_at) == ("remind", Delivery.planned, message.due_at)


def test_there_and_back_again_loses_no_message(shop: Shop) -> None:
    appointment = a_drop_off(shop)
    for preference in ("phone", "text", "email", "text"):
        prefer(appointment, preference)
    assert [state for state in states(appointment) if state[2] != "cancelled"] == [("booking", "text", "queued")]


def test_who_was_to_be_called_today_and_prefers_texts_gets_the_follow_up_alone(shop: Shop, at: Callable[..., None]) -> None:
    appointment = a_drop_off(shop, FRIDAY, preference="phone", customer=consenting(a_customer(shop)))
    at("2025-05-15 12:00", "America/Chicago")
    assert prefer(appointment, "text") == []
    plan.follow_ups()
    plan.follow_ups()
    assert states(appointment) == [("follow_up", "text", "queued")]


def test_the_forecast_follows_the_preference_there_and_back(shop: Shop) -> None:
    appointment = a_drop_off(shop, FRIDAY)
    for preference in ("phone", "email"):
        prefer(appointment, preference)
    assert sorted((line.kind, line.channel) for line in Forecast(shop, 7).lines) == [("booking", "email"), ("follow_up", "email")]


def test_what_is_over_can_not_be_changed(sam: Visitor, shop: Shop) -> None:
    appointment = a_drop_off(shop)
    appointment.cancel(by=SAM)
    assert "Edit work, notes or preference" not in sam.get(f"/console/appointments/{appointment.id}").text
    answer = save(sam, appointment, type_of_work="Clutch")
    assert (answer.status_code, "over" in answer.text) == (422, True)


def test_booking_has_the_same_limits(shop: Shop) -> None:
    customer = consenting(a_customer(shop))
    words = {field: "x" * (longest + 1) for field, longest in LONGEST.items()}
    with pytest.raises(Refused) as refused:
        Appointment.book(customer, a_vehicle(customer), FRIDAY, time(9), "text", by=Actor("staff", "Sam", 1), **words)
    assert set(refused.value.errors) == set(LONGEST)
