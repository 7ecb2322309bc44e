"""A tag in every word that anybody ever typed, on every page of both sides: it is shown as words, nowhere as a tag."""

import re
from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from sqlalchemy import JSON, Column, String, Table, select, update

from models import Link, Overview, Shop, StaffMember, Visit, WorkOrder, db
from tests.ground.client import Visitor
from tests.ground.demo import demo
from tests.ground.makers import signed_in
from tests.ground.real import complete, places

pytestmark = pytest.mark.one_database

MARK = "<img src=x onerror=alert(1)>\"'>{{7*7}}"
RAW, WORKED_OUT, HARMLESS = "<img src=x", "&gt;49", "&lt;img src=x onerror"
# A word of ours: a state, a kind, a colour, a token, a time zone. What people type has capitals, spaces or is a number to call.
OURS = re.compile(r"[a-z0-9_.:/+#@=-]*|[A-Za-z_]+/[A-Za-z_/]+|[A-Z]{1,3}|\S{16,}|\+?\d+|[\w.+-]+@[\w.-]+")
# Ours although they look like words, or are not filled in the demo.
NEVER = {
    *("actor_kind", "channel", "kind", "state", "digest", "token", "code", "seed", "tail", "version", "purpose", "scope", "key", "reason"),
    *("email", "address", "number", "phone", "name_key", "storage_key", "content_type", "currency", "country", "language", "zone", "slug"),
    *(
        "delimiter",
        "encoding",
        "date_order",
        "provider_id",
        "ip",
        "step",
        "outcome",
        "stage",
        "why",
        "rule",
        "shape",
        "result",
        "verb",
        "verdict",
    ),
    *("account_sid", "service_sid", "sealed_password", "sealed_token", "sealed_token_before", "holiday_calendar", "postcard_size", "noun"),
}


def typed(table: Table, column: Column[str]) -> bool:
    """Whether people fill it in: text, under no key, that does not hold words of ours alone."""
    if type(column.type) is not String or column.foreign_keys or column.unique or column.name in NEVER:
        return False
    values = set(db.session.scalars(select(column).where(column.is_not(None), column != "").limit(200)))
    return not values or not all(OURS.fullmatch(value) for value in values)


def mark_everything() -> int:
    """How many columns hold the mark now."""
    marked = 0
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if typed(table, column):
                db.session.execute(update(table).where(column.is_not(None)).values({column.name: column.concat(MARK)}))
                marked += 1
            elif isinstance(column.type, JSON):
                marked += bool(_mark_json(table, column))
    db.session.commit()
    return marked


def _mark_json(table: Table, column: Column[object]) -> int:
    changed = 0
    for id, value in db.session.execute(select(table.c.id, column).where(column.is_not(None))).all():
        if (new := _marked(value)) != value:
            db.session.execute(update(table).where(table.c.id == id).values({column.name: new}))
            changed += 1
    return changed


def _marked(value: object) -> object:
    if isinstance(value, dict):
        return {name: _marked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    return value + MARK if isinstance(value, str) and value and not OURS.fullmatch(value) else value


@pytest.fixture(scope="module")
def marked(queue_server: redis.Redis) -> Iterator[Flask]:
    with demo("marked") as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        complete(Shop.known("harbour"))
        assert mark_everything() > 80
        yield app


def pages(client: Visitor, addresses: list[str]) -> tuple[list[str], list[str], int]:
    """Where the tag is one or the sum is worked out, where something broke, and on how many pages both stand as words."""
    tags, broken, words = [], [], 0
    for address in addresses:
        with client.get(address) as page:
            if page.status_code >= 500:
                broken.append(address)
            if page.mimetype in {"text/html", "image/svg+xml", "text/javascript", "application/xhtml+xml"}:
                tags += [
                    f"{address}: …{page.text[found - 120 : found + 60]}…" for found in map(page.text.find, (RAW, WORKED_OUT)) if found >= 0
                ]
                words += HARMLESS in page.text
    return tags, broken, words


def test_no_page_of_the_console_has_a_tag_that_somebody_typed(marked: Flask) -> None:
    member = db.session.scalars(select(StaffMember).where(StaffMember.email == "ada@harbour.example")).one()
    client = signed_in(Visitor(marked, marked.response_class), member)
    rooms = [place for place in places(marked, Shop.known("harbour")) if place.method == "GET" and place.rule.endpoint != "console.live"]
    asked = [place.address if place.owned else f"{place.address}?q=img&what=brake&who=img&show=all&next={MARK}" for place in rooms]
    tags, broken, words = pages(client, asked)
    assert tags == []
    assert broken == []
    assert words > 50


def test_no_page_of_a_customer_has_a_tag_that_somebody_typed(marked: Flask) -> None:
    mine = select(Link).join(Visit, Visit.id == Link.visit_id).where(Link.purpose == "visit", Visit.shop_id == Shop.known("harbour").id)
    asked_for = mine.join(WorkOrder, WorkOrder.visit_id == Visit.id).where(WorkOrder.id.in_(select(Overview.work_order_id)))
    links = [*db.session.scalars(mine.order_by(Visit.id.desc()).limit(3)), *db.session.scalars(asked_for)]
    below = ("", "/overview", "/texts", "/receipts/1", "/data", "?lang=es", f"?lang={MARK}")
    tags, broken, words = pages(Visitor(marked, marked.response_class), [f"{link.path}{more}" for link in links for more in below])
    assert tags == []
    assert broken == []
    assert words > 15
