"""A session that ends while pages are open: panels, streams and buttons say so and never show a sign-in page inside a page."""

import pytest

from models import SignIn, db
from tests.ground.client import Visitor
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in

PANEL = {"HX-Request": "true", "HX-Current-URL": "http://localhost/console/?day=2025-05-13"}


def test_a_panel_that_refreshes_gets_401_without_a_body_and_is_sent_to_sign_in(client: Visitor) -> None:
    answer = client.get("/console/", headers=PANEL)
    assert (answer.status_code, answer.text) == (401, "")
    assert answer.headers["HX-Redirect"] == "/console/sign-in?next=/console/?day%3D2025-05-13&ended=reading"


def test_the_page_that_the_panel_is_on_is_believed_only_if_it_is_ours(client: Visitor) -> None:
    answer = client.get("/console/", headers={**PANEL, "HX-Current-URL": "https://evil.example//evil.example/console/"})
    assert answer.headers["HX-Redirect"] == "/console/sign-in?ended=reading"


def test_a_browser_is_sent_to_sign_in_and_back(client: Visitor) -> None:
    answer = client.get("/console/customers?q=lopez")
    assert (answer.status_code, answer.location) == (302, "/console/sign-in?next=/console/customers?q%3Dlopez")


def test_the_sign_in_page_says_why_it_is_there_when_a_session_ended(client: Visitor) -> None:
    signed_in(client, a_member(a_shop()))
    db.session.query(SignIn).one().end()
    page, panel = client.get("/console/customers"), client.get("/console/", headers=PANEL)
    for address in (page.location, panel.headers["HX-Redirect"]):
        assert "You were signed out: your session has ended. Sign in to go on where you were." in client.get(address).text
    form, button = client.post("/console/appointments"), client.post("/console/appointments", headers=PANEL)
    for address in (form.location, button.headers["HX-Redirect"]):
        assert "what you did last was not saved" in client.get(address).text


@pytest.mark.parametrize("address", ["/", "/console/sign-in", "/console/sign-in?next=/console/", "/console/sign-in?ended=<b>nonsense</b>"])
def test_who_comes_for_the_first_time_is_told_nothing_of_a_session(client: Visitor, address: str) -> None:
    page = client.get(address).text
    assert "signed out" not in page
    assert "nonsense" not in page
    assert "ended" not in client.get("/console/customers").location


def test_a_button_pressed_after_the_session_ended_changes_nothing(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    answer = client.post(f"/console/appointments/{drop_off.id}/cancellation", headers=PANEL)
    assert answer.status_code == 401
    assert not drop_off.is_cancelled


@pytest.mark.usefixtures("with_csrf")
def test_a_button_pressed_with_neither_session_nor_token_is_sent_to_sign_in_too(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    answer = client.post(f"/console/appointments/{drop_off.id}/cancellation", headers=PANEL)
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (401, True)


@pytest.mark.usefixtures("with_csrf")
def test_a_button_without_the_sessions_token_does_nothing(client: Visitor) -> None:
    drop_off = a_drop_off(a_shop())
    signed_in(client, a_member(drop_off.shop))
    assert client.post(f"/console/appointments/{drop_off.id}/cancellation", headers=PANEL).status_code == 400
    assert client.post(f"/console/appointments/{drop_off.id}/cancellation").status_code == 303
    assert not drop_off.is_cancelled


def test_the_stream_of_a_stranger_ends_before_it_begins(client: Visitor) -> None:
    first, again = client.get("/console/live"), client.get("/console/live", headers={"Last-Event-ID": "7"})
    assert (first.status_code, again.status_code) == (204, 401)
    assert (first.text, again.text) == ("", "")
