"""Pictures that customers text: fetched from the provider and from nobody else, looked at, made anew, deleted there."""

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask, Response, redirect, request
from PIL import Image
from sqlalchemy import select
from werkzeug.serving import make_server

from jobs.gateways import texts
from jobs.gateways.phone import Alone
from jobs.message_media import fetch
from jobs.tick import sweep
from models import Delivery, Message, MessageMedia, Shop, Thread, TypedText, clock, db
from models.media_content import INCOMING_MB, MEGABYTE, MediaContent
from tests.ground.client import Visitor
from tests.ground.films import a_bomb, a_film, a_photo, place_and_turn
from tests.ground.makers import MARIA, SAM, a_customer, a_member, a_shop, consenting, signed_in
from tests.phone.conftest import until

Work = Callable[[], int]
Webhook = Callable[..., Any]
Says = Callable[..., MessageMedia]
HTMX = {"HX-Request": "true"}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = a_shop()
    consenting(a_customer(shop))
    return shop


@dataclass
class Api:
    """In the provider's place: what it answers at each address, and who asked it with which credentials."""

    url: str = ""
    answers: dict[str, Callable[[], Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def methods(self) -> list[str]:
        return [method for method, _path, _who in self.asked]


@pytest.fixture
def served() -> Iterator[Callable[[], Api]]:
    stops: list[Callable[[], None]] = []

    def serve() -> Api:
        app, api = Flask("provider"), Api()

        @app.route("/<path:path>", methods=["GET", "DELETE"])
        def answer(path: str) -> Any:
            api.asked.append((request.method, path, request.headers.get("Authorization", "")))
            return ("", 204) if request.method == "DELETE" else api.answers.get(path, lambda: ("", 404))()

        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        stops.extend((thread.join, server.server_close, server.shutdown))
        api.url = f"http://127.0.0.1:{server.port}"
        return api

    yield serve
    for stop in reversed(stops):
        stop()


@pytest.fixture
def api(app: Flask, served: Callable[[], Api]) -> Iterator[Api]:
    usual, api = app.extensions["settings"], served()
    app.extensions["settings"] = replace(usual, twilio_api_base=api.url)
    yield api
    app.extensions["settings"] = usual


@pytest.fixture
def sends(shop: Shop, webhook: Webhook, work: Work) -> Says:
    """Maria texts a file that is at this address, and a worker works on it."""
    count = iter(range(1000))

    def send(url: str, kind: str = "image/jpeg", body: str = "Look") -> MessageMedia:
        media = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": kind}
        fields = {"MessageSid": f"MM{next(count)}", "From": MARIA, "To": shop.texting_number or "", "Body": body, **media}
        assert webhook("/message", **fields).status_code == 200
        work()
        return every()[-1]

    return send


def every() -> list[MessageMedia]:
    return list(db.session.scalars(select(MessageMedia).order_by(MessageMedia.id)))


def holding(content: bytes, kind: str = "image/jpeg") -> Callable[[], Response]:
    return lambda: Response(content, content_type=kind)


def basic(app: Flask) -> str:
    settings = app.extensions["settings"]
    return "Basic " + b64encode(f"{settings.twilio_account_sid}:{settings.twilio_auth_token}".encode()).decode()


# what came


def test_a_picture_is_fetched_with_the_accounts_credentials_made_anew_and_deleted_there(app: Flask, api: Api, sends: Says) -> None:
    api.answers["Media/ME1"] = holding(a_photo(size=(800, 400), exif=place_and_turn()))
    media = sends(f"{api.url}/Media/ME1")
    assert api.asked == [("GET", "Media/ME1", basic(app)), ("DELETE", "Media/ME1", basic(app))]
    assert (media.is_ready, media.sort, media.provider_url, media.due_at) == (True, "picture", "", None)
    shown = media.stored().read()
    assert b"SecretCamera" not in shown
    with Image.open(BytesIO(shown)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (400, 800))


def test_a_text_of_a_picture_alone_is_unread_and_shown_to_the_shops_own_staff_only(
    api: Api, sends: Says, shop: Shop, visitors: Callable[[], Visitor]
) -> None:
    api.answers["Media/ME1"] = holding(a_photo())
    media = sends(f"{api.url}/Media/ME1", body="")
    thread = Thread.at(shop, MARIA)
    assert thread.unread == 1
    sam = signed_in(visitors(), a_member(shop))
    assert f"/console/message-media/{media.id}/large" in sam.get(f"/console/threads/{thread.id}").text
    assert sam.get(f"/console/message-media/{media.id}/small").content_type == "image/jpeg"
    stranger = signed_in(visitors(), a_member(a_shop("northgate"), email="north@example.com"))
    assert stranger.get(f"/console/message-media/{media.id}/large").status_code == 404


def test_a_repeated_webhook_and_two_workers_fetch_once(api: Api, sends: Says, webhook: Webhook, shop: Shop, work: Work) -> None:
    api.answers["Media/ME1"] = holding(a_photo())
    sends(f"{api.url}/Media/ME1")
    fields = {"MessageSid": "MM0", "From": MARIA, "To": shop.texting_number or "", "Body": "", "NumMedia": "1"}
    webhook("/message", **fields, MediaUrl0=f"{api.url}/Media/ME1")
    sweep()
    work()
    assert api.methods() == ["GET", "DELETE"]
    assert len(every()) == 1


def test_a_video_is_converted_before_it_is_shown(api: Api, sends: Says) -> None:
    api.answers["Media/ME1"] = holding(a_film(), "video/quicktime")
    media = sends(f"{api.url}/Media/ME1", "video/quicktime")
    assert (media.is_ready, media.sort, media.stored().content_type, media.provider_url) == (True, "video", "video/mp4", "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "of a kind that can't be shown"),
        (b"BEGIN:VCARD", "of a kind that can't be shown"),
        (a_bomb(60_000, 60_000), "too many pixels"),
        (a_photo(size=(900, 900))[:2000], "broken or was cut off"),
        (b"\xff\xd8\xff" + b"0" * (INCOMING_MB * MEGABYTE), "larger than 10 MB"),
    ],
    ids=["svg named .jpg", "a card", "a bomb", "cut off", "more than 10 MB"],
)
def test_what_can_not_be_shown_is_said_in_words_and_stays_with_the_provider(
    api: Api, sends: Says, content: bytes, sentence: str, shop: Shop, client: Visitor
) -> None:
    api.answers["Media/car.jpg"] = holding(content)
    media = sends(f"{api.url}/Media/car.jpg")
    assert sentence in media.why_refused
    assert api.methods() == ["GET"]
    window = signed_in(client, a_member(shop)).get(f"/console/threads/{Thread.at(shop, MARIA).id}").text
    assert sentence.replace("'", "&#39;") in window


# whom it is fetched from


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "http://127.0.0.1:22/",
        "https://api.twilio.com@evil.example/x",
        "https://evil.example/api.twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "http://api.twilio.com/x",
        "https://api.twilio.com:8443/x",
        "https://evil.example\\@api.twilio.com/x",
        "https://[::1/x",
        "//api.twilio.com/x",
    ],
)
def test_a_forged_address_is_never_called(api: Api, sends: Says, url: str) -> None:
    media = sends(url)
    assert media.why_refused == "Not fetched: its address is not one of the provider's."
    assert api.asked == []


