"""Work on texts that came in."""

from jobs.each import each
from models import IncomingText


def drain() -> None:
    """Work on all that wait, in the order in which they came. Any number of drains may run at once."""
    each(IncomingText, IncomingText.waiting_ids(), IncomingText.work)
