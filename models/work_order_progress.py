"""How a work order gets on: which status it is in, what that sends, and how a slip is undone."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from models import clock
from models.actor import Actor
from models.base import db
from models.entry import Entry, record
from models.handover import touch
from models.message import Message
from models.refused import Refused
from models.status import LONGEST_MINUTES, Status, Timer
from models.status_stay import StatusStay
from models.status_update import Wish, call_off_waiting, resume_updates, send_updates

if TYPE_CHECKING:
    from models.work_order import WorkOrder


class Progressing:
    @property
    def stay(self: "WorkOrder") -> StatusStay | None:
        """The status it is in now; None: the shop has no statuses, or it is closed."""
        return next((stay for stay in reversed(self.stays) if stay.left_at is None), None)

    @property
    def history(self: "WorkOrder") -> list[StatusStay]:
        """Every status it has been in, in order, slips left out."""
        return [stay for stay in self.stays if stay.undone_at is None]

    def set_status(
        self: "WorkOrder", status: Status, *, by: Actor, seen: int | None = None, minutes: int | None = None, wish: Wish | None = None
    ) -> StatusStay:
        """Put the vehicle into ``status``; starts its timer and sends its update as ``wish`` says. Setting it twice does it once.

        ``seen`` is the id of the stay that the person saw (None: whatever it is). ``minutes`` is this vehicle's estimate.
        Raises Refused: closed, somebody else set another meanwhile, the estimate or what its words need is missing.
        """
        wish = wish or Wish()
        self.lock()
        now_in = self.stay
        if self.is_closed:
            raise Refused(_("This work order is closed. Reopen it first."))
        if now_in and now_in.status_id == status.id:
            return now_in
        if now_in and seen is not None and seen != now_in.id:
            words = _(
                "%(name)s set “%(status)s” a moment ago. Look again before you change it.", name=now_in.set_by, status=now_in.status.name
            )
            raise Refused(words, field="status")
        self._check(status, minutes, wish)
        at = clock.now()
        if now_in:
            now_in.left_at = at
            db.session.flush()
        stay = StatusStay(shop_id=self.shop_id, status=status, entered_at=at, set_by=by.name, minutes=self._estimate(status, minutes))
        stay.updates = []
        self.stays.append(stay)
        db.session.flush()
        if status.asks_reason:
            stay.explain(wish.reason, by=by)
        record(self, "work_order.status_set", by, status=status.name, was=now_in.status.name if now_in else "")
        touch(self.shop_id, "work_orders")
        send_updates(stay, wish, by=by)
        return stay

    def undo_status(self: "WorkOrder", stay_id: int, *, by: Actor) -> list[Message]:
        """It was a slip: back to the status before, and its update does not go; that of the status before, if the slip replaced it, does.

        Returns what goes after all. Doing it twice does it once.

        Raises Refused: the update has gone, or another status was set since.
        """
        self.lock()
        slip = next((stay for stay in self.stays if stay.id == stay_id), None)
        if slip is None or slip.undone_at:
            return []
        before = next((stay for stay in reversed(self.history) if stay.id < slip.id), None)
        if slip.left_at or before is None:
            raise Refused(_("Another status was set since: set the right one instead."))
        call_off_waiting(self, [slip])
        if any(update.has_left for update in slip.updates):
            raise Refused(_("The update has gone already: set the right status instead."))
        slip.undone_at = slip.left_at = clock.now()
        db.session.flush()
        before.left_at = None
        record(self, "work_order.status_undone", by, status=slip.status.name, was=before.status.name)
        touch(self.shop_id, "work_orders")
        return resume_updates(slip)

    def promise(self: "WorkOrder", at: datetime | None, *, by: Actor) -> None:
        """When it will be ready, as a person said; the customer sees it."""
        if at != self.promised_at:
            self.promised_at = at
            record(self, "work_order.promised", by, at=at.isoformat() if at else "")
            touch(self.shop_id, "work_orders")

    def toggle_updates(self: "WorkOrder", channel: str, on: bool, *, by: Actor) -> None:
        """Whether this visit's customer gets updates by this channel; never touches consent."""
        name = {"text": "texts", "email": "emails"}[channel]
        if getattr(self, name) is not on:
            setattr(self, name, on)
            record(self, "work_order.updates_on" if on else "work_order.updates_off", by, channel=channel)
            touch(self.shop_id, "work_orders")

    def has_switched_off(self: "WorkOrder", channel: str) -> bool:
        """Whether somebody has said that no updates go that way, which is more than that nobody asked for them."""
        switched = select(Entry.verb, Entry.details).where(Entry.subject == "work_orders", Entry.subject_id == self.id)
        switched = switched.where(Entry.verb.in_(("work_order.updates_on", "work_order.updates_off"))).order_by(Entry.id.desc())
        newest = next((verb for verb, details in db.session.execute(switched) if details.get("channel") == channel), "")
        return newest == "work_order.updates_off"

    def _check(self: "WorkOrder", status: Status, minutes: int | None, wish: Wish) -> None:
        faults = {}
        if status.retired_at or status.shop_id != self.shop_id:
            faults["status"] = _("This status is not in use any more. Choose another one.")
        if status.asks_estimate and self._estimate(status, minutes) is None:
            faults["minutes"] = _("Say how long it takes: hours and minutes.")
        if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
            faults["minutes"] = _("Give hours and minutes, from one minute to thirty days.")
        if status.asks_reason and not wish.reason.strip():
            faults["reason"] = _("Say why it takes longer.")
        if faults:
            raise Refused.at(**faults)

    @staticmethod
    def _estimate(status: Status, minutes: int | None) -> int | None:
        return None if status.timer is Timer.open else minutes if status.asks_estimate and minutes is not None else status.minutes
