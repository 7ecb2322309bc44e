"""Throw away stored files that nobody needs any more: logos that were replaced."""

from jobs.each import each
from models import StoredFile


def tidy() -> None:
    """Should this be lost with its queue, the next one finds these files too."""
    each(StoredFile, StoredFile.unused(), StoredFile.erase)
