"""A line of a work item: labour by the hour, parts by the piece, a fee, work that another company does."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.money import LARGEST, Exact, Money
from models.owned import ShopOwned
from models.tax import Kind

TYPED = (Kind.labour, Kind.part, Kind.fee, Kind.sublet)  # supplies are worked out
LONGEST, LONGEST_NUMBER = 200, 60  # characters of a description, of a part number
MOST_LINES = 60  # of one item
MOST_HOURS, MOST_PIECES = 999, 9999
PLACES = {Kind.labour: 2}  # decimals of hours; of pieces (litres, metres) there are three


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    description: str
    quantity: Decimal  # hours of labour, else pieces
    price: int  # minor units an hour or a piece
    part_number: str = ""

    @property
    def minor(self) -> int:
        """What it comes to, rounded half-up, in minor units."""
        return Money(self.price, "").times(self.quantity).minor

    @property
    def kept(self) -> list[Any]:
        """As what was agreed on keeps it: kind, description, part number, quantity, price each, amount."""
        return [self.kind.value, self.description, self.part_number, str(self.quantity), self.price, self.minor]


class ItemLine(ShopOwned, Base):
    __tablename__ = "item_lines"

    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)
    position: Mapped[int]
    kind: Mapped[Kind]
    description: Mapped[str] = mapped_column(default="")
    part_number: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Decimal] = mapped_column(Exact(3))
    price: Mapped[int]

    @property
    def line(self) -> Line:
        return Line(self.kind, self.description, self.quantity, self.price, self.part_number)


def check_lines(lines: Sequence[Line], names: Sequence[str]) -> dict[str, Any]:
    """What is wrong with them, by field: the line's name and what of it, like ``line-0-quantity``."""
    errors: dict[str, Any] = {}
    for line, name in zip(lines, names, strict=True):
        errors.update({f"{name}-{part}": words for part, words in _faults(line).items() if words})
    if len(lines) > MOST_LINES:
        errors["lines"] = _("An item can have %(count)s lines at most. Make a second item for the rest.", count=MOST_LINES)
    return errors


def _faults(line: Line) -> dict[str, Any]:
    return {
        "description": _text_fault(line.description, LONGEST)
        or (None if line.kind is Kind.labour or line.description.strip() else _("Say what it is.")),
        "number": _text_fault(line.part_number, LONGEST_NUMBER),
        "quantity": _quantity_fault(line),
        "price": None if 0 <= line.price <= LARGEST and line.minor <= LARGEST else _("This amount is too large."),
    }


def _text_fault(text: str, longest: int) -> Any:
    return _("Please keep it under %(count)s characters.", count=longest) if len(text.strip()) > longest else None


def _quantity_fault(line: Line) -> Any:
    places, most = PLACES.get(line.kind, 3), MOST_HOURS if line.kind is Kind.labour else MOST_PIECES
    if line.quantity < 0:
        return _("Hours can't be below zero.") if line.kind is Kind.labour else _("A quantity can't be below zero.")
    if line.quantity > most:
        return _("Give at most %(most)s.", most=most)
    return _("Give at most %(count)s decimals.", count=places) if line.quantity.scaleb(places) % 1 else None
