"""When a thumb may be set, up to which amount it counts, and whether it is what the customer chose."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models.answer import Choice
from models.money import Money, shown
from models.overview import Overview, answers_of
from models.refused import Refused
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.answer import Answer
    from models.authorisation import Authorisation
    from models.work_order import WorkOrder

LONGEST_REASON = 300  # characters


def check_thumb(item: WorkItem, up: bool, reason: str, answer: "Answer | None") -> None:
    """Raises Refused: closed, removed, nothing to decide, done already, or a customer's yes is turned down without a reason."""
    item.order.must_be_open()
    if item.removed_at is not None:
        raise Refused(_("This item was removed meanwhile."))
    if item.category is Category.checked_ok:
        raise Refused(_("It is in order: there is nothing to authorise."))
    if not up and item.is_done:
        raise Refused(_("This is done already."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST_REASON + 1), field="reason")
    if not up and wants(answer) and not reason:
        raise Refused(_("The customer wants this. Say why it is not done."), field="reason")


def check_amount(items: Sequence[WorkItem], amount: int) -> None:
    """What was agreed to by word of mouth covers what it is to cover. Raises Refused, beside the amount."""
    costs = Money(sum(price(item) for item in items), items[0].terms.currency)
    if amount < costs.minor:
        words = _("These items cost %(price)s. Lower their price, choose fewer, or ask again.", price=shown(costs))
        raise Refused(words, field="amount")


def answers_on(order: "WorkOrder") -> "dict[int, Answer]":
    """What the customer last said of the order's items, by the item."""
    overview = Overview.newest(order.id)
    return answers_of(overview) if overview else {}


def wants(answer: "Answer | None") -> bool:
    return answer is not None and answer.choice is Choice.repair


def price(item: WorkItem) -> int:
    """In minor units, with tax."""
    return item.totals.including.minor


def agreed(item: WorkItem, answer: "Answer | None") -> int:
    """Up to which amount the item may be done: what the customer said yes to; without that what it costs now."""
    seen = answer.item.including if answer and wants(answer) else None
    return price(item) if seen is None else seen


def is_behind(answer: "Answer | None", thumb: "Authorisation | None") -> bool:
    """Whether the thumb is not as the customer last chose. Who wants to be called is called first."""
    if answer is None or answer.choice is Choice.contact:
        return False
    if thumb is None or thumb.up is not wants(answer):
        return True
    is_news = thumb.answer_id != answer.id and thumb.at < answer.reply.at
    return thumb.up and is_news and thumb.amount != answer.item.including
