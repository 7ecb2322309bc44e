"""Throw away stored files that nobody needs any more: logos that were replaced, what was put to a text that never went."""

from jobs.each import each
from models import MessageMedia, StoredFile


def tidy() -> None:
    """Should this be lost with its queue, the next one finds these files too."""
    each(MessageMedia, MessageMedia.abandoned(), MessageMedia.discard)
    each(StoredFile, StoredFile.unused(), StoredFile.erase)
