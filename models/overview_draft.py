"""What an overview would say if it went now, and how that differs from the version that went last; kept once it is sent."""

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import joinedload

from models import clock
from models.attachment import Attachment
from models.inspection import Inspection
from models.money import Money
from models.overview import Overview
from models.overview_item import OverviewItem
from models.overview_rules import OverviewRules
from models.work import Work
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.work_order import WorkOrder


class OverviewDraft:
    """All items of an order, those with an open eye as they would be frozen."""

    def __init__(self, order: "WorkOrder") -> None:
        self.order = order

    @cached_property
    def before(self) -> Overview | None:
        """The version that went last."""
        return Overview.newest(self.order.id)

    @cached_property
    def work(self) -> Work:
        return Work(self.order, joinedload(WorkItem.finding))

    @cached_property
    def pictures(self) -> dict[int | None, list[Attachment]]:
        """By item; under None those that belong to none yet."""
        return Attachment.by_item(self.order)

    @cached_property
    def shown(self) -> dict[int, OverviewItem]:
        """By item: as the customer would see it, with what is new since the version before."""
        was = {item.work_item_id: item for item in self.before.items} if self.before else {}
        shown = [item for item in self.work.items if item.shown]
        items = {item.id: OverviewItem.frozen(item, self.pictures.get(item.id, []), self.language) for item in shown}
        for item in items.values() if self.before else ():
            item.compare(was.get(item.work_item_id))
        return items

    @property
    def taken_out(self) -> list[OverviewItem]:
        """What the version before showed and this one would not."""
        return [item for item in self.before.items if item.work_item_id not in self.shown] if self.before else []

    @property
    def is_changed(self) -> bool:
        """Whether the work order has changed since the version before, for whoever sees it."""
        return any(item.news for item in self.shown.values()) or bool(self.taken_out)

    @property
    def language(self) -> str:
        visit = self.order.visit
        return visit.customer.language or visit.shop.language

    @cached_property
    def rules(self) -> OverviewRules:
        return OverviewRules.of(self.order.visit.shop)

    # what it comes to, with tax

    @property
    def scheduled(self) -> Money:
        """What was agreed on before."""
        return self._total(Category.scheduled)

    @property
    def everything(self) -> Money:
        """If the customer agrees to all of it."""
        return self._total(*Category)

    @property
    def unpriced(self) -> list[WorkItem]:
        """What the customer would have to decide on without a price."""
        return [item for item in self.work.items if item.shown and not item.lines and self.shown[item.id].is_asked]

    def _total(self, *categories: Category) -> Money:
        amounts = (item.including or 0 for item in self.shown.values() if item.category in categories)
        return Money(sum(amounts), self.work.terms.currency)

    # the version that it would be

    def overview(self, note: str = "") -> Overview:
        """With all that the customer would see; to nobody yet. Adding it to the session is the caller's, if it is to be kept."""
        visit, before = self.order.visit, self.before
        overview = Overview(
            shop_id=self.order.shop_id,
            order=self.order,
            version=before.version + 1 if before else 1,
            sent_at=clock.now(),
            note=note,
            to_name=visit.customer.name,
            language=self.language,
            terms_kept=self.work.terms.kept(),
            rules_kept=kept_rules(self.rules, self.language),
            checked_ok=_checked_ok(self.order),
            taken_out=len(self.taken_out),
            draft={},
            draft_comment=before.draft_comment if before else "",
        )
        overview.replies, overview.items = [], list(self.shown.values())
        if before:
            overview.prices_told_at, overview.prices_told_by = before.prices_told_at, before.prices_told_by
        return overview


def kept_rules(rules: OverviewRules, language: str) -> dict[str, object]:
    """What the customer may do and see, frozen with the overview."""
    return {
        "prices": rules.prices.value,
        "may_decline": rules.may_decline,
        "may_decline_necessary": rules.may_decline_necessary,
        "may_put_off": rules.may_put_off,
        "risk": rules.risk(language),
    }


def _checked_ok(order: "WorkOrder") -> list[list[object]]:
    inspection = Inspection.of(order)
    sections = inspection.checked_ok if inspection else {}
    return [[section, [finding.name for finding in findings]] for section, findings in sections.items()]
