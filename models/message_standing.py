"""What is asked of a message: whether it may still go, what stands in its way, and what becomes of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models import clock
from models.delivery import Delivery
from models.failure import OFTEN_PASSES, once_more_words, words_for
from models.letter_kind import LETTERS
from models.message_template import REPLIES
from models.moments import clock_time, clock_words
from models.segments import segments

if TYPE_CHECKING:
    from models.message import Message

FRESH = timedelta(seconds=60)
KEYWORD_REPLIES = ("stop_reply", "help_reply", "start_reply")
CLOCK_STARTED = ("follow_up", *LETTERS)  # what the clock starts keeps quiet hours


class WithStanding:
    @property
    def is_fresh(self: "Message") -> bool:
        """Written so recently that writing it again must be a slip of the finger; or still on its way."""
        return self.state in {Delivery.queued, Delivery.sending} or clock.now() - self.created_at < FRESH

    @property
    def needs_consent(self: "Message") -> bool:
        """Whether it is a text of ours; what answers STOP, HELP and START needs none."""
        return self.channel == "text" and self.kind not in KEYWORD_REPLIES

    @property
    def introduces(self: "Message") -> bool:
        """Whether the shop introduces itself by it, if it never did; what answers STOP, HELP and START says its own."""
        return self.direction == "out" and self.needs_consent

    @property
    def is_only_good_now(self: "Message") -> bool:
        """What answers a text or tries out the provider is of no use a quarter of an hour later."""
        return self.kind in REPLIES or self.kind == "trial"

    @property
    def clock_started(self: "Message") -> bool:
        return self.kind in CLOCK_STARTED

    @property
    def has_left(self: "Message") -> bool:
        """Whether a worker has taken it, so that it may have gone."""
        return self.state in {Delivery.sending, Delivery.sent, Delivery.delivered, Delivery.failed, Delivery.unknown}

    @property
    def failure_words(self: "Message") -> str:
        """What went wrong and what to do, in plain words."""
        return words_for(self.failure)

    @property
    def obstacle(self: "Message") -> str:
        """Why it did not get on, in plain words: the rule that holds it, whatever the provider said before, or what the provider said."""
        if self.state is Delivery.queued and self.failure in OFTEN_PASSES:
            return once_more_words(self.failure, clock_words(self.shop.local(self.due_at)))
        waits = self.state in {Delivery.held, Delivery.planned, Delivery.cancelled}
        return self.held_by if waits or not self.failure else self.failure_words

    @property
    def outlook(self: "Message") -> str:
        """What will become of it, for whoever asked for it."""
        name = self.customer.name if self.customer else self.address
        if self.state is Delivery.held:
            return _("Held back: %(reason)s", reason=self.held_by)
        if self.state is Delivery.planned:
            return _("Goes to %(name)s at %(time)s.", name=name, time=clock_time(self.due_at, self.shop))
        return _("On its way to %(name)s.", name=name)

    @property
    def segments(self: "Message") -> int:
        return segments(self.body).count if self.channel == "text" else 0
