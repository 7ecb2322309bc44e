"""Work on a text that came in."""

from models import IncomingText, db


def work(text_id: int) -> None:
    text = db.session.get(IncomingText, text_id)
    if text:
        text.work()
        db.session.commit()
