"""Whether a transaction is open while the storage is at work: on a network that takes its time, and on SQLite nobody could write."""

from typing import Any

import pytest

from models import StoredFile, db


def watched(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Grows by one with each file that is written from now on: whether a transaction was open."""
    found, write = list[bool](), StoredFile.written

    def noted(*arguments: Any) -> StoredFile:
        found.append(db.session().in_transaction())
        return write(*arguments)

    monkeypatch.setattr(StoredFile, "written", noted)
    return found
