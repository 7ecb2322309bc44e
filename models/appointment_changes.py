"""What may be changed about an appointment while its date stays: the work, the notes, and how the customer wants to hear from the shop."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models import clock
from models.actor import Actor
from models.base import db
from models.consent import Consent
from models.customer import Customer
from models.delivery import Delivery
from models.entry import record
from models.handover import touch
from models.message import Message
from models.refused import Refused, all_at_once

if TYPE_CHECKING:
    from models.appointment import Appointment

PREFERENCES = ("phone", "text", "email")
# characters; the work is as long as an estimate's, of which an appointment is made in one step
LONGEST = {"type_of_work": 120, "shop_note": 2000, "customer_note": 500}


def check_words(**words: str) -> None:
    """Raises Refused: more words than a page or paper has room for."""
    errors = {
        name: _("Please keep it under %(count)s characters.", count=LONGEST[name])
        for name, text in words.items()
        if len(text.strip()) > LONGEST[name]
    }
    if errors:
        raise Refused.at(**errors)


def check_reach(preference: str, customer: Customer) -> None:
    """Raises Refused: the customer can't be reached, or may not be, in the way they prefer."""
    if preference not in PREFERENCES:
        raise Refused(_("Choose Phone, Text or Email."), field="preference")
    if preference == "text":
        if customer.phone is None or not customer.phone.textable:
            raise Refused(_("Text needs a mobile number in the customer's first phone field."), field="preference")
        if not Consent.may_text(customer.shop, customer.phone.number):
            raise Refused(_("Text needs the customer's permission for this number. Ask, and record the answer."), field="preference")
    if preference == "email" and not customer.email:
        raise Refused(_("Email needs the customer's e-mail address."), field="preference")


class Changeable:
    def change(
        self: "Appointment",
        *,
        type_of_work: str,
        shop_note: str,
        customer_note: str,
        preference: str,
        by: Actor,
        asked: bool = False,
    ) -> list[Message]:
        """What is to be done, the notes and the preferred way; saying the same again does nothing. Returns what goes another way now.

        ``asked``: the customer was asked for permission just now, so that also the old way has to be possible.
        Raises Refused: it is over, too many words, or like ``book``.
        """
        self._lock()
        if not (self.stands or self.no_show):
            raise Refused(_("This appointment is over and can't be changed."))
        words = {"type_of_work": type_of_work, "shop_note": shop_note, "customer_note": customer_note}
        other_way = preference != self.preference
        # who opted out since may still be noted something about
        reach = (lambda: check_reach(preference, self.customer)) if other_way or asked else (lambda: None)
        all_at_once(lambda: check_words(**words), reach)
        before = (self.type_of_work, self.shop_note, self.customer_note, self.preference)
        self.type_of_work, self.shop_note, self.customer_note = (text.strip() for text in words.values())
        self.preference = preference
        if before != (self.type_of_work, self.shop_note, self.customer_note, self.preference):
            record(self, "appointment.changed", by)
            touch(self.shop_id, "appointments")
        if other_way:
            return self._go_the_other_way(by)
        for message in self.messages if asked else ():
            message.reconsider()
        return []

    def go_by_email(self: "Appointment", *, by: Actor) -> bool:
        """Texts were ended while it stood: mails from now on. Returns whether that changed anything."""
        self._lock()
        if self.preference != "text" or not self.stands:
            return False
        self.preference = "email"
        touch(self.shop_id, "appointments")
        self._go_the_other_way(by)
        return True

    def _go_the_other_way(self: "Appointment", by: Actor) -> list[Message]:
        """What waits to go the old way is called off and written anew; what has gone is not said twice."""
        waiting = [message for message in self.messages if message.call_off("preference")]
        for message in waiting:
            message.dedupe_key = None  # it no longer is the one message of its kind
        db.session.flush()
        if self.preference == "phone":
            return []
        written = [Message.about(self, message.kind, by=by, not_before=message.due_at) for message in waiting]
        # who preferred the phone was never sent the link; once the follow-up is due, that one brings it
        due = self.follow_up_at is not None and self.follow_up_at <= clock.now()
        if self.latest_message or due or self.confirmation or not self.may_confirm:
            return written
        self._announce("moved" if self.revision else "booking", by)
        return [message for message in [self.latest_message] if message and message.state is not Delivery.cancelled]
