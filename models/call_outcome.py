"""What can come of a call about a follow-up: one tap each."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Outcome(StrEnum):
    booked = "booked"
    thinking = "thinking"
    no_answer = "no_answer"
    message_left = "message_left"
    wrong_number = "wrong_number"
    no_more = "no_more"

    @property
    def label(self) -> str:
        return str(_LABELS[self])

    @property
    def is_reached(self) -> bool:
        """Whether somebody spoke with the customer."""
        return self in {Outcome.booked, Outcome.thinking, Outcome.no_more}


_LABELS = {
    Outcome.booked: _l("Reached, booked"),
    Outcome.thinking: _l("Reached, will think about it"),
    Outcome.no_answer: _l("No answer"),
    Outcome.message_left: _l("Left a message"),
    Outcome.wrong_number: _l("Wrong number"),
    Outcome.no_more: _l("Doesn't want calls or letters"),
}
