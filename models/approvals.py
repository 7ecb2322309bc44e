"""How the approval of an order stands: what was sent and answered, which thumbs there are, and what that comes to."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models.approval import Approval
from models.authorisation import Authorisation
from models.authorisation_rules import is_behind
from models.money import Money
from models.overview import Overview
from models.overview_rules import OverviewRules
from models.refused import Refused
from models.totals import Totals
from models.work import Work
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.work_order import WorkOrder

STANDINGS = ("work", "proposed", "turned_down", "checked_ok")


class Approvals:
    """All items of an order. Four queries, whatever the number of items."""

    def __init__(self, order: "WorkOrder", work: Work | None = None) -> None:
        self.order, self.work = order, work or Work(order)

    @cached_property
    def overview(self) -> Overview | None:
        """The version that counts."""
        return Overview.newest(self.order.id)

    @cached_property
    def rows(self) -> dict[int, Approval]:
        """By the work item."""
        sent = {item.work_item_id: item for item in self.overview.items} if self.overview else {}
        thumbs = Authorisation.standing(self.order.id)
        rows, last = {}, self._last_said()
        for item in self.work.items:
            seen, is_late = sent.get(item.id), last is not None and item.added_at > last
            rows[item.id] = Approval(item, seen, seen.standing if seen else None, thumbs.get(item.id), is_late)
        return rows

    def _last_said(self) -> datetime | None:
        """When the customer last answered the version that counts, or what is unchanged of one before."""
        if self.overview is None:
            return None
        answers = [item.standing.reply.at for item in self.overview.items if item.standing]
        return max([*answers, *(reply.at for reply in self.overview.replies)], default=None)

    def of(self, item: WorkItem) -> Approval:
        return self.rows.get(item.id) or Approval(item, None, None, None)

    @cached_property
    def standings(self) -> dict[str, list[Approval]]:
        """The rows by ``Approval.standing``, each in the order's own order; those without any are left out."""
        found: dict[str, list[Approval]] = {name: [] for name in STANDINGS}
        for row in self.rows.values():
            found[row.standing].append(row)
        return {name: rows for name, rows in found.items() if rows}

    def steps(self, row: Approval, other: Approval) -> int:
        """How many places down the order's list (or up) it is from the one to the other."""
        places = self.work.items
        return places.index(other.item) - places.index(row.item)

    @property
    def is_asked(self) -> bool:
        """Whether there is anything on it that somebody decides, beside what the vehicle came for."""
        return any(row.thumb or row.sent or row.is_proposed for row in self.rows.values())

    # what it comes to

    def of_standing(self, name: str) -> Totals:
        return Totals.joined((row.item.totals for row in self.standings.get(name, ())), self.work.terms)

    @property
    def totals(self) -> Totals:
        """What is to be done, in all its parts."""
        return self.of_standing("work")

    @property
    def hours(self) -> Decimal:
        """Of what is to be done."""
        return sum((row.item.hours for row in self.standings.get("work", ())), Decimal(0))

    @cached_property
    def authorised(self) -> Money:
        """What the customer agreed to, with tax."""
        return self._money(row.authorised for row in self.rows.values())

    @cached_property
    def planned(self) -> Money:
        """What the authorised work comes to now, with tax."""
        return self._money(row.planned for row in self.rows.values())

    @property
    def proposed(self) -> Money:
        """What nobody has decided yet comes to."""
        return self._money(row.item.totals.including.minor for row in self.rows.values() if row.is_proposed)

    @cached_property
    def tolerance(self) -> Money:
        """By how much it may cost more than authorised."""
        return OverviewRules.of(self.order.visit.shop).tolerance(self.authorised)

    @property
    def left(self) -> Money:
        """Until the ceiling; below zero: so much is over it."""
        return self.authorised + self.tolerance - self.planned

    @property
    def can_take_over(self) -> bool:
        """Whether a thumb is not yet as the customer chose."""
        return any(is_behind(row.answer, row.thumb) and not row.item.is_done for row in self.rows.values())

    def is_over(self, item: WorkItem) -> bool:
        """Whether it would pass the ceiling: it costs more than was authorised for it, and the order has nothing left."""
        row = self.of(item)
        return row.planned > row.authorised and self.left.minor < 0

    def why_not(self, item: WorkItem) -> str:
        """Why the mechanic may not begin, or finish, with it; empty: he may."""
        row = self.of(item)
        if item.category is Category.checked_ok:
            return str(_("It is in order: there is nothing to do."))
        if row.thumb and not row.thumb.up:
            return str(_("Not authorised: it is not to be done."))
        if not row.is_authorised:
            return str(_("Not authorised yet. Ask the desk."))
        if self.is_over(item):
            return str(_("It costs more than was authorised. The desk has to ask the customer again."))
        return ""

    def must_be_startable(self, item: WorkItem) -> None:
        """Raises Refused: as ``why_not`` says."""
        if reason := self.why_not(item):
            raise Refused(reason)

    def _money(self, amounts: Iterable[int]) -> Money:
        return Money(sum(amounts), self.work.terms.currency)
