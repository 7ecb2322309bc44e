"""What tablets say at the same moment, each with a connection of its own, on both databases."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from models import Attachment, Inspection, InspectionChange, InspectionSheet, StoredFile, WorkItem, db
from models.inspection_sheet import preset
from tests.ground.client import Visitor
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_member, a_shop, a_work_order, signed_in

Together = Callable[..., list[Any]]
PAGE = "/console/inspections/1001"
MANY = 6


@pytest.fixture
def inspection(app: Flask) -> Inspection:
    shop = a_shop()
    sheet = InspectionSheet.make(shop, "Courtesy inspection", preset(), by=SAM)
    begun = Inspection.begin(a_work_order(shop), sheet, by=SAM)
    db.session.commit()
    return begun


@pytest.fixture
def tablets(visitors: Callable[[], Visitor], inspection: Inspection) -> list[Visitor]:
    tess = a_member(inspection.order.visit.shop, "mechanic")
    return [signed_in(visitors(), tess) for _ in range(MANY)]


def test_one_change_that_comes_many_times_at_once_is_taken_once(together: Together, tablets: list[Visitor], inspection: Inspection) -> None:
    said = {"device": "tablet-one", "number": 1, "age": 0, "kind": "answers"}
    said["answers"] = [{"finding": inspection.findings[0].id, "result": "necessary"}]
    answers = together(*[lambda one=one: one.post(f"{PAGE}/changes", json=said).status_code for one in tablets])  # type: ignore[misc]
    assert answers == [200] * MANY
    assert db.session.query(InspectionChange).count() == 1


def test_one_picture_that_comes_many_times_at_once_is_kept_once(together: Together, tablets: list[Visitor], inspection: Inspection) -> None:
    form = {"device": "tablet-one", "number": "1", "age": "0", "finding": str(inspection.findings[0].id)}

    def send(one: Visitor) -> int:
        return one.post(f"{PAGE}/pictures", data={**form, "files": (BytesIO(a_photo()), "a.jpg")}).status_code

    answers = together(*[lambda one=one: send(one) for one in tablets])  # type: ignore[misc]
    assert answers == [200] * MANY
    assert (db.session.query(Attachment).count(), db.session.query(StoredFile).count()) == (1, 1)


def test_many_tablets_that_complete_at_once_make_its_work_once(together: Together, tablets: list[Visitor], inspection: Inspection) -> None:
    for finding in inspection.findings[:30]:
        finding.answer({"result": "recommended"}, by=SAM, at=inspection.begun_at)
    db.session.commit()
    told = [{"device": f"tablet-{number}", "number": 1, "age": 0, "kind": "complete", "rest": True} for number in range(MANY)]
    answers = together(
        *[lambda one=one, said=said: one.post(f"{PAGE}/changes", json=said).status_code for one, said in zip(tablets, told, strict=True)]  # type: ignore[misc]
    )
    assert answers == [200] * MANY
    items = db.session.query(WorkItem).all()
    assert len({item.finding_id for item in items}) == len(items) > 0
    assert len({item.job_code for item in items if item.job_code}) == len([item for item in items if item.job_code])
