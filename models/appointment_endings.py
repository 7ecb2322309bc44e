"""How an appointment ends: called off, come, or missed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from models import clock
from models.actor import Actor
from models.base import db
from models.cancellation import Cancellation
from models.entry import record
from models.handover import touch
from models.message import Message
from models.no_show import NoShow
from models.refused import Refused
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.appointment import Appointment


class Endable:
    def cancel(self: "Appointment", *, by: Actor, tell: bool = True, tell_at: datetime | None = None) -> None:
        """Called off; the customer is told if the shop wants that (see ``book``). Doing it twice does it once.

        Raises Refused: the vehicle is here.
        """
        self._lock()
        if self.is_checked_in:
            raise Refused(_("The vehicle is checked in already."))
        if self.is_cancelled:
            return
        self._call_off_messages()
        self._close_requests(by)
        self.cancellation = Cancellation.of(self, by)
        db.session.flush()
        record(self, "appointment.cancelled", by)
        touch(self.shop_id, "appointments")
        if tell and self.preference != "phone" and self.shop.location.cancel_message and not self.is_past:
            Message.about(self, "cancelled", by=by, not_before=tell_at)

    def check_in(self: "Appointment", *, by: Actor, **opening: Any) -> WorkOrder:
        """The vehicle is here: answers from the link end, a work order opens (see ``WorkOrder.open``), once. Raises Refused: cancelled."""
        self._lock()
        if self.work_order:
            return self.work_order
        if self.is_cancelled:
            raise Refused(_("This appointment was cancelled. Check the vehicle in as a walk-in."))
        self._call_off_messages()
        self._close_requests(by)
        order = WorkOrder.open(self.visit, by, **opening)
        record(self, "appointment.checked_in", by, number=order.number)
        return order

    def mark_no_show(self: "Appointment", *, by: Actor) -> None:
        """It did not come. Doing it twice does it once. Raises Refused: it is not due yet, or it is over."""
        self._lock()
        if self.no_show:
            return
        if not self.stands or self.starts_at > clock.now():
            raise Refused(_("Only a drop-off that is past due can be a no-show."))
        self.no_shows.append(NoShow.of(self, by))
        self._call_off_messages()
        self._close_requests(by)
        record(self, "appointment.no_show", by)
        touch(self.shop_id, "appointments")

    def take_back_no_show(self: "Appointment", *, by: Actor) -> None:
        """It is expected after all, and what was said before counts once more. Twice is once. Raises Refused: it has ended."""
        self._lock()
        if self.stands:
            return
        missed = self.no_show
        if missed is None or self.is_cancelled or self.is_checked_in:
            raise Refused(_("This appointment is over and can't be changed."))
        self._agree_anew(self.date, self.time, by)
        self._take_up(missed.revision, missed.at, by)
        record(self, "appointment.no_show_undone", by)
        touch(self.shop_id, "appointments")

    @property
    def was_taken_back(self: "Appointment") -> bool:
        """Whether somebody said that this drop-off is no no-show: the clock does not say it again."""
        return any(fact.revision < self.revision and fact.at >= self.starts_at for fact in self.no_shows)
