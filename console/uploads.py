"""Files that people send: read straight to the disk while they come in, within a limit, with nobody else kept waiting."""

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from models import Refused
from models.attachment_reason import VIDEO_MB
from models.sent_file import MEGABYTE
from web import csrf, to_disk

LIMIT = (VIDEO_MB + 1) * MEGABYTE  # bytes, of all that comes in one form


def received(nothing: str = "", limit: int | None = None, too_much: str = "") -> list[FileStorage]:
    """The form's files, once its token was found right. The view is exempt from that check until here, since checking means reading.

    A length that is too large is refused before anything is read; one that isn't said, as soon as too much has come. Raises Refused;
    ``nothing`` is what is said where no file came, ``too_much`` where more than ``limit`` bytes (else ``LIMIT``) did.
    """
    try:
        with to_disk(limit or LIMIT):
            files = request.files.getlist("files")
            if current_app.config["WTF_CSRF_ENABLED"]:
                csrf.protect()
    except RequestEntityTooLarge as problem:
        sentence = _("This is more than %(size)s MB. Send fewer at once, or a shorter video.", size=VIDEO_MB)
        raise Refused(too_much or sentence, field="files") from problem
    chosen = [file for file in files if file.filename]
    if not chosen:
        raise Refused(nothing or _("Choose a photo or video first."), field="files")
    return chosen
