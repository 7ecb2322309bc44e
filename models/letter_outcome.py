"""What came of the follow-up letters of a period: how far they got, who booked or approved work afterwards, who wants no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import joinedload

from models import clock
from models.appointment import Appointment
from models.authorisation import Authorisation
from models.base import db
from models.bounced_address import COMPLAINT
from models.delivery import Delivery
from models.do_not_mail import BY_LINK, DoNotMail
from models.letter import Letter
from models.letter_kind import EMAIL, LetterKind
from models.letter_link import LetterLink
from models.mail_event import CAME_BACK, MailEvent
from models.message import Message
from models.visit import Visit
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop

CAME_OF_IT = timedelta(days=30)  # a booking, an authorisation or a farewell within so long is put down to the letter
PAGE = 25  # e-mails that are listed at once
WENT = frozenset({Delivery.sent, Delivery.delivered, Delivery.failed})  # once it has a moment at which the provider took it


@dataclass(frozen=True, slots=True)
class Outcome:
    """Letters of one kind in a period, by e-mail and by post; ``booked`` and ``approved`` within thirty days after."""

    kind: LetterKind
    sent: int
    delivered: int
    bounced: int
    complained: int
    opened: int  # as far as it is known: who followed a link, or of whom the provider says so
    clicked: int
    unsubscribed: int
    held: int
    booked: int
    approved: int


class Period:
    """The days from ``since`` to ``until`` in a shop, both included."""

    def __init__(self, shop: "Shop", since: date, until: date) -> None:
        self.shop, self.since, self.until = shop, since, until

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """In the kinds' order."""
        return [self._outcome(kind, [letter for letter in self._letters if letter.kind is kind]) for kind in LetterKind]

    @cached_property
    def unsubscribed(self) -> int:
        """Customers who used the link in a letter in these days."""
        begins, ends = clock.day_bounds(self.since, self.shop.tz)[0], clock.day_bounds(self.until, self.shop.tz)[1]
        query = select(func.count()).select_from(DoNotMail).where(DoNotMail.shop_id == self.shop.id, DoNotMail.source == BY_LINK)
        return db.session.scalar(query.where(DoNotMail.at >= begins, DoNotMail.at < ends)) or 0

    def mails(self, kind: LetterKind | None = None, before: int | None = None) -> Sequence[Letter]:
        """The e-mails that went, newest first; a page of them, older than the letter with the id ``before``."""
        query = select(Letter).join(Letter.message).where(*self._mine, Message.channel == EMAIL)
        query = query.where(Message.state.in_(WENT), (Message.sent_at.is_not(None)) | (Message.state == Delivery.failed))
        query = query.where(Letter.kind == kind) if kind else query
        query = query.where(Letter.id < before) if before else query
        loaded = joinedload(Letter.message, innerjoin=True), joinedload(Letter.customer, innerjoin=True), joinedload(Letter.shop)
        return db.session.scalars(query.options(*loaded).order_by(Letter.id.desc()).limit(PAGE)).all()

    def known_of(self, letter: Letter) -> list[str]:
        """Which of bounced, complained, clicked, opened is known of it."""
        words = ("bounced", "complained", "clicked", "opened")
        return [word for word, ids in zip(words, self._known, strict=True) if letter.message_id in ids]

    def _outcome(self, kind: LetterKind, letters: "Sequence[Row[Any, Any, Any, Any, Any]]") -> Outcome:
        mine = {letter.message_id for letter in letters}
        gone = [(letter.customer_id, letter.sent_at) for letter in letters if letter.sent_at and letter.state in WENT]
        refused = mine & self._known[0] - {letter.message_id for letter in letters if letter.sent_at}  # while they were handed over
        bounced, complained, clicked, opened = (len(mine & ids) for ids in self._known)
        return Outcome(
            kind,
            sent=len(gone) + len(refused),
            delivered=sum(letter.state is Delivery.delivered for letter in letters),
            bounced=bounced,
            complained=complained,
            opened=opened,
            clicked=clicked,
            unsubscribed=sum(letter.message_id in self._farewells for letter in letters),
            held=sum(letter.state in {Delivery.held, Delivery.cancelled} for letter in letters),
            booked=_followed(gone, self._booked),
            approved=_followed(gone, self._approved),
        )

    @property
    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return Letter.shop_id == self.shop.id, Letter.on.between(self.since, self.until)

    @cached_property
    def _letters(self) -> "Sequence[Row[Any, Any, Any, Any, Any]]":
        columns = Letter.kind, Letter.customer_id, Letter.message_id, Message.state, Message.sent_at
        return db.session.execute(select(*columns).join(Letter.message).where(*self._mine)).all()

    @cached_property
    def _known(self) -> tuple[set[int], set[int], set[int], set[int]]:
        """Ids of messages that came back, were complained of, clicked, opened."""
        of_these = select(Letter.message_id).where(*self._mine)
        events = db.session.execute(select(MailEvent.message_id, MailEvent.kind).where(MailEvent.message_id.in_(of_these))).all()
        clicks = select(LetterLink.message_id).where(LetterLink.message_id.in_(of_these), LetterLink.clicked_at.is_not(None))
        clicked = set(db.session.scalars(clicks))
        bounced, complained, opened = (
            {message_id for message_id, kind in events if message_id and kind in kinds} for kinds in (CAME_BACK, {COMPLAINT}, {"opened"})
        )
        return bounced, complained, clicked, clicked | opened

    @cached_property
    def _farewells(self) -> set[int]:
        """Ids of messages after which their customer used the link to get no more: of several letters, the last before it."""
        query = select(DoNotMail.customer_id, DoNotMail.at).where(DoNotMail.shop_id == self.shop.id, DoNotMail.source == BY_LINK)
        ended = {row.customer_id: row.at for row in db.session.execute(query)}
        last: dict[int, tuple[datetime, int]] = {}
        for letter in self._letters:
            at = ended.get(letter.customer_id)
            if at and letter.sent_at and letter.sent_at < at < letter.sent_at + CAME_OF_IT:
                last[letter.customer_id] = max(last.get(letter.customer_id, (letter.sent_at, 0)), (letter.sent_at, letter.message_id))
        return {message_id for _at, message_id in last.values()}

    @cached_property
    def _booked(self) -> Mapping[int, list[datetime]]:
        return self._moments(select(Visit.customer_id, Appointment.booked_at).join(Appointment.visit), Appointment.booked_at)

    @cached_property
    def _approved(self) -> Mapping[int, list[datetime]]:
        approvals = select(Visit.customer_id, Authorisation.at).select_from(Authorisation)
        approvals = approvals.join(WorkOrder, WorkOrder.id == Authorisation.work_order_id).join(Visit, Visit.id == WorkOrder.visit_id)
        return self._moments(approvals.where(Authorisation.up, Authorisation.undone_at.is_(None)), Authorisation.at)

    def _moments(self, query: Select[Any, Any], at: Any) -> Mapping[int, list[datetime]]:
        """By customer."""
        begins, ends = clock.day_bounds(self.since, self.shop.tz)[0], clock.day_bounds(self.until, self.shop.tz)[1] + CAME_OF_IT
        found: dict[int, list[datetime]] = {}
        for customer_id, moment in db.session.execute(query.where(Visit.shop_id == self.shop.id, at >= begins, at < ends)):
            found.setdefault(customer_id, []).append(moment)
        return found


def _followed(gone: list[tuple[int, datetime]], moments: Mapping[int, list[datetime]]) -> int:
    """How many of the letters were followed by such a moment of their customer's within ``CAME_OF_IT``."""
    return sum(any(sent_at < moment < sent_at + CAME_OF_IT for moment in moments.get(customer_id, ())) for customer_id, sent_at in gone)
