"""The kinds of follow-up letters, and how late each may still go."""

from datetime import time
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

AT = time(10)  # in the shop's zone; on a closed day, at that hour of the next open one


class LetterKind(StrEnum):
    reminder_1 = "reminder_1"
    reminder_2 = "reminder_2"
    no_show = "no_show"
    thank_you = "thank_you"
    deferred = "deferred"
    inactive = "inactive"

    @property
    def label(self) -> str:
        return str(_LABELS[self])

    @property
    def label_later(self) -> Any:
        """The same, put into the reader's language when it is read."""
        return _LABELS[self]

    @property
    def is_reminder(self) -> bool:
        return self in {LetterKind.reminder_1, LetterKind.reminder_2}


_LABELS = {
    LetterKind.reminder_1: _l("Reminder 1"),
    LetterKind.reminder_2: _l("Reminder 2"),
    LetterKind.no_show: _l("No Show"),
    LetterKind.thank_you: _l("Thank You"),
    LetterKind.deferred: _l("Deferred"),
    LetterKind.inactive: _l("Inactive"),
}
# days after its own; a reminder goes until the day before, an inactive letter until the next interval
LATE = {LetterKind.no_show: 7, LetterKind.thank_you: 7, LetterKind.deferred: 30}
EMAIL, POSTCARD = CHANNELS = ("email", "postcard")
LETTERS = frozenset(kind.value for kind in LetterKind)  # as kinds of messages
