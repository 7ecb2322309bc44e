"""The customer communication log on the console: what was sent, opened and answered, to read, to verify and to take away."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from models import Authorisation, Communication, Overview, Shop, WorkOrder, clock, db
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.ground.overviews import OWNER, an_inspected_order, answered, item_called, sent
from tests.ground.queries import counted

HTMX = {"HX-Request": "true"}
LOG = "/console/work-orders/1001/communications"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return an_inspected_order(shop)


@pytest.fixture
def sam(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop))


def talk(order: WorkOrder) -> Overview:
    """Sent, opened on a telephone, answered with a comment, a word by telephone, a thumb."""
    item_called(order, "Tyres").show(False, by=SAM)
    overview = sent(order)
    overview.opened(by=OWNER, agent=IPHONE)
    answered(overview, {"Front brake pads": "repair", "Wiper blades": "decline"}, comment="=1+1 <i>please</i>")
    said = {"name": "Maria Lopez", "number": "+13125550142", "amount": 75000, "words": "", "at": clock.now()}
    order.lock()
    Authorisation.record_oral(order, [item_called(order, "Tyres")], **said, by=SAM)
    Authorisation.set(item_called(order, "Wiper blades"), False, by=SAM)
    db.session.commit()
    return overview


def test_nothing_sent_says_so(sam: Visitor, order: WorkOrder) -> None:
    assert "Nothing was sent to the customer yet." in sam.get(LOG).text
    assert json.loads(sam.get(f"{LOG}.jsonl").text or "null") is None


def test_the_work_order_leads_to_it(sam: Visitor, order: WorkOrder) -> None:
    assert f'href="{LOG}"' in sam.get("/console/work-orders/1001").text


def test_it_shows_who_what_when_and_from_where(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    page = sam.get(LOG).text
    for words in (
        "Overview sent",
        "by text, 4 items: Oil and filter; Front brake pads; Wiper blades; Lights",
        "Overview opened",
        "on a phone or tablet",
        "Overview answered",
        "Front brake pads: Repair",
        "Wiper blades: Do not agree",
        "Receipt 1001-A1, $404.69 authorised",
        "“=1+1 &lt;i&gt;please&lt;/i&gt;”",
        "IP 198.51.100.7",
        "(312) 555-0142",
        "Authorised by word of mouth",
        "Up to $750.00, said at",
        "Down: Wiper blades",
        "by Sam Ortiz",
        "version 1",
    ):
        assert words in page, words


def test_the_words_of_an_item_that_was_hidden_are_nowhere_in_it(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    for address in (LOG, f"{LOG}.csv", f"{LOG}.jsonl"):
        assert "Tyres" not in sam.get(address).text
    assert "an item that was not shown to the customer" in sam.get(LOG).text


def test_as_csv_it_has_the_three_times_and_no_formula(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    answer = sam.get(f"{LOG}.csv")
    assert answer.mimetype == "text/csv"
    assert 'filename="communication-log-harbour-1001.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["what"] for row in rows][:3] == ["Overview sent", "Overview opened", "Overview answered"]
    first, _opened, third = rows[:3]
    assert (first["opened at (UTC)"], first["address or number"], first["channel"]) == ("", "'+13125550142", "text")
    assert (first["delivery"], rows[1]["delivery"], rows[1]["device"]) == ("Called off", "", "on a phone or tablet")
    assert all(third[f"{moment} at (UTC)"].endswith("Z") for moment in ("sent", "opened", "replied"))
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert third["digest"] == Communication.of(order)[2].digest


def test_a_formula_is_told_to_be_text(sam: Visitor, order: WorkOrder) -> None:
    overview = sent(order)
    answered(overview, {"Front brake pads": "repair"}, name='=HYPERLINK("http://bad.example")')
    rows = list(csv.DictReader(io.StringIO(sam.get(f"{LOG}.csv").data.decode("utf-8-sig"))))
    assert rows[-1]["customer"] == '\'=HYPERLINK("http://bad.example")'


def test_as_json_lines_it_carries_its_proof(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    answer = sam.get(f"{LOG}.jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["digest"] for line in lines] == [record.digest for record in Communication.of(order)]
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert lines[2]["values"]["comment"]["value"] == "=1+1 <i>please</i>"


def test_verify_says_in_plain_words_that_all_is_as_it_was(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    answer = sam.get(f"{LOG}/proof", headers=HTMX).text
    newest = Communication.of(order)[-1]
    assert f"All {newest.seq} records of the shop are as they were written." in answer
    assert newest.digest in answer


def test_verify_says_in_plain_words_what_was_changed(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    db.session.execute(update(Communication).where(Communication.seq == 2).values(kind="sent"))
    db.session.commit()
    assert "Record 2 is not as it was written: what it says was changed." in sam.get(f"{LOG}/proof").text


def test_what_was_erased_says_so(sam: Visitor, order: WorkOrder) -> None:
    talk(order)
    Communication.erase(order.visit.customer)
    db.session.commit()
    page = sam.get(LOG, headers=HTMX).text
    assert "Personal values erased" in page
    assert "Maria Lopez" not in page
    assert "198.51.100.7" not in page
    assert "All 7 records" in sam.get(f"{LOG}/proof").text


def test_each_version_has_its_own_times(sam: Visitor, order: WorkOrder) -> None:
    sent(order).opened(by=OWNER)
    sent(order)
    rows = list(csv.DictReader(io.StringIO(sam.get(f"{LOG}.csv").data.decode("utf-8-sig"))))
    assert [(row["version"], bool(row["opened at (UTC)"])) for row in rows] == [("1", False), ("1", True), ("2", False)]


def test_it_is_the_desks_own_and_of_this_shop(visitors: Callable[[], Visitor], shop: Shop, order: WorkOrder) -> None:
    talk(order)
    tess = signed_in(visitors(), a_member(shop, "mechanic", name="Tess Park"))
    rita = signed_in(visitors(), a_member(a_shop("northgate"), "administrator", name="Rita Vogel"))
    for address in (LOG, f"{LOG}.csv", f"{LOG}.jsonl", f"{LOG}/proof"):
        assert (tess.get(address).status_code, rita.get(address).status_code) == (403, 404)
    assert rita.get("/console/communications.jsonl").text == ""


def test_an_administrator_takes_the_whole_shops_log(visitors: Callable[[], Visitor], shop: Shop, order: WorkOrder) -> None:
    talk(order)
    sam, ada = (signed_in(visitors(), a_member(shop, role, name=role)) for role in ("receptionist", "administrator"))
    assert sam.get("/console/communications.jsonl").status_code == 403
    assert len(ada.get("/console/communications.jsonl").text.splitlines()) == Communication.of(order)[-1].seq


def test_a_long_log_asks_as_often_as_a_short_one(sam: Visitor, order: WorkOrder) -> None:
    asked = []
    for _round in range(2):
        talk(order) if not asked else [sent(order) for _again in range(5)]
        with counted() as statements:
            sam.get(LOG)
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
