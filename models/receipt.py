"""The receipt of a reply: what was on screen and what was said, as it was frozen then, in the parts that people read."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel import Locale
from flask_babel import gettext as _

from models import moments
from models.answer import Choice, Chosen, words_of
from models.money import Money
from models.overview_rules import Visibility
from models.repair_order import LETTER_PAPER
from models.reply import Reply
from models.tax import Kind, Scheme, Terms
from models.wording import locale_of
from models.work_item import Category

if TYPE_CHECKING:
    from models.shop import Shop
    from models.work_order import WorkOrder


@dataclass(frozen=True)
class ReceiptItem:
    kept: dict[str, Any]  # see ``evidence.evidence``
    currency: str

    @property
    def title(self) -> str:
        return str(self.kept["title"])

    @property
    def why(self) -> str:
        return str(self.kept["why"])

    @property
    def category(self) -> Category:
        return Category(self.kept["category"])

    @property
    def lines(self) -> list[list[Any]]:
        """See ``overview_item._lines``."""
        return list(self.kept["lines"])

    @property
    def chosen(self) -> Chosen | None:
        return Chosen.read(self.kept["answer"])

    @property
    def answer(self) -> str:
        """In words; empty: none."""
        return words_of(self.chosen) if self.chosen else ""

    @property
    def is_authorised(self) -> bool:
        return self.category is Category.scheduled or bool(self.chosen and self.chosen.choice is Choice.repair)

    @property
    def price(self) -> Money | None:
        """With tax."""
        return None if self.kept["including"] is None else Money(self.kept["including"], self.currency)


def kind_words(kind: str) -> str:
    """What a line is for, in the language that is being spoken."""
    words = {"labour": _("Labour"), "part": _("Parts"), "supplies": _("Shop supplies"), "fee": _("Fees"), "sublet": _("Sublet work")}
    return str(words.get(kind) or _("Discount"))


def line_words(line: list[Any], title: str = "") -> str:
    """A line of an item's price: what it is, and how much of it."""
    kind, description, number, quantity = line[0], line[1], line[2], line[3]
    name = kind_words(kind)
    if kind == Kind.labour:
        return f"{name}: {description}" if description and description != title else name
    words = f"{description or name} ({number})" if number else description or name
    return words if Decimal(quantity) == 1 else f"{words} × {Decimal(quantity).normalize():f}"


class Receipt:
    def __init__(self, reply: Reply) -> None:
        self.reply, self.kept = reply, reply.receipt
        self.order: WorkOrder = reply.overview.order
        self.shop: Shop = self.order.visit.shop

    @property
    def number(self) -> str:
        return self.reply.number(self.order.number)

    @property
    def version(self) -> int:
        return int(self.kept["version"])

    @cached_property
    def terms(self) -> Terms:
        return Terms.read(self.kept["terms"])

    @property
    def is_vat(self) -> bool:
        return self.terms.scheme is Scheme.vat

    @property
    def locale(self) -> Locale:
        """The language of the overview, as it is written where the shop is."""
        return Locale.parse(locale_of(self.shop, str(self.kept["language"])))

    @property
    def moment(self) -> str:
        """When it was sent, in the shop's zone, in the language that is being spoken."""
        return moments.moment(self.reply.at, self.shop)

    @property
    def paper(self) -> str:
        return "letter" if self.shop.country in LETTER_PAPER else "A4"

    # which prices were on screen: no others are shown

    @property
    def shows_all(self) -> bool:
        return self.reply.prices is Visibility.all

    @property
    def shows_totals(self) -> bool:
        return self.reply.prices in {Visibility.all, Visibility.totals}

    # what was said

    @cached_property
    def items(self) -> list[ReceiptItem]:
        return [ReceiptItem(item, self.reply.currency) for item in self.kept["items"]]

    @property
    def scheduled(self) -> list[ReceiptItem]:
        return [item for item in self.items if item.category is Category.scheduled]

    @property
    def to_repair(self) -> list[ReceiptItem]:
        return self.with_choice(Choice.repair)

    @property
    def to_contact(self) -> list[ReceiptItem]:
        return self.with_choice(Choice.contact)

    @property
    def refused(self) -> list[ReceiptItem]:
        return self.with_choice(Choice.decline)

    @property
    def put_off(self) -> list[ReceiptItem]:
        return self.with_choice(Choice.later)

    @property
    def unanswered(self) -> list[ReceiptItem]:
        return [item for item in self.items if item.category in {Category.necessary, Category.recommended} and item.chosen is None]

    @property
    def authorised(self) -> list[ReceiptItem]:
        return [item for item in self.items if item.is_authorised]

    def with_choice(self, choice: Choice) -> list[ReceiptItem]:
        return [item for item in self.items if item.chosen and item.chosen.choice is choice]

    # what it comes to

    @property
    def total(self) -> Money:
        """With tax."""
        return Money(self.reply.amount, self.reply.currency)

    @property
    def tax(self) -> Money:
        return Money(self.reply.tax, self.reply.currency)

    @property
    def groups(self) -> list[tuple[str, list[ReceiptItem]]]:
        """Everything that was on screen to be decided, under what was said of it; empty ones are left out."""
        found = (
            (_("Scheduled services"), self.scheduled),
            (_("Additional items to repair"), self.to_repair),
            (_("You will be contacted for"), self.to_contact),
            (_("Not agreed to"), self.refused),
            (_("Not now"), self.put_off),
            (_("No answer"), self.unanswered),
        )
        return [(str(heading), items) for heading, items in found if items]

    @property
    def adds_up(self) -> bool:
        """Whether what it is made of is shown: labour, parts and tax one by one, where all prices were on screen."""
        return self.shows_all and bool(self.kinds)

    @property
    def kinds(self) -> dict[str, Money]:
        """What the authorised work is made of: labour, parts, what comes on top, by the word of its kind ("discount" is one too)."""
        found: dict[str, int] = {}
        for item in self.authorised:
            for kind, _description, _number, _quantity, _price, minor in item.lines:
                found[kind] = found.get(kind, 0) + minor
        order = [*(kind.value for kind in Kind), "discount"]
        return {kind: Money(found[kind], self.reply.currency) for kind in order if found.get(kind)}

    @property
    def kind_sums(self) -> list[tuple[str, Money]]:
        """The same, for people."""
        return [(kind_words(kind), amount) for kind, amount in self.kinds.items()]

    def lines(self, item: ReceiptItem) -> list[tuple[str, Money]]:
        """What one item's price is made of; where tax is added, that too."""
        found = [(line_words(line, item.title), Money(line[5], self.reply.currency)) for line in item.lines]
        if item.kept["tax"] and not self.terms.inclusive:
            found.append((str(_("VAT") if self.is_vat else _("Tax")), Money(item.kept["tax"], self.reply.currency)))
        return found
