"""The items of a work order as another system has them: told from each other by its own ids, beside those that the shop has written."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from models.base import db
from models.external_id import ExternalId
from models.item_line import LONGEST, LONGEST_NUMBER, MOST_LINES, Line
from models.refused import Refused
from models.tax import Kind
from models.transfer_fields import Key, Price, Quantity, Words, minor
from models.transfer_mark import mark
from models.transfer_source import Source
from models.work_item import LONGEST_WHY, Category, WorkItem
from models.work_order import WorkOrder

NOUN = "work_items"
BETWEEN = "#"  # the order's id and the item's: no id has it


class LineRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["labour", "part", "fee", "sublet"]  # supplies are worked out
    description: Annotated[str, Words(LONGEST)] = ""
    part_number: Annotated[str, Words(LONGEST_NUMBER)] = ""
    quantity: Quantity = Field(Decimal(1), description="Hours of labour, else pieces; at most two decimals of hours, three of pieces.")
    price: Price = Field(0, description="Of an hour or a piece, without or with tax as the shop's own prices are.")


class ItemRecord(BaseModel):
    """Work on the order, or what was recommended and not done. Whether it is authorised is for people alone."""

    model_config = ConfigDict(extra="forbid")

    id: Key = Field(description="The other system's, one of each within the order.", examples=["1"])
    title: str = Field(min_length=1, max_length=LONGEST, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
    why: Annotated[str, Words(LONGEST_WHY, lines=True)] = ""
    category: Category = Field(
        Category.scheduled, description="What is necessary or recommended, and not done when the order closes, comes back in a follow-up."
    )
    lines: list[LineRecord] = Field([], max_length=MOST_LINES)


def take_items(order: WorkOrder, external_id: str, items: list[ItemRecord], source: Source) -> bool:
    """Returns whether anything is otherwise now. The caller holds the order's lock. Raises Refused, by the place in the list."""
    if len({item.id for item in items}) < len(items):
        raise Refused(_("Two items have the same id."), field="items")
    known = ExternalId.below(source.shop, source.system, NOUN, external_id + BETWEEN)
    other = False
    for place, item in enumerate(items):
        row = known.pop(item.id, None)
        if row is None or row.marks.get("item") != mark(item):
            _take(order, item, place, row, external_id, source)
            other = True
    for row in known.values():
        gone: WorkItem = source.load(NOUN, row.our_id or 0)
        if row.marks and gone.removed_at is None:
            gone.remove(by=source.by)
            other = True
        row.marks = {}
    return other


def _take(order: WorkOrder, item: ItemRecord, place: int, row: ExternalId | None, external_id: str, source: Source) -> None:
    written: dict[str, Any] = {"why": item.why, "category": item.category, "by": source.by}
    try:
        lines = [_line(line, at, source.shop.currency) for at, line in enumerate(item.lines)]
        if row is None:
            ours = WorkItem.add(order, item.title, lines=lines, **written)
            row = ExternalId(shop_id=order.shop_id, system=source.system.casefold(), noun=NOUN, our_id=ours.id, marks={})
            row.external_id = f"{external_id}{BETWEEN}{item.id}"
            db.session.add(row)
        else:
            ours = source.load(NOUN, row.our_id or 0)
            ours.restore(by=source.by)
            ours.change(ours.version, title=item.title, lines=lines, **written)
    except Refused as refused:
        raise _within(refused, f"items/{place}") from None
    row.marks = {"item": mark(item)}
    db.session.flush()


def _line(line: LineRecord, at: int, currency: str) -> Line:
    try:
        price = minor(line.price, currency)
    except Refused as refused:
        raise _within(refused, f"lines/{at}") from None
    return Line(Kind(line.kind), line.description, line.quantity, price, line.part_number)


def _within(refused: Refused, place: str) -> Refused:
    """The same sentences, with where they belong: ``line-2-price`` of an item is ``items/0/lines/2/price`` of its order."""
    moved = Refused()
    for field, sentence in refused.errors.items():
        parts = (field or "").replace("line-", "lines-").split("-") if (field or "").startswith("line-") else [field] if field else []
        moved.errors["/".join([place, *parts])] = sentence
    return moved


def held_items(order: WorkOrder, source: Source) -> list[dict[str, Any]]:
    """All items that are on the order; those that the shop wrote have no id of the other system's."""
    items = WorkItem.of(order)
    names = ExternalId.names(source.shop, source.system, NOUN, [item.id for item in items])
    return [
        {
            "id": names[item.id].rpartition(BETWEEN)[2] if item.id in names else None,
            "title": item.title,
            "why": item.why,
            "category": item.category.value,
            "lines": [
                {
                    "kind": line.kind.value,
                    "description": line.description,
                    "part_number": line.part_number,
                    "quantity": str(line.quantity.normalize() + 0),
                    "price": line.price,
                }
                for line in item.lines
            ],
        }
        for item in items
    ]
