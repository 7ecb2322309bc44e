"""Rows as a workbook (XLSX): days and numbers are such, text is only ever text, and no more of each than Excel takes."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from models.money import Money, decimals

MOST_ROWS = 1_048_576  # of a sheet, with its head; the rest goes on in another
LONGEST = 32_767  # characters of a cell
LONGEST_NAME = 31  # of a sheet
NARROWEST, WIDEST = 6, 48  # characters of a column
LOOKED_AT = 500  # rows that its width is taken from
SHORT_DATE, CLOCK = 14, 20  # formats that each program shows as its own country writes them
# nothing that somebody typed becomes a formula, a link or a number by itself; rows go to the disk as they come
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# what XML can't carry: control characters, halves of a pair, two that are none
_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344), 65534, 65535))


def write_workbook(file: IO[bytes], name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], most: int = MOST_ROWS) -> None:
    """One sheet, or as many as it takes, each with its head: bold, frozen, and to filter by. Memory stays as it is."""
    with xlsxwriter.Workbook(file, OPTIONS) as workbook:
        sheet = _Sheet(workbook, name, columns)
        for row in rows:
            if sheet.filled == most:
                sheet.finish()
                sheet = _Sheet(workbook, f"{name} {len(workbook.worksheets()) + 1}", columns)
            sheet.add(row)
        sheet.finish()


class _Sheet:
    def __init__(self, workbook: Any, name: str, columns: Sequence[str]) -> None:
        self.workbook, self.columns, self.filled = workbook, columns, 1
        self.sheet = workbook.add_worksheet(name[:LONGEST_NAME])
        self.formats: dict[Any, Any] = {}
        self.widths = [len(column) + 3 for column in columns]  # room for the filter's arrow
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            self.sheet.write_string(0, place, column, self._format(bold=True))

    def add(self, row: Sequence[Any]) -> None:
        for place, cell in enumerate(row):
            if cell is not None and cell != "":
                length = self._write(place, cell)
                if self.filled <= LOOKED_AT:
                    self.widths[place] = max(self.widths[place], length + 1)
        self.filled += 1

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, max(self.filled - 1, 1), len(self.columns) - 1)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, min(max(width, NARROWEST), WIDEST))

    def _write(self, place: int, cell: Any) -> int:
        """Returns about how many characters wide it is shown."""
        if isinstance(cell, Money):
            self.sheet.write_number(self.filled, place, cell.amount, self._format(num_format=_of_money(cell.currency)))
            return len(f"{cell.amount:,}")
        if isinstance(cell, int | Decimal):
            self.sheet.write_number(self.filled, place, cell)
            return len(str(cell))
        if isinstance(cell, date | time):
            self.sheet.write_datetime(self.filled, place, cell, self._format(num_format=SHORT_DATE if isinstance(cell, date) else CLOCK))
            return 10
        text = cell.translate(_FORBIDDEN)
        self.sheet.write_string(self.filled, place, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
        return max(map(len, text.splitlines()), default=0)

    def _format(self, **wanted: Any) -> Any:
        key = tuple(wanted.items())
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(wanted)
        return self.formats[key]


def _of_money(currency: str) -> str:
    places = decimals(currency)
    return f"#,##0.{'0' * places}" if places else "#,##0"
