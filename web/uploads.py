"""Files on their way in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from models import db


@contextmanager
def to_disk(limit: int) -> Iterator[None]:
    """While the form is read, its files go straight to the disk, and no transaction is open: a telephone sends for minutes.

    A length above ``limit`` (bytes) is refused before anything is read; one that isn't said, as soon as too much has come.
    """
    db.session.commit()
    begun: list[IO[bytes]] = []
    if request.mimetype == "multipart/form-data":  # another kind brings no files, and would be read into memory whole
        request.max_content_length = limit
    request._get_file_stream = partial(_on_disk, begun)  # type: ignore[method-assign]  # werkzeug's begins in memory and goes on in /tmp
    try:
        yield
    except HTTPException:
        for file in begun:
            file.close()
        raise


def _on_disk(begun: list[IO[bytes]], *_facts: Any, **_more: Any) -> IO[bytes]:
    """A file without a name: it is gone with the request, and with the process if that dies."""
    folder = Path(current_app.extensions["settings"].data_dir, "uploads")
    folder.mkdir(exist_ok=True)
    begun.append(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115  closed with the request
    return begun[-1]
