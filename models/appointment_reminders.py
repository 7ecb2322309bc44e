"""What is sent about an appointment, and when."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models import clock, follow_up
from models.actor import Actor
from models.entry import record
from models.handover import touch
from models.message import Message
from models.refused import Refused

if TYPE_CHECKING:
    from models.appointment import Appointment


class Remindable:
    @property
    def latest_message(self: "Appointment") -> Message | None:
        """The newest one that went, or should have gone, to the customer about the date that now stands."""
        return next((one for one in reversed(self.messages) if one.revision == self.revision and one.dedupe_key), None)

    def remind(self: "Appointment", *, by: Actor, morning: bool = False) -> Message:
        """Send the message now, whatever the shop's number of days says; or in the recipient's morning. A double click sends one.

        Raises Refused: no message is wanted (Phone), or it is over.
        """
        self._lock()
        if self.preference == "phone":
            raise Refused(_("This customer prefers the phone: no message is sent. Call instead."))
        if not self.may_confirm:
            raise Refused(_("This appointment is over: there is nothing to remind of."))
        latest = next((message for message in reversed(self.messages) if message.kind == "remind"), None)
        if latest and latest.revision == self.revision and latest.is_fresh:
            return latest
        message = Message.about(self, "remind", by=by, not_before=self.recipient_quiet.next_allowed(clock.now()) if morning else None)
        record(self, "appointment.reminded", by, channel=self.preference)
        return message

    @property
    def recipient_quiet(self: "Appointment") -> follow_up.QuietHours:
        """The shop's quiet hours on the recipient's clock."""
        return follow_up.QuietHours(self.shop.location.quiet_from, self.shop.location.quiet_until, self.customer.tz)

    def plan_follow_up(self: "Appointment") -> None:
        """Work out anew when the reminder goes (booked, moved, or the shop's rules changed)."""
        location = self.shop.location
        self.follow_up_at = follow_up.due_at(
            self.date,
            self.time,
            days_before=location.days_before,
            morning=location.morning_time,
            is_open=self.shop.is_open,
            zone=self.shop.tz,
            quiet=self.recipient_quiet,
        )

    def reconsider_follow_up(self: "Appointment") -> None:
        """What held the follow-up back is gone: let the rules look at it again."""
        for message in self.messages:
            if message.kind == "follow_up" and message.revision == self.revision:
                message.reconsider()

    def _announce(self: "Appointment", kind: str, by: Actor, not_before: datetime | None = None, *, tell: bool = True) -> None:
        touch(self.shop_id, "appointments")
        if tell and self.preference != "phone" and self.shop.location.booking_message:
            Message.about(self, kind, by=by, not_before=not_before)

    def _call_off_messages(self: "Appointment") -> None:
        for message in self.messages:
            message.call_off()
