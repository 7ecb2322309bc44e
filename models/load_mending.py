"""The rows that were not taken, as a file to mend and send again: as they came, with what is wrong with each."""

from collections.abc import Iterator

from flask_babel import gettext as _

from models.first_load import FirstLoad
from models.list_file import Cell, ListFile
from models.load_fault import LoadFault


def to_mend(load: FirstLoad) -> ListFile:
    """Its last two columns say line and reason; sent again, they are nothing that is known. Raises Refused: the file is gone."""
    return ListFile("bad-rows", [*load.headings, _("Line"), _("What is wrong")], _rows(load))


def _rows(load: FirstLoad) -> Iterator[list[Cell]]:
    reasons, width = LoadFault.reasons(load), len(load.headings)
    for row in load.rows() if reasons else ():
        if row.line in reasons:
            cells = [cell.replace("\0", "") for cell in row.cells[:width] or [row.uncut]]
            yield [*cells, *[""] * (width - len(cells)), str(row.line), reasons[row.line]]
