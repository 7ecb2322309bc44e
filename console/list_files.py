"""A list that somebody takes away as a file: written to the disk first, and noted in the log with who took how much of which list."""

import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from flask import Response, current_app, g

from models import db, writing
from models.entry import record
from models.list_file import TYPES, ListFile

PIECE = 64 * 1024  # bytes
AS_FILE = ".<any(csv, xlsx):form>"  # ends the address of a list that is taken away


def taken(listed: ListFile, form: str) -> Response:
    """The whole list as a file."""
    answer = by_way_of_disk(
        lambda file: listed.write(file, form),
        TYPES[form],
        f"{listed.name.replace(' ', '-')}-{g.shop.slug}-{g.shop.today():%Y-%m-%d}.{form}",
    )
    _note(listed, form)
    return answer


def by_way_of_disk(write: Callable[[IO[bytes]], None], kind: str, name: str) -> Response:
    """To keep, under that name. It can be long, and a slow reader holds no connection to the database meanwhile.

    The file has no name on the disk: it is gone with the answer, and with the process if that dies.
    """
    file = tempfile.TemporaryFile(dir=current_app.extensions["settings"].data_dir)  # noqa: SIM115  closed when it was read
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    response = current_app.response_class(_pieces(file), content_type=kind)
    response.content_length = file.seek(0, 2)
    response.call_on_close(file.close)  # also where nobody reads it to its end
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _note(listed: ListFile, form: str) -> None:
    """Customers' data leaves the house: without the entry there is no file."""
    db.session.commit()  # ends the transaction that only reads
    writing.set(True)
    record(g.shop.location, "list.exported", g.actor, name=listed.name, count=listed.count, key=form)
    db.session.commit()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
    file.close()
