"""Where a postcard at a print service stands, in one word."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class CardStanding(StrEnum):
    waiting = "waiting"
    sending = "sending"
    taken = "taken"
    posted = "posted"
    delivered = "delivered"
    returned = "returned"
    failed = "failed"
    unknown = "unknown"
    held = "held"
    withdrawing = "withdrawing"
    withdrawn = "withdrawn"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    CardStanding.waiting: _l("Waits its turn"),
    CardStanding.sending: _l("Being handed over"),
    CardStanding.taken: _l("With the service"),
    CardStanding.posted: _l("Posted"),
    CardStanding.delivered: _l("Delivered"),
    CardStanding.returned: _l("Came back"),
    CardStanding.failed: _l("Failed"),
    CardStanding.unknown: _l("Not known, being looked up"),
    CardStanding.held: _l("Left out"),
    CardStanding.withdrawing: _l("Being called off"),
    CardStanding.withdrawn: _l("Called off"),
}
