"""What is nobody's mistake: the machine has no room left, or the database is in other hands or away for the moment."""

import errno
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# what SQLite says when a write fails; where the system says why, it is the first of them
UNWRITABLE = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_FSYNC")
DISK_FULL = "53100"  # PostgreSQL's word


class Strain(StrEnum):
    full = "full"  # nothing can be written
    busy = "busy"  # locked for longer than anybody waits, restarting, or not to be reached


def strain(problem: BaseException) -> Strain | None:
    """Which of the two it is; None: neither, so that it is a mistake of ours."""
    if isinstance(problem, DBAPIError):
        if _is_full(problem.orig):
            return Strain.full
        return Strain.busy if isinstance(problem, OperationalError) else None
    if isinstance(problem, NoConnection):
        return Strain.busy
    return Strain.full if isinstance(problem, OSError) and problem.errno in NO_ROOM else None


def _is_full(said: BaseException | None) -> bool:
    return getattr(said, "sqlite_errorname", "") in UNWRITABLE or getattr(said, "sqlstate", "") == DISK_FULL
