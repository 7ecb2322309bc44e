"""How one item of an order stands: what the customer saw and said, what the desk decided, and up to which amount."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from models.answer import Answer, Choice
from models.authorisation import Authorisation
from models.overview_item import OverviewItem
from models.work_item import Category, WorkItem


@dataclass(frozen=True, slots=True)
class Approval:
    """One item: what the customer said, and what was decided."""

    item: WorkItem
    sent: OverviewItem | None  # as the customer saw it last
    answer: Answer | None
    thumb: Authorisation | None
    is_late: bool = False  # it came after the customer had last agreed to an amount

    @property
    def icon(self) -> str:
        """One of four for the column beside *pin* and *snooze*: repair, decline, contact, none (no answer, or nothing was asked)."""
        if self.answer is None:
            return "none"
        return "decline" if self.answer.choice in {Choice.decline, Choice.later} else self.answer.choice.value

    @property
    def remind_on(self) -> date | None:
        """The day on which the customer wants to hear of it again; at the next service, or never said: none."""
        if self.answer is None or self.answer.choice is not Choice.later or not self.answer.months:
            return None
        said_on: date = self.item.order.visit.shop.local(self.answer.reply.at).date()
        return said_on + relativedelta(months=self.answer.months)

    @property
    def is_proposed(self) -> bool:
        """Found by us, and nobody has decided."""
        return self.item.category in {Category.necessary, Category.recommended} and self.thumb is None

    @property
    def can_be_agreed(self) -> bool:
        """Whether the customer's word about it would mean anything."""
        return self.item.category is not Category.checked_ok and not self.item.is_done

    @property
    def standing(self) -> str:
        """Where it is listed: work (what is to be done), proposed, turned_down, checked_ok."""
        if self.item.category is Category.checked_ok:
            return "checked_ok"
        return "work" if self.is_authorised else "proposed" if self.thumb is None else "turned_down"

    @property
    def is_authorised(self) -> bool:
        if self.item.category is Category.checked_ok:
            return False
        return self.thumb.up if self.thumb else self.item.category is Category.scheduled

    @property
    def authorised(self) -> int:
        """Up to which amount, in minor units with tax; of what was agreed on before: as it was last answered for, else as it is.

        Work that came after the last answer is in no amount that the customer has seen.
        """
        if not self.is_authorised:
            return 0
        if self.thumb:
            return self.thumb.amount
        if self.is_late:
            return 0
        if self.sent and self.sent.overview.replies and self.sent.including is not None:
            return self.sent.including
        return self.planned

    @property
    def planned(self) -> int:
        """What it comes to now, in minor units with tax."""
        return self.item.totals.including.minor if self.is_authorised else 0
