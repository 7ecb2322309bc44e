"""An item of an overview as it was when that was sent: words, price, pictures. Nothing in it changes any more."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.answer import Answer, Choice, Chosen
from models.base import Base
from models.money import Money
from models.owned import ShopOwned
from models.tax import Kind
from models.totals import Totals
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.attachment import Attachment
    from models.overview import Overview


ASKED = (Category.necessary, Category.recommended)  # what the customer decides on: what was agreed on before, or is in order, needs no word


class OverviewItem(ShopOwned, Base):
    __tablename__ = "overview_items"
    __table_args__ = (UniqueConstraint("overview_id", "work_item_id"),)

    overview_id: Mapped[int] = mapped_column(ForeignKey("overviews.id"))
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)
    position: Mapped[int]
    category: Mapped[Category]
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    measured: Mapped[str] = mapped_column(default="")  # what the mechanic read, and
    limit: Mapped[str] = mapped_column(default="")  # what would be in order
    excluding: Mapped[int | None] = mapped_column(BigInteger, default=None)  # minor units, as are the next two; None: no price yet
    tax: Mapped[int | None] = mapped_column(BigInteger, default=None)
    including: Mapped[int | None] = mapped_column(BigInteger, default=None)
    lines: Mapped[list[Any]] = mapped_column(default=list)  # see ``_lines``: kind, description, part number, quantity, price each, amount
    pictures: Mapped[list[Any]] = mapped_column(default=list)  # attachment's id, kind, digest, words, width, height
    fingerprint: Mapped[str]  # the same as long as nothing has changed that a customer would decide by
    news: Mapped[list[Any]] = mapped_column(default=list)  # since the version before: new, words, price, pictures
    was: Mapped[int | None] = mapped_column(BigInteger, default=None)  # the price before, if that changed
    answered_as_id: Mapped[int | None] = mapped_column(ForeignKey("overview_items.id"), default=None)  # in an earlier version, unchanged

    overview: Mapped["Overview"] = relationship(back_populates="items")
    answer: Mapped[Answer | None] = relationship(back_populates="item")
    answered_as: Mapped["OverviewItem | None"] = relationship(remote_side="OverviewItem.id")

    @classmethod
    def frozen(cls, item: WorkItem, pictures: "list[Attachment]", language: str) -> "OverviewItem":
        """The work item as it stands, with what the customer shall see of it."""
        finding, totals = item.finding, item.totals if item.lines else None
        kept = cls(
            shop_id=item.shop_id,
            work_item_id=item.id,
            position=item.position,
            category=item.category,
            title=item.title,
            why=item.why,
            measured=finding.measured if finding else "",
            limit=finding.limit if finding else "",
            excluding=totals.excluding.minor if totals else None,
            tax=totals.tax.minor if totals else None,
            including=totals.including.minor if totals else None,
            lines=_lines(item, totals) if totals else [],
            pictures=[_picture(picture) for picture in pictures],
            news=[],
        )
        kept.fingerprint = kept._print()
        return kept

    # questions

    @property
    def is_asked(self) -> bool:
        """Whether the customer is to decide."""
        return self.category in ASKED

    @property
    def standing(self) -> Answer | None:
        """What the customer said about it as it is."""
        return self.answer or (self.answered_as.answer if self.answered_as else None)

    @property
    def chosen(self) -> Chosen | None:
        return self.standing.chosen if self.standing else None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.is_asked and self.standing is None

    @property
    def is_wanted(self) -> bool:
        """Whether it counts to what the customer authorised: agreed on before, or chosen."""
        chosen = self.chosen
        return self.category is Category.scheduled or bool(chosen and chosen.choice is Choice.repair)

    @property
    def price(self) -> Money | None:
        """With tax."""
        return self.overview.money(self.including) if self.including is not None else None

    # the version before

    def compare(self, before: "OverviewItem | None") -> None:
        """Note what is new about it since the version before, and keep the answer if nothing is."""
        if before is None:
            self.news = ["new"]
        elif before.fingerprint == self.fingerprint:
            self.answered_as = before if before.answer else before.answered_as
        else:
            self.news = [name for name, of in _PARTS.items() if of(before) != of(self)] or ["words"]
            self.was = before.including if "price" in self.news else None

    def _print(self) -> str:
        facts = [list(of(self)) for of in _PARTS.values()]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


_PARTS: dict[str, Any] = {
    "words": lambda item: (item.category.value, item.title, item.why, item.measured, item.limit),
    "price": lambda item: (item.excluding, item.tax, item.including),
    "parts": lambda item: tuple(tuple(line) for line in item.lines),
    "pictures": lambda item: tuple(picture["digest"] for picture in item.pictures),
}


def _lines(item: WorkItem, totals: Totals) -> list[list[Any]]:
    """What is charged one by one, then what comes on top of it: together the price, before tax where tax is added."""
    lines = [line.line.kept for line in item.lines]
    typed = sum(line.line.minor for line in item.lines if line.kind is Kind.supplies)
    supplies = totals.kinds[Kind.supplies].minor - typed
    added = [["supplies", supplies]] if supplies else []
    added += [["discount", -totals.discount.minor]] if totals.discount else []
    return lines + [[kind, "", "", "1", minor, minor] for kind, minor in added]


def _picture(picture: "Attachment") -> dict[str, Any]:
    width, height = picture.small_size
    return {
        "id": picture.id,
        "kind": picture.kind.value,
        "digest": picture.digest,
        "words": picture.spoken,
        "width": width,
        "height": height,
    }
