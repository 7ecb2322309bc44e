"""A list as a file that spreadsheets open right: UTF-8 with its mark, every cell in quotes, none of them a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from models.sheet_file import FORMULA


def as_csv(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    """The byte-order mark tells spreadsheets that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """As it is; what a spreadsheet would take for a formula is told to be text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
