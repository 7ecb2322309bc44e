"""A customer's own data in the console: the file, the erasure with its preview, the sealed record, the log; for administrators alone."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from jobs import data_exports, retention
from models import Base, Communication, DataExport, Erasure, Message, Retention, Shop, StoredFile, clock, db
from models.chain_head import ChainHead
from models.own_data import CHAPTERS
from models.personal_tables import HELD
from models.retention_words import SETTLED
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_customer, a_member, a_shop, signed_in, usual_periods
from tests.ground.overviews import an_inspected_order, answered, sent

HTMX = {"HX-Request": "true"}
# a signature as the page's canvas gives it: one black pixel
DRAWN = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator", name="Ada"))  # type: ignore[no-any-return]


@pytest.mark.one_database
def test_every_table_has_its_place_on_the_page_and_in_the_file() -> None:
    assert {name for _heading, parts in CHAPTERS for name in parts} == set(HELD)


def test_the_file_holds_everything_readable_and_verifiable(ada: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    order = an_inspected_order(shop)
    reply = answered(sent(order, note="Dear Maria"), {"Front brake pads": "repair"}, comment="Call my office", signature=DRAWN)
    ruth = a_customer(shop, "Ruth", "Berg", phones=["+13125550145"], emails=["ruth@mail.example"])
    place = f"/console/customers/{order.visit.customer_id}"
    ada.post(f"{place}/data-exports", headers=HTMX)
    ada.post(f"{place}/data-exports", headers=HTMX)
    work()
    export = db.session.scalars(select(DataExport)).one()
    panel = ada.get(f"{place}/personal-data", headers=HTMX).text
    assert "Download" in panel
    assert ada.post(f"/console/customers/{ruth.id}/data-exports/{export.id}/file").status_code == 404
    answer = ada.post(f"{place}/data-exports/{export.id}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with ZipFile(BytesIO(answer.data)) as archive:
        tables = {name: json.loads(archive.read(f"data/{name}.json")) for name in HELD}
        page = archive.read("index.html").decode()
        names = set(archive.namelist())
        log = [json.loads(line) for line in archive.read(f"log/work-order-{order.number}.jsonl").splitlines()]
    assert tables["replies"][0]["comment"] == "Call my office"
    assert tables["replies"][0]["signature"] in names
    assert [item["title"] for item in tables["overview_items"]] == [item.title for item in reply.overview.items]
    assert tables["messages"][0]["body"]
    assert tables["consent_facts"][0]["actor_name"] == shop.name  # Sam asked, for the shop
    assert tables["customer_phones"][0]["number"] == MARIA
    assert {"style.css", "log/how-to-verify.md"} <= names
    assert log[-1]["digest"] == db.session.scalars(select(ChainHead.digest)).one()
    assert "Call my office" in page
    assert "Ruth" not in json.dumps(tables)
    assert "Sam Ortiz" not in json.dumps({name: rows for name, rows in tables.items() if name != "communications"})
    assert "fetched" in ada.get(f"{place}/personal-data", headers=HTMX).text


def test_no_transaction_is_open_while_files_are_packed(shop: Shop, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Videos of half a gigabyte from a storage on the network: on SQLite nobody could write meanwhile."""
    order, packing, copied = an_inspected_order(shop), [], StoredFile.written
    answered(sent(order), {"Front brake pads": "repair"}, signature=DRAWN)
    DataExport.ask(order.visit.customer, by=SAM)
    db.session.commit()

    def copy(source: Any, target: Any, length: int = 0) -> None:
        if target._zinfo.filename.startswith("files/"):
            packing.append(db.session().in_transaction())
        target.write(source.read())

    def write(*arguments: Any) -> StoredFile:
        packing.append(db.session().in_transaction())
        return copied(*arguments)

    monkeypatch.setattr("shutil.copyfileobj", copy)
    monkeypatch.setattr(StoredFile, "written", write)
    work()
    assert db.session.scalars(select(DataExport)).one().is_ready
    assert packing
    assert not any(packing)


def test_two_workers_do_not_make_the_same_file_at_a_time(shop: Shop) -> None:
    export = DataExport.ask(a_customer(shop), by=SAM)
    db.session.commit()
    assert [data_exports._is_ours(export.id) for _worker in range(2)] == [True, False]
    data_exports.make(export.id)
    assert export.is_under_way, "it is the other worker's"


