"""What the customer says about an appointment: that they come, or that the date does not suit."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models.actor import Actor
from models.confirmation import Confirmation
from models.entry import record
from models.handover import touch
from models.refused import Refused
from models.reschedule_request import LONGEST, RescheduleRequest

if TYPE_CHECKING:
    from models.appointment import Appointment


class Answerable:
    @property
    def confirmation(self: "Appointment") -> Confirmation | None:
        """The newest one of the date that now stands."""
        return next((fact for fact in reversed(self.confirmations) if fact.revision == self.revision), None)

    @property
    def earlier_confirmation(self: "Appointment") -> Confirmation | None:
        """One that no longer counts, since the date was moved."""
        return next((fact for fact in reversed(self.confirmations) if fact.revision < self.revision), None)

    @property
    def reschedule_request(self: "Appointment") -> RescheduleRequest | None:
        """The newest one of the date that now stands, dealt with or not."""
        return next((fact for fact in reversed(self.reschedule_requests) if fact.revision == self.revision), None)

    @property
    def open_request(self: "Appointment") -> RescheduleRequest | None:
        """What still waits for somebody to deal with it."""
        return next((fact for fact in reversed(self.reschedule_requests) if fact.settled_at is None), None)

    @property
    def may_confirm(self: "Appointment") -> bool:
        return self.stands and not self.is_past

    @property
    def may_request_reschedule(self: "Appointment") -> bool:
        return self.stands and not self.is_past and self.shop.location.reschedule_allowed

    def confirm(self: "Appointment", *, by: Actor, channel: str = "web") -> Confirmation | None:
        """The customer comes; saying it again changes nothing. Raises Refused: it is over."""
        self._lock()
        if not self.may_confirm:
            raise Refused(_("This appointment can no longer be confirmed."))
        request, confirmation = self.reschedule_request, self.confirmation
        if confirmation and (request is None or request.at <= confirmation.at):
            return confirmation
        ordinal = sum(fact.revision == self.revision for fact in self.reschedule_requests)
        confirmation = Confirmation.of(self, by, channel=channel, ordinal=ordinal)
        self.confirmations.append(confirmation)
        record(self, "appointment.confirmed", by, channel=channel)
        touch(self.shop_id, "appointments")
        return confirmation

    def request_reschedule(self: "Appointment", wishes: str, *, by: Actor) -> RescheduleRequest:
        """The customer asks for another date; nothing moves by itself. Raises Refused: not offered, over, or too long a wish."""
        self._lock()
        if not self.may_request_reschedule:
            raise Refused(_("This appointment can no longer be moved from here. Please call the shop."))
        wishes = wishes.strip()
        if len(wishes) > LONGEST:
            raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST), field="wishes")
        request, confirmation = self.reschedule_request, self.confirmation
        if request and request.settled_at is None and (confirmation is None or confirmation.at <= request.at):
            if wishes and not request.wishes:
                request.wishes = wishes
                record(self, "reschedule_request.detailed", by, wishes=wishes)
                touch(self.shop_id, "appointments")
            return request
        # one that was dealt with while the date stayed is no answer to who asks again
        before = [fact.revision for fact in self.confirmations] + [fact.revision for fact in self.reschedule_requests if fact.settled_at]
        ordinal = before.count(self.revision)
        self._close_requests(by)  # who wavers is called once: the newest wish is the one that waits
        request = RescheduleRequest.of(self, by, wishes=wishes, ordinal=ordinal)
        self.reschedule_requests.append(request)
        record(self, "appointment.reschedule_requested", by, wishes=wishes)
        touch(self.shop_id, "appointments")
        return request

    def _close_requests(self: "Appointment", by: Actor) -> None:
        for request in self.reschedule_requests:
            request.overtaken(by)
