"""The exported log: verified by the program in our documentation, which knows nothing of us."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models import Communication, WorkOrder, communication_export, db
from models.communication_export import write_lines
from tests.ground.makers import a_customer, a_shop, a_work_order

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "communication-log.md"


@pytest.fixture
def orders(app: Flask) -> list[WorkOrder]:
    """Maria's and Jo's; their records alternate, and Maria's begin and end."""
    shop = a_shop()
    maria, jo = a_work_order(shop), a_work_order(shop, a_customer(shop, "Jo", "Brandt", phones=["+13125550143"]))
    for order, kind in (
        (maria, "sent"),
        (jo, "sent"),
        (maria, "opened"),
        (jo, "opened"),
        (jo, "answered"),
        (maria, "answered"),
        (jo, "oral"),
    ):
        personal = {"name": order.visit.customer.name, "comment": "¿Cuánto? “Ünd”\n😀"}
        Communication.write(order, kind, facts={"version": 1, "items": [[1, "é"]]}, personal=personal)
    db.session.commit()
    return [maria, jo]


def exported(order: WorkOrder, *, whole_shop: bool = False) -> list[dict[str, Any]]:
    file = io.BytesIO()
    write_lines(file, order.visit.shop, None if whole_shop else order)
    return [json.loads(line) for line in file.getvalue().splitlines()]


def verified(lines: list[dict[str, Any]], folder: Path) -> tuple[int, str]:
    """The documentation's own program on these lines: how it ends, and what it says last."""
    program, file = folder / "verify.py", folder / "log.jsonl"
    found = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    program.write_text(found[1], encoding="utf-8")
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", program, file], capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


def test_an_export_reaches_from_the_orders_first_record_to_its_last(orders: list[WorkOrder]) -> None:
    assert [line["seq"] for line in exported(orders[0])] == [1, 2, 3, 4, 5, 6]
    assert [line["seq"] for line in exported(orders[1])] == [2, 3, 4, 5, 6, 7]


def test_it_is_verified_by_the_program_in_the_documentation(orders: list[WorkOrder], tmp_path: Path) -> None:
    for lines in (exported(orders[0]), exported(orders[1]), exported(orders[0], whole_shop=True)):
        code, said = verified(lines, tmp_path)
        assert (code, said) == (0, f"As it was written, up to record {lines[-1]['seq']}: {lines[-1]['digest']}")


def test_it_says_nothing_of_other_customers(orders: list[WorkOrder]) -> None:
    lines = exported(orders[0])
    assert "Jo Brandt" not in json.dumps(lines)
    assert {line["seq"] for line in lines if "record" in line} == {1, 3, 6}
    assert set(lines[1]) == {"seq", "previous", "body", "digest"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: lines[2]["record"]["facts"].update(version=2), "3: changed"),
        (lambda lines: lines[2]["values"]["name"].update(value="Mary"), "3: name changed"),
        (lambda lines: lines[2]["values"]["name"].update(salt="0" * 32), "3: name changed"),
        (lambda lines: lines.pop(3), "5: does not follow the record before"),
        (lambda lines: lines[4].update(body="0" * 64), "5: the digest does not fit"),
    ],
)
def test_what_was_changed_in_it_is_found(orders: list[WorkOrder], tmp_path: Path, spoil: Any, said: str) -> None:
    lines = exported(orders[0])
    spoil(lines)
    code, words = verified(lines, tmp_path)
    assert code == 1
    assert words.endswith(said)


def test_after_an_erasure_it_still_verifies_without_the_person(orders: list[WorkOrder], tmp_path: Path) -> None:
    Communication.erase(orders[0].visit.customer)
    db.session.commit()
    lines = exported(orders[0])
    assert "Maria" not in json.dumps(lines)
    assert lines[-1]["record"]["facts"] == {"records": [1, 3, 6]}
    assert verified(lines, tmp_path)[0] == 0


def test_a_long_log_is_written_so_many_records_at_a_time(orders: list[WorkOrder], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = exported(orders[0], whole_shop=True)
    monkeypatch.setattr(communication_export, "AT_ONCE", 2)
    assert exported(orders[0], whole_shop=True) == whole
    assert [line["seq"] for line in whole] == [1, 2, 3, 4, 5, 6, 7]


def test_an_order_without_records_exports_nothing(app: Flask) -> None:
    assert exported(a_work_order(a_shop())) == []