def test_an_erasure_is_previewed_confirmed_by_name_done_and_told(ada: Visitor, shop: Shop, work: Callable[[], int]) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    customer = order.visit.customer
    place = f"/console/customers/{customer.id}"
    assert "A visit is open or booked" in ada.get(f"{place}/erasure/new").text
    order.close(by=SAM)
    preview = ada.get(f"{place}/erasure/new").text
    assert "Plates and VINs" in preview or "Plate and VIN" in preview
    assert "for 7 years" in preview
    wrong = ada.post(f"{place}/erasure", data={"name": "Mary"}, headers=HTMX)
    assert (wrong.status_code, "Mary" in wrong.text, "by a slip" in wrong.text) == (422, True, True)
    assert ada.post(f"{place}/erasure", data={"name": "Maria Lopez"}, headers=HTMX).status_code == 200
    work()
    panel = ada.get(f"{place}/personal-data", headers=HTMX).text
    assert "Erased" in panel
    assert "Export their data" not in panel
    assert "Lopez" not in ada.get(place).text
    assert "Lopez" not in ada.get(f"/console/work-orders/{order.number}").text
    assert ada.get(f"/console/work-orders/{order.number}/communications").status_code == 200
    record = f"{place}/kept-record"
    assert ada.post(record, data={"reason": ""}).status_code == 422
    assert "Maria Lopez" in ada.post(record, data={"reason": "Bureau of Automotive Repair"}).text
    assert "Bureau of Automotive Repair" in ada.get(f"{place}/personal-data", headers=HTMX).text


def test_receptionists_may_neither_export_nor_erase(client: Visitor, shop: Shop) -> None:
    signed_in(client, a_member(shop))
    place = f"/console/customers/{a_customer(shop).id}"
    assert "Personal data" not in client.get(place).text
    assert client.post(f"{place}/erasure", data={"name": "Maria Lopez"}).status_code == 403


def test_periods_are_tried_kept_and_obeyed(ada: Visitor, shop: Shop, at: Callable[..., None], work: Callable[[], int]) -> None:
    order = an_inspected_order(shop)
    answered(sent(order), {"Front brake pads": "repair"})
    order.close(by=SAM)
    db.session.commit()
    later = clock.now() + timedelta(days=120)
    at(f"{later:%Y-%m-%d %H:%M}")
    signed_in(ada, shop.advisors()[0])
    usual = {"words_months": 36, "media_months": 36, "ip_days": 90, "link_days": 365, "raw_days": 30, "export_days": 7}
    usual |= {"handed_months": 12, "record_years": 7, "consent_years": 5}
    page = ada.get("/console/settings/retention").text
    assert "go tonight" in page
    tried = ada.post("/console/settings/retention/dry-run", data={**usual, "words_months": 3, "link_days": 30}, headers=HTMX).text
    assert "A trial" in tried
    wrong = ada.post("/console/settings/retention", data={**usual, "record_years": 2, "raw_days": "x"}, headers=HTMX)
    assert (wrong.status_code, wrong.text.count("from 3 to 15"), "Give a whole number." in wrong.text) == (422, 1, True)
    assert all(message.body for message in db.session.scalars(select(Message)))
    ada.post("/console/settings/retention", data={**usual, "words_months": 3, "link_days": 30}, headers=HTMX)
    link = order.visit.link.path
    assert ada.get(link).status_code == 200
    for _twice in range(2):
        retention.sweep(shop.id)
    settled = select(Message).where(Message.state.in_(SETTLED))
    assert {message.body for message in db.session.scalars(settled)} == {""}
    assert ada.get(link).status_code == 404
    kept = db.session.scalars(select(Retention)).one()
    assert kept.swept == {}
    assert "No longer" not in page


def test_addresses_of_the_network_are_shortened_everywhere(shop: Shop, at: Callable[..., None]) -> None:
    order = an_inspected_order(shop)
    reply = answered(sent(order), {"Front brake pads": "repair"})
    usual_periods(shop)
    later = clock.now() + timedelta(days=91)
    at(f"{later:%Y-%m-%d %H:%M}")
    retention.sweep(shop.id)
    db.session.expire_all()
    assert reply.ip == "198.51.100.0/24"
    assert Communication.verify(shop) is None
    assert [record.kind for record in Communication.of(order)][-1] == "erased"
    told = " ".join(str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table)))
    assert "198.51.100.7" not in told
    assert Erasure.waiting_ids() == []
