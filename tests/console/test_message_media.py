"""Files that go with texts: told by their content, made safe and small, sent as MMS or as a link for a while."""

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from jobs.gateways import texts
from jobs.tick import sweep
from models import Consent, MessageMedia, Shop, StaffMember, StoredFile, Thread, clock, db, media_link
from models.media_content import CARRIED
from tests.ground.client import Visitor
from tests.ground.films import a_bomb, a_film, a_photo, facts, place_and_turn
from tests.ground.makers import MARIA, SAM, a_customer, a_member, a_shop, consenting, signed_in

pytestmark = pytest.mark.one_database

Work = Callable[[], int]
Send = Callable[..., TestResponse]
HTMX = {"HX-Request": "true"}
DUTCH = "+31612345678"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def a_pdf(size: int = 300) -> bytes:
    return b"%PDF-1.7\n" + b"0" * size + b"\n%%EOF\n"


def noise(side: int = 1600) -> bytes:
    """A picture that no encoder makes small."""
    picture, buffer = Image.effect_noise((side, side), 90).convert("RGB"), io.BytesIO()
    picture.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def a_form_with(*files: tuple[str, bytes], **fields: str) -> dict[str, Any]:
    """As a browser sends it. The test client would keep a large one in a file that it leaves open."""
    parts = [f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    for name, content in files:
        head = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return {"data": b"".join(parts) + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


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
    consenting(a_customer(shop))
    return Thread.at(shop, MARIA)


@pytest.fixture
def abroad(shop: Shop) -> Thread:
    Consent.note(shop, DUTCH, given=True, source="written", by=SAM)
    return Thread.at(shop, DUTCH)


@pytest.fixture
def attach(sam: Visitor, thread: Thread) -> Send:
    def post(*files: tuple[str, bytes], to: Thread = thread, headers: dict[str, str] = HTMX) -> TestResponse:
        return sam.post(f"/console/threads/{to.id}/media", **a_form_with(*files), headers=headers)

    return post


def send(sam: Visitor, thread: Thread, **form: str) -> TestResponse:
    form = {"body": "Look at this.", "key": "0123456789abcdef", "seen": "0", **form}
    return sam.post(f"/console/threads/{thread.id}/texts", data=form, headers=HTMX)


def every() -> list[MessageMedia]:
    return list(db.session.scalars(select(MessageMedia).order_by(MessageMedia.id)))


def link_in(words: str) -> str:
    return "/m/" + words.rpartition("/m/")[2].split()[0]


# choosing


def test_a_picture_is_kept_with_the_draft_and_shown_with_its_size_and_way(sam: Visitor, thread: Thread, attach: Send) -> None:
    answer = attach(("brakes.jpg", a_photo()))
    assert answer.status_code == 200
    assert "brakes.jpg" in answer.text
    assert "kB · MMS" in answer.text
    again = sam.get(f"/console/threads/{thread.id}").text  # after closing and reload
    assert "brakes.jpg" in again
    assert "Clear attachment" in again


def test_a_draft_is_its_writers_alone(visitors: Callable[[], Visitor], shop: Shop, thread: Thread, attach: Send) -> None:
    attach(("brakes.jpg", a_photo()))
    rita = signed_in(visitors(), a_member(shop, name="Rita Vance", email="rita@example.com"))
    assert "brakes.jpg" not in rita.get(f"/console/threads/{thread.id}").text
    assert rita.get(f"/console/message-media/{every()[0].id}/large").status_code == 404


def test_a_picture_is_drawn_anew_without_its_place_and_small_enough_for_carriers(attach: Send) -> None:
    attach(("big.jpg", noise()), ("turned.jpg", a_photo(size=(2400, 1200), exif=place_and_turn())))
    noisy, turned = (one.stored().read() for one in every())
    assert len(noisy) <= CARRIED
    assert b"SecretCamera" not in turned
    with Image.open(io.BytesIO(turned)) as picture:
        assert (picture.format, picture.size, picture.getexif()) == ("JPEG", (800, 1600), {})


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "HEIF"])
def test_pictures_of_every_kind_become_jpegs_whatever_they_are_called(attach: Send, kind: str) -> None:
    assert attach(("x.pdf", a_photo(kind))).status_code == 200
    assert [(one.sort, one.file and one.file.content_type, one.file_name) for one in every()] == [("picture", "image/jpeg", "x.jpg")]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("car.jpg", SVG, "This is no picture, PDF or video"),
        ("car.jpg", b"<html><script>alert(1)</script>", "This is no picture, PDF or video"),
        ("car.jpg", b"", "There is nothing in this file."),
        ("bomb.png", a_bomb(60_000, 60_000), "This picture has too many pixels."),
        ("cut.jpg", a_photo(size=(900, 900))[:2000], "This file is broken or was cut off"),
        ("cut.pdf", a_pdf()[:100], "This file is broken or was cut off"),
    ],
)
def test_what_can_not_be_used_is_said_beside_the_field(attach: Send, name: str, content: bytes, sentence: str) -> None:
    answer = attach((name, content))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert every() == []


