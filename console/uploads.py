"""Files that people send: read straight to the disk while they come in, within a limit, with nobody else kept waiting."""

import tempfile
from functools import partial
from pathlib import Path
from typing import IO, Any

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from models import Refused, db
from models.attachment_reason import VIDEO_MB
from models.sent_file import MEGABYTE
from web import csrf

LIMIT = (VIDEO_MB + 1) * MEGABYTE  # bytes, of all that comes in one form


def received(nothing: str = "") -> list[FileStorage]:
    """The form's files, once its token was found right. The view is exempt from that check until here, since checking means reading.

    A length that is too large is refused before anything is read; one that isn't said, as soon as too much has come. Raises Refused;
    ``nothing`` is what is said where no file came.
    """
    db.session.commit()  # a telephone sends for minutes: meanwhile no transaction is open
    begun: list[IO[bytes]] = []
    request.max_content_length = LIMIT
    request._get_file_stream = partial(_on_disk, begun)  # werkzeug's own begins in memory and goes on in /tmp, which may be memory too
    try:
        files = request.files.getlist("files")
        if current_app.config["WTF_CSRF_ENABLED"]:
            csrf.protect()
    except HTTPException as problem:
        for file in begun:
            file.close()
        if isinstance(problem, RequestEntityTooLarge):
            sentence = _("This is more than %(size)s MB. Send fewer at once, or a shorter video.", size=VIDEO_MB)
            raise Refused(sentence, field="files") from problem
        raise
    chosen = [file for file in files if file.filename]
    if not chosen:
        raise Refused(nothing or _("Choose a photo or video first."), field="files")
    return chosen


def _on_disk(begun: list[IO[bytes]], *_facts: Any, **_more: Any) -> IO[bytes]:
    """A file without a name: it is gone with the request, and with the process if that dies."""
    folder = Path(current_app.extensions["settings"].data_dir, "uploads")
    folder.mkdir(exist_ok=True)
    begun.append(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115  closed with the request
    return begun[-1]
