"""Make of photos what pages show, and tidy up what nobody needs any more."""

import structlog

from jobs.each import each
from models import Attachment, OwnVideo, db
from models.photo import Unusable, drawn_anew

log = structlog.get_logger()


def convert(attachment_id: int) -> None:
    """Claim it, draw it anew, keep that and drop what was sent. Killed anywhere, it is begun again by whoever comes next."""
    photo = db.session.get(Attachment, attachment_id)
    if photo is None or not photo.claim() or photo.original is None:
        return
    original = photo.original
    db.session.commit()  # no transaction is open while the picture is drawn
    try:
        with original.open() as file:
            pictures = drawn_anew(file)
        photo.ready(pictures)
    except Unusable as problem:
        photo.refuse(problem.reason)
    each(Attachment, [photo.id], Attachment.tidy)


def tidy() -> None:
    """Remove the bytes of what was sent and is converted, and of what was removed and can't be brought back."""
    each(Attachment, Attachment.to_tidy(), Attachment.tidy)
    each(OwnVideo, OwnVideo.to_tidy(), OwnVideo.tidy)
