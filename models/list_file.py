"""A list as a file, as CSV or as a workbook, from the same columns and rows; written row by row, so that memory does not grow with them."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import IO

from models.list_workbook import write_workbook
from models.money import Money
from models.sheet_file import FORMULA

Cell = str | int | Decimal | Money | date | time | None
Row = Sequence[Cell]
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(slots=True)
class ListFile:
    name: str  # of the list: of its file and of its sheet
    columns: Sequence[str]  # as a mail merge names its fields
    rows: Iterable[Row]  # read once
    count: int = field(default=0, init=False)  # rows that were written

    def write(self, file: IO[bytes], form: str) -> None:
        """Write all of it; ``form`` is csv or xlsx."""
        _WRITERS[form](self, file)

    def counted(self) -> Iterable[Row]:
        for row in self.rows:
            self.count += 1
            yield row


def _write_csv(listed: ListFile, file: IO[bytes]) -> None:
    """UTF-8 with its byte-order mark, which tells spreadsheets so; every cell in quotes, none of them a formula."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(listed.columns)
    writer.writerows([_written(cell) for cell in row] for row in listed.counted())
    text.flush()
    text.detach()


def _written(cell: Cell) -> str:
    """Text as it is, unless a spreadsheet would take it for a formula; numbers and days as programs read them everywhere."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    if isinstance(cell, Money):
        return str(cell.amount)
    return "" if cell is None else f"{cell:%H:%M}" if isinstance(cell, time) else str(cell)


def _write_xlsx(listed: ListFile, file: IO[bytes]) -> None:
    write_workbook(file, listed.name, listed.columns, listed.counted())


_WRITERS: Mapping[str, Callable[[ListFile, IO[bytes]], None]] = {"csv": _write_csv, "xlsx": _write_xlsx}
