"""Inspection sheets: made, worked on, carried to another shop by a file; what was removed comes back."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from models import Entry, InspectionSheet, SheetImport, SheetLine, Shop, db
from models.inspection_sheet import preset
from models.refused import Refused
from models.sheet_file import write
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.ground.queries import counted

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}
ADDRESS = "/console/settings/inspection-sheets"
LINES = [SheetLine("Brakes", "Pads", job="BRK-FP"), SheetLine("Brakes", "Hoses"), SheetLine("Brakes", "Fluid"), SheetLine("Tyres", "Tread")]


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator"))


@pytest.fixture
def sheet(shop: Shop) -> InspectionSheet:
    return InspectionSheet.make(shop, "Courtesy", LINES, by=SAM)


def names(sheet: InspectionSheet) -> list[str]:
    return [point.name for point in sheet.points]


def uploaded(visitor: Visitor, content: bytes, name: str = "courtesy.csv", **kwargs: object):  # type: ignore[no-untyped-def]
    return visitor.post(f"{ADDRESS}/imports", data={"file": (BytesIO(content), name)}, content_type="multipart/form-data", **kwargs)


# sheets


def test_the_first_sheet_is_the_default_and_is_made_of_the_houses_63_points(ada: Visitor, shop: Shop) -> None:
    ada.post(ADDRESS, data={"name": " Courtesy  inspection ", "begin": "preset"})
    (sheet,) = InspectionSheet.of(shop)
    assert (sheet.name, sheet.is_default, len(sheet.points)) == ("Courtesy inspection", True, 63)
    assert sheet.lines == preset()


def test_a_sheet_may_be_empty_or_a_copy_and_is_not_the_default_then(ada: Visitor, shop: Shop, sheet: InspectionSheet) -> None:
    ada.post(ADDRESS, data={"name": "Empty", "begin": "empty"})
    ada.post(ADDRESS, data={"name": "Copy", "begin": sheet.id})
    assert [(one.name, one.is_default, len(one.points)) for one in InspectionSheet.of(shop)] == [
        ("Courtesy", True, 4),
        ("Copy", False, 4),
        ("Empty", False, 0),
    ]


@pytest.mark.parametrize(
    ("name", "used_for", "field"), [("", "", "name"), ("courtesy", "", "name"), ("x" * 81, "", "name"), ("New", "x" * 201, "used_for")]
)
def test_no_name_a_taken_one_and_long_words_are_refused(ada: Visitor, sheet: InspectionSheet, name: str, used_for: str, field: str) -> None:
    answer = ada.post(ADDRESS, data={"name": name, "used_for": used_for}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_work_gets_the_sheet_that_names_it_and_else_the_default(shop: Shop, sheet: InspectionSheet) -> None:
    brakes = InspectionSheet.make(shop, "Brakes only", by=SAM, used_for="brake, rotor")
    assert InspectionSheet.for_work(shop, "Front BRAKE pads and rotors") is brakes
    assert InspectionSheet.for_work(shop, "Oil and filter") is sheet
    assert InspectionSheet.for_work(shop, "") is sheet
    sheet.retire(by=SAM)
    assert InspectionSheet.for_work(shop, "Oil and filter") is None


def test_another_sheet_becomes_the_default_and_there_is_only_one(ada: Visitor, shop: Shop, sheet: InspectionSheet) -> None:
    other = InspectionSheet.make(shop, "Other", by=SAM)
    ada.post(f"{ADDRESS}/{other.id}/default")
    assert [one.name for one in InspectionSheet.of(shop) if one.is_default] == ["Other"]


def test_a_removed_sheet_is_brought_back_by_undo_and_is_the_default_again(ada: Visitor, shop: Shop, sheet: InspectionSheet) -> None:
    answer = ada.post(f"{ADDRESS}/{sheet.id}/removal", headers=HTMX)
    assert (InspectionSheet.of(shop), "Undo" in answer.text) == ([], True)
    ada.post(f"{ADDRESS}/{sheet.id}/return", headers=HTMX)
    assert [(one.name, one.is_default) for one in InspectionSheet.of(shop)] == [("Courtesy", True)]


def test_a_removed_sheet_whose_name_was_taken_is_not_brought_back(shop: Shop, sheet: InspectionSheet) -> None:
    sheet.retire(by=SAM)
    InspectionSheet.make(shop, "Courtesy", by=SAM)
    with pytest.raises(Refused):
        sheet.bring_back(shop, by=SAM)


def test_another_shops_sheet_is_not_found(ada: Visitor) -> None:
    theirs = InspectionSheet.make(a_shop("elm"), "Theirs", LINES, by=SAM)
    point = theirs.points[0]
    for address in ("", "/export.csv", f"/points/{point.id}", f"/sections/{point.section_id}"):
        assert ada.get(f"{ADDRESS}/{theirs.id}{address}").status_code == 404
    assert ada.post(f"{ADDRESS}/{theirs.id}/points/{point.id}/removal").status_code == 404


def test_a_page_with_63_points_asks_as_often_as_one_with_four(ada: Visitor, shop: Shop, sheet: InspectionSheet) -> None:
    many = InspectionSheet.make(shop, "Many", preset(), by=SAM)
    counts = []
    for one in (sheet, many):
        with counted() as asked:
            assert ada.get(f"{ADDRESS}/{one.id}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


# sections and points


def test_a_section_is_added_renamed_and_its_name_is_its_own(ada: Visitor, sheet: InspectionSheet) -> None:
    ada.post(f"{ADDRESS}/{sheet.id}/sections", data={"section": "Lights"})
    assert [section.name for section in sheet.sections] == ["Brakes", "Tyres", "Lights"]
    lights = sheet.sections[2]
    ada.post(f"{ADDRESS}/{sheet.id}/sections/{lights.id}", data={"section": "Lights and wipers"})
    assert sheet.sections[2].name == "Lights and wipers"
    for name in ("", "BRAKES", "x" * 61):
        answer = ada.post(f"{ADDRESS}/{sheet.id}/sections/{lights.id}", data={"section": name}, headers=HTMX)
        assert (answer.status_code, 'id="section-error"' in answer.text) == (422, True)


def test_sections_change_places_and_stay_at_the_ends(ada: Visitor, sheet: InspectionSheet) -> None:
    brakes, tyres = sheet.sections
    answer = ada.post(f"{ADDRESS}/{sheet.id}/sections/{tyres.id}/move", data={"step": "-1"}, headers=HTMX)
    assert "Section “Tyres”: 1 of 2." in answer.text
    assert [section.name for section in sheet.sections] == ["Tyres", "Brakes"]
    ada.post(f"{ADDRESS}/{sheet.id}/sections/{tyres.id}/move", data={"step": "-1"})
    ada.post(f"{ADDRESS}/{sheet.id}/sections/{brakes.id}/move", data={"step": "1"})
    assert [section.name for section in sheet.sections] == ["Tyres", "Brakes"]


def test_a_removed_section_comes_back_with_its_points_in_its_place(ada: Visitor, sheet: InspectionSheet) -> None:
    brakes = sheet.sections[0]
    answer = ada.post(f"{ADDRESS}/{sheet.id}/sections/{brakes.id}/removal", headers=HTMX)
    assert "Section “Brakes” removed with its 3 points." in answer.text
    assert names(sheet) == ["Tread"]
    ada.post(f"{ADDRESS}/{sheet.id}/sections/{brakes.id}/return", headers=HTMX)
    assert names(sheet) == ["Pads", "Hoses", "Fluid", "Tread"]


def test_a_point_is_added_with_all_that_it_says(ada: Visitor, sheet: InspectionSheet) -> None:
    typed = {
        "section": sheet.sections[1].id,
        "point": "Wear pattern",
        "measure": "pattern",
        "reading": "words",
        "ok": "even",
        "recommended": "inner or outer edge",
        "necessary": "cords",
        "remarks": "The tyres wear on one side.\n\n Wheels need  aligning.",
        "category": "recommended",
        "job": "aln-4",
    }
    answer = ada.post(f"{ADDRESS}/{sheet.id}/points", data=typed)
    point = sheet.points[-1]
    assert answer.location.endswith(f"{ADDRESS}/{sheet.id}#point-{point.id}")
    assert point.line.job == "ALN-4"
    assert point.line.remarks == ("The tyres wear on one side.", "Wheels need aligning.")
    assert (point.section.name, point.reading.value, point.category.value) == ("Tyres", "words", "recommended")


@each(
    ("typed", "field"),
    [
        ({"point": ""}, "point"),
        ({"point": "hoses"}, "point"),
        ({"point": "x" * 121}, "point"),
        ({"section": "0"}, "section"),
        ({"section": "nonsense"}, "section"),
        ({"ok": "x" * 201}, "ok"),
        ({"reading": "smell"}, "reading"),
        ({"category": "later"}, "category"),
        ({"remarks": "\n".join("abcdefghijk")}, "remarks"),
        ({"job": "BRK FP"}, "job"),
    ],
)
def test_what_can_not_be_taken_is_said_beside_its_field_and_the_words_stay(
    ada: Visitor, sheet: InspectionSheet, typed: dict[str, str], field: str
) -> None:
    form = {"section": sheet.sections[0].id, "point": "Calipers", "ok": "move freely", **typed}
    answer = ada.post(f"{ADDRESS}/{sheet.id}/points", data=form, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert str(form["ok"]) in answer.text
    assert len(sheet.points) == 4


def test_a_point_is_changed_and_moved_to_another_section(ada: Visitor, sheet: InspectionSheet) -> None:
    pads = sheet.points[0]
    ada.post(f"{ADDRESS}/{sheet.id}/points/{pads.id}", data={"section": sheet.sections[1].id, "point": "Front pads", "job": ""})
    assert names(sheet) == ["Hoses", "Fluid", "Tread", "Front pads"]
    assert pads.job == ""


def test_save_and_next_leads_to_the_next_point_and_the_last_one_back_to_the_sheet(ada: Visitor, sheet: InspectionSheet) -> None:
    pads, hoses, _fluid, tread = sheet.points
    typed = {"section": pads.section_id, "point": "Pads", "then": "next"}
    assert ada.post(f"{ADDRESS}/{sheet.id}/points/{pads.id}", data=typed).location.endswith(f"/points/{hoses.id}")
    typed = {"section": tread.section_id, "point": "Tread", "then": "next"}
    assert f"#point-{tread.id}" in ada.post(f"{ADDRESS}/{sheet.id}/points/{tread.id}", data=typed).location


def test_points_change_places_and_go_over_the_edge_into_the_next_section(ada: Visitor, sheet: InspectionSheet) -> None:
    pads, hoses, fluid, tread = sheet.points
    answer = ada.post(f"{ADDRESS}/{sheet.id}/points/{hoses.id}/move", data={"step": "-1"}, headers=HTMX)
    assert "“Hoses”: 1 of 3 in “Brakes”." in answer.text
    ada.post(f"{ADDRESS}/{sheet.id}/points/{fluid.id}/move", data={"step": "1"})
    assert [point.name for point in sheet.sections[1].points] == ["Fluid", "Tread"]
    ada.post(f"{ADDRESS}/{sheet.id}/points/{fluid.id}/move", data={"step": "-1"})
    assert names(sheet) == ["Hoses", "Pads", "Fluid", "Tread"]
    for point, step in ((hoses, "-1"), (tread, "1")):
        ada.post(f"{ADDRESS}/{sheet.id}/points/{point.id}/move", data={"step": step})
    assert names(sheet) == ["Hoses", "Pads", "Fluid", "Tread"]
    assert pads.retired_at is None


def test_a_removed_point_comes_back_in_its_place_and_both_twice_do_it_once(ada: Visitor, sheet: InspectionSheet) -> None:
    hoses = sheet.points[1]
    for _time in range(2):
        assert ada.post(f"{ADDRESS}/{sheet.id}/points/{hoses.id}/removal", headers=HTMX).status_code == 200
    assert names(sheet) == ["Pads", "Fluid", "Tread"]
    for _time in range(2):
        assert ada.post(f"{ADDRESS}/{sheet.id}/points/{hoses.id}/return", headers=HTMX).status_code == 200
    assert names(sheet) == ["Pads", "Hoses", "Fluid", "Tread"]
    assert db.session.query(Entry).filter_by(verb="inspection_sheet.changed").count() == 2


def test_what_an_inspection_points_at_is_never_deleted(shop: Shop, sheet: InspectionSheet) -> None:
    pads = sheet.points[0]
    words = pads.line
    pads.retire(by=SAM)
    sheet.sections[0].retire(by=SAM)
    sheet.retire(by=SAM)
    db.session.commit()
    assert shop.inspection_sheet(sheet.id).point(pads.id).line == words


def test_points_are_found_by_name_and_by_job(ada: Visitor, sheet: InspectionSheet) -> None:
    for words in ("pad", "brk-fp"):
        page = ada.get(f"{ADDRESS}/{sheet.id}?q={words}", headers=HTMX).text
        assert (">Pads</a>" in page, ">Hoses</a>" in page, "1 point found." in page) == (True, False, True)


# files


def test_a_sheet_carried_to_another_shop_by_its_file_is_the_same(ada: Visitor, visitors: Callable[[], Visitor], shop: Shop) -> None:
    sheet = InspectionSheet.make(shop, "Courtesy", preset(), by=SAM)
    file = ada.get(f"{ADDRESS}/{sheet.id}/export.csv")
    assert (file.mimetype, 'filename="courtesy.csv"' in file.headers["Content-Disposition"]) == ("text/csv", True)
    elm = a_shop("elm")
    elena = signed_in(visitors(), a_member(elm, "administrator", email="elena@elm.example"))
    preview = elena.get(uploaded(elena, file.data).location)
    assert InspectionSheet.of(elm) == []
    assert "Tread left front" in preview.text
    assert "Nothing has changed yet." in preview.text
    elena.post(f"{preview.request.path}/takeover", data={"name": "Courtesy", "used_for": "inspection"})
    (copy,) = InspectionSheet.of(elm)
    assert copy.lines == sheet.lines
    assert (copy.name, copy.used_for, copy.is_default) == ("Courtesy", "inspection", True)


def test_a_bad_file_is_refused_with_each_bad_line_and_changes_nothing(ada: Visitor, shop: Shop) -> None:
    answer = uploaded(ada, b"section,point,category\nBrakes,Pads,\n,Hoses,\nBrakes,Fluid,maybe\n", headers=HTMX)
    assert answer.status_code == 422
    assert "<td>3</td><td" in answer.text
    assert "<td>4</td><td" in answer.text
    assert "“maybe” is none of by_answer, recommended, necessary." in answer.text
    assert (InspectionSheet.of(shop), db.session.query(SheetImport).count()) == ([], 0)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook", b"x" * 400_000, b"section,point\n"])
def test_a_file_that_is_none_is_refused_beside_its_field(ada: Visitor, content: bytes) -> None:
    answer = uploaded(ada, content, headers=HTMX)
    assert (answer.status_code, 'id="file-error"' in answer.text) == (422, True)


def test_no_file_is_refused_too(ada: Visitor) -> None:
    assert ada.post(f"{ADDRESS}/imports", data={}, headers=HTMX).status_code == 422


def test_taking_over_twice_makes_one_sheet(ada: Visitor, shop: Shop) -> None:
    address = uploaded(ada, write(LINES)).location
    places = {ada.post(f"{address}/takeover", data={"name": "Once"}).location for _time in range(2)}
    assert (len(places), len(InspectionSheet.of(shop))) == (1, 1)
    assert "taken over already" in ada.get(address).text


def test_a_name_that_is_taken_is_refused_and_the_file_waits(ada: Visitor, shop: Shop, sheet: InspectionSheet) -> None:
    address = uploaded(ada, write(LINES)).location
    answer = ada.post(f"{address}/takeover", data={"name": "Courtesy"}, headers=HTMX)
    assert (answer.status_code, 'id="name-error"' in answer.text) == (422, True)
    assert ada.post(f"{address}/takeover", data={"name": "Courtesy 2"}).status_code == 303


def test_unknown_job_codes_and_an_older_alphabet_are_warned_about_and_kept(ada: Visitor, shop: Shop) -> None:
    file = "section;point;job\nBrakes;Beläge;NOWHERE\n".encode("latin-1")
    address = uploaded(ada, file, "Bremsen_2025.csv").location
    page = ada.get(address).text
    assert "no job with this code yet: NOWHERE" in page
    assert "read as Windows-1252" in page
    assert 'value="Bremsen 2025"' in page
    ada.post(f"{address}/takeover", data={"name": "Bremsen"})
    assert InspectionSheet.of(shop)[0].lines == [SheetLine("Brakes", "Beläge", job="NOWHERE")]
