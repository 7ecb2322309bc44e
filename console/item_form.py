"""A work item as it is typed: its words, its lines, its discount, in the figures of the shop."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from console import figures
from console.typed import Faults
from models import Category, Money, Prices, Refused, Shop, WorkItem, number
from models.item_line import TYPED, Line
from models.tax import Kind, Terms
from models.totals import Totals
from models.work_item import total

CELLS = ("kind", "description", "number", "quantity", "price")
EMPTY = {"kind": Kind.part.value, "description": "", "number": "", "quantity": "", "price": ""}
WORDS = ("title", "why", "category", "discount", "discount_unit")


class ItemForm:
    def __init__(self, shop: Shop, terms: Terms, typed: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> None:
        self.shop, self.terms, self.typed, self.rows = shop, terms, typed, list(rows)
        self.faults = Faults()

    @classmethod
    def on_file(cls, item: WorkItem, shop: Shop) -> "ItemForm":
        terms = item.terms
        off = figures.figure(item.discount_percent)
        if item.discount_amount is not None:
            off = figures.figure(Money(item.discount_amount, terms.currency))
        unit = "percent" if item.discount_amount is None else "amount"
        typed = {"title": item.title, "why": item.why, "category": item.category.value, "discount": off, "discount_unit": unit}
        return cls(shop, terms, typed, [written(line.line, terms.currency) for line in item.lines])

    @classmethod
    def sent(cls, item: WorkItem, shop: Shop, form: "MultiDict[str, str]") -> "ItemForm":
        """As it came from the browser, without the rows that nobody wrote in."""
        columns = [form.getlist(f"line-{cell}") for cell in CELLS]
        rows = [dict(zip(CELLS, row, strict=True)) for row in zip(*columns, strict=False)]
        return cls(shop, item.terms, {name: form.get(name, "") for name in WORDS}, [row for row in rows if says_something(row)])

    @property
    def shown_rows(self) -> list[Mapping[str, str]]:
        """With an empty one to go on in: there is one without a script too."""
        return [*self.rows, EMPTY]

    def read(self) -> dict[str, Any]:
        """As ``WorkItem.change`` takes it; what can't be read is among ``faults``, by field."""
        lines = [self._line(at, row) for at, row in enumerate(self.rows)]
        percent, amount = self._discount()
        category = self._try("category", self._category)
        if self.faults:
            amount = None  # nobody knows yet what it is taken from
        return {
            "title": self.typed["title"],
            "why": self.typed["why"],
            "category": category or Category.scheduled,
            "lines": lines,
            "discount_percent": percent,
            "discount_amount": amount,
        }

    @property
    def totals(self) -> Totals | None:
        """What it would come to; None as long as something can't be read."""
        try:
            read = self.read()
            return None if self.faults else total(read["lines"], self.terms, read["discount_percent"], read["discount_amount"])
        except Refused:
            return None

    def _line(self, at: int, row: Mapping[str, str]) -> Line:
        name = f"line-{at}"
        kind = self._try(f"{name}-kind", lambda: a_kind(row["kind"])) or Kind.part
        quantity = self._try(f"{name}-quantity", lambda: self._quantity(row, kind, f"{name}-quantity"))
        price = self._try(f"{name}-price", lambda: self._price(row, kind, f"{name}-price"))
        return Line(kind, row["description"], quantity or Decimal(0), price or 0, row["number"])

    def _quantity(self, row: Mapping[str, str], kind: Kind, field: str) -> Decimal:
        if not row["quantity"].strip():
            if kind is Kind.labour:
                raise Refused(_("Give the hours."), field=field)
            return Decimal(1)
        return number.read(row["quantity"], figures.locale(), field)

    def _price(self, row: Mapping[str, str], kind: Kind, field: str) -> int:
        if kind is Kind.labour and not row["price"].strip():
            return Prices.of(self.shop).labour_rate
        return figures.an_amount(row["price"], self.terms.currency, field)

    def _discount(self) -> tuple[Decimal | None, int | None]:
        text = self.typed["discount"].strip().removesuffix("%")
        if not text:
            return None, None
        if self.typed["discount_unit"] == "amount" and "%" not in self.typed["discount"]:
            return None, self._try("discount", lambda: figures.an_amount(text, self.terms.currency, "discount"))
        return self._try("discount", lambda: number.read(text, figures.locale(), "discount")), None

    def _category(self) -> Category:
        try:
            return Category(self.typed["category"])
        except ValueError as problem:
            raise Refused(_("Choose one of the four."), field="category") from problem

    def _try(self, field: str, reading: Callable[[], Any]) -> Any:
        return self.faults.reading(reading, field)


def a_kind(text: str) -> Kind:
    if text not in TYPED:
        raise Refused(_("Choose what the line is."))
    return Kind(text)


def says_something(row: Mapping[str, str]) -> bool:
    return any(row[cell].strip() for cell in CELLS if cell != "kind")


def written(line: Line, currency: str) -> dict[str, str]:
    """A line as its row's fields show it."""
    price = figures.figure(Money(line.price, currency))
    words = {"kind": line.kind.value, "description": line.description, "number": line.part_number}
    return words | {"quantity": figures.figure(line.quantity), "price": price}