def test_what_is_refused_keeps_no_other_from_being_taken(attach: Send) -> None:
    answer = attach(("a.jpg", a_photo()), ("b.jpg", SVG))
    assert answer.status_code == 422
    assert "b.jpg: This is no picture" in answer.text
    assert [one.name for one in every()] == ["a.jpg"]


def test_an_eleventh_file_is_refused(attach: Send) -> None:
    answer = attach(*((f"{n}.jpg", a_photo()) for n in range(11)))
    assert "A text carries 10 files at most." in answer.text
    assert len(every()) == 10


def test_without_a_script_the_form_works_too(thread: Thread, attach: Send) -> None:
    assert attach(("a.jpg", a_photo()), headers={}).location == f"/console/threads/{thread.id}"
    refused = attach(("a.jpg", SVG), headers={})
    assert refused.status_code == 422
    assert "Send message" in refused.text


def test_a_form_without_its_token_is_refused(sam: Visitor, thread: Thread, attach: Send, with_csrf: None) -> None:
    assert attach(("a.jpg", a_photo())).status_code == 400
    assert every() == []


def test_clear_attachment_takes_one_or_all_off_and_their_bytes_go(sam: Visitor, thread: Thread, attach: Send, work: Work) -> None:
    attach(("a.jpg", a_photo()), ("b.jpg", a_photo()), ("c.pdf", a_pdf()))
    first = every()[0].id
    for _ in range(2):
        assert "a.jpg" not in sam.post(f"/console/threads/{thread.id}/media/clearing", data={"media": first}, headers=HTMX).text
    assert [one.name for one in every()] == ["b.jpg", "c.pdf"]
    sam.post(f"/console/threads/{thread.id}/media/clearing", headers=HTMX)
    work()
    assert every() == []
    assert db.session.scalars(select(StoredFile)).all() == []


# sending


