"""After a backup was put back: what may have gone since it was made is unknown, and is never sent again by itself."""

from datetime import datetime

from sqlalchemy import select

from models import clock, plan
from models.base import db
from models.delivery import Delivery
from models.introduction import introduce
from models.letter_planning import write_due_letters
from models.message import Message

CHANNELS = ("text", "email")  # a print service knows a card again by our id


def doubt(taken_at: datetime) -> int:
    """Write what the clock would have started since then, and doubt it together with what waited; says how many. Commits."""
    plan.follow_ups()
    for _written in write_due_letters():
        db.session.commit()
    plan.wake()
    db.session.commit()
    waiting = Message.state.in_((Delivery.queued, Delivery.sending)) & (Message.due_at <= clock.now())
    query = select(Message).where(waiting, Message.channel.in_(CHANNELS), Message.direction == "out").order_by(Message.due_at, Message.id)
    doubted = db.session.scalars(query).all()
    introduce([message for message in doubted if message.advance("claim", claimed_at=taken_at)])  # else the provider's words are others
    for message in doubted:
        message.lost()
    db.session.commit()
    return len(doubted)
