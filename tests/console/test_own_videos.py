"""A shop's own videos: an administrator adds, names and removes them; a customer plays them by their links; nobody else finds them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.test import TestResponse

from jobs.tick import tick
from models import Explanation, NotFound, OwnVideo, Shop, StoredFile, clock, db
from models.attachment_removal import UNDO
from tests.console.test_attachments import HTMX, a_form_with
from tests.ground.browser import opened
from tests.ground.client import Visitor
from tests.ground.films import a_film, a_photo
from tests.ground.makers import a_member, a_shop, signed_in
from tests.ground.running import Running

pytestmark = pytest.mark.one_database

Work = Callable[[], int]
Send = Callable[..., TestResponse]


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator", name="Ada King"))


@pytest.fixture
def send(ada: Visitor) -> Send:
    def post(*files: tuple[str, bytes], headers: dict[str, str] = HTMX) -> TestResponse:
        return ada.post("/console/explanations", **a_form_with(*files), headers=headers)

    return post


def ready(shop: Shop, send: Send, work: Work) -> OwnVideo:
    assert send(("Our new lift.mov", a_film())).status_code == 200
    work()
    db.session.expire_all()
    ((video,), _removed) = OwnVideo.of_and_removed(shop)
    return video


def test_it_is_converted_and_shown_with_its_title_and_link(shop: Shop, ada: Visitor, send: Send, work: Work) -> None:
    assert send(("Our new lift.mov", a_film()), headers={}).location == "/console/explanations"
    assert "Waiting" in ada.get("/console/explanations").text
    work()
    page = ada.get("/console/explanations").text
    ((video,), _removed) = OwnVideo.of_and_removed(shop)
    assert (f'href="{video.link}"' in page, "Our new lift</h3>" in page) == (True, True)
    assert (video.original_id, len(video.code)) == (None, 22)
    assert b"+41.8781" not in video.file("film").read()


def test_a_customer_plays_it_in_the_shops_look(shop: Shop, visitors: Callable[[], Visitor], send: Send, work: Work) -> None:
    video = ready(shop, send, work)
    customer = visitors()
    page = customer.get(f"{video.path}?lang=nl")
    assert (page.status_code, page.headers["X-Robots-Tag"], page.headers["Cache-Control"]) == (
        200,
        "noindex, nofollow, noarchive",
        "no-store",
    )
    assert ('<html lang="nl">' in page.text, "<h1>Our new lift</h1>" in page.text, "/own_video.css" in page.text) == (True, True, True)
    part = customer.get(f"{video.path}/film.mp4", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.mimetype) == (206, "video/mp4")
    assert customer.get(f"{video.path}/poster.jpg").mimetype == "image/jpeg"


def test_another_shops_video_is_not_found(shop: Shop, visitors: Callable[[], Visitor], send: Send, work: Work) -> None:
    video = ready(shop, send, work)
    northgate = a_shop("northgate")
    ned = signed_in(visitors(), a_member(northgate, "administrator"))
    for place in ("", "/film.mp4", "/poster.jpg"):
        assert ned.get(f"/x/northgate/v/{video.code}{place}").status_code == 404
    for verb in ("title", "removal", "restoration", "retry"):
        assert ned.post(f"/console/explanations/{video.id}/{verb}").status_code == 404
    assert video.title not in ned.get("/console/explanations").text
    with pytest.raises(NotFound):
        Explanation.link(northgate, f"v/{video.code}")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("lift.mov", b"", "nothing in this file"),
        ("lift.mov", b"#EXTM3U\nhttp://127.0.0.1/", "no photo or video that we can use"),
        ("lift.mov", a_photo(), "This is a photo. Choose a video"),
    ],
)
def test_what_is_no_video_is_refused_in_words_and_not_kept(shop: Shop, send: Send, name: str, content: bytes, words: str) -> None:
    answer = send((name, content))
    assert (answer.status_code, words in answer.text, 'id="files-error"' in answer.text) == (422, True, True)
    assert (OwnVideo.of_and_removed(shop), StoredFile.unused()) == (([], []), [])


def test_no_file_at_all_and_a_broken_one_are_said(ada: Visitor, send: Send, work: Work) -> None:
    assert "Choose a video first." in send().text
    send(("lift.mov", a_film()[:4000]))
    work()
    assert "This file is broken" in ada.get("/console/explanations").text


def test_the_token_of_the_form_is_looked_for(shop: Shop, send: Send, with_csrf: None) -> None:
    assert send(("lift.mov", a_film())).status_code == 400


def test_a_double_click_sends_once(shop: Shop, send: Send) -> None:
    for _click in range(2):
        assert send(("lift.mov", a_film())).status_code == 200
    assert len(OwnVideo.of_and_removed(shop)[0]) == 1


def test_removed_its_link_ends_at_once_and_undo_brings_it_back(
    shop: Shop, ada: Visitor, visitors: Callable[[], Visitor], send: Send, work: Work
) -> None:
    video = ready(shop, send, work)
    answer = ada.post(f"/console/explanations/{video.id}/removal", headers=HTMX)
    assert f"/console/explanations/{video.id}/restoration" in answer.text
    assert visitors().get(video.path).status_code == 404
    assert "Bring back" in ada.get("/console/explanations").text
    ada.post(f"/console/explanations/{video.id}/restoration", headers=HTMX)
    assert visitors().get(video.path).status_code == 200


def test_a_day_after_its_removal_nothing_of_it_is_left(shop: Shop, ada: Visitor, send: Send, work: Work, settings: Any) -> None:
    video = ready(shop, send, work)
    ada.post(f"/console/explanations/{video.id}/removal")
    video.removed_at = clock.now() - UNDO
    db.session.commit()
    tick()
    work()
    assert OwnVideo.of_and_removed(shop) == ([], [])
    assert db.session.query(StoredFile).count() == 0


def test_a_title_is_one_line_and_what_was_typed_is_kept(shop: Shop, ada: Visitor, send: Send, work: Work) -> None:
    video = ready(shop, send, work)
    address, field = f"/console/explanations/{video.id}/title", f"title-{video.id}"
    for title, words in (("", "Give it a title"), ("x" * 81, "under 80 characters")):
        answer = ada.post(address, data={field: title}, headers=HTMX)
        assert (answer.status_code, words in answer.text, f'id="{field}-error"' in answer.text) == (422, True, True)
    ada.post(address, data={field: "How we <lift> a car"}, headers=HTMX)
    assert "How we &lt;lift&gt; a car</h3>" in ada.get("/console/explanations").text


def test_a_receptionist_shows_them_and_changes_nothing(shop: Shop, visitors: Callable[[], Visitor], send: Send, work: Work) -> None:
    video = ready(shop, send, work)
    sam = signed_in(visitors(), a_member(shop))
    page = sam.get("/console/explanations").text
    assert (video.link in page, "Add a video" in page, "Remove" in page) == (True, False, False)
    assert sam.post(f"/console/explanations/{video.id}/removal").status_code == 403


def test_its_link_can_be_put_into_a_message(shop: Shop, send: Send, work: Work) -> None:
    video = ready(shop, send, work)
    assert Explanation.link(shop, f"v/{video.code}", "es") == f"{video.link}?lang=es"


@pytest.mark.browser
def test_it_is_sent_in_a_browser_named_and_played(desktop: Page, running: Running, axe: Callable[..., list[str]], tmp_path: Any) -> None:
    with running.data():
        a_member(a_shop("cinema", texting_number=None), "administrator", email="ada@cinema.example")
    film = tmp_path / "IMG_7.MOV"
    film.write_bytes(a_film())
    opened(desktop, "ada@cinema.example", "/console/explanations")
    desktop.get_by_label("Add a video").set_input_files(film)
    show = desktop.locator("#own-videos").get_by_role("link", name="Show")
    expect(show).to_be_visible(timeout=60_000)
    desktop.get_by_text("Change", exact=True).click()
    desktop.get_by_label("Title").fill("How we lift a car")
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_role("heading", name="How we lift a car")).to_be_visible()
    assert axe(desktop, dark=True) == []
    desktop.goto(show.get_attribute("href") or "")
    expect(desktop.get_by_role("heading", name="How we lift a car")).to_be_visible()
    assert axe(desktop, dark=True) == []
