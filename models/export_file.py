"""Rows as the text of a file, by a profile."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from models.export_fields import ServiceRow
from models.export_profile import DELIMITERS, LINE_ENDS, Profile
from models.list_file import ListFile
from models.money import Money


def cells(profile: Profile, row: ServiceRow) -> list[str]:
    """One row's, in the profile's order: it can name nothing that the row does not hold."""
    return [_text(getattr(row, name), profile) for name, _heading in profile.columns]


def written(profile: Profile, rows: Iterable[list[str]]) -> bytes:
    """The file as it is handed over, exactly; letters that the encoding does not know become question marks."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITERS[profile.delimiter], lineterminator=LINE_ENDS[profile.line_end])
    if profile.header:
        writer.writerow(profile.headings)
    writer.writerows(rows)
    return text.getvalue().encode(profile.encoding, errors="replace")


def for_a_person(headings: list[str], rows: Iterable[list[str]]) -> bytes:
    """The same rows for a spreadsheet: none of its cells is a formula."""
    file = io.BytesIO()
    ListFile("rows", headings, list(rows)).write(file, "csv")
    return file.getvalue()


def _text(value: Any, profile: Profile) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, date):
        return value.strftime(profile.date_format)
    if isinstance(value, Money):
        return str(value.amount)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    # a row is a line: what somebody typed on two becomes one, and what no keyboard types is gone
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(value)).split())
