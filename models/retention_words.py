"""Words that a shop keeps for a time: of messages, whatever became of them, of drafts, and what other mail servers said of an address."""

from datetime import datetime

from sqlalchemy import case, or_, select, update

from models.base import db
from models.delivery import Delivery
from models.mail_event import MailEvent
from models.message import Message
from models.retention import Retention
from models.retention_part import Ids, Sweep, change, deleting
from models.thread import Thread
from models.thread_draft import ThreadDraft

SETTLED = (Delivery.sent, Delivery.delivered, Delivery.failed, Delivery.cancelled)
UNSETTLED = (Delivery.planned, Delivery.held, Delivery.queued, Delivery.unknown)


def _old_words(retention: Retention, before: datetime) -> Ids:
    mine = select(Message.id).where(Message.shop_id == retention.shop_id, Message.created_at < before, Message.state.in_(SETTLED))
    return mine.where(or_(Message.body != "", Message.subject != ""))


def _forget_words(ids: list[int]) -> None:
    change(Message, ids, body="", subject="")


def _never_settled(retention: Retention, before: datetime) -> Ids:
    """Held back, or nobody knows whether it went, or its moment came and nobody took it: as old as that, it is not to go any more."""
    mine = select(Message.id).where(Message.shop_id == retention.shop_id, Message.created_at < before, Message.state.in_(UNSETTLED))
    return mine.where(or_(Message.due_at.is_(None), Message.due_at < before))


def _give_up(ids: list[int]) -> None:
    ended = case((Message.state == Delivery.unknown, Delivery.failed), else_=Delivery.cancelled)
    given_up = update(Message).where(Message.id.in_(ids), Message.state.in_(UNSETTLED)).values(state=ended, body="", subject="")
    db.session.execute(given_up.execution_options(synchronize_session=False))


def _old_drafts(retention: Retention, before: datetime) -> Ids:
    theirs = select(Thread.id).where(Thread.shop_id == retention.shop_id)
    return select(ThreadDraft.id).where(ThreadDraft.thread_id.in_(theirs), ThreadDraft.written_at < before)


def _old_events(retention: Retention, before: datetime) -> Ids:
    """That a letter came back or was opened stays, for the counts."""
    mine = select(MailEvent.id).where(MailEvent.shop_id == retention.shop_id, MailEvent.at < before)
    return mine.where(or_(MailEvent.address != "", MailEvent.said != ""))


def _forget_events(ids: list[int]) -> None:
    change(MailEvent, ids, address="", said="")


OF_WORDS = (
    Sweep("words_months", _old_words, _forget_words),
    Sweep("words_months", _never_settled, _give_up),
    Sweep("words_months", _old_drafts, deleting(ThreadDraft)),
    Sweep("words_months", _old_events, _forget_events),
)
