"""First loads in the console: by administrators alone, each shop its own; whatever is sent is answered with a sentence."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select

from models import FirstLoad, Shop, db
from models.load_fields import BOTH
from tests.ground.client import Visitor
from tests.ground.makers import a_member, a_shop, signed_in
from tests.models.test_first_load import GOOD, HEAD

HTMX = {"HX-Request": "true"}
PLACE = "/console/settings/transfer/first-loads"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator", name="Ada"))  # type: ignore[no-any-return]


def send(visitor: Visitor, content: bytes, name: str = "export.csv", kind: str = BOTH):  # type: ignore[no-untyped-def]
    data = {"files": (io.BytesIO(content), name), "system": "Protractor", "kind": kind}
    return visitor.post(PLACE, data=data, content_type="multipart/form-data", headers=HTMX)


def test_a_file_is_looked_at_tried_loaded_and_its_bad_rows_come_back_mended(ada: Visitor, shop: Shop, work) -> None:  # type: ignore[no-untyped-def]
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
