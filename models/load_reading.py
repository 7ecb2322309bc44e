"""How a first load's file is read: its letters, what is between its columns, and what each column is."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select

from models.base import db
from models.load_fields import DATES, KINDS, match, plain
from models.load_file import MOST_COLUMNS, Form, Row, rows
from models.load_rows import Reader
from models.refused import Refused

if TYPE_CHECKING:
    from models.first_load import FirstLoad

SAMPLE = 5  # rows that are shown
LOOKED_AT = 200  # rows that show in which order days are written
LONGEST_HEADING = 80


class WithReading:
    @property
    def form(self: "FirstLoad") -> Form:
        return Form(self.encoding, self.delimiter)

    @property
    def reader(self: "FirstLoad") -> Reader:
        return Reader(self.kind, self.columns, self.date_order)

    def rows(self: "FirstLoad") -> Generator[Row, None, None]:
        """Of the file, without the headings. Raises Refused: it is gone."""
        if self.file is None:
            raise Refused(_("The file was thrown away. Load it again: what is there already stays as it is."))
        with self.file.open() as file, closing(rows(file, self.form)) as found:
            next(found, None)
            yield from found

    def sample(self: "FirstLoad") -> list[Row]:
        with closing(self.rows()) as found:
            return list(islice(found, SAMPLE))

    def _check_columns(self: "FirstLoad") -> None:
        if not any(self.columns):
            raise Refused(_("Say of at least one column what it is."), field="columns")

    def _checked(self: "FirstLoad", columns: Sequence[str]) -> list[str]:
        """Raises Refused: two columns are the same single thing."""
        fields = {one.name: one for one in KINDS[self.kind]}
        chosen = [name if name in fields else "" for name in columns][: len(self.headings)]
        faults = {
            f"column_{at}": _("Another column is this already.")
            for at, name in enumerate(chosen)
            if name and not fields[name].many and name in chosen[:at]
        }
        if faults or len(chosen) != len(self.headings):
            raise Refused.at(**(faults or {"columns": _("Choose from what is offered.")}))
        return chosen

    def _look(self: "FirstLoad", content: BinaryIO) -> None:
        """At the headings. Raises Refused: there are none, or nothing is below them."""
        with closing(rows(content, self.form)) as found:
            head, first = next(found, None), next(found, None)
        if head is None or not head.cells or len(head.cells) > MOST_COLUMNS:
            raise Refused(_("The first line must hold the headings of the columns, at most %(most)s.", most=MOST_COLUMNS), field="file")
        columns = match(self.kind, head.cells, self._before())
        if not any(columns) and any("@" in cell or not any(map(str.isalpha, cell)) for cell in head.cells if cell.strip()):
            raise Refused(_("The first line holds no headings. Export the file with the names of its columns."), field="file")
        if first is None:
            raise Refused(_("There are no rows below the headings."), field="file")
        self.headings = [" ".join(cell.split())[:LONGEST_HEADING].replace("\0", "") for cell in head.cells]
        self.columns = columns

    def _before(self: "FirstLoad") -> Mapping[str, str]:
        """What these headings were in the newest file of the kind from that system."""
        load = type(self)
        with db.session.no_autoflush:
            mine = select(load).where(load.shop_id == self.shop_id, load.kind == self.kind, load.system == self.system)
            last = db.session.scalars(mine.where(load.stage != "chosen").order_by(load.id.desc()).limit(1)).first()
        return dict(zip(map(plain, last.headings), last.columns, strict=False)) if last else {}

    def _days(self: "FirstLoad", content: BinaryIO) -> Generator[str, None, None]:
        wanted = [at for at, name in enumerate(self.columns) if name in DATES]
        with closing(rows(content, self.form)) as found:
            for row in islice(found, 1, LOOKED_AT if wanted else 1):
                yield from (row.cells[at] for at in wanted if at < len(row.cells))
