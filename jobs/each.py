"""Many pieces of one kind of work, one after the other."""

from collections.abc import Callable, Sequence
from itertools import takewhile

import structlog

from models import Base, db

log = structlog.get_logger()


def each(noun: type[Base], ids: Sequence[int], work: Callable[..., None], goes_on: Callable[[], bool] = lambda: True) -> None:
    """Do the work on every row in a transaction of its own, as long as it may go on.

    A mistake with one keeps no other waiting; the first is raised at the end.
    """
    mistakes: list[Exception] = []
    for row_id in takewhile(lambda _: goes_on(), ids):
        try:
            if row := db.session.get(noun, row_id):
                work(row)
            db.session.commit()
        except Exception as mistake:
            db.session.rollback()
            log.exception("not done", noun=noun.__name__, id=row_id)
            mistakes.append(mistake)
    if mistakes:
        raise mistakes[0]
