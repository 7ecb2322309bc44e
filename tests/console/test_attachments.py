"""Photos and videos on the console: sent by a form, shown with ranges and for a year, by staff of the shop alone."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console import uploads
from models import Attachment, Membership, Role, Shop, WorkOrder, db
from tests.ground import storing
from tests.ground.client import Visitor
from tests.ground.films import a_bomb, a_film, a_photo, place_and_turn
from tests.ground.makers import a_member, a_shop, a_work_order, signed_in
from tests.ground.queries import counted

Work = Callable[[], int]
HTMX = {"HX-Request": "true"}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return a_work_order(shop)


@pytest.fixture
def tess(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "mechanic", name="Tess Park"))


def a_form_with(*files: tuple[str, bytes], token: str = "form") -> dict[str, Any]:
    """As a browser sends it. The test client would keep a large one in a file that it leaves open."""
    parts = [b'--edge\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + token.encode() + b"\r\n"]
    for name, content in files:
        head = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return {"data": b"".join(parts) + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


@pytest.fixture
def send(tess: Visitor, order: WorkOrder) -> Callable[..., TestResponse]:
    def post(*files: tuple[str, bytes], headers: dict[str, str] = HTMX, token: str = "form") -> TestResponse:
        return tess.post(f"/console/work-orders/{order.number}/attachments", **a_form_with(*files, token=token), headers=headers)

    return post


Send = Callable[..., TestResponse]


def test_a_mechanic_sends_several_at_once_by_a_plain_form(order: WorkOrder, tess: Visitor, send: Send, work: Work) -> None:
    answer = send(("a.jpg", a_photo()), ("b.heic", a_photo("HEIF")), ("c.mov", a_film()), headers={})
    assert (answer.status_code, answer.location) == (303, f"/console/work-orders/{order.number}")
    page = tess.get(f"{answer.location}/attachments").text
    assert page.count("<span>Waiting</span>") == 3
    work()
    page = tess.get(f"/console/work-orders/{order.number}/attachments").text
    assert page.count('loading="lazy"') == 3
    assert "0:01" in page
    assert 'width="400" height="200"' in page
    assert [one.sent_by for one in Attachment.of(order)] == ["Tess Park"] * 3


def test_a_double_click_sends_once(order: WorkOrder, send: Send) -> None:
    for _click in range(2):
        assert send(("a.jpg", a_photo()), ("b.jpg", a_photo())).status_code == 200
    assert len(Attachment.of(order)) == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.jpg", SVG, "no photo or video that we can use"),
        ("photo.jpg", b"", "nothing in this file"),
        ("photo.jpg", b"<!doctype html><script>alert(1)</script>", "no photo or video that we can use"),
        ("film.mov", b"#EXTM3U\nhttp://127.0.0.1/", "no photo or video that we can use"),
        ("page.php", b"<?php system('id');", "no photo or video that we can use"),
    ],
)
def test_what_is_neither_is_refused_beside_the_field(order: WorkOrder, send: Send, name: str, content: bytes, words: str) -> None:
    answer = send((name, content))
    assert (answer.status_code, words in answer.text, 'id="files-error"' in answer.text) == (422, True, True)
    assert Attachment.of(order) == []


def test_of_several_the_good_ones_are_kept_and_the_others_named(order: WorkOrder, send: Send) -> None:
    answer = send(("good.jpg", a_photo()), ("bad.jpg", SVG), headers={})
    assert (answer.status_code, "bad.jpg: This is no photo" in answer.text) == (422, True)
    assert [one.name for one in Attachment.of(order)] == ["good.jpg"]


def test_no_file_at_all_is_said(send: Send) -> None:
    assert "Choose a photo or video first." in send().text


def test_a_bomb_is_refused_in_words_by_the_job(tess: Visitor, order: WorkOrder, send: Send, work: Work) -> None:
    send(("photo.png", a_bomb(30_000, 30_000)))
    work()
    assert "too many pixels" in tess.get(f"/console/work-orders/{order.number}/attachments", headers=HTMX).text


def test_two_gigabytes_are_refused_by_their_length_before_any_of_it_is_read(tess: Visitor, order: WorkOrder) -> None:
    class Untouched(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read")

        readline = read

    answer = tess.post(
        f"/console/work-orders/{order.number}/attachments",
        input_stream=Untouched(),
        headers={"Content-Length": str(2 * 1024**3)},
        content_type="multipart/form-data; boundary=edge",
    )
    assert (answer.status_code, "This is more than 500 MB." in answer.text) == (422, True)


def test_an_upload_that_does_not_say_its_length_is_cut_off_at_the_limit(
    tess: Visitor, order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LIMIT", 1_000_000)
    form = a_form_with(("a.mov", a_film() + b"\0" * 5_000_000))
    sent = BytesIO(form["data"])
    answer = tess.post(
        f"/console/work-orders/{order.number}/attachments",
        input_stream=sent,
        content_type=form["content_type"],
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, "This is more than 500 MB." in answer.text) == (422, True)
    assert sent.tell() < 2_000_000
    assert Attachment.of(order) == []


def test_the_token_of_the_form_is_looked_for_here_too(tess: Visitor, order: WorkOrder, send: Send, with_csrf: None) -> None:
    assert send(("a.jpg", a_photo())).status_code == 400
    assert Attachment.of(order) == []


def test_a_photo_is_served_as_the_browser_likes_it_for_a_year(tess: Visitor, order: WorkOrder, send: Send, work: Work) -> None:
    send(("a.jpg", a_photo(exif=place_and_turn())))
    work()
    (photo,) = Attachment.of(order)
    for accept, kind in (("image/avif,image/webp,*/*", "image/webp"), ("image/png,*/*;q=0.8", "image/jpeg"), ("", "image/jpeg")):
        answer = tess.get(f"/console/attachments/{photo.id}/large", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype, "Accept" in answer.headers["Vary"]) == (200, kind, True)
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert b"SecretCamera" not in answer.data
    again = tess.get(f"/console/attachments/{photo.id}/large", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_video_is_served_in_the_ranges_that_are_asked_for(tess: Visitor, order: WorkOrder, send: Send, work: Work) -> None:
    send(("a.mov", a_film()))
    work()
    (film,) = Attachment.of(order)
    address = f"/console/attachments/{film.id}/video"
    whole = tess.get(address)
    assert (whole.status_code, whole.mimetype, whole.headers["Accept-Ranges"]) == (200, "video/mp4", "bytes")
    size = len(whole.data)
    for asked, answered, content in (
        ("bytes=0-1", f"bytes 0-1/{size}", whole.data[:2]),  # as Safari begins
        ("bytes=100-", f"bytes 100-{size - 1}/{size}", whole.data[100:]),
        ("bytes=-5", f"bytes {size - 5}-{size - 1}/{size}", whole.data[-5:]),
    ):
        part = tess.get(address, headers={"Range": asked})
        assert (part.status_code, part.headers["Content-Range"], part.data) == (206, answered, content)
        assert int(part.headers["Content-Length"]) == len(content)
    assert tess.get(address, headers={"Range": f"bytes={size}-"}).status_code == 416


def test_before_it_is_ready_there_is_nothing_to_serve(tess: Visitor, order: WorkOrder, send: Send) -> None:
    send(("a.jpg", a_photo()))
    (photo,) = Attachment.of(order)
    assert tess.get(f"/console/attachments/{photo.id}/small").status_code == 404
    assert "Waiting" in tess.get(f"/console/attachments/{photo.id}").text


def test_progress_is_shown_where_a_worker_is_at_it(tess: Visitor, order: WorkOrder, send: Send) -> None:
    send(("a.mov", a_film()))
    (film,) = Attachment.of(order)
    film.claim()
    film.reached(40)
    page = tess.get(f"/console/work-orders/{order.number}/attachments", headers=HTMX).text
    assert "Converting, 40 %" in page
    assert 'value="40"' in page


def test_removed_and_brought_back(tess: Visitor, order: WorkOrder, send: Send, work: Work) -> None:
    send(("a.jpg", a_photo()))
    work()
    (photo,) = Attachment.of(order)
    answer = tess.post(f"/console/attachments/{photo.id}/removal", headers=HTMX)
    assert ("Undo" in answer.text, answer.headers["HX-Trigger"]) == (True, "refresh")
    assert tess.get(f"/console/attachments/{photo.id}/small").status_code == 404
    assert "Bring back" in tess.get(f"/console/attachments/{photo.id}").text
    assert tess.post(f"/console/attachments/{photo.id}/restoration").status_code == 303
    assert tess.get(f"/console/attachments/{photo.id}/small").status_code == 200


def test_a_caption_is_kept_and_one_too_long_is_refused_with_what_was_typed(tess: Visitor, order: WorkOrder, send: Send, work: Work) -> None:
    send(("a.jpg", a_photo()))
    work()
    (photo,) = Attachment.of(order)
    answer = tess.post(f"/console/attachments/{photo.id}/caption", data={"caption": "x" * 141}, headers=HTMX)
    assert (answer.status_code, 'id="caption-error"' in answer.text, "x" * 141 in answer.text) == (422, True, True)
    tess.post(f"/console/attachments/{photo.id}/caption", data={"caption": "Worn <b>pad</b>"})
    assert 'alt="Worn &lt;b&gt;pad&lt;/b&gt;"' in tess.get(f"/console/work-orders/{order.number}/attachments").text


def test_of_another_shop_it_is_not_there(visitors: Callable[[], Visitor], order: WorkOrder, send: Send, work: Work) -> None:
    send(("a.jpg", a_photo()))
    work()
    (photo,) = Attachment.of(order)
    rita = signed_in(visitors(), a_member(a_shop("northgate")))
    for method, place in (
        ("GET", ""),
        ("GET", "/small"),
        ("GET", "/large"),
        ("POST", "/removal"),
        ("POST", "/caption"),
        ("POST", "/restoration"),
    ):
        assert rita.open(f"/console/attachments/{photo.id}{place}", method=method).status_code == 404
    assert rita.post(f"/console/work-orders/{order.number}/attachments", **a_form_with(("a.jpg", a_photo()))).status_code == 404
    assert visitors().get(f"/console/attachments/{photo.id}/small").status_code == 302


def test_pictures_are_shown_in_a_tab_of_another_of_the_members_shops(
    visitors: Callable[[], Visitor], order: WorkOrder, send: Send, work: Work
) -> None:
    send(("a.jpg", a_photo()))
    work()
    (photo,) = Attachment.of(order)
    member = a_member(a_shop("northgate"))
    member.memberships.append(Membership(shop=order.visit.customer.shop, role=Role.receptionist))
    db.session.commit()
    assert signed_in(visitors(), member).get(f"/console/attachments/{photo.id}/small").status_code == 200


def test_the_list_asks_the_database_no_more_for_many_than_for_one(tess: Visitor, order: WorkOrder, send: Send, work: Work) -> None:
    asked = []
    for number in (1, 6):
        send(*((f"{number}-{one}.jpg", a_photo("JPEG", (40 + one, 20))) for one in range(number)), token=str(number))
        work()
        with counted() as queries:
            assert tess.get(f"/console/work-orders/{order.number}/attachments", headers=HTMX).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


def test_no_transaction_is_open_while_pictures_go_into_the_storage(order: WorkOrder, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    open_meanwhile = storing.watched(monkeypatch)
    send(("a.jpg", a_photo()), ("no.txt", b"words"), ("b.jpg", a_photo()))
    assert open_meanwhile == [False, False]
