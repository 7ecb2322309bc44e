"""Try or load another system's file: part by part, with a breath between them for everybody else, and no longer than a while at a time."""

import time

from models import FirstLoad, Refused, db, later
from models.first_load import JOB
from models.handover import gathered_nudges
from models.load_part import Work

LONGEST = 20.0  # seconds before it makes room for other jobs, and goes on after them
BREATH = 0.05  # seconds: on SQLite those who wait to write look that often


def work(load_id: int) -> None:
    """Killed anywhere, the next one goes on after the last part that was kept."""
    load, begun = db.session.get(FirstLoad, load_id), time.monotonic()
    if load is None or not load.is_under_way or load.file is None:
        return
    with gathered_nudges():
        try:
            for _part in Work(load).parts():
                db.session.commit()
                if time.monotonic() - begun > LONGEST:
                    later(JOB, load_id)
                    break
                if db.engine.dialect.name == "sqlite":
                    time.sleep(BREATH)
        except Refused:  # the file was thrown away meanwhile
            db.session.rollback()
    db.session.commit()
