"""The threads of a shop as the Message Manager lists them: what is unread first, then what was last written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, or_, select

from models import clock
from models.base import db
from models.customer import Customer
from models.customer_contact import CustomerPhone
from models.customer_search import find
from models.message import Message
from models.message_search import Found, MessageSearch
from models.message_template import REPLIES
from models.stop_alarm import StopAlarm
from models.thread import Thread
from models.thread_assignment import ThreadAssignment
from models.thread_closing import ThreadClosing

if TYPE_CHECKING:
    from models.shop import Shop
    from models.staff_member import StaffMember

_RINGS = exists().where(StopAlarm.shop_id == Thread.shop_id, StopAlarm.number == Thread.number, StopAlarm.decided_at.is_(None))
SHOWN = ("open", "mine", "unknown", "done")


@dataclass(frozen=True, slots=True)
class Row:
    """A thread with its newest text, or the newest in which the words that were looked for stand, and whose number it is."""

    thread: Thread
    text: Message | None
    customers: Sequence[Customer]
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class ThreadList:
    """``show``: open, mine, unknown or done. ``words``: a customer's name or number, or words in the texts.

    ``since`` and ``until``: days of the shop's.
    """

    shop: "Shop"
    me: "StaffMember"
    show: str = "open"
    words: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_search(self) -> bool:
        return bool(self.words.strip() or self.since or self.until)

    def rows(self, limit: int = 50) -> list[Row]:
        """Those that may mean stop first and the unread ones, then by when somebody last wrote."""
        found = MessageSearch(self.shop, self.words, self._begin, self._end).newest(limit) if self.words.strip() else {}
        query = select(Thread).where(Thread.shop_id == self.shop.id, *self._wanted(found))
        threads = db.session.scalars(
            query.options(*Thread.whole()).order_by(~_RINGS, (Thread.unread == 0), Thread.last_at.desc(), Thread.id.desc()).limit(limit)
        ).all()
        texts, customers = self._newest(threads), self._customers(threads)
        return [Row(thread, texts.get(thread.number), customers.get(thread.number, []), found.get(thread.number)) for thread in threads]

    def _wanted(self, found: Collection[str]) -> list[ColumnElement[bool]]:
        known = exists().where(CustomerPhone.number == Thread.number, CustomerPhone.customer_id == Customer.id)
        known = known.where(Customer.shop_id == self.shop.id)
        done = exists().where(ThreadClosing.thread_id == Thread.id)
        if self.is_search:
            return self._searched(found)
        match self.show:
            case "done":
                return [done]
            case "mine":
                mine = exists().where(ThreadAssignment.thread_id == Thread.id, ThreadAssignment.staff_member_id == self.me.id)
                return [mine, ~done]
            case "unknown":
                return [~known]
            case _:
                return [or_(~done, _RINGS)]

    def _searched(self, found: Collection[str]) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if words := self.words.strip():
            ids = [hit.customer.id for hit in find(self.shop, words, limit=50)]
            theirs = select(CustomerPhone.number).where(CustomerPhone.customer_id.in_(ids))
            digits = "".join(filter(str.isdigit, words))
            number = [Thread.number.contains(digits)] if len(digits) >= 4 else []
            wanted.append(or_(Thread.number.in_(theirs), Thread.number.in_(found), *number))
        if self.since or self.until:
            written = Message.shop_id == self.shop.id, Message.address == Thread.number, Message.channel == "text"
            wanted.append(exists().where(*written, *self._days()))
        return wanted

    def _days(self) -> list[ColumnElement[bool]]:
        begin, end = self._begin, self._end
        return ([Message.created_at >= begin] if begin else []) + ([Message.created_at < end] if end else [])

    @property
    def _begin(self) -> datetime | None:
        return clock.day_bounds(self.since, self.shop.tz)[0] if self.since else None

    @property
    def _end(self) -> datetime | None:
        return clock.day_bounds(self.until, self.shop.tz)[1] if self.until else None

    def _newest(self, threads: Sequence[Thread]) -> dict[str, Message]:
        """The last words of a person or about the repair: what answers a text by itself would hide the text."""
        texts = Message.shop_id == self.shop.id, Message.channel == "text", Message.address.in_([thread.number for thread in threads])
        newest = select(func.max(Message.id)).where(*texts, Message.kind.not_in(REPLIES)).group_by(Message.address)
        return {message.address: message for message in db.session.scalars(select(Message).where(Message.id.in_(newest)))}

    def _customers(self, threads: Sequence[Thread]) -> dict[str, list[Customer]]:
        numbers = [thread.number for thread in threads]
        query = select(CustomerPhone.number, Customer).join(Customer, Customer.id == CustomerPhone.customer_id)
        query = query.where(Customer.shop_id == self.shop.id, Customer.merged_into_id.is_(None), CustomerPhone.number.in_(numbers))
        found: dict[str, list[Customer]] = {}
        for number, customer in db.session.execute(query.order_by(Customer.id)):
            found.setdefault(number, []).append(customer)
        return found
