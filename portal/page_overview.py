"""What the page of a visit knows of the diagnostic overview and of what was answered to it."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from models import Overview, Reply, clock
from models.money import shown
from models.receipt import Receipt

if TYPE_CHECKING:
    from models import Shop, Visit

THANKS = timedelta(hours=2)  # how long the page thanks for answers before it speaks of the vehicle again


class Overviewed:
    if TYPE_CHECKING:
        visit: Visit
        shop: Shop
        shared: bool

    @cached_property
    def overview(self) -> Overview | None:
        """The newest; none before anything was sent, and never behind the calendar's link, which gets shared."""
        return None if self.shared or self.visit.work_order is None else Overview.newest(self.visit.work_order.id)

    @property
    def is_asking(self) -> bool:
        """An overview waits to be looked at: it comes before all else."""
        return self.overview is not None and self.overview.is_asking

    @cached_property
    def receipts(self) -> list[Receipt]:
        """Of what was answered last, newest first: to the newest version, or once nothing is asked any more to one before."""
        if self.overview is None or self.is_asking:
            return []
        last = self.overview.replies or (Reply.of(self.overview.work_order_id) if self.overview.version > 1 else [])
        return [Receipt(reply) for reply in reversed(last)]

    @property
    def earlier_receipts(self) -> list[tuple[int, str]]:
        """Place and name of those before; they are numbered without gaps."""
        if not self.receipts:
            return []
        first, number = self.receipts[-1].reply.ordinal, self.receipts[0].order.number
        return [(ordinal, f"{number}-A{ordinal}") for ordinal in range(first - 1, 0, -1)]

    @property
    def has_just_answered(self) -> bool:
        """The thanks stay for a while, since the page is looked at again."""
        return bool(self.receipts) and clock.now() - self.receipts[0].reply.at < THANKS

    @property
    def said_at(self) -> str:
        """When the newest answers came."""
        return self.receipts[0].moment

    amount = staticmethod(shown)
