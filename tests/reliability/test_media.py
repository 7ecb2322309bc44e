"""Videos under way with the real processes: a worker that is killed, and a sender who would send for ever."""

import socket
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask import Flask

from models import Attachment, Shop, SignIn, db
from models.sent_file import SentFile
from tests.ground.films import a_film
from tests.ground.makers import SAM, a_member, a_shop, a_work_order
from tests.ground.running import Running, running

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def everything() -> Iterator[Running]:
    with running("media", "sqlite", "valkey", "converter", "ticker", "web") as everything:
        with everything.data():
            shop = a_shop()
            a_member(shop, "mechanic")
            a_work_order(shop)
        yield everything


def until(condition: Callable[[], bool], seconds: float = 90) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return met


def state(everything: Running, id: int) -> Attachment:
    with everything.data():
        found = db.session.get_one(Attachment, id, populate_existing=True)
        db.session.commit()
        return found


def test_a_killed_worker_leaves_a_film_that_the_next_one_finishes(everything: Running) -> None:
    with everything.data():
        order = Shop.known("harbour").work_order(1001)
        slow = a_film("slow.mp4", "mpeg4", 20, "1280x720", turned=False)
        film = Attachment.take(order, SentFile.stored(order.shop_id, BytesIO(slow), "slow.mp4", "form"), by=SAM)
        db.session.commit()
        id = film.id
    assert until(lambda: state(everything, id).progress > 0)
    everything.kill("converter")
    left = state(everything, id)
    assert (left.is_settled, left.attempts) == (False, 1)
    everything.start("converter")
    with everything.data():
        db.session.execute(db.text("UPDATE attachments SET seen_at = '2020-01-01 00:00:00+00'"))  # as if two minutes had passed
        db.session.commit()
    assert until(lambda: state(everything, id).is_ready)
    done = state(everything, id)
    assert (done.attempts, done.seconds, done.reason) == (2, 20, "")
    assert until(lambda: state(everything, id).original_id is None)


def test_two_gigabytes_are_refused_while_they_are_still_being_sent(everything: Running) -> None:
    with everything.data() as app:
        head = request_head(everything, app, "Content-Length: 2147483648")
    parts = urlsplit(everything.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=120) as line:
        line.sendall(head + b"--edge\r\n")
        answer = line.recv(65536).decode()
        assert "422" in answer.splitlines()[0]
        while "more than 500 MB" not in answer:
            answer += line.recv(65536).decode(errors="replace")


def request_head(everything: Running, app: Flask, length: str) -> bytes:
    """The beginning of an upload, by a member of staff who is signed in."""
    sign_in = SignIn.begin(a_member(Shop.known("harbour"), "receptionist"), "127.0.0.1")
    db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"_user_id": sign_in.token, "_fresh": True})
    lines = [
        "POST /console/work-orders/1001/attachments HTTP/1.1",
        f"Host: {urlsplit(everything.address).netloc}",
        f"Cookie: session={cookie}",
        "Content-Type: multipart/form-data; boundary=edge",
        length,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
