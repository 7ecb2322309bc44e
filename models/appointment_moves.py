"""How an appointment gets another date, and how that is undone before anybody noticed."""

from datetime import date as Date
from datetime import datetime, timedelta
from datetime import time as Time
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from models import booking_rules
from models.actor import Actor
from models.base import db
from models.delivery import Delivery
from models.entry import Entry, record
from models.handover import touch
from models.message import Message
from models.refused import Refused

if TYPE_CHECKING:
    from models.appointment import Appointment

UNDO = timedelta(seconds=20)  # how long the message about a move waits where the screen offers to undo it


class Movable:
    if TYPE_CHECKING:
        follow_up_at: Mapped[datetime | None]

    @property
    def may_be_picked_up(self: "Appointment") -> bool:
        """Whether the calendar lets a hand take it: it stands, and its day is not over."""
        return self.stands and not self.is_past

    def move(
        self: "Appointment",
        date: Date,
        time: Time | None,
        *,
        by: Actor,
        accept_warnings: bool = False,
        revision: int | None = None,
        tell: bool = True,
        tell_at: datetime | None = None,
    ) -> None:
        """Agree on another drop-off: earlier answers no longer count, the message goes out anew, at ``tell_at`` if given, if ``tell``.

        ``revision`` is the one that was on the screen. Raises Refused: like ``book``, or if it is over, or somebody else moved it since.
        """
        self._lock()
        if revision is not None and revision != self.revision:
            raise Refused(_("Somebody else moved this appointment meanwhile. It stays where it is now."))
        if not (self.stands or self.no_show):
            raise Refused(_("This appointment is over and can't be moved."))
        if (date, time) == (self.date, self.time) and not self.no_show:
            return
        booking_rules.check(self.shop, date, time, accept_warnings=accept_warnings, besides=self.id)
        was = [self.date.isoformat(), self.time and self.time.isoformat("minutes")]
        call_at = self.follow_up_at.isoformat() if self.follow_up_at and self.preference == "phone" else None
        # written first: what the move calls off is called off after its moment, which is how undoing it knows what to take up
        record(self, "appointment.moved", by, **_when(date, time), was=was, revision=self.revision + 1, call_at=call_at)
        self._agree_anew(date, time, by)
        self._announce("moved", by, tell_at, tell=tell)

    def move_back(self: "Appointment", *, by: Actor, revision: int) -> bool:
        """Undo the move that led to ``revision``. Returns whether the customer knew of it already, and so is told the earlier date again.

        Who knew nothing hears nothing: what was said and sent about the earlier date counts once more.
        Raises Refused: it was changed since, or somebody took the place.
        """
        self._lock()
        moved = self._last_move()
        if revision != self.revision or not self.stands or moved is None or moved.details.get("revision") != revision:
            raise Refused(_("This appointment was changed meanwhile. It stays where it is now."))
        day, at = moved.details["was"]
        date, time = Date.fromisoformat(day), Time.fromisoformat(at) if at else None
        booking_rules.check_room(self.shop, date, besides=self.id)
        self._call_off_messages()
        told = any(message.revision == revision and message.state is not Delivery.cancelled for message in self.messages)
        knew = told or bool(self.confirmation or self.reschedule_request)
        self._agree_anew(date, time, by)
        self.no_shows += [missed.carried_to(self) for missed in self.no_shows if missed.revision == revision - 1]
        record(self, "appointment.move_undone", by, **_when(date, time))
        if knew:
            self._announce("moved", by)
        else:
            self._take_up(revision - 1, moved.at, by)
        if moved.details.get("call_at") and self.preference == "phone":  # it may be due already: then it stays on the call list
            self.follow_up_at = datetime.fromisoformat(moved.details["call_at"])
        touch(self.shop_id, "appointments")
        return knew

    def _agree_anew(self: "Appointment", date: Date, time: Time | None, by: Actor) -> None:
        self._call_off_messages()
        self._close_requests(by)
        self.revision += 1
        self._agree(date, time)
        db.session.flush()

    def _last_move(self: "Appointment") -> Entry | None:
        query = select(Entry).where(Entry.subject == self.__tablename__, Entry.subject_id == self.id, Entry.verb == "appointment.moved")
        return db.session.scalars(query.order_by(Entry.id.desc()).limit(1)).first()

    def _take_up(self: "Appointment", revision: int, ended_at: datetime, by: Actor) -> None:
        """What was so at that revision is so again: facts stay as they are, so these are new ones that say the same."""
        for said in [fact for fact in self.confirmations if fact.revision == revision]:
            self.confirmations.append(said.carried_to(self, channel=said.channel, ordinal=said.ordinal))
        for asked in [fact for fact in self.reschedule_requests if fact.revision == revision]:
            settled = asked.settled_at if asked.settled_at and asked.settled_at < ended_at else None
            more = {
                "wishes": asked.wishes,
                "ordinal": asked.ordinal,
                "settled_at": settled,
                "settled_by": asked.settled_by if settled else "",
            }
            self.reschedule_requests.append(asked.carried_to(self, **more))
        db.session.flush()
        for message in [one for one in self.messages if one.revision == revision]:
            if message.state is not Delivery.cancelled:
                message.revision = self.revision  # it went, and what it said is so again
            elif message.state_at >= ended_at:
                Message.about(self, message.kind, by=by, not_before=message.due_at)


def _when(date: Date, time: Time | None) -> dict[str, str | None]:
    return {"date": date.isoformat(), "time": time.isoformat("minutes") if time else None}
