"""What gets into the logs: one line of JSON for each event, and in none of them what opens a door or names a customer."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from jobs import logs
from models import CustomerEmail, db
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, a_drop_off, a_shop
from tests.ground.routes import NOBODYS

pytestmark = pytest.mark.one_database

TOKEN = "zhlEOQqrG3qvwa849n0Ixr"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that our handler writes."""
    written, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Line())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def lines(written: StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.parametrize(
    "secret",
    [
        *(
            f"GET /{room}/{TOKEN}/overview"
            for room in ("v", "u", "g", "m", "hooks/print", "console/activation", "console/forgotten-password")
        ),
        f"/calendar/{TOKEN}.ics",
        f"ratelimit 20 per 1 minute ({TOKEN}) exceeded",
        f"Bearer wrenchline_{TOKEN * 2}",
        "text to +13125550142 failed",
        "no mailbox maria.lopez+car@mail.example",
    ],
)
def test_no_key_number_or_address_is_told(logged: StringIO, secret: str) -> None:
    logging.getLogger("anything").warning("%s", secret)
    event = lines(logged)[0]["event"]
    assert not any(part in event for part in (TOKEN, "3125550142", "maria"))
    assert "…" in event


@given(st.text(min_size=1))
def test_whatever_somebody_asks_for_stays_on_its_line(text: str) -> None:
    record = logging.LogRecord("web", logging.ERROR, "", 0, "Exception on %s [GET]", (text,), None)
    written = logs.Line().format(record)
    assert len(written.splitlines()) == 1
    assert json.loads(written)["level"] == "ERROR"


def test_a_mistake_of_ours_is_told_without_what_was_asked_or_typed(app: Flask, client: Visitor, logged: StringIO) -> None:
    """Flask logs the address and the whole traceback; a database's complaint would repeat the row."""
    link = a_drop_off(a_shop()).visit.link

    def breaks(**_: str) -> str:
        db.session.add(CustomerEmail(customer_id=NOBODYS, address="14 Elm Street"))
        db.session.flush()
        return ""

    usual, app.view_functions["portal.show_visit"] = app.view_functions["portal.show_visit"], breaks
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        assert client.get(f"{link.path}?said=%0A{{}}").status_code == 500
    finally:
        app.view_functions["portal.show_visit"], app.config["PROPAGATE_EXCEPTIONS"] = usual, None
    told = logged.getvalue()
    assert "IntegrityError" in told
    assert not any(secret in told for secret in (link.token, "14 Elm Street", "Maria", MARIA))
    assert len(lines(logged)) >= 1


def test_who_is_slowed_down_is_logged_without_the_link(client: Visitor, logged: StringIO) -> None:
    link = a_drop_off(a_shop()).visit.link
    codes = {client.get(f"/calendar/{link.token}.ics").status_code for _ in range(31)}
    codes |= {client.post(f"{link.path}/overview/draft").status_code for _ in range(121)}
    codes |= {client.post("/console/sign-in", data={"email": "ada@harbour.example", "password": "x"}).status_code for _ in range(6)}
    told = " ".join(line["event"] for line in lines(logged))
    assert 429 in codes
    assert "exceeded" in told
    assert link.token not in told
    assert "ada@" not in told


def test_a_database_that_refuses_a_row_does_not_repeat_it(app: Flask) -> None:
    db.session.add(CustomerEmail(customer_id=NOBODYS, address="14 Elm Street"))
    with pytest.raises(IntegrityError) as refused:
        db.session.flush()
    db.session.rollback()
    assert "Elm Street" not in str(refused.value)


def test_the_servers_own_lines_are_written_in_the_same_way() -> None:
    """gunicorn says which request it could not answer, with its address."""
    server, handler = logging.getLogger("gunicorn.error"), logging.StreamHandler(StringIO())
    server.addHandler(handler)
    try:
        logs.configure("INFO")
        assert isinstance(handler.formatter, logs.Line)
    finally:
        server.removeHandler(handler)
