"""Throw away stored files that nobody needs any more: logos that were replaced, what was put to a text that never went."""

from collections.abc import Sequence

from jobs.each import each
from models import MessageMedia, StoredFile, db


def tidy() -> None:
    """Should this be lost with its queue, the next one finds these files too."""
    each(MessageMedia, MessageMedia.abandoned(), MessageMedia.discard)
    throw_away(StoredFile.unused())


def throw_away(file_ids: Sequence[int]) -> None:
    """For good: the bytes first, then the row. Killed between the two, the next one finds the row again."""
    each(StoredFile, file_ids, _throw_away)


def _throw_away(file: StoredFile) -> None:
    db.session.commit()  # no transaction is open while the storage is asked
    file.discard()
    db.session.delete(file)
