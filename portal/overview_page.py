"""What the page of an overview shows and offers, worked out once for its templates."""

from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from models import Authorisation, Category, Choice, Chosen, Link, OralAuthorisation, Overview, Reply, moments, phone
from models.answer import MONTHS, words_of
from models.money import Money, shown
from models.overview_item import OverviewItem
from models.overview_rules import Visibility
from models.receipt import line_words
from models.summary import Summary
from portal.overview_form import Typed
from portal.page import Page

DOTS = "•••"


class OverviewPage(Page):
    def __init__(self, link: Link, overview: Overview, typed: Typed | None = None, errors: dict[str | None, Any] | None = None) -> None:
        """``typed``: what was sent, where something is the matter with it; ``errors``: that, by field."""
        self.faults = {name or "version": str(words) for name, words in (errors or {}).items()}
        super().__init__(link, wrong=self.faults.get("version", ""))
        self.overview, self.typed = overview, typed or Typed.kept(overview)
        if self.faults and self.typed.had_files:
            self.faults.setdefault("files", _("Please choose your pictures and videos once more."))

    @cached_property
    def may_answer(self) -> bool:
        return self.overview.may_be_answered

    @property
    def categories(self) -> list[tuple[str, str, list[OverviewItem]]]:
        """A word for its style, its heading and its items; those that work properly come by themselves."""
        headings = {
            Category.scheduled: _("Scheduled services"),
            Category.necessary: _("Necessary items"),
            Category.recommended: _("Recommended items"),
        }
        found = ((category.value, heading, self.overview.of_category(category)) for category, heading in headings.items())
        return [group for group in found if group[2]]

    @cached_property
    def earlier(self) -> list[tuple[str, str]]:
        """Number and address of each receipt of what was answered before."""
        if self.overview.version == 1 and not self.overview.replies:
            return []
        replies, number = Reply.of(self.overview.work_order_id), self.overview.order.number
        return [(reply.number(number), self.address(f"receipts/{reply.ordinal}")) for reply in replies]

    # an item

    def chosen(self, item: OverviewItem) -> str:
        """As a form says it."""
        return self.typed.words.get(item.id, "")

    def offered(self, item: OverviewItem) -> list[Choice]:
        """What can be said with one tap; being reminded asks for a second, see ``may_put_off``.

        What was agreed to aloud is not asked again.
        """
        if item.work_item_id in self._agreed_aloud:
            return []
        return [choice for choice in self.overview.choices_for(item) if choice is not Choice.later]

    def may_put_off(self, item: OverviewItem) -> bool:
        return Choice.later in self.overview.choices_for(item)

    @property
    def terms(self) -> list[tuple[str, str]]:
        """When one can be reminded: as a form says it, and for people."""
        words = {1: _("In a month"), 0: _("Next service")}
        return [(Chosen(Choice.later, months).word, words.get(months) or _("In %(count)s months", count=months)) for months in (*MONTHS, 0)]

    def asks_risk(self, item: OverviewItem) -> bool:
        """Whether refusing it asks for the tap that the risk was read."""
        return Choice.decline in self.offered(item) and self.overview.needs_risk_read(item, Chosen(Choice.decline))

    def answer(self, item: OverviewItem) -> str:
        """What was said of it in an earlier reply, or aloud, in words."""
        if item.chosen:
            return _("Your answer: %(answer)s", answer=words_of(item.chosen))
        oral = self._agreed_aloud.get(item.work_item_id)
        if oral is None:
            return ""
        when = moments.moment(oral.at, self.shop)
        return _("Agreed in person, %(when)s", when=when) if oral.in_person else _("Agreed by phone, %(when)s", when=when)

    @cached_property
    def _agreed_aloud(self) -> dict[int, OralAuthorisation]:
        """What the shop wrote down of what the customer said about what is open here: by the work item, at the price that stands."""
        asked = {item.work_item_id: item.including or 0 for item in self.overview.open_items}
        thumbs = Authorisation.standing(self.overview.work_order_id) if asked else {}
        said = {key: thumb for key, thumb in thumbs.items() if key in asked and thumb.up and thumb.amount >= asked[key]}
        return {key: thumb.oral for key, thumb in said.items() if thumb.oral}

    def marks(self, item: OverviewItem) -> list[str]:
        """What is new about it since the version before."""
        if "new" in item.news:
            return [_("New")]
        if "price" not in item.news:
            return [_("Changed")] if item.news else []
        if item.was is None or not self.shows_all:
            return [_("Price changed")]
        return [_("Price changed (was %(amount)s)", amount=self.money(item.was))]

    # prices

    @property
    def shows_all(self) -> bool:
        return self.overview.visibility is Visibility.all

    @property
    def shows_totals(self) -> bool:
        return self.overview.visibility in {Visibility.all, Visibility.totals}

    def price(self, item: OverviewItem) -> str:
        """With tax; empty where it is not to be seen, or not known yet."""
        return self.money(item.including) if self.shows_all and item.including is not None else ""

    def lines(self, item: OverviewItem) -> list[tuple[str, str]]:
        """What the price is made of, in words and money."""
        if not self.shows_all or item.including is None:
            return []
        lines = [(line_words(line, item.title), self.money(line[5])) for line in item.lines]
        return lines + ([(self.tax_name, self.money(item.tax))] if item.tax and not self.overview.terms.inclusive else [])

    @property
    def tax_name(self) -> str:
        return _("VAT") if self.overview.is_vat else _("Tax")

    @property
    def total_name(self) -> str:
        return _("Total including VAT") if self.overview.is_vat else _("Total including tax")

    def money(self, minor: int | None) -> str:
        return shown(Money(minor or 0, self.overview.terms.currency))

    # what it comes to

    @cached_property
    def summary(self) -> Summary:
        return Summary(self.overview, self.typed.chosen(self.overview))

    @property
    def said(self) -> int:
        """How many items have an answer, sent or about to be."""
        return len(self.overview.asked) - len(self.overview.open_items) + len(self._agreed_aloud) + len(self.summary.choices)

    # its words

    @property
    def spoken(self) -> str:
        """The language of what the shop wrote, where it is not the page's own."""
        return self.overview.language

    @property
    def sent(self) -> str:
        return moments.moment(self.overview.sent_at, self.shop)

    @property
    def receipt_to(self) -> str:
        """Where the receipt will go, told to nobody who does not know it."""
        if self.overview.channel == "text":
            return f"{DOTS} {phone.shown(self.overview.address, self.shop.country)[-4:]}"
        name, _at, domain = self.overview.address.partition("@")
        return f"{name[:1]}{DOTS}@{domain}"

    @property
    def first_fault(self) -> str:
        """The field that takes the focus: the first on the page with something the matter."""
        fields = [*(f"item-{item.id}" for item in self.overview.items), "comment", "files", "statement", "name", "signature"]
        return next((name for name in fields if name in self.faults), "")
