"""First loads in the console: by administrators alone, each shop its own; whatever is sent is answered with a sentence."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from models import FirstLoad, Shop, db
from models.load_fields import BOTH, KINDS
from tests.ground import storing
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from tests.models.test_first_load import GOOD, HEAD, begun

HTMX = {"HX-Request": "true"}
PLACE = "/console/settings/transfer/first-loads"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator", name="Ada"))  # type: ignore[no-any-return]


def send(visitor: Visitor, content: bytes, name: str = "export.csv", kind: str = BOTH) -> TestResponse:
    data = {"files": (io.BytesIO(content), name), "system": "Protractor", "kind": kind}
    return visitor.post(PLACE, data=data, content_type="multipart/form-data", headers=HTMX)


def test_a_file_is_looked_at_tried_loaded_and_its_bad_rows_come_back_mended(ada: Visitor, work: Callable[[], int]) -> None:
    bad = 'C9,"=cmd|calc",Moss,12,,V9,2018,Honda,Civic,DEMO 109,,\n'
    place = send(ada, (HEAD + GOOD + bad).encode()).headers["HX-Redirect"]
    page = ada.get(place).text
    assert "Dry run" in page
    assert "DEMO 101" in page
    ada.post(f"{place}/dry-run", headers=HTMX)
    work()
    page = ada.get(place).text
    assert "This is no phone number" in page
    assert "Load 3 rows" in page
    ada.post(f"{place}/load", headers=HTMX)
    work()
    assert "Loaded" in ada.get(place).text
    rows = list(csv.reader(io.StringIO(ada.get(f"{place}/bad-rows").data.decode("utf-8-sig"))))
    assert rows[0][-2:] == ["Line", "What is wrong"]
    assert rows[1][1] == "'=cmd|calc"
    rows[1][3] = "312-555-0149"
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    again = send(ada, text.getvalue().encode()).headers["HX-Redirect"]
    ada.post(f"{again}/dry-run", headers=HTMX)
    work()
    load = db.session.scalars(select(FirstLoad).order_by(FirstLoad.id.desc()).limit(1)).one()
    assert load.counts["rows"] == {"created": 1}


def test_only_administrators_load_and_only_into_their_own_shop(client: Visitor, shop: Shop) -> None:
    theirs = begun(a_shop("canal"), HEAD + GOOD)
    signed_in(client, a_member(shop, "mechanic"))
    assert client.get(PLACE).status_code == 403
    assert send(client, (HEAD + GOOD).encode()).status_code == 403
    signed_in(client, a_member(shop, "administrator"))
    for path in ("", "/faults", "/bad-rows"):
        assert client.get(f"{PLACE}/{theirs.id}{path}").status_code == 404
    for verb in ("dry-run", "load", "stop", "continuation", "removal", "reading"):
        assert client.post(f"{PLACE}/{theirs.id}/{verb}", headers=HTMX).status_code == 404
    assert theirs.stage == "chosen"


def test_nothing_is_loaded_that_was_not_tried_as_it_is_read_now(ada: Visitor, work: Callable[[], int]) -> None:
    place = send(ada, (HEAD + GOOD).encode()).headers["HX-Redirect"]
    assert "dry run first" in ada.post(f"{place}/load", headers=HTMX).text
    ada.post(f"{place}/dry-run", headers=HTMX)
    work()
    said = {"encoding": "utf-8", "delimiter": ",", "date_order": "dmy", "column_0": "customers.external_id", "column_1": "customers.phones"}
    twice = ada.post(f"{place}/reading", data={**said, "column_2": "customers.external_id"}, headers=HTMX)
    assert (twice.status_code, "Another column is this already" in twice.text) == (422, True)
    assert ada.post(f"{place}/reading", data={**said, "encoding": "klingon"}, headers=HTMX).status_code == 422
    assert ada.post(f"{place}/reading", data=said, headers=HTMX).status_code == 200
    assert "dry run first" in ada.post(f"{place}/load", headers=HTMX).text
    assert ada.post(f"{place}/removal", headers=HTMX).status_code == 200
    assert "thrown away" in ada.post(f"{place}/dry-run", headers=HTMX).text
    assert b"wrong" in ada.get(f"{place}/bad-rows").data


_cells = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["C1", "3125550142", '"', "=1+1", "2019", "31/31/2025", "�"])
_tables = st.lists(st.lists(_cells, max_size=9), max_size=6).map(lambda rows: "\n".join(",".join(row) for row in rows))


@pytest.mark.one_database
@settings(max_examples=25)
@given(
    content=st.binary(max_size=200) | _tables.map(str.encode) | _tables.map(lambda text: (HEAD + text).encode()),
    kind=st.sampled_from([*KINDS]),
)
@example(b'"', BOTH)
@example("Customer ID,Phone\r\nC1,٣١٢\r\n".encode("utf-16"), "customers")
@example(b"Vehicle ID,Date,Time\nV1,0000-00-00,99:99\nV1,99999999999999999999,\n", "appointments")
@example(b"RO,Mileage,Opened\n99999999999999999999999,1e400,Feb 30 2025\n", "work_orders")
def test_any_bytes_get_a_sentence_and_never_a_mistake_of_ours(ada: Visitor, work: Callable[[], int], content: bytes, kind: str) -> None:
    answer = send(ada, content, kind=kind)
    if place := answer.headers.get("HX-Redirect"):
        assert ada.get(place).status_code == 200
        ada.post(f"{place}/dry-run", headers=HTMX)
        work()
        assert ada.get(place).status_code == 200
        assert b"wrong" in ada.get(f"{place}/bad-rows").data
    else:
        assert (answer.status_code, 'class="error"' in answer.text) == (422, True)


def test_no_transaction_is_open_while_the_file_goes_into_the_storage(ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    open_meanwhile = storing.watched(monkeypatch)
    assert send(ada, (HEAD + GOOD).encode()).headers["HX-Redirect"]
    assert open_meanwhile == [False]
