"""An inspection sheet as a file: the round trip, what a spreadsheet may make of it, and files that are refused."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inspection_sheet import preset
from models.refused import Refused
from models.sheet_file import FORMULA, LARGEST, MOST_ERRORS, Fault, read, write
from models.sheet_line import LONGEST, Category, Reading, SheetLine, one_line

HEAD = "section,point,measure,reading,ok,recommended,necessary,remarks,category,job\n"
PADS = SheetLine(
    "Brakes", "Front pads", "mm", Reading.number, "6 and up", "3 to 5", "under 3", ("Getting thin.", "At the limit."), job="BRK-FP"
)

letters = st.one_of(st.sampled_from("=+-@'\"“,;\t\n|é😀 \u2028ＡＺ＝"), st.characters(exclude_categories=["Cs", "Cc"]))
words = st.text(letters, max_size=LONGEST["section"]).map(one_line)
named = words.filter(bool)


@st.composite
def sheets(draw: st.DrawFn) -> list[SheetLine]:
    lines = []
    for section in draw(st.lists(named, min_size=1, max_size=4, unique_by=str.casefold)):
        points = draw(st.lists(named, max_size=4, unique_by=str.casefold))
        lines += [
            SheetLine(
                section,
                point,
                *(draw(words)[: LONGEST["measure"]].strip(), draw(st.sampled_from(Reading)), draw(words), draw(words), draw(words)),
                remarks=tuple(draw(st.lists(named, max_size=3))),
                category=draw(st.sampled_from(Category)),
                job=draw(st.from_regex(r"\A([A-Z0-9][A-Z0-9._/-]{0,9})?\Z")),
            )
            for point in points
        ] or [SheetLine(section)]
    return lines


@given(sheets())
def test_what_is_written_is_read_back_word_for_word(lines: list[SheetLine]) -> None:
    found = read(write(lines))
    assert found.faults == []
    assert found.lines == lines


@given(sheets())
def test_no_cell_of_a_written_file_is_a_formula(lines: list[SheetLine]) -> None:
    cells = [cell for row in csv.reader(io.StringIO(write(lines).decode("utf-8-sig"), newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA) and not cell.startswith("'")] == []


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    with suppress(Refused):
        found = read(content)
        assert found.lines or found.faults


@given(st.text(max_size=300))
def test_any_text_below_the_right_head_is_read_or_refused_in_words(text: str) -> None:
    with suppress(Refused):  # a zero character is in no file of text
        found = read((HEAD + text).encode("utf-8", "surrogatepass"))
        assert found.lines or found.faults


def test_the_house_ships_a_sheet_of_63_points_in_nine_sections() -> None:
    assert len(preset()) == 63
    assert len({line.section for line in preset()}) == 9
    tread = next(line for line in preset() if line.point == "Tread left front")
    assert (tread.measure, tread.reading, tread.necessary, tread.job) == ("mm (1/32 in)", Reading.number, "below 2.0 (2 or less)", "TYR-4")


def test_semicolons_tabs_byte_order_marks_and_older_alphabets_are_taken() -> None:
    rows = [["section", "point", "ok"], ["Tyres", "Café, noise", "“quiet”"]]
    for delimiter in ",;\t":
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows(rows)
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            found = read(text.getvalue().encode(encoding))
            assert found.lines == [SheetLine("Tyres", "Café, noise", ok="“quiet”")], (delimiter, encoding)
            assert found.encoding == encoding.removesuffix("-sig")


def test_columns_may_stand_in_any_order_and_be_left_out_and_rows_may_end_early() -> None:
    found = read(b"point,section,job\nFront pads,Brakes,brk-fp\nParking brake,Brakes\n\n,,\n")
    assert found.lines == [SheetLine("Brakes", "Front pads", job="BRK-FP"), SheetLine("Brakes", "Parking brake")]


def test_a_section_may_stand_alone_or_come_in_pieces() -> None:
    found = read(b"section,point\nBrakes,Pads\nTyres,\nLights,\nbrakes,Hoses\nTyres,Tread\n")
    assert found.lines == [SheetLine("Brakes", "Pads"), SheetLine("Brakes", "Hoses"), SheetLine("Tyres", "Tread"), SheetLine("Lights")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Brakes,Pads,,,,,,,sometimes,", "category: “sometimes” is none of by_answer, recommended, necessary."),
        ("Brakes,Pads,,lots,,,,,,", "reading: “lots” is none of none, number, words, date."),
        (",Pads", "section: Give the section a name."),
        ("Brakes,,mm", "point: Give the point a name."),
        ("Brakes," + "x" * 121, "point: Please keep it under 120 characters."),
        ("Brakes,Pads,,,,,,,,BRK FP!", "job: A job code has no spaces."),
        ("Brakes,Pads,mm,none,a,b,c,d,,J,more", "There are more cells than columns. Is a cell with a comma in it without quotation marks?"),
        ("Brakes,Pads\x07", "point: There is a character in it that can't be kept."),
        ("Brakes,good", "“good” is in this section already, on line 2."),
        ('Brakes,"Pads', "The quotation marks don't match from here on, or a cell is endlessly long."),
        ('Brakes,"Pads" or shoes', "The quotation marks don't match from here on, or a cell is endlessly long."),
        ("Brakes,Pads,,,,,," + '"' + "\n".join(["wait"] * 11) + '"', "remarks: Keep it to 10 remarks."),
    ],
)
def test_a_bad_line_is_named_with_its_reason(row: str, reason: str) -> None:
    assert read(f"{HEAD}Brakes,Good\n{row}\n".encode()).faults == [Fault(3, reason)]


def test_lines_are_counted_as_an_editor_counts_them_whatever_the_cells_hold() -> None:
    found = read(f'{HEAD}Brakes,Pads,,,,,,"one\ntwo\nthree"\n\nBrakes,Hoses,,,,,,,never\n'.encode())
    assert [fault.line for fault in found.faults] == [6]


def test_all_bad_lines_are_named_up_to_fifty_and_the_others_counted() -> None:
    found = read((HEAD + "Brakes,\n" + "Brakes,x,,,,,,,never,\n" * 70).encode())
    assert (len(found.faults), found.more_faults) == (MOST_ERRORS, 20)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("name,price", "The first line must name the columns; missing: section, point."),
        ("section,point,necesary", "Unknown column: necesary."),
        ("section,point,point", "Named twice: point."),
        ("Brakes,Front pads", "missing: section, point."),
    ],
)
def test_a_first_line_that_does_not_name_the_columns_is_refused(head: str, reason: str) -> None:
    assert any(reason in fault.reason and fault.line == 1 for fault in read(f"{head}\nBrakes,Pads\n".encode()).faults)


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf \r\n\r\n", b"PK\x03\x04rest of a workbook", b"section,point\nA,\x00", b"%PDF-1.7 section,point"]
)
def test_nothing_and_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content)


def test_a_file_over_a_megabyte_is_refused_and_one_of_a_megabyte_of_rubbish_ends_soon() -> None:
    with pytest.raises(Refused):
        read(b"x" * (LARGEST + 1))
    assert read((HEAD.encode() + b"Brakes,x,,,,,,,never\n" * 60_000)[:LARGEST]).more_faults > 40_000


def test_more_points_than_fit_on_a_sheet_are_refused() -> None:
    rows = "".join(f"Brakes,Point {number}\n" for number in range(301))
    assert read((HEAD + rows).encode()).faults == [Fault(1, "A sheet can have 40 sections and 300 points.")]


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''", "'tis fine", "-5 to 0", "@home", "'"])
def test_words_that_look_like_formulas_come_back_as_they_were(text: str) -> None:
    lines = [SheetLine("Brakes", "Pads", ok=text)]
    assert read(write(lines)).lines == lines
    assert b'"%s"' % text.encode() not in write(lines) or text.startswith("'t")