def test_a_redirect_elsewhere_is_not_followed_and_no_credentials_go_with_it(api: Api, sends: Says, served: Callable[[], Api]) -> None:
    elsewhere = served()
    elsewhere.answers["loot"] = holding(a_photo())
    api.answers["Media/ME1"] = lambda: redirect(f"{elsewhere.url}/loot", 307)
    assert "not one of the provider's" in sends(f"{api.url}/Media/ME1").why_refused
    assert elsewhere.asked == []


def test_where_the_provider_keeps_its_bytes_the_accounts_token_does_not_go(
    api: Api, sends: Says, served: Callable[[], Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = served()
    storage.answers["bytes"] = holding(a_photo())
    monkeypatch.setattr("jobs.gateways.incoming_media._is_media", lambda parts: parts.geturl().startswith(storage.url))
    api.answers["Media/ME1"] = lambda: redirect(f"{storage.url}/bytes", 307)
    assert sends(f"{api.url}/Media/ME1").is_ready
    assert storage.asked == [("GET", "bytes", "")]


def test_a_redirect_without_an_end_ends(api: Api, sends: Says) -> None:
    api.answers["Media/ME1"] = lambda: redirect(f"{api.url}/Media/ME1", 302)
    assert sends(f"{api.url}/Media/ME1").refused_at
    assert len(api.asked) == 4


# what goes wrong on the way


def test_a_fetch_that_fails_is_tried_again_and_meanwhile_the_window_says_so(
    api: Api, sends: Says, shop: Shop, client: Visitor, work: Work
) -> None:
    api.answers["Media/ME1"] = lambda: ("", 503)
    media = sends(f"{api.url}/Media/ME1")
    sam = signed_in(client, a_member(shop))
    assert "The picture is being fetched…" in sam.get(f"/console/threads/{Thread.at(shop, MARIA).id}").text
    api.answers["Media/ME1"] = holding(a_photo())
    assert media.due_at
    with clock.at(media.due_at):
        fetch(media.id)
    db.session.expire_all()
    assert every()[0].is_ready


def test_after_the_last_try_a_person_is_told_and_may_try_again(api: Api, sends: Says, shop: Shop, client: Visitor, work: Work) -> None:
    media = sends(f"{api.url}/Media/gone")
    for day in range(10):
        with clock.at(clock.now() + timedelta(days=day + 1)):
            fetch(media.id)
    db.session.expire_all()
    assert len(api.asked) == 7
    sam = signed_in(client, a_member(shop))
    window = sam.get(f"/console/threads/{Thread.at(shop, MARIA).id}").text
    assert "The provider does not have this file any more." in window
    api.answers["Media/gone"] = holding(a_photo())
    assert sam.post(f"/console/message-media/{media.id}/retry", headers=HTMX).status_code == 200
    work()
    assert every()[0].is_ready


def test_a_worker_that_died_while_it_fetched_is_followed_by_another(api: Api, sends: Says, work: Work) -> None:
    api.answers["Media/ME1"] = lambda: ("", 503)
    media = sends(f"{api.url}/Media/ME1")
    assert media.due_at
    with clock.at(media.due_at):
        assert media.claim()  # and is never heard of again
        assert media not in MessageMedia.waiting()
    api.answers["Media/ME1"] = holding(a_photo())
    with clock.at(clock.now() + timedelta(minutes=10)):
        assert media in MessageMedia.waiting()
        fetch(media.id)
    db.session.expire_all()
    assert every()[0].is_ready


def test_a_provider_that_does_not_delete_is_asked_again_and_the_picture_is_shown_meanwhile(api: Api, sends: Says, monkeypatch: Any) -> None:
    monkeypatch.setattr("jobs.gateways.incoming_media.delete", lambda *_: False)
    api.answers["Media/ME1"] = holding(a_photo())
    media = sends(f"{api.url}/Media/ME1")
    assert media.is_ready
    assert media.provider_url
    assert media.due_at


# the whole way, through the built-in phone


def test_a_customer_sends_a_picture_from_the_built_in_phone_and_gets_one(
    app: Flask, calls_back: Alone, shop: Shop, work: Work, tmp_path: Path
) -> None:
    files = {"from": MARIA, "to": shop.texting_number, "body": "", "picture": ("car.jpg", a_photo(), "image/jpeg")}
    answer = urllib3.request("POST", f"{calls_back.url}/messages", fields=files, timeout=60)
    assert answer.status == 201
    db.session.commit()
    until(lambda: (work(), every() and every()[0].is_ready and not every()[0].provider_url)[1], 15)
    sent = urllib3.request("GET", f"{calls_back.url}/messages.json?direction=from_customer").json()
    (address,) = sent[0]["media"]
    assert urllib3.request("GET", address).headers["Content-Type"] == "image/jpeg"  # its own handset still has it
    message = db.session.scalars(select(Message).where(Message.direction == "in")).one()
    kept = calls_back.store.messages("origin = 'handset'")[0].media[0]
    assert urllib3.request("GET", kept).status == 401
    assert message.body == ""


def test_a_picture_of_the_shop_is_fetched_by_the_carrier_and_shown_on_the_handset(
    calls_back: Alone, app: Flask, shop: Shop, work: Work
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], public_base_url=calls_back.phone.settings.public_base_url)
    member = a_member(shop)
    thread = Thread.at(shop, MARIA)
    media = MessageMedia.add(thread, member, MediaContent.kept(shop.id, BytesIO(a_photo())), "car.jpg")
    TypedText("", "0123456789abcdef", media=[media]).send(thread, by=SAM)
    work()

    def listed() -> list[str]:
        found = urllib3.request("GET", f"{calls_back.url}/messages.json").json()
        return [address for one in found for address in one["media"] if "/phone/media/" in address]

    until(listed, 15)
    fetched = urllib3.request("GET", listed()[0])
    assert (fetched.status, fetched.headers["Content-Type"]) == (200, "image/jpeg")
    assert db.session.scalars(select(Message.state)).one() in {Delivery.sent, Delivery.delivered}


def test_a_text_of_unknown_fate_is_known_again_by_its_words_and_its_number_of_files(provider: Alone, shop: Shop, work: Work) -> None:
    thread, member = Thread.at(shop, MARIA), a_member(shop)
    TypedText("Look", "0000000000000001").send(thread, by=SAM)  # the same words without a picture
    work()
    media = MessageMedia.add(thread, member, MediaContent.kept(shop.id, BytesIO(a_photo())), "car.jpg")
    provider.make_trouble(fate="drop", accepted="yes")
    message = TypedText("Look", "0000000000000002", media=[media], anyway=True).send(thread, by=SAM)
    work()
    assert message.state is Delivery.unknown
    found = texts.find(texts.outgoing(message), clock.now() - timedelta(minutes=1))
    assert len(found) == 1
    assert found[0].startswith("MM")