def test_a_picture_goes_with_the_text_by_addresses_that_only_live_for_a_while(
    client: Visitor, sam: Visitor, thread: Thread, attach: Send, visitors: Callable[[], Visitor], settings: Any, at: Callable[..., None]
) -> None:
    attach(("brakes.jpg", a_photo()))
    assert send(sam, thread).status_code == 200
    (message,) = thread.texts()
    assert message.body == "Look at this."
    (address,) = texts.outgoing(message).media
    assert address.startswith(f"{settings.public_base_url}/m/")
    anybody = visitors()
    fetched = anybody.get(link_in(address))
    assert (fetched.status_code, fetched.content_type, fetched.headers["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert fetched.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert anybody.head(link_in(address)).status_code == 200
    assert anybody.post(link_in(address)).status_code == 405
    queued = clock.now() + timedelta(hours=10, minutes=5)
    with clock.at(queued):
        assert media_link.found(link_in(address)[3:]).message_id == message.id
    at((clock.now() + timedelta(hours=13)).strftime("%Y-%m-%d %H:%M"))
    expired, unknown = anybody.get(link_in(address)), anybody.get("/m/" + "x" * 22 + ".1.7fffffff")
    assert expired.status_code == unknown.status_code == 404
    assert expired.data == unknown.data


@pytest.mark.parametrize("change", ["", "x", "cut", "other file", "later"])
def test_an_address_that_was_changed_opens_nothing(sam: Visitor, thread: Thread, attach: Send, change: str) -> None:
    attach(("a.jpg", a_photo()), ("b.jpg", a_photo()))
    code, id, ends = media_link.url(every()[0], timedelta(hours=1)).rpartition("/")[2].split(".")
    wrong = {
        "": "",
        "x": f"{'x' if code[0] != 'x' else 'y'}{code[1:]}.{id}.{ends}",
        "cut": f"{code[:-1]}.{id}.{ends}",
        "other file": f"{code}.{every()[1].id:x}.{ends}",
        "later": f"{code}.{id}.{int(ends, 16) + 3600:x}",
    }[change]
    assert sam.get(f"/m/{wrong}").status_code == 404


def test_a_picture_alone_is_a_text(sam: Visitor, thread: Thread, attach: Send) -> None:
    attach(("brakes.jpg", a_photo()))
    assert send(sam, thread, body="  ").status_code == 200
    (message,) = thread.texts()
    assert message.body == ""
    window = sam.get(f"/console/threads/{thread.id}").text
    assert f"/console/message-media/{every()[0].id}/large" in window
    assert "A picture or another file" in sam.get("/console/messages").text
    for log in ("/console/messages/log", f"/console/messages/{message.id}"):
        assert f"/console/message-media/{every()[0].id}/large" in sam.get(log).text


def test_what_was_put_to_a_text_that_never_went_is_thrown_away_after_a_month(
    sam: Visitor, thread: Thread, attach: Send, work: Work
) -> None:
    attach(("sent.jpg", a_photo()))
    send(sam, thread)
    kept = db.session.scalars(select(StoredFile.id)).all()
    attach(("brakes.jpg", a_photo()))
    for days, left in ((29, 2), (2, 1)):
        for media in every():
            media.added_at -= timedelta(days=days)
        db.session.commit()
        sweep()
        db.session.commit()
        work()
        assert len(every()) == left
    assert every()[0].message_id
    assert db.session.scalars(select(StoredFile.id)).all() == kept


def test_an_mms_is_not_counted_in_segments_which_it_is_not_paid_by(sam: Visitor, shop: Shop, thread: Thread, attach: Send) -> None:
    shop.location.segment_price = Decimal("0.0119")
    form = {"body": "Look at this.", "key": "0123456789abcdef"}
    assert "1 segment, about $0.012" in sam.post(f"/console/threads/{thread.id}/draft", data=form, headers=HTMX).text
    attach(("brakes.jpg", a_photo()))
    length = sam.post(f"/console/threads/{thread.id}/draft", data=form, headers=HTMX).text
    assert "Goes as MMS, at the provider's price for one" in length
    assert "segment" not in length


def test_two_clicks_send_one_text_with_its_picture_once(sam: Visitor, thread: Thread, attach: Send) -> None:
    attach(("brakes.jpg", a_photo()))
    for _ in range(5):
        assert send(sam, thread).status_code == 200
    (message,) = thread.texts()
    assert len(texts.outgoing(message).media) == 1
    attach(("next.jpg", a_photo()))
    send(sam, thread)  # a click that comes late takes nothing of the next text with it
    assert every()[1].message_id is None


def test_abroad_a_file_is_always_a_link(sam: Visitor, abroad: Thread, attach: Send, visitors: Callable[[], Visitor]) -> None:
    assert "as a link" in attach(("brakes.jpg", a_photo()), to=abroad).text
    send(sam, abroad)
    (message,) = abroad.texts()
    assert texts.outgoing(message).media == ()
    assert message.body.startswith("Look at this.\nhttp")
    assert visitors().get(link_in(message.body)).content_type == "image/jpeg"


def test_a_pdf_goes_with_the_text_while_carriers_take_it_and_else_as_a_link(
    sam: Visitor, thread: Thread, attach: Send, visitors: Callable[[], Visitor]
) -> None:
    attach(("small.pdf", a_pdf()), ("10 MB.pdf", a_pdf(10_000_000)))
    send(sam, thread)
    (message,) = thread.texts()
    assert len(texts.outgoing(message).media) == 1
    shown = visitors().get(link_in(message.body))
    assert (shown.content_type, len(shown.data)) == ("application/pdf", len(a_pdf(10_000_000)))
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


def test_all_files_together_stay_below_what_the_provider_takes(attach: Send, shop: Shop) -> None:
    attach(*((f"{n}.jpg", noise(1000)) for n in range(10)))
    carried, linked = MessageMedia.split(shop, MARIA, every())
    assert sum(one.stored().size for one in carried) <= 5_000_000 < sum(one.stored().size for one in every())
    assert (len(carried), len(linked)) == (9, 1)


def test_a_video_is_converted_and_then_goes_as_a_link(
    sam: Visitor, thread: Thread, attach: Send, work: Work, visitors: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.message_media.LARGEST_OTHER", 100)
    assert "is being converted" in attach(("brakes.mov", a_film())).text
    waiting = send(sam, thread)
    assert waiting.status_code == 422
    assert "brakes.mov is not ready yet." in waiting.text
    work()
    assert send(sam, thread).status_code == 200
    (message,) = thread.texts()
    played = visitors().get(link_in(message.body), headers={"Range": "bytes=0-99"})
    assert (played.status_code, played.content_type, len(played.data)) == (206, "video/mp4", 100)
    known = facts(visitors().get(link_in(message.body)).data)
    assert "h264" in known
    assert "+41.8781" not in known


def test_another_shops_files_are_not_there(sam: Visitor, thread: Thread, attach: Send, visitors: Callable[[], Visitor]) -> None:
    attach(("brakes.jpg", a_photo()))
    send(sam, thread)
    stranger = signed_in(visitors(), a_member(a_shop("northgate"), email="north@example.com"))
    for address in (f"message-media/{every()[0].id}/large", f"message-media/{every()[0].id}/small", f"threads/{thread.id}/media"):
        assert stranger.get(f"/console/{address}").status_code == 404
    assert stranger.post(f"/console/message-media/{every()[0].id}/retry").status_code == 404
    assert stranger.post(f"/console/threads/{thread.id}/media", **a_form_with(("a.jpg", a_photo()))).status_code == 404


def test_links_are_counted_in_the_length(sam: Visitor, abroad: Thread, attach: Send) -> None:
    attach(("brakes.jpg", a_photo()), to=abroad)
    length = sam.post(f"/console/threads/{abroad.id}/draft", data={"body": "x" * 140, "key": "0123456789abcdef"}, headers=HTMX).text
    assert "2 segments" in length
